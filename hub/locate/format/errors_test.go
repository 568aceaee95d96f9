package format

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
)

func isKind(err, kind error) bool { return errors.Is(err, kind) }

// Every mistake is told with its place and its kind.
func TestMalformedFiles(t *testing.T) {
	const tsp = "DIMENSION: 2\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n"
	const mclp = "TYPE: MCLP\nDIMENSION: 2\nNODE_COORD_SECTION\n1 2\n3 4\n"
	for _, c := range []struct {
		format Format
		text   string
		kind   error
		says   string
	}{
		{PMed, "", input.ErrMissing, "f:1:1: nodes: the file ends"},
		{PMed, "3 2 1\n1 2 5\n2 3", input.ErrMissing, "f:3:4: length: the file ends"},
		{PMed, "3 2 1\n1 2 5\n2 3 x", input.ErrFormat, `f:3:5: length: "x" is not a number`},
		{PMed, "3 2 1\n1 2 5\n2 3 -1", input.ErrRange, "f:3:5: length: -1 is negative"},
		{PMed, "3 2 1\n1 2 5\n2 3 NaN", input.ErrRange, "f:3:5: length: NaN is not a finite number"},
		{PMed, "3 2 1\n1 2 5\n2 3 1e999", input.ErrRange, "out of range"},
		{PMed, "3 2 1\n1 2 5\n2 4 1", input.ErrRange, "f:3:3: node: 4 is more than 3"},
		{PMed, "3 2 1\n1 2 5\n0 1 1", input.ErrRange, "f:3:1: node: 0 is less than 1"},
		{PMed, "3 2 1\n1 2 5\n1.5 1 1", input.ErrFormat, `node: "1.5" is not a whole number`},
		{PMed, "3 2 1\n1 2 5\n1 2 1", input.ErrMissing, "f: no path joins nodes 1 and 3"},
		{PMed, "4 3 1\n1 2 5\n2 3 1\n3 1 1", input.ErrMissing, "f: no path joins nodes 1 and 4"},
		{PMed, "3 1 1\n1 2 5", input.ErrRange, "f:1:3: edges: 1 edges cannot connect 3 nodes"},
		{PMed, "3 -1 1\n", input.ErrRange, "edges: -1 is negative"},
		{PMed, "3 2 4\n", input.ErrRange, "f:1:5: P: 4 is more than 3"},
		{PMed, "3 2 0\n", input.ErrRange, "P: 0 is less than 1"},
		{PMed, "20000 99999999 1\n", input.ErrRange, "20000 is more than 10000"},
		{PMed, "18446744073709551618 1 1\n", input.ErrRange, `nodes: "18446744073709551618" out of range`},
		{PMed, "2 1 1\n1 2 5\n9", input.ErrSyntax, `f:3:1: "9" after the end`},
		{PMed, strings.Repeat("9", 500), input.ErrFormat, "too long for a word"},

		{SCP, "2 2\n1 1\n1 1\n1", input.ErrMissing, "f:4:2: column: the file ends"},
		{SCP, "2 2\n1 -1\n", input.ErrRange, "column cost: -1 is negative"},
		{SCP, "2 2\n1 1\n3 1 1 1\n", input.ErrRange, "row size: 3 is more than 2"},
		{SCP, "2 2\n1 1\n2 1 1\n1 1", input.ErrDuplicate, "row 1 lists column 1 twice"},
		{SCP, "2 2\n1 1\n2 1 3\n1 1", input.ErrRange, "f:3:5: column: 3 is more than 2"},
		{SCP, "2147483647 2147483647\n1 1\n", input.ErrMissing, "column cost: the file ends"},
		{SCP, "99999999999 2\n1 1\n", input.ErrRange, "rows: 99999999999 is more"},

		{Warehouse, "1 1\ncapacities 5\n1 1", input.ErrFormat, `capacity: "capacities" is not a number`},
		{Warehouse, "1 1\ncapacity\n", input.ErrMissing, "opening cost: the file ends"},
		{Warehouse, "1 1\n5 inf\n1 1", input.ErrRange, "opening cost: inf is not a finite number"},
		{Warehouse, "1 1\n5 5\n1 -1", input.ErrRange, "f:3:3: cost: -1 is negative"},
		{Warehouse, "2147483647 2147483647\n1 1\n", input.ErrMissing, "capacity: the file ends"},

		{UflLib, "B1.1\n1 1 0\n", input.ErrFormat, `f:1:1: sites: "B1.1" is not a whole number`},
		{UflLib, "FILE: B\n1 1 3\n", input.ErrRange, "third number: 3 is more than 0"},
		{UflLib, "FILE: B\n1 1 0\n2 5 5\n", input.ErrRange, "site: 2 is more than 1"},
		{UflLib, "FILE: B\n1 2 0\n1 5 5\n", input.ErrMissing, "f:4:1: cost: the file ends"},

		{TSPLIB, "DIMENSION 2\n", input.ErrSyntax, "f:1:1: DIMENSION: no colon"},
		{TSPLIB, "DIMENSION: two\n", input.ErrRange, `f:1:1: DIMENSION: "two" is not a number of nodes`},
		{TSPLIB, "DIMENSION: 2\nDIMENSION: 2\n", input.ErrDuplicate, "f:2:1: DIMENSION: appears twice"},
		{TSPLIB, "DIMENSION: 2\nWEIGHT: 2\n", input.ErrUnknownKey, `f:2:1: unknown keyword "WEIGHT"`},
		{TSPLIB, "NODE_COORD_SECTION\n1 2 3\n", input.ErrMissing, "DIMENSION has to come before"},
		{TSPLIB, "DIMENSION: 2\nEDGE_WEIGHT_TYPE: EUC_2D\nEOF", input.ErrMissing, "NODE_COORD_SECTION: section missing"},
		{TSPLIB, tsp + "1 0 0\n", input.ErrMissing, "f:5:1: node: the file ends"},
		{TSPLIB, tsp + "1 0 0\nEOF\n", input.ErrFormat, `f:5:1: node: "EOF" is not a whole number`},
		{TSPLIB, tsp + "1 0 0\n1 0 1\n", input.ErrDuplicate, "node 1 appears twice"},
		{TSPLIB, tsp + "1 0 0\n2 0 nan\n", input.ErrRange, "f:5:5: coordinate: nan"},
		{TSPLIB, tsp + "1 0 0\n2 0 1\n3 1 1\n", input.ErrUnknownKey, `f:6:1: unknown keyword "3"`},
		{TSPLIB, "DIMENSION: 1\nNODE_COORD_SECTION\n1 0 0\nEOF", input.ErrMissing, "EDGE_WEIGHT_TYPE: entry missing"},
		{TSPLIB, "EDGE_WEIGHT_TYPE: EXPLICIT\nDIMENSION: 1\nNODE_COORD_SECTION\n1 0 0\nEOF", input.ErrUnknown, `"EXPLICIT" is not one of EUC_2D`},
		{TSPLIB, tsp + "1 0 0\n2 0 1\nDEMAND_SECTION\n1 0\n2 5", input.ErrUnknown, "only files of TYPE : MCLP"},
		{TSPLIB, mclp + "EOF", input.ErrMissing, "DEMAND_SECTION: section missing"},
		{TSPLIB, mclp + "DEMAND_SECTION\n5\nEOF", input.ErrFormat, `demand: "EOF" is not a number`},
		{TSPLIB, mclp + "DEMAND_SECTION\n5\n-5", input.ErrRange, "demand: -5 is negative"},

		{SJC, "2\n1 2\n3\n", input.ErrMissing, "y: the file ends"},
		{SJC, "0\n", input.ErrRange, "points: 0 is less than 1"},
		{Grid, "1 1\nC 0 1 1 1\n", input.ErrFormat, "f:2:1: a line beginning with F is wanted"},
		{Grid, "1 1\nF 1 1 1 1\n", input.ErrRange, "number: 1 is more than 0"},
		{Grid, "1 1\nF 0 1 1 1\nC 0 1 1 -1\n", input.ErrRange, "demand: -1 is negative"},

		{Cities, "## data\nindex\n", input.ErrFormat, "a line of headings that begins with N is wanted"},
		{Cities, "## data\nN\nindex\n1.5\n", input.ErrFormat, `f:4:1: number of cities: "1.5" is not a whole number`},
		{Cities, "## data\nN\nindex\n1\n2 5 9 1 7 0 100 0", input.ErrRange, "index: 2 is more than 1"},
		{Cities, "## data\nN\nindex\n1\n1 5 9 1 7 0 200 0", input.ErrRange, "longitude: 200 is more than 180"},
		{Cities, "## data\nN\nindex\n1\n1 5 9 1 -7 0 100 0", input.ErrRange, "fixed cost: -7 is negative"},

		{Points, "", input.ErrMissing, "the file is empty"},
		{Points, "x,z\n", input.ErrUnknownKey, `f:1:3: unknown column "z"`},
		{Points, "x\n1\n", input.ErrMissing, "f:1: y: column missing"},
		{Points, "weight\n1\n", input.ErrMissing, "f:1: x: column missing"},
		{Points, "x,y,lon,lat\n1,1,1,1\n", input.ErrDuplicate, "f:1: columns x and y, or lon and lat"},
		{Points, "x,y\n", input.ErrMissing, "0 demands and 0 sites"},
		{Points, "x,y\n1,NaN\n", input.ErrRange, "f:2: y: NaN is not a finite number"},
		{Points, "lon,lat\n1,91\n", input.ErrRange, "f:2: lat: latitude 91 out of range"},
		{Points, "x,y,weight\n1,1,-1\n", input.ErrRange, "f:2: weight: -1 is negative"},
		{Points, "x,y,weight\n1,1,\n", input.ErrMissing, "f:2: weight: value missing"},
		{Points, "x,y,opening\n1,1,-1\n", input.ErrRange, "f:2: opening: -1 is negative"},
		{Points, "x,y,status\n1,1,open\n", input.ErrUnknown, `f:2: status: "open" is not candidate`},
		{Points, "x,y,status\n1,1,required excluded\n", input.ErrFormat, "f:2: status: a site cannot be both required and excluded"},
		{Points, "x,y,role\n1,1,depot\n", input.ErrUnknown, `f:2: role: "depot" is not`},
		{Points, "x,y,role\n1,1,site\n", input.ErrMissing, "0 demands and 1 sites"},
		{Points, "x,y,role,weight\n1,1,site,5\n1,1,demand,5\n", input.ErrFormat, "f:2: weight: the place is no demand"},
		{Points, "x,y,role,status\n1,1,demand,required\n1,1,site,\n", input.ErrFormat, "f:2: status: the place is no site"},
		{Points, "name,x,y\nA,1,1\nA,2,2\n", input.ErrDuplicate, `f:3: name: "A" is also on line 2`},
		{Points, "name,x,y\nA,1\n", input.ErrSyntax, "f:2: 2 fields, the header has 3"},

		{Matrix, "", input.ErrMissing, "no rows of costs"},
		{Matrix, "demand\nA\n", input.ErrMissing, "no columns of sites"},
		{Matrix, "site,A\nA,1\n", input.ErrMissing, "f:1:1: the first column is not demand"},
		{Matrix, "demand,S,S\n", input.ErrDuplicate, "f:1:10: S: column appears twice"},
		{Matrix, "demand,S,\n", input.ErrMissing, "f:1:10: site without a name"},
		{Matrix, "demand,S\n", input.ErrMissing, "no rows of costs"},
		{Matrix, "demand,S\nA,1,2\n", input.ErrSyntax, "f:2:1: 3 fields, the header has 2"},
		{Matrix, "demand,S\nA,-1\n", input.ErrRange, "f:2:3: S: -1 is negative"},
		{Matrix, "demand,S\nA,NaN\n", input.ErrRange, "f:2:3: S: NaN is not a finite number"},
		{Matrix, "demand,weight,S\nA,,1\n", input.ErrFormat, `f:2:3: weight: "" is not a number`},
		{Matrix, "demand,S\nA,1\nA,2\n", input.ErrDuplicate, `f:3:1: demand: "A" is also on line 2`},
		{Matrix, "demand,S\n,1\n", input.ErrMissing, "f:2:1: demand: value missing"},
		{Matrix, "demand,S\nA,\"1\n", input.ErrSyntax, "f:"},

		{Pairs, "demand,site\n", input.ErrMissing, "cost: column missing"},
		{Pairs, "demand,site,cost\n", input.ErrMissing, "no pairs"},
		{Pairs, "demand,site,cost\nA,S,-1\n", input.ErrRange, "f:2: cost: -1 is negative"},
		{Pairs, "demand,site,cost\nA,S,1\nB,S,1\nA,S,2\n", input.ErrDuplicate, `f:4: demand "A" and site "S" are also on line 2`},

		{Detect, "", input.ErrFormat, "no known format"},
		{Detect, "once upon a time\n", input.ErrFormat, "no known format"},
		{Detect, "1 2 3 4\n", input.ErrFormat, "no known format"},
		{Detect, "a,b,c\n", input.ErrFormat, "no known format"},
		{Detect, "\x1f\x8b\x00\x00", input.ErrSyntax, "not a gzip file"},
		{Format(99), "1", input.ErrUnknown, "there is no Format(99)"},
	} {
		in, err := Read(context.Background(), strings.NewReader(c.text), "f", c.format)
		if in != nil || !errors.Is(err, c.kind) || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%v %q: got %v, %v; want %q", c.format, c.text, in, err, c.says)
		}
	}
}

func TestReadWeights(t *testing.T) {
	for _, c := range []struct {
		text, says string
		want       []float64
	}{
		{"50\n4.5 0\n", "", []float64{50, 4.5, 0}},
		{" \n", "w:2:1: the file is empty", nil},
		{"18446744073709551618 1e3", "", []float64{0x1p64, 1000}},
		{"5 x\n", `w:1:3: weight: "x" is not a number`, nil},
		{"5 -1\n", "w:1:3: weight: -1 is negative", nil},
	} {
		got, err := ReadWeights(context.Background(), strings.NewReader(c.text), "w")
		if fmt.Sprint(got) != fmt.Sprint(c.want) || c.says == "" != (err == nil) || err != nil && err.Error() != c.says {
			t.Errorf("%q: %v, %v", c.text, got, err)
		}
	}
}

// endless is a file without end of whatever follows its beginning.
type endless struct {
	start, again string
	done         int
}

func (e *endless) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		if e.done < len(e.start) {
			b[n] = e.start[e.done]
		} else {
			b[n] = e.again[(e.done-len(e.start))%len(e.again)]
		}
		e.done++
		n++
	}
	return n, nil
}

// A reader that is cancelled returns the error of the context, however long
// the file is.
func TestReadersStop(t *testing.T) {
	for f, again := range map[Format][2]string{
		PMed:      {"3 999999999999 1 ", "1 2 3 2 3 4 "},
		SCP:       {"1 2147483647 ", "1 "},
		Warehouse: {"2147483647 1 ", "1 "},
		UflLib:    {"FILE: x\n1 2147483647 0 1 5 ", "1 "},
		TSPLIB:    {"TYPE: MCLP\nDIMENSION: 2147483647\nNODE_COORD_SECTION\n", "1 "},
		SJC:       {"2147483647 ", "1 "},
		Points:    {"x,y\n", "1,1\n"},
		Matrix:    {"demand,S\n,", "1\nx,"},
		Pairs:     {"demand,site,cost\n", "A,B,1\n"},
	} {
		ctx, stop := context.WithCancel(context.Background())
		r := &stopper{r: &endless{start: again[0], again: again[1]}, left: 20, stop: stop}
		in, err := Read(ctx, r, "f", f)
		if in != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%v: %v, %v", f, in, err)
		}
	}
}

// stopper cancels a context after some reads.
type stopper struct {
	r    io.Reader
	left int
	stop func()
}

func (s *stopper) Read(b []byte) (int, error) {
	if s.left--; s.left == 0 {
		s.stop()
	}
	return s.r.Read(b)
}

// A file that cannot be read on is the error of its reader, with its name.
func TestReadError(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, s := range samples() {
		half := s.text[:len(s.text)/2]
		r := io.MultiReader(strings.NewReader(half), brokenReader{broken})
		in, err := Read(context.Background(), r, "f", s.format)
		if in != nil || !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "f:") {
			t.Errorf("%s: %v, %v", s.name, in, err)
		}
	}
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }
