package format

import (
	"bytes"
	"compress/gzip"
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

var inf = math.Inf(1)

// sample is a small file of a format and what it says.
type sample struct {
	name   string
	format Format
	text   string
	want   Instance
}

// triangle is three points at whole distances from the first.
var triangle = [][2]float64{{0, 0}, {3, 4}, {-6, 8}}

func samples() []sample {
	tsp := func(metric locate.Metric) locate.Problem {
		return locate.Problem{Costs: locate.Points{Demands: triangle, Sites: triangle, Metric: metric}}
	}
	return []sample{
		{
			// 1 -7- 2 -5- 3, and 1 -2- 3 first said to be 20 long.
			"pmed", PMed, " 3 4 2\n 1 2 7\n 1 3 20\n 2 3 5\n 3 1 2\n",
			Instance{Format: PMed, Stated: true, Problem: locate.Problem{Model: locate.PMedian, P: 2, Costs: locate.Dense{
				Demands: 3, Sites: 3, Values: []float64{0, 7, 2, 7, 0, 5, 2, 5, 0},
			}}},
		},
		{
			"scp", SCP, "2 3\n4 5.5 0\n3\n2 3 1\n1 2\n",
			Instance{Format: SCP, Stated: true, Problem: locate.Problem{
				Model: locate.SetCover, Opening: []float64{4, 5.5, 0}, Costs: locate.Sparse{
					Sites: 3, First: []int{0, 3, 4}, Site: []int32{0, 1, 2, 1}, Cost: []float64{0, 0, 0, 0},
				}}},
		},
		{
			"cap", Warehouse, " 2 3 \n capacity 7500. \n 58268 0. \n 146 \n 1.5 2 \n 87\n 3 4 \n 672 5 6.25\n",
			Instance{Format: Warehouse, Stated: true, Problem: locate.Problem{
				Model: locate.FixedCharge, Opening: []float64{7500, 0},
				Costs: locate.Dense{Demands: 3, Sites: 2, Values: []float64{1.5, 2, 3, 4, 5, 6.25}},
			}, Limits: &locate.Capacity{Limit: []float64{math.Inf(1), 58268}, Demand: []float64{146, 87, 672}}},
		},
		{
			"ufllib", UflLib, "FILE: B 1.1\n2 3 0\n1 4751 1 2 3\n2 3011 4 5 6\n",
			Instance{Format: UflLib, Stated: true, Problem: locate.Problem{
				Model: locate.FixedCharge, Opening: []float64{4751, 3011},
				Costs: locate.Dense{Demands: 3, Sites: 2, Values: []float64{1, 4, 2, 5, 3, 6}},
			}},
		},
		{
			"tsplib", TSPLIB, "NAME : t\nCOMMENT : a comment: 3\nCOMMENT:\nTYPE: TSP\nDIMENSION :3\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n" +
				"3 -6e+00 8.0\n1 0 0\n 2 3 4\nEOF\n",
			Instance{Format: TSPLIB, Problem: tsp(locate.RoundEuclidean)},
		},
		{
			"tsplib without EOF", TSPLIB, "DIMENSION: 3\nEDGE_WEIGHT_TYPE: CEIL_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 -6 8",
			Instance{Format: TSPLIB, Problem: tsp(locate.CeilEuclidean)},
		},
		{
			"tsplib ATT", TSPLIB, "EDGE_WEIGHT_TYPE: ATT\nDIMENSION: 3\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 -6 8\n EOF \n",
			Instance{Format: TSPLIB, Problem: tsp(locate.PseudoEuclidean)},
		},
		{
			"mclp", TSPLIB, "NAME : s\nTYPE : MCLP\nEDGE_WEIGHT_TYPE : 32\nDIMENSION : 3\nNODE_COORD_SECTION\n0 0\n3 4\n-6 8\nDEMAND_SECTION\n50\n4\n33\nEOF",
			Instance{Format: TSPLIB, Stated: true, Problem: locate.Problem{
				Model: locate.MaximalCover, Weight: []float64{50, 4, 33}, Costs: locate.Points{Demands: triangle, Sites: triangle},
			}},
		},
		{
			"mclp in degrees", TSPLIB, "TYPE : MCLP\nEDGE_WEIGHT_TYPE : COORD\nDIMENSION : 2\nNODE_COORD_SECTION\n40.79 -073.88\n40.8 -073.9\nDEMAND_SECTION\n1 2",
			Instance{Format: TSPLIB, Stated: true, globe: true, Problem: locate.Problem{
				Model: locate.MaximalCover, Weight: []float64{1, 2}, Costs: locate.Points{
					Demands: [][2]float64{{-73.88, 40.79}, {-73.9, 40.8}}, Sites: [][2]float64{{-73.88, 40.79}, {-73.9, 40.8}}, Metric: locate.GreatCircle,
				}}},
		},
		{
			"sjc", SJC, "3\n0 0\n3 4\n-6 8\n",
			Instance{Format: SJC, Stated: true, Problem: locate.Problem{
				Model: locate.MaximalCover, Costs: locate.Points{Demands: triangle, Sites: triangle},
			}},
		},
		{
			"grid", Grid, "1\t3\t\nF\t0\t25.5\t11.25\t75\nC\t0\t0\t0\t1\nC\t1\t3\t4\t2\nC\t2\t-6\t8\t3\n",
			Instance{Format: Grid, Stated: true, Problem: locate.Problem{
				Model: locate.MaximalCover, Opening: []float64{75}, Weight: []float64{1, 2, 3},
				Costs: locate.Points{Demands: triangle, Sites: [][2]float64{{25.5, 11.25}}},
			}},
		},
		{
			"cities", Cities, "## data 5 12\t\t\n\tN\talpha\tfail prob\t\nindex\tdemand\temerg cost\n\t2.0\t0.8\t0.05\t\tin units of 10^5\n" +
				"1.0\t297.5\t10000.0\t1.0\t115800.0\t0.5\t0.25\t\t1.0\t\n2.0\t12\t10000.0\t0.0\t99\t1\t0\t\t\t\n",
			Instance{Format: Cities, Stated: true, Failable: []bool{true, false}, Emergency: 10000, Problem: locate.Problem{
				Model: locate.FixedCharge, Weight: []float64{297.5, 12}, Opening: []float64{115800, 99},
				Costs: locate.Points{Demands: [][2]float64{{-0.25, 0.5}, {0, 1}}, Sites: [][2]float64{{-0.25, 0.5}, {0, 1}}},
			}},
		},
		{
			"cities on the globe", Cities, "## data\nN\nindex\n2 a remark\n1 5 9 1 7 0 100 0\n2 6 9 1 8 0 100\n",
			Instance{Format: Cities, Stated: true, Failable: []bool{true, true}, Emergency: 9, Problem: locate.Problem{
				Model: locate.FixedCharge, Weight: []float64{5, 6}, Opening: []float64{7, 8},
				Costs: locate.Dense{Demands: 2, Sites: 2, Values: make([]float64, 4)},
			}},
		},
		{
			"points", Points, "x,y\n0,0\n3,4\n-6,8\n",
			Instance{Format: Points, Problem: locate.Problem{Costs: locate.Points{Demands: triangle, Sites: triangle}}},
		},
		{
			"points with all columns", Points, "\ufeffname,lat,lon,weight,opening,status,role\nA,50,30,5,7,required,\nB,51,31,0.5,,,demand\nC,52,32,,9,,site\nD,53,33,1,0,excluded,both\nE,54,34,,3,existing,site\n",
			Instance{Format: Points, globe: true, DemandNames: []string{"A", "B", "D"}, SiteNames: []string{"A", "C", "D", "E"}, Problem: locate.Problem{
				Weight: []float64{5, 0.5, 1}, Opening: []float64{7, 9, 0, 3},
				Site: []locate.Status{locate.Required, locate.Candidate, locate.Excluded, locate.Existing},
				Costs: locate.Points{
					Demands: [][2]float64{{30, 50}, {31, 51}, {33, 53}},
					Sites:   [][2]float64{{30, 50}, {32, 52}, {33, 53}, {34, 54}}, Metric: locate.GreatCircle,
				}}},
		},
		{
			"matrix", Matrix, "demand,weight,Kyiv,\"Lviv, west\"\nA,2,1.5,inf\nB,0,,3\n",
			Instance{Format: Matrix, DemandNames: []string{"A", "B"}, SiteNames: []string{"Kyiv", "Lviv, west"}, Problem: locate.Problem{
				Weight: []float64{2, 0}, Costs: locate.Dense{Demands: 2, Sites: 2, Values: []float64{1.5, inf, inf, 3}},
			}},
		},
		{
			"matrix without weights", Matrix, "demand,S\r\nA,0\r\n",
			Instance{Format: Matrix, DemandNames: []string{"A"}, SiteNames: []string{"S"}, Problem: locate.Problem{
				Costs: locate.Dense{Demands: 1, Sites: 1, Values: []float64{0}},
			}},
		},
		{
			"pairs", Pairs, "cost,site,demand\n3,S,A\n1,T,B\n2,S,B\n0,T,A\n5,U,B\n",
			Instance{Format: Pairs, DemandNames: []string{"A", "B"}, SiteNames: []string{"S", "T", "U"}, Problem: locate.Problem{
				Costs: locate.Sparse{
					Sites: 3, First: []int{0, 2, 5}, Site: []int32{0, 1, 0, 1, 2}, Cost: []float64{3, 0, 2, 1, 5},
				}}},
		},
	}
}

// Every sample is recognised, and read as what it says, also when packed.
func TestSamples(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			if got := detect([]byte(s.text)); got != s.format {
				t.Errorf("detected as %v", got)
			}
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			z.Write([]byte(s.text))
			z.Close()
			for _, text := range []string{s.text, packed.String()} {
				for _, f := range []Format{Detect, s.format} {
					got, err := Read(context.Background(), strings.NewReader(text), s.name, f)
					if err != nil {
						t.Fatal(err)
					}
					if !reflect.DeepEqual(*got, s.want) {
						t.Fatalf("as %v:\n got %+v\nwant %+v", f, *got, s.want)
					}
				}
				if s.format == Warehouse {
					if got, err := ReadUflLib(context.Background(), strings.NewReader(text), s.name); err != nil || !reflect.DeepEqual(*got, s.want) {
						t.Fatalf("as UflLib: %+v, %v", got, err)
					}
				}
				// The reader by itself unpacks too.
				if got, err := s.format.reader()(context.Background(), strings.NewReader(text), s.name); err != nil || !reflect.DeepEqual(*got, s.want) {
					t.Fatalf("got %+v, %v", got, err)
				}
			}
			// What is read is a problem in which sites can be opened.
			p := s.want.Problem
			p.P, p.Radius = 1, 1e9
			if err := p.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A file that ends early, between two words, is an error with a position; one
// that ends anywhere is none that panics.
func TestTruncatedFiles(t *testing.T) {
	for _, s := range samples() {
		text := strings.TrimSuffix(strings.TrimSpace(s.text), "EOF")
		words := strings.TrimRight(text, " \n")
		for end := range len(words) {
			in, err := Read(context.Background(), strings.NewReader(words[:end]), "file", s.format)
			if (in == nil) == (err == nil) {
				t.Fatalf("%s cut at %d: %v and %v", s.name, end, in, err)
			}
			table := s.format >= Points
			between := end == 0 || strings.ContainsRune(" \t\n\r", rune(words[end-1])) || strings.ContainsRune(" \t\n\r", rune(words[end]))
			// A table may end after any row, and before an optional number of
			// its last column.
			if between && !table && err == nil {
				t.Errorf("%s is read without %q", s.name, words[end:])
			}
			if err != nil && !positioned(err) {
				t.Errorf("%s cut at %d: no position in %v", s.name, end, err)
			}
		}
		if in, err := Read(context.Background(), strings.NewReader(s.text+" 7"), "file", s.format); s.format < Points && !strings.Contains(s.text, "EOF") {
			if in != nil || err == nil || !positioned(err) {
				t.Errorf("%s is read with a word too many: %v", s.name, err)
			}
		}
	}
}

// positioned reports whether an error says where and, by one of the sentinels
// of package input, what.
func positioned(err error) bool {
	one := func(e *input.Error) bool {
		for _, kind := range []error{
			input.ErrSyntax, input.ErrMissing, input.ErrRange, input.ErrDuplicate, input.ErrUnknown, input.ErrUnknownKey, input.ErrFormat,
		} {
			if isKind(e, kind) {
				return e.File != ""
			}
		}
		return false
	}
	switch e := err.(type) {
	case *input.Error:
		return one(e)
	case *input.Errors:
		for _, p := range e.List {
			if !one(p) {
				return false
			}
		}
		return len(e.List) > 0
	}
	return false
}
