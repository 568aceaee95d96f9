package route

import (
	"fmt"

	"github.com/hubplan/hubplan/geo"
)

// Part is what one part of a network that hangs together consists of.
type Part struct {
	Nodes, Edges int
	Length       geo.Distance // of all its edges
}

// Parts returns the size of each part that [Network.Components] numbers. A map has one
// part with nearly all roads, islands, and many scraps: roads that the border of the
// map cuts off, and slips of those who drew it.
func (n *Network) Parts() []Part {
	at, count := n.Components()
	parts := make([]Part, count)
	for _, p := range at {
		parts[p].Nodes++
	}
	for i, v := range n.from {
		p := &parts[at[v]]
		p.Edges++
		p.Length += n.length[i]
	}
	return parts
}

// Largest returns the part of the network with the most nodes, the lowest of several.
// Nodes and edges keep their order, and turns go with their edges. A network that
// hangs together is returned as it is.
func (n *Network) Largest() *Network {
	parts := n.Parts()
	if len(parts) == 1 {
		return n
	}
	largest := 0
	for i, p := range parts {
		if p.Nodes > parts[largest].Nodes {
			largest = i
		}
	}
	at, _ := n.Components()
	nodes := make([]Node, 0, parts[largest].Nodes)
	edges := make([]Edge, 0, parts[largest].Edges)
	node := make([]int, n.Nodes())
	for i, p := range at {
		if p == largest {
			node[i] = len(nodes)
			nodes = append(nodes, n.Node(i))
		}
	}
	edge := make([]int, n.Edges())
	for i, v := range n.from {
		if at[v] != largest {
			continue
		}
		e := n.Edge(i)
		e.From, e.To = node[e.From], node[e.To]
		edge[i] = len(edges)
		edges = append(edges, e)
	}
	var turns []Turn
	for _, t := range n.turns {
		// All edges of a turn are in one part, as they follow each other.
		if from := n.from[t.Path[0].Edge()]; at[from] != largest {
			continue
		}
		path := make([]Step, len(t.Path))
		for i, s := range t.Path {
			if path[i] = Forth(edge[s.Edge()]); s.Backward() {
				path[i] = Back(edge[s.Edge()])
			}
		}
		turns = append(turns, Turn{path, t.Vehicles})
	}
	reduced, err := NewNetwork(nodes, edges, turns...)
	if err != nil {
		panic(fmt.Sprintf("route: a part of a network is none: %v", err))
	}
	return reduced
}
