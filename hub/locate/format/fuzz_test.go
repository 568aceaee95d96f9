package format

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/hubplan/hubplan/hub/locate"
)

// fuzzReader holds a reader to its promise: an instance that holds together,
// or an error with a position.
func fuzzReader(f *testing.F, format Format) {
	for _, s := range samples() {
		if s.format == format || format == Detect {
			f.Add([]byte(s.text))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := Read(context.Background(), bytes.NewReader(data), "f", format)
		if err != nil {
			if in != nil || !positioned(err) {
				t.Fatalf("%v and %v", in, err)
			}
			return
		}
		n, m := in.Costs.Size()
		if n < 1 || m < 1 || in.Weight != nil && len(in.Weight) != n || in.Opening != nil && len(in.Opening) != m || in.Site != nil && len(in.Site) != m ||
			in.DemandNames != nil && len(in.DemandNames) != n || in.SiteNames != nil && len(in.SiteNames) != m {
			t.Fatalf("%d demands, %d sites: %+v", n, m, in)
		}
		for model := range locate.FixedCharge + 1 {
			p := in.Problem
			p.Model, p.P, p.Radius = model, 1, 1
			if p.Check() != nil || n*m > 1000 {
				continue
			}
			if err := WriteLP(io.Discard, p); err == nil {
				err = WriteMPS(io.Discard, p)
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func FuzzReadPMed(f *testing.F)       { fuzzReader(f, PMed) }
func FuzzReadSCP(f *testing.F)        { fuzzReader(f, SCP) }
func FuzzReadWarehouse(f *testing.F)  { fuzzReader(f, Warehouse) }
func FuzzReadUflLib(f *testing.F)     { fuzzReader(f, UflLib) }
func FuzzReadTSPLIB(f *testing.F)     { fuzzReader(f, TSPLIB) }
func FuzzReadSJC(f *testing.F)        { fuzzReader(f, SJC) }
func FuzzReadGrid(f *testing.F)       { fuzzReader(f, Grid) }
func FuzzReadCities(f *testing.F)     { fuzzReader(f, Cities) }
func FuzzReadPointTable(f *testing.F) { fuzzReader(f, Points) }
func FuzzReadCostMatrix(f *testing.F) { fuzzReader(f, Matrix) }
func FuzzReadCostPairs(f *testing.F)  { fuzzReader(f, Pairs) }
func FuzzDetectFormat(f *testing.F)   { fuzzReader(f, Detect) }
func FuzzArchiveMember(f *testing.F) {
	f.Add(archiveOf(f, map[string]string{"a/b": "hello", "c": ""}))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := findMember(bytes.NewReader(data), "f", "a/b")
		if (r == nil) == (err == nil) {
			t.Fatalf("%v and %v", r, err)
		}
		if r == nil {
			return
		}
		content, err := io.ReadAll(r)
		if err == nil && len(content) > len(data) && data[0] != 0x1f {
			t.Fatalf("%d bytes from %d", len(content), len(data))
		}
	})
}
