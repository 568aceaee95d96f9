package hubs

import (
	"math"
	"slices"
)

// Allocation gives each node one of the open hubs so that the sum of what nodes
// pay for their hubs, and pairs of nodes for both of theirs, is least: a quadratic
// semi-assignment problem, which is solved by depth-first search on a dual bound
// that nearly always leaves nothing to search. The bound is that of the linear
// program of Skorin-Kapov, Skorin-Kapov and O'Kelly 1996 (European Journal of
// Operational Research 94), raised pair by pair (Globerson and Jaakkola 2007,
// Advances in Neural Information Processing Systems 20).
type Allocation struct {
	Nodes, Hubs int
	Own         []float64 // Nodes times Hubs: of a node at a hub
	Flow        []float64 // Nodes times Nodes: from node to node
	Between     []float64 // Hubs times Hubs: for each unit of flow

	// Hub is the hub of each node, on return; -1 before for those that are free.
	Hub   []int
	Bound float64 // nothing costs less
	Value float64
}

// pairCost is what two nodes pay for their hubs.
func (a *Allocation) pairCost(i, j, k, m int) float64 {
	return a.Flow[i*a.Nodes+j]*a.Between[k*a.Hubs+m] + a.Flow[j*a.Nodes+i]*a.Between[m*a.Hubs+k]
}

// quadratic is the search: free nodes, with what they pay for fixed ones in own.
type quadratic struct {
	a      *Allocation
	free   []int
	own    []float64 // free times hubs
	pair   []float64 // free times free times hubs times hubs, both ways
	stop   func() bool
	best   []int // of free nodes
	value  float64
	hub    []int
	left   []float64 // scratch of each depth: own as it stands
	nodes  int
	ended  bool
	leeway float64
}

// search prepares a search, with a good allocation; fixed is what the nodes pay
// that have a hub already.
func (a *Allocation) search(stop func() bool) (q *quadratic, fixed float64) {
	q = &quadratic{a: a, stop: stop, value: math.Inf(1)}
	for i, k := range a.Hub {
		if k < 0 {
			q.free = append(q.free, i)
			continue
		}
		fixed += a.Own[i*a.Hubs+k]
		for j, m := range a.Hub[:i] {
			if m >= 0 {
				fixed += a.pairCost(i, j, k, m)
			}
		}
	}
	n, h := len(q.free), a.Hubs
	q.own = make([]float64, n*h)
	for f, i := range q.free {
		for k := range h {
			q.own[f*h+k] = a.Own[i*h+k]
			for j, m := range a.Hub {
				if m >= 0 {
					q.own[f*h+k] += a.pairCost(i, j, k, m)
				}
			}
		}
	}
	q.start()
	return q, fixed
}

// quick is the cost of a good allocation.
func (a *Allocation) quick() float64 {
	q, fixed := a.search(nil)
	return fixed + q.value
}

// Solve allocates the free nodes and reports whether that is proven best.
func (a *Allocation) Solve(stop func() bool) bool {
	q, fixed := a.search(stop)
	n, h := len(q.free), a.Hubs
	q.pair = make([]float64, n*n*h*h)
	for f, i := range q.free {
		for g, j := range q.free {
			for k := range h {
				for m := range h {
					if f != g {
						q.pair[((f*n+g)*h+k)*h+m] = a.pairCost(i, j, k, m)
					}
				}
			}
		}
	}
	bound := q.raise()
	q.leeway = 1e-11 * (math.Abs(q.value) + math.Abs(fixed))
	q.left = make([]float64, (n+1)*n*h)
	copy(q.left, q.own)
	q.hub = make([]int, n)
	for f := range q.hub {
		q.hub[f] = -1
	}
	q.search(0, bound)
	for f, i := range q.free {
		a.Hub[i] = q.best[f]
	}
	a.Value = fixed + q.value
	a.Bound = a.Value
	if q.ended {
		a.Bound = min(a.Value, fixed+bound-q.leeway)
	}
	return !q.ended
}

// start gives every free node its cheapest hub and then moves nodes as long as
// that helps.
func (q *quadratic) start() {
	n, h := len(q.free), q.a.Hubs
	q.best = make([]int, n)
	at := func(f, k int) float64 {
		sum := q.own[f*h+k]
		for g, m := range q.best {
			if g != f {
				sum += q.a.pairCost(q.free[f], q.free[g], k, m)
			}
		}
		return sum
	}
	for f := range q.best {
		for k := range h {
			if q.own[f*h+k] < q.own[f*h+q.best[f]] {
				q.best[f] = k
			}
		}
	}
	for again := true; again; {
		again = false
		for f := range q.best {
			least := at(f, q.best[f])
			for k := range h {
				if v := at(f, k); v < least-1e-12*math.Abs(least) {
					q.best[f], least, again = k, v, true
				}
			}
		}
	}
	q.value = q.of(q.best)
}

// raise moves costs between nodes and pairs so that the sum of what each costs at
// least rises, takes that sum off and returns it.
func (q *quadratic) raise() float64 {
	n, h := len(q.free), q.a.Hubs
	var taken float64
	forward, back := make([]float64, h), make([]float64, h)
	before := math.Inf(-1)
	for round := range 200 {
		for f := range n {
			for g := range f {
				pair, turned := q.pair[(f*n+g)*h*h:][:h*h], q.pair[(g*n+f)*h*h:][:h*h]
				one, other := q.own[f*h:][:h], q.own[g*h:][:h]
				for k := range h {
					forward[k], back[k] = math.Inf(1), math.Inf(1)
				}
				for k := range h {
					for m := range h {
						v := pair[k*h+m] + one[k] + other[m]
						pair[k*h+m] = v
						forward[k], back[m] = min(forward[k], v), min(back[m], v)
					}
				}
				for k := range h {
					one[k], other[k] = forward[k]/2, back[k]/2
				}
				for k := range h {
					for m := range h {
						v := max(0, pair[k*h+m]-one[k]-other[m])
						pair[k*h+m], turned[m*h+k] = v, v
					}
				}
			}
		}
		var bound float64
		for f := range n {
			bound += slices.Min(q.own[f*h:][:h])
		}
		if round%4 == 3 {
			if bound-before <= 1e-7*math.Abs(q.value) || q.stop() {
				break
			}
			before = bound
		}
	}
	for f := range n {
		least := slices.Min(q.own[f*h:][:h])
		taken += least
		for k := range h {
			q.own[f*h+k] -= least
		}
	}
	return taken
}

// search allocates the nodes from a depth on; bound is what those before it cost.
func (q *quadratic) search(depth int, bound float64) {
	n, h := len(q.free), q.a.Hubs
	if q.nodes++; q.nodes%256 == 0 && q.stop() {
		q.ended = true
	}
	if q.ended {
		return
	}
	if depth == n {
		if v := q.of(q.hub); v < q.value {
			q.value = v
			copy(q.best, q.hub)
		}
		return
	}
	own := q.left[depth*n*h:][:n*h]
	// What is left costs at least this; the node with the most to lose is next.
	next, most := -1, -1.0
	for f, k := range q.hub {
		if k >= 0 {
			continue
		}
		least, second := math.Inf(1), math.Inf(1)
		for _, v := range own[f*h:][:h] {
			if v < least {
				least, second = v, least
			} else {
				second = min(second, v)
			}
		}
		bound += least
		if lose := second - least; lose > most {
			next, most = f, lose
		}
	}
	least := slices.Min(own[next*h:][:h])
	order := make([]int, h)
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := own[next*h+a], own[next*h+b]; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	rest := bound - least // with the other nodes at their least
	var others float64
	for f, k := range q.hub {
		if k < 0 && f != next {
			others += slices.Min(own[f*h:][:h])
		}
	}
	below := q.left[(depth+1)*n*h:][:n*h]
	for _, k := range order {
		if rest+own[next*h+k] >= q.value-q.leeway {
			break
		}
		copy(below, own)
		for g, m := range q.hub {
			if m >= 0 || g == next {
				continue
			}
			for m := range h {
				below[g*h+m] += q.pair[((next*n+g)*h+k)*h+m]
			}
		}
		q.hub[next] = k
		q.search(depth+1, rest-others+own[next*h+k])
		q.hub[next] = -1
	}
}

// of is the value of an allocation by the data, not by what raise made of it.
func (q *quadratic) of(hub []int) float64 {
	var sum float64
	for f, k := range hub {
		i := q.free[f]
		sum += q.a.Own[i*q.a.Hubs+k]
		for j, m := range q.a.Hub {
			if m >= 0 {
				sum += q.a.pairCost(i, j, k, m)
			}
		}
		for g, m := range hub[:f] {
			sum += q.a.pairCost(i, q.free[g], k, m)
		}
	}
	return sum
}
