package coverage

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hubplan/hubplan/route"
)

// Redundancy is what the demand's supply by road can lose. Demand and hubs are
// stops on a router's network; the ways between a stop and the network count as safe.
type Redundancy struct {
	overlay *route.Overlay
	hubs    []int // stops of the overlay: the hubs, then the demand
	// Routes is how many routes each demand point has to the hubs that share no
	// piece of road: 0, 1, or 2 for two and more.
	Routes []int
	// Bridges are the edges whose loss isolates demand, the worst first.
	Bridges []Bridge
}

// Bridge is an edge whose loss cuts demand off from every hub.
type Bridge struct {
	Edge  int
	Piece route.Piece // the piece of it whose loss isolates most
	// Isolated is the weight of the demand that the loss cuts off.
	Isolated float64
	// Demand lists the demand points cut off, ascending.
	Demand []int
}

// NewRedundancy finds the routes and bridges between hubs and demand of the
// given weights. An edge fails at one point: of the pieces between the stops on
// it, the one that isolates the most weight stands for it. Demand that no hub
// reaches is in no bridge's account. Errors wrap [ErrAccess].
func NewRedundancy(r *route.Router, hubs, demand []route.Stop, weight []float64) (*Redundancy, error) {
	if len(hubs) == 0 {
		return nil, fmt.Errorf("coverage: %w: no hubs", ErrAccess)
	}
	if len(weight) != len(demand) {
		return nil, fmt.Errorf("coverage: %w: %d weights for %d demand points", ErrAccess, len(weight), len(demand))
	}
	overlay, err := r.Overlay(slices.Concat(hubs, demand))
	if err != nil {
		return nil, err
	}
	d := &Redundancy{overlay: overlay, Routes: make([]int, len(demand))}
	for h := range hubs {
		d.hubs = append(d.hubs, h)
	}
	reached, err := overlay.Reached(d.hubs)
	if err != nil {
		return nil, err
	}
	for i := range demand {
		if reached[len(hubs)+i] {
			d.Routes[i] = 2
		}
	}
	found, err := overlay.Bridges(d.hubs)
	if err != nil {
		return nil, err
	}
	worst := make(map[int]Bridge)
	for _, b := range found {
		bridge := Bridge{Edge: b.Piece.Edge, Piece: b.Piece}
		for _, stop := range b.Isolated {
			// A hub is never isolated from the hubs.
			i := stop - len(hubs)
			d.Routes[i] = 1
			bridge.Demand = append(bridge.Demand, i)
		}
		slices.Sort(bridge.Demand)
		for _, i := range bridge.Demand {
			bridge.Isolated += weight[i]
		}
		if old, ok := worst[bridge.Edge]; !ok || bridge.Isolated > old.Isolated || bridge.Isolated == old.Isolated && bridge.Piece.Start < old.Piece.Start {
			worst[bridge.Edge] = bridge
		}
	}
	for _, b := range worst {
		if b.Isolated > 0 {
			d.Bridges = append(d.Bridges, b)
		}
	}
	slices.SortFunc(d.Bridges, func(a, b Bridge) int {
		return cmp.Or(cmp.Compare(b.Isolated, a.Isolated), cmp.Compare(a.Edge, b.Edge))
	})
	return d, nil
}

// Pair returns the two edge-disjoint routes of the least total time from the
// hubs to a demand point, or the fastest one where there are no two, as
// [route.Overlay.Ways] does. Its Count equals Routes for the point.
func (d *Redundancy) Pair(ctx context.Context, demand int) (route.Ways, error) {
	if demand < 0 || demand >= len(d.Routes) {
		return route.Ways{}, fmt.Errorf("coverage: %w: there is no demand point %d", ErrAccess, demand)
	}
	return d.overlay.Ways(ctx, d.hubs, []int{len(d.hubs) + demand}, 2, route.WaysOptions{DisjointOnly: true})
}
