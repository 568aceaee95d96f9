package osm

import (
	"bytes"
	"context"
	"os"
	"testing"
)

// BenchmarkRead reads real maps from memory. GOMAXPROCS is the number of cores.
func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"delaware", "malta", "porto-portugal"} {
		b.Run(name, func(b *testing.B) {
			data, err := os.ReadFile(fileOf(b, name))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			nodes := 0
			for b.Loop() {
				m, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), name, Options{})
				if err != nil {
					b.Fatal(err)
				}
				nodes += m.Counts.Nodes
			}
			b.ReportMetric(float64(nodes)/b.Elapsed().Seconds(), "nodes/s")
		})
	}
}

func BenchmarkCount(b *testing.B) {
	data, err := os.ReadFile(fileOf(b, "delaware"))
	if err != nil {
		b.Fatal(err)
	}
	nodes := 0
	for b.Loop() {
		counts, err := Count(context.Background(), bytes.NewReader(data), int64(len(data)), "delaware")
		if err != nil {
			b.Fatal(err)
		}
		nodes += counts.Nodes
	}
	b.ReportMetric(float64(nodes)/b.Elapsed().Seconds(), "nodes/s")
}
