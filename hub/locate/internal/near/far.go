package near

import "math"

// Far is a demand and what it costs to serve it from the nearest of some sites.
type Far struct {
	Cost   float64
	Demand int32 // -1 if there is none
}

// Served finds demands that are served badly, by boxes of demands: one in which
// some site is near enough to all that the box may hold is not looked into.
type Served struct {
	sites  [][2]float64
	weight []float64 // of each demand, nil means 1 each
	most   []float64 // per node of the tree, the greatest weight in it
	tree   *Points   // over the demands
}

// NewServed prepares a source, for which it needs points in a plane: it returns
// nil for any other.
func NewServed(s Source, weight []float64) *Served {
	p, ok := s.(*Points)
	if !ok || !p.metric.planar() {
		return nil
	}
	v := &Served{sites: p.sites, weight: weight, tree: p.served}
	if v.tree == nil {
		v.tree = NewPoints(nil, p.demands, p.metric)
	}
	if weight != nil {
		v.most = make([]float64, len(v.tree.nodes))
		v.weigh(0)
	}
	return v
}

// weigh computes the greatest weights below a node.
func (v *Served) weigh(at int32) float64 {
	if len(v.tree.nodes) == 0 {
		return 0
	}
	n := &v.tree.nodes[at]
	most := 0.0
	if n.right != 0 {
		most = max(v.weigh(at+1), v.weigh(n.right))
	} else {
		for _, i := range v.tree.order[n.from:n.to] {
			most = max(most, v.weight[i])
		}
	}
	v.most[at] = most
	return most
}

// Worst writes for each of the open sites, at least one, the demand that it
// serves at the greatest weighted cost above r. A demand is served by the
// nearest of them, ties to the first.
func (v *Served) Worst(open []int, r float64, to []Far) []Far {
	to = to[:0]
	w := &walk{Served: v, at: make([][2]float64, len(open))}
	for k, j := range open {
		to = append(to, Far{r, -1})
		w.at[k] = v.sites[j]
		w.among = append(w.among, int32(k))
	}
	if len(v.tree.nodes) > 0 {
		w.to = to
		w.visit(0, 0, len(open))
	}
	return to
}

// walk is the state of Worst.
type walk struct {
	*Served
	at    [][2]float64 // of the open sites
	to    []Far
	among []int32 // for each node on the way, the sites that may serve a demand in it
}

// visit looks into a node that the sites among[from:upto] may serve.
func (w *walk) visit(at int32, from, upto int) {
	n := &w.tree.nodes[at]
	least := math.Inf(1)
	for _, k := range w.among[from:upto] {
		least = min(least, w.upper(n, k))
	}
	weight := 1.0
	if w.most != nil {
		weight = w.most[at]
	}
	better := false
	own := len(w.among)
	for _, k := range w.among[from:upto] {
		if w.lower(n, k) <= least {
			w.among = append(w.among, k)
			better = better || weight*least > w.to[k].Cost
		}
	}
	end := len(w.among)
	switch {
	case !better:
	case n.right != 0:
		w.visit(at+1, own, end)
		w.visit(n.right, own, end)
	default:
		for _, i := range w.tree.order[n.from:n.to] {
			w.look(i, w.among[own:end])
		}
	}
	w.among = w.among[:own]
}

// look serves one demand.
func (w *walk) look(i int32, among []int32) {
	place := w.tree.sites[i]
	cost, site := math.Inf(1), among[0]
	for _, k := range among {
		if c := w.tree.metric.Cost(place, w.at[k]); c < cost {
			cost, site = c, k
		}
	}
	if w.weight != nil {
		cost *= w.weight[i]
	}
	if f := &w.to[site]; cost > f.Cost || cost == f.Cost && f.Demand > i {
		*f = Far{cost, i}
	}
}

// upper is the greatest cost from a point of the box of a node to an open site:
// that of the farthest corner, for the cost grows with the differences along
// both axes, and as computed does not fall.
func (w *walk) upper(n *node, k int32) float64 {
	a := w.at[k]
	dx := max(math.Abs(n.lo[0]-a[0]), math.Abs(n.hi[0]-a[0]))
	dy := max(math.Abs(n.lo[1]-a[1]), math.Abs(n.hi[1]-a[1]))
	return w.tree.metric.Cost([2]float64{dx, dy}, [2]float64{})
}

// lower is the least cost likewise.
func (w *walk) lower(n *node, k int32) float64 {
	a := w.at[k]
	dx := max(0, n.lo[0]-a[0], a[0]-n.hi[0])
	dy := max(0, n.lo[1]-a[1], a[1]-n.hi[1])
	return w.tree.metric.Cost([2]float64{dx, dy}, [2]float64{})
}

// planar reports whether the cost is a function of the differences of the
// coordinates that does not fall where they grow.
func (m Metric) planar() bool { return m.straight() || m == Manhattan || m == Maximum }
