package format

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"
)

// BenchmarkReadPMed is dominated by the shortest paths between 900 nodes.
func BenchmarkReadPMed(b *testing.B) {
	data, err := os.ReadFile(dataPath(b, "pmed", "pmed40.txt"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ReadPMed(context.Background(), bytes.NewReader(data), "pmed40.txt"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadTSPLIB reads 18,512 points.
func BenchmarkReadTSPLIB(b *testing.B) {
	data, err := os.ReadFile(dataPath(b, "tsplib", "d18512.tsp.gz"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ReadTSPLIB(context.Background(), bytes.NewReader(data), "d18512.tsp"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWriteMPS writes a p-median of 100,000 pairs.
func BenchmarkWriteMPS(b *testing.B) {
	p := Uniform(1000, 100, 0)
	p.P = 5
	for b.Loop() {
		if err := WriteMPS(io.Discard, p); err != nil {
			b.Fatal(err)
		}
	}
}
