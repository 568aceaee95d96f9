package format

import (
	"bytes"
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// limitedSamples are files of two sites and three customers, one in each format with
// capacities.
func limitedSamples() []sample {
	c := &locate.Capacity{Single: true, Limit: []float64{258, 128}, Demand: []float64{49, 29, 23}}
	p := locate.Problem{
		Model: locate.FixedCharge, Opening: []float64{366, 314.5}, Capacity: c,
		Costs: locate.Dense{Demands: 3, Sites: 2, Values: []float64{260, 1, 239, 2, 418, 3}},
	}
	divided := *c
	divided.Single, divided.Demand = false, nil
	unit := p
	unit.Capacity, unit.Weight = &divided, c.Demand
	return []sample{
		{"holmberg", Holmberg, "2 3\n258 366\n128 314.5\n49. 29. 23.\n260 239. 418\n1 2 3\n",
			Instance{Format: Holmberg, Stated: true, Problem: p, Limits: c}},
		{"diaz-fernandez", Diaz, "3 2\n260 1\n239 2\n418 3\n\n49 29 23\n366 314.5\n258 128\n\x1a",
			Instance{Format: Diaz, Stated: true, Problem: p, Limits: c}},
		{"tbed1", TBED, "2\t3\n\n49\t29\t23\n\n258\t128\n\n366\t314.5\n\n260\t239\t418\n1\t2\t3\n",
			Instance{Format: TBED, Stated: true, Problem: unit, Limits: &divided}},
	}
}

func TestLimitedSamples(t *testing.T) {
	for _, s := range limitedSamples() {
		read := func(text string) (*Instance, error) {
			return Read(context.Background(), strings.NewReader(text), s.name, s.format)
		}
		got, err := read(s.text)
		if err != nil || !reflect.DeepEqual(*got, s.want) {
			t.Fatalf("%s: %v\n got %+v\nwant %+v", s.name, err, got, s.want)
		}
		if err := got.Check(); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		// Cut off between two words, or with a word too many, it is an error.
		words := strings.Fields(strings.TrimSuffix(s.text, "\x1a"))
		for end := range words {
			in, err := read(strings.Join(words[:end], " "))
			if in != nil || !positioned(err) || !errors.Is(err, input.ErrMissing) {
				t.Errorf("%s: %d words: %+v, %v", s.name, end, in, err)
			}
		}
		for k := range words {
			bad := slices.Clone(words)
			bad[k] = "-1"
			if in, err := read(strings.Join(bad, " ")); in != nil || !errors.Is(err, input.ErrRange) || !positioned(err) {
				t.Errorf("%s: word %d: %+v, %v", s.name, k, in, err)
			}
		}
		if in, err := read(strings.Join(append(words, "7"), " ")); in != nil || !errors.Is(err, input.ErrSyntax) {
			t.Errorf("%s: a word too many: %+v, %v", s.name, in, err)
		}
		ctx, stop := context.WithCancel(context.Background())
		stop()
		long := strings.NewReader("1 9999999 " + strings.Repeat("1 ", 10000))
		if in, err := Read(ctx, long, "f", s.format); in != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, %v after the end of the context", s.name, in, err)
		}
		limits := *got.Capacity // which bind
		limits.Limit = slices.Clone(limits.Limit)
		for j := range limits.Limit {
			limits.Limit[j] /= 100
		}
		tight := got.Problem
		limits.Single, tight.Capacity = false, &limits
		var lp bytes.Buffer
		if err := WriteLP(&lp, tight); err != nil || !strings.Contains(lp.String(), " c_0:") {
			t.Errorf("%s: written without its capacities: %v", s.name, err)
		}
	}
}

func TestInstanceLimit(t *testing.T) {
	const text = "2 1\n5 1\ncapacity 1\n3 1 2\n"
	read := func() *Instance {
		in, err := ReadWarehouse(context.Background(), strings.NewReader(text), "f")
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	in := read()
	if in.Capacity != nil {
		t.Error("the capacities of a warehouse file are in the problem unasked")
	}
	if err := in.Limit(0, false); err == nil || !strings.Contains(err.Error(), "site 1") {
		t.Errorf("limit left to be set: %v", err)
	}
	if err := in.Limit(4, true); err != nil || !in.Capacity.Single || !slices.Equal(in.Capacity.Limit, []float64{4, 4}) {
		t.Errorf("%v, %+v", err, in.Capacity)
	}
	if !slices.Equal(in.Limits.Limit, []float64{5, math.Inf(1)}) {
		t.Errorf("what the file says became %v", in.Limits.Limit)
	}
	in = &Instance{Format: PMed}
	if err := in.Limit(1, false); err == nil {
		t.Error("a graph has capacities")
	}
}

func fuzzLimited(f *testing.F, format Format) {
	for _, s := range limitedSamples() {
		if s.format == format {
			f.Add([]byte(s.text))
		}
	}
	fuzzReader(f, format)
}

func FuzzReadHolmberg(f *testing.F) { fuzzLimited(f, Holmberg) }
func FuzzReadDiaz(f *testing.F)     { fuzzLimited(f, Diaz) }
func FuzzReadTBED(f *testing.F)     { fuzzLimited(f, TBED) }
