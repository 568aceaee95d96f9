package format

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/hub/locate"
	"pgregory.net/rapid"
)

// The distances of a graph are those of Floyd and Warshall; of an edge given
// twice the last length counts.
func TestPMedDistances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		edges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [3]int {
			return [3]int{rapid.IntRange(1, n).Draw(t, "i"), rapid.IntRange(1, n).Draw(t, "j"), rapid.IntRange(0, 20).Draw(t, "length")}
		}), n-1, 40).Draw(t, "edges")
		want := make([]float64, n*n)
		for k := range want {
			if want[k] = inf; k%(n+1) == 0 {
				want[k] = 0
			}
		}
		text := fmt.Sprintln(n, len(edges), 1)
		for _, e := range edges {
			text += fmt.Sprintln(e[0], e[1], e[2])
			if i, j := e[0]-1, e[1]-1; i != j {
				want[i*n+j], want[j*n+i] = float64(e[2]), float64(e[2])
			}
		}
		connected := true
		for k := range n {
			for i := range n {
				for j := range n {
					want[i*n+j] = min(want[i*n+j], want[i*n+k]+want[k*n+j])
				}
			}
		}
		for _, d := range want {
			connected = connected && !math.IsInf(d, 1)
		}
		in, err := ReadPMed(context.Background(), strings.NewReader(text), "f")
		if (err == nil) != connected {
			t.Fatalf("connected %v, error %v", connected, err)
		}
		if err == nil && !reflect.DeepEqual(in.Costs.(locate.Dense).Values, want) {
			t.Fatalf("got %v, want %v", in.Costs, want)
		}
	})
}

// The heap hands out what it was given in order. (Distances would come out
// right without, but late.)
func TestHeap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.IntRange(0, 30)).Draw(t, "lengths")
		var h heap
		for _, v := range want {
			h.push(arc{int32(v), float64(v)})
		}
		slices.Sort(want)
		for _, v := range want {
			if got := h.pop(); got != (arc{int32(v), float64(v)}) {
				t.Fatalf("%v comes, want %d", got, v)
			}
		}
		if len(h) > 0 {
			t.Fatalf("%d are left", len(h))
		}
	})
}

// One problem written in both layouts of UflLib, and as a table of costs, has
// the same costs.
func TestLayoutsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 6).Draw(t, "customers"), rapid.IntRange(3, 6).Draw(t, "sites")
		number := rapid.Float64Range(0, 1e6)
		var simple, orlib, matrix strings.Builder
		fmt.Fprintf(&simple, "FILE: x\n%d %d 0\n", m, n)
		fmt.Fprintf(&orlib, " %d %d \n", m, n)
		fmt.Fprint(&matrix, "demand")
		cost := make([]float64, n*m)
		for j := range m {
			opening := number.Draw(t, "opening")
			fmt.Fprintf(&simple, "%d %v", j+1, opening)
			fmt.Fprintf(&orlib, " capacity %v\n", opening)
			fmt.Fprintf(&matrix, ",s%d", j)
			for i := range n {
				cost[i*m+j] = number.Draw(t, "cost")
				fmt.Fprintf(&simple, " %v", cost[i*m+j])
			}
			fmt.Fprintln(&simple)
		}
		for i := range n {
			fmt.Fprintf(&orlib, " %d\n", i)
			fmt.Fprintf(&matrix, "\nd%d", i)
			for j := range m {
				fmt.Fprintf(&orlib, " %v", cost[i*m+j])
				fmt.Fprintf(&matrix, ",%v", cost[i*m+j])
			}
		}
		var read [3]*Instance
		for k, text := range []string{simple.String(), orlib.String(), matrix.String()} {
			var err error
			if read[k], err = Read(context.Background(), strings.NewReader(text), "f", Detect); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(read[k].Costs, locate.Dense{Demands: n, Sites: m, Values: cost}) {
				t.Fatalf("layout %d: %v, want %v", k, read[k].Costs, cost)
			}
		}
		if !reflect.DeepEqual(read[0].Opening, read[1].Opening) {
			t.Fatalf("opening costs %v and %v", read[0].Opening, read[1].Opening)
		}
	})
}

func TestSetMetric(t *testing.T) {
	read := func(text string) *Instance {
		in, err := Read(context.Background(), strings.NewReader(text), "f", Detect)
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	const geo = "EDGE_WEIGHT_TYPE: GEO\nDIMENSION: 1\nNODE_COORD_SECTION\n1 40.3 8\n"
	const degrees = "TYPE: MCLP\nEDGE_WEIGHT_TYPE: COORD\nDIMENSION: 1\nNODE_COORD_SECTION\n40.3 8\nDEMAND_SECTION\n1\n"
	for _, c := range []struct {
		text   string
		metric locate.Metric
		ok     bool
	}{
		{"x,y\n1,1\n", locate.GreatCircle, true},
		{"x,y\n1,1\n", locate.Geographical, true},
		{"lon,lat\n1,1\n", locate.Euclidean, true},
		{geo, locate.Geographical, true},
		{geo, locate.Euclidean, true},
		{geo, locate.GreatCircle, false},
		{degrees, locate.GreatCircle, true},
		{degrees, locate.Geographical, false},
		{strings.Replace(geo, "GEO", "EUC_2D", 1), locate.FloorEuclidean, true},
		{strings.Replace(geo, "GEO", "EUC_2D", 1), locate.Geographical, false},
		{strings.Replace(geo, "GEO", "EUC_2D", 1), locate.GreatCircle, false},
		{"2 1 1\n1 2 5\n", locate.Euclidean, false},
	} {
		in := read(c.text)
		before := in.Costs
		err := in.SetMetric(c.metric)
		if (err == nil) != c.ok {
			t.Errorf("%v for %q: %v", c.metric, c.text, err)
		}
		if err != nil && !reflect.DeepEqual(in.Costs, before) || err == nil && in.Costs.(locate.Points).Metric != c.metric {
			t.Errorf("%v for %q: costs %v", c.metric, c.text, in.Costs)
		}
	}
}

func TestFormatNames(t *testing.T) {
	for f := range Pairs + 1 {
		text, err := f.MarshalText()
		var back Format
		if err != nil || string(text) != f.String() || back.UnmarshalText(text) != nil || back != f {
			t.Errorf("%v: %q, %v, back %v", f, text, err, back)
		}
		if f != Detect && f.reader() == nil {
			t.Errorf("%v has no reader", f)
		}
	}
	if _, err := Format(77).MarshalText(); err == nil || new(Format).UnmarshalText([]byte("x")) == nil || Format(77).String() != "Format(77)" {
		t.Error("a format that is none")
	}
}

func TestUniform(t *testing.T) {
	a, b, c := Uniform(100, 7, 1), Uniform(100, 7, 1), Uniform(100, 7, 2)
	if !reflect.DeepEqual(a, b) || reflect.DeepEqual(a, c) {
		t.Error("the seed is not what decides")
	}
	for _, p := range []locate.Problem{a, Uniform(50, 0, 3)} {
		p.P = 1
		if err := p.Check(); err != nil {
			t.Error(err)
		}
		points := p.Costs.(locate.Points)
		for _, at := range append(points.Demands, points.Sites...) {
			if !(at[0] >= 0 && at[0] < 1000 && at[1] >= 0 && at[1] < 1000) {
				t.Errorf("point %v", at)
			}
		}
	}
	for _, w := range a.Weight {
		if w != math.Trunc(w) || w < 1 || w > 100 {
			t.Errorf("weight %v", w)
		}
	}
}

// What cannot be written is an error, and so is a writer that fails.
func TestWriteErrors(t *testing.T) {
	costs := locate.Dense{Demands: 2, Sites: 2, Values: []float64{1, 2, inf, 9}}
	for _, c := range []struct {
		p    locate.Problem
		want error
		says string
	}{
		{locate.Problem{}, locate.ErrProblem, "no costs"},
		{locate.Problem{Costs: costs}, locate.ErrProblem, "P is 0"},
		{locate.Problem{Costs: costs, P: 3}, locate.ErrProblem, "only 2 of 2"},
		{locate.Problem{Costs: costs, P: 1, Site: []locate.Status{0, locate.Excluded}}, locate.ErrInfeasible, "demand 1 has no site"},
		{locate.Problem{Costs: costs, Model: locate.SetCover, Radius: 5}, locate.ErrInfeasible, "demand 1 has no site"},
	} {
		for _, write := range []func(io.Writer, locate.Problem) error{WriteMPS, WriteLP} {
			var b bytes.Buffer
			if err := write(&b, c.p); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) || b.Len() > 0 {
				t.Errorf("%+v: %v, %d bytes", c.p, err, b.Len())
			}
		}
	}
	full := errors.New("disk full")
	for _, write := range []func(io.Writer, locate.Problem) error{WriteMPS, WriteLP} {
		if err := write(brokenWriter{full}, locate.Problem{Costs: costs, P: 1}); !errors.Is(err, full) {
			t.Error(err)
		}
	}
}

type brokenWriter struct{ err error }

func (b brokenWriter) Write([]byte) (int, error) { return 0, b.err }
