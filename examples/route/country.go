package main

import (
	"math"
	"math/rand/v2"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/route"
	"github.com/paulmach/orb"
)

// makeCountry makes up a road network of about the given number of nodes, the same
// one every time: a country road net with bends, towns of narrow streets, rivers
// with few bridges, and highways across it all.
func makeCountry(nodes int) (*route.Network, error) {
	random := rand.New(rand.NewPCG(42, uint64(nodes)))
	// Half of the nodes are bends on the edges of the grid.
	side := max(2, int(math.Sqrt(float64(nodes)/2)))
	const cell = 0.004 // degrees, some 300 m

	// Towns are discs in which streets are dense and slow.
	type disc struct{ x, y, r float64 }
	var towns []disc
	for range 1 + side*side/40_000 {
		towns = append(towns, disc{random.Float64() * float64(side), random.Float64() * float64(side), 10 + 60*random.Float64()*random.Float64()})
	}
	inTown := make([]bool, side*side)
	for _, t := range towns {
		for y := max(0, int(t.y-t.r)); y <= min(side-1, int(t.y+t.r)); y++ {
			for x := max(0, int(t.x-t.r)); x <= min(side-1, int(t.x+t.r)); x++ {
				if math.Hypot(float64(x)-t.x, float64(y)-t.y) <= t.r {
					inTown[y*side+x] = true
				}
			}
		}
	}
	// A river winds from the bottom to the top between two columns of the grid.
	rivers := max(1, side/300)
	river := make([][]int, rivers)
	for i := range river {
		at := float64(side) * (float64(i) + 0.5) / float64(rivers)
		for y := range side {
			at += 2 * (random.Float64() - 0.5)
			river[i] = append(river[i], max(0, min(side-2, int(at+20*math.Sin(float64(y)/70)))))
		}
	}
	const bridgeEvery, highwayEvery = 60, 100

	var list []route.Node
	type road struct {
		from, to uint32
		class    route.Class
	}
	var roads []road
	for y := range side {
		for x := range side {
			list = append(list, route.Node{Point: orb.Point{
				20 + cell*(float64(x)+0.6*(random.Float64()-0.5)), 45 + cell*0.7*(float64(y)+0.6*(random.Float64()-0.5)),
			}})
		}
	}
	// link joins two nodes of the grid by way of some bends.
	link := func(u, v int, class route.Class, bends int) {
		a, b := list[u].Point, list[v].Point
		from := u
		for k := 1; k <= bends; k++ {
			f := float64(k) / float64(bends+1)
			p := geo.Interpolate(a, b, f)
			p[0] += cell * 0.1 * (random.Float64() - 0.5)
			p[1] += cell * 0.1 * (random.Float64() - 0.5)
			list = append(list, route.Node{Point: p})
			roads = append(roads, road{uint32(from), uint32(len(list) - 1), class})
			from = len(list) - 1
		}
		roads = append(roads, road{uint32(from), uint32(v), class})
	}
	crosses := func(x, y int) bool {
		for _, r := range river {
			if r[y] == x && y%bridgeEvery != 0 {
				return true
			}
		}
		return false
	}
	budget := nodes - len(list)
	for y := range side {
		for x := range side {
			u := y*side + x
			class, keep, bends := route.Tertiary, 0.55, 1
			if inTown[u] {
				class, keep, bends = route.Residential, 0.85, 0
			}
			row, column := y%highwayEvery == 0, x%highwayEvery == 0
			bend := func() int {
				n := min(bends*random.IntN(3), budget)
				budget -= n
				return n
			}
			if x+1 < side && !crosses(x, y) && (row || random.Float64() < keep) {
				c := class
				if row {
					c = route.Motorway
				}
				link(u, u+1, c, bend())
			}
			if y+1 < side && (column || random.Float64() < keep) {
				c := class
				if column {
					c = route.Primary
				}
				link(u, u+side, c, bend())
			}
		}
	}
	return route.CollectNetwork(list, func(yield func(route.Edge) bool) {
		for _, r := range roads {
			if !yield(route.Edge{From: int(r.from), To: int(r.to), Class: r.class}) {
				return
			}
		}
	}, len(roads))
}
