package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/hubs"
)

// Hub is what HubMedian and HubCover know beside the costs between nodes: the
// flow from node i to node j goes by way of an open hub k, or of two, k and then
// m, at a cost of
//
//	Collect*c(i,k) + Transfer*c(k,m) + Distribute*c(m,j)
//
// for each unit, where c(i,k) is the cost at (i, k) of Problem.Costs.
type Hub struct {
	// Flow holds the flow from node i to node j at Flow[i*n+j], at least 0; nil
	// means 1 between every two different nodes.
	Flow []float64

	// Collect, Transfer and Distribute are factors of the three legs, at least
	// 0; if all are 0 they count as 1. A Transfer below 1 is the discount of
	// bulk transport between hubs.
	Collect, Transfer, Distribute float64

	// Single has every node send and receive all its flow by one hub, that in
	// Solution.Assign; a hub is its own. Otherwise every pair of nodes goes the
	// best way.
	Single bool
}

// Most nodes of hub problems, whose paths number up to the fourth power of that.
const (
	mostHubNodes       = 100
	mostHubNodesSingle = 64
)

// hubby reports whether hubs are what the model opens.
func (p *Problem) hubby() bool { return p.Model == HubMedian || p.Model == HubCover }

// checkHub looks at the flow and the costs between nodes.
func (p *Problem) checkHub(n, m int) error {
	h := p.Hub
	if h == nil {
		return problemf("%v without a hub", p.Model)
	}
	most := mostHubNodes
	if h.Single {
		most = mostHubNodesSingle
	}
	switch {
	case n != m:
		return problemf("costs between %d and %d nodes", n, m)
	case n > most:
		return problemf("%d nodes, of which there may be %d", n, most)
	case p.Weight != nil:
		return problemf("%v takes no weights, but flow", p.Model)
	case h.Flow != nil && len(h.Flow) != n*n:
		return problemf("%d flows between %d nodes", len(h.Flow), n)
	}
	for _, f := range []float64{h.Collect, h.Transfer, h.Distribute} {
		if !(f >= 0 && f <= 1e100) {
			return problemf("factor %v of a leg is not between 0 and 1e100", f)
		}
	}
	var flow, cost float64
	for i := range n {
		for j := range n {
			w, c := h.flow(n, i, j), p.Costs.At(i, j)
			if !(w >= 0) || math.IsInf(w, 1) {
				return problemf("flow %v from node %d to node %d is not finite and at least 0", w, i, j)
			}
			if math.IsInf(c, 1) {
				return problemf("the cost from node %d to node %d is infinite", i, j)
			}
			flow, cost = flow+w, max(cost, c)
		}
	}
	a, b, c := h.factors()
	if top := flow * cost * (a + b + c); !(top < math.MaxFloat64/1e6) {
		return problemf("the flow times its largest cost is %v", top)
	}
	return nil
}

// factors are those of the legs.
func (h *Hub) factors() (collect, transfer, distribute float64) {
	if h.Collect == 0 && h.Transfer == 0 && h.Distribute == 0 {
		return 1, 1, 1
	}
	return h.Collect, h.Transfer, h.Distribute
}

// flow is that from one of n nodes to another.
func (h *Hub) flow(n, i, j int) float64 {
	switch {
	case h.Flow != nil:
		return h.Flow[i*n+j]
	case i == j:
		return 0
	}
	return 1
}

// web is the nodes of a hub problem with the costs as a matrix.
type web struct {
	*work
	n                             int
	cost                          []float64
	collect, transfer, distribute float64
}

func (w *work) web() *web {
	b := &web{work: w, n: w.demands, cost: make([]float64, w.demands*w.demands)}
	b.collect, b.transfer, b.distribute = w.Hub.factors()
	for k := range b.cost {
		b.cost[k] = w.source.Cost(k/b.n, k%b.n)
	}
	return b
}

// path is the cost of a path for each unit of flow.
func (b *web) path(i, k, m, j int) float64 {
	return b.collect*b.cost[i*b.n+k] + b.transfer*b.cost[k*b.n+m] + b.distribute*b.cost[m*b.n+j]
}

// symmetric reports whether paths cost the same both ways.
func (b *web) symmetric() bool {
	if b.collect != b.distribute {
		return false
	}
	for i := range b.n {
		for j := range i {
			if b.cost[i*b.n+j] != b.cost[j*b.n+i] {
				return false
			}
		}
	}
	return true
}

// judgeHub is judge for HubMedian.
func (w *work) judgeHub(open []int) (value float64, ok bool) {
	if len(open) == 0 {
		return 0, false
	}
	b := w.web()
	if w.Hub.Single {
		a := b.allocation(open)
		a.Solve(w.stop)
		return a.Value, true
	}
	leg := make([]float64, len(open))
	for i := range b.n {
		for h, m := range open { // the best way as far as the last hub
			leg[h] = math.Inf(1)
			for _, k := range open {
				leg[h] = min(leg[h], b.collect*b.cost[i*b.n+k]+b.transfer*b.cost[k*b.n+m])
			}
		}
		for j := range b.n {
			flow := w.Hub.flow(b.n, i, j)
			if flow == 0 {
				continue
			}
			least := math.Inf(1)
			for h, m := range open {
				least = min(least, leg[h]+b.distribute*b.cost[m*b.n+j])
			}
			value += flow * least
		}
	}
	return value, true
}

// pairs lists the flows with the paths that may be their best, and sums what the
// others cost. place is that of each node among the candidates, never or given.
func (b *web) pairs(place []int32) (list []hubs.Pair, fixed float64, ok bool) {
	var candidates, always []int
	for k, at := range place {
		switch {
		case at >= 0:
			candidates = append(candidates, k)
		case at == given:
			always = append(always, k)
		}
	}
	both := b.symmetric()
	alone := make([]float64, b.n)
	for i := range b.n {
		for j := range b.n {
			flow := b.Hub.flow(b.n, i, j)
			if both && j < i {
				continue
			}
			if both && j != i {
				flow += b.Hub.flow(b.n, j, i)
			}
			if flow == 0 {
				continue
			}
			if b.stop() {
				return nil, 0, false
			}
			pair := hubs.Pair{Base: math.Inf(1)}
			for _, k := range always {
				for _, m := range always {
					pair.Base = min(pair.Base, flow*b.path(i, k, m, j))
				}
			}
			add := func(cost float64, from, to int32) {
				if cost < pair.Base {
					pair.Paths = append(pair.Paths, hubs.Path{Cost: cost, From: from, To: to})
				}
			}
			for _, k := range candidates {
				alone[k] = flow * b.path(i, k, k, j)
				for _, m := range always {
					alone[k] = min(alone[k], flow*b.path(i, k, m, j), flow*b.path(i, m, k, j))
				}
				add(alone[k], place[k], place[k])
			}
			for _, k := range candidates {
				for _, m := range candidates {
					if c := flow * b.path(i, k, m, j); k != m && c < alone[k] && c < alone[m] {
						add(c, place[k], place[m])
					}
				}
			}
			if len(pair.Paths) == 0 {
				fixed += pair.Base
				continue
			}
			slices.SortStableFunc(pair.Paths, func(a, b hubs.Path) int {
				switch {
				case a.Cost < b.Cost:
					return -1
				case a.Cost > b.Cost:
					return 1
				}
				return 0
			})
			list = append(list, pair)
		}
	}
	return list, fixed, true
}

// hubMedian solves HubMedian.
func (w *work) hubMedian() (*Solution, error) {
	b := w.web()
	candidates, required, existing := w.candidates()
	always := slices.Concat(required, existing)
	place := make([]int32, w.sites)
	for j := range place {
		place[j] = never
	}
	for _, j := range always {
		place[j] = given
	}
	for k, j := range candidates {
		place[j] = int32(k)
	}
	if w.Hub.Single {
		return b.single(candidates, required, existing)
	}
	pairs, fixed, ok := b.pairs(place)
	if !ok {
		return nil, w.ctx.Err()
	}
	result := branch.Result{Complete: true}
	if open := w.P - len(required); open > 0 {
		m := hubs.NewMultiple(pairs, len(candidates), open, w.stop)
		var start []int
		for k, j := range candidates {
			if slices.Contains(w.Start, j) {
				start = append(start, k)
			}
		}
		result = branch.Run(m, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Workers: w.Workers, Gap: w.Gap, Offset: fixed,
			Start: m.Greedy(start), Report: w.report(func(v float64) float64 { return fixed + v }),
		})
	}
	open := slices.Clone(always)
	for _, k := range result.Open {
		open = append(open, candidates[k])
	}
	slices.Sort(open)
	value, _ := w.judge(open, nil)
	bound := min(value, fixed+result.Bound)
	if result.Complete && result.Bound >= result.Value {
		bound = value
	}
	return w.complete(open, nil, value, bound, result.Nodes, result.Complete && w.Gap == 0), nil
}

// allocation is the problem of giving every node one of the open hubs.
func (b *web) allocation(open []int) *hubs.Allocation {
	a := &hubs.Allocation{Nodes: b.n, Hubs: len(open), Hub: make([]int, b.n), Flow: make([]float64, b.n*b.n)}
	for i := range b.n {
		a.Hub[i] = slices.Index(open, i)
		var out, in float64
		for j := range b.n {
			a.Flow[i*b.n+j] = b.Hub.flow(b.n, i, j)
			out += b.Hub.flow(b.n, i, j)
			in += b.Hub.flow(b.n, j, i)
		}
		for _, k := range open {
			own := b.collect*out*b.cost[i*b.n+k] + b.distribute*in*b.cost[k*b.n+i]
			a.Own = append(a.Own, own+b.transfer*b.Hub.flow(b.n, i, i)*b.cost[k*b.n+k])
		}
	}
	for _, k := range open {
		for _, m := range open {
			a.Between = append(a.Between, b.transfer*b.cost[k*b.n+m])
		}
	}
	return a
}

// linearHub states HubMedian: y_i_j_k_m is the part of the flow from i to j that
// goes by k and m; with Single z_i_k is 1 if k is the hub of i.
func (w *work) linearHub() (*linear, error) {
	b := w.web()
	l := w.newLinear(func(int) float64 { return 0 })
	columns := l.allocate()
	for i := range b.n {
		for j := range b.n {
			flow := w.Hub.flow(b.n, i, j)
			if flow == 0 {
				continue
			}
			var once row
			from, to := make([]row, b.n), make([]row, b.n)
			for k := range b.n {
				for m := range b.n {
					if l.open[k] < 0 || l.open[m] < 0 {
						continue
					}
					y := l.column(flow*b.path(i, k, m, j), 0, 1, "y", i, j, k, m)
					once.add(y, 1)
					from[k].add(y, -1)
					to[m].add(y, -1)
					if m != k && columns == nil { // a hub is used once
						from[m].add(y, -1)
					}
				}
			}
			l.limit(1, 1, once, "p", i, j)
			for k := range b.n {
				switch {
				case l.open[k] < 0:
				case columns == nil:
					from[k].add(l.open[k], 1)
					l.limit(0, noMore, from[k], "h", i, j, k)
				default:
					from[k].add(columns[i][k], 1)
					to[k].add(columns[j][k], 1)
					l.limit(0, 0, from[k], "f", i, j, k)
					l.limit(0, 0, to[k], "t", i, j, k)
				}
			}
		}
	}
	return l, nil
}

// allocate adds, with Single, the columns that say which hub is that of a node.
func (l *linear) allocate() [][]int {
	if !l.Hub.Single {
		return nil
	}
	z := make([][]int, l.demands)
	for i := range z {
		z[i] = make([]int, l.sites)
		var once row
		for k := range l.sites {
			if z[i][k] = -1; l.open[k] < 0 {
				continue
			}
			z[i][k] = l.whole(0, 0, 1, "z", i, k)
			once.add(z[i][k], 1)
			var behind row
			behind.add(l.open[k], 1)
			behind.add(z[i][k], -1)
			most := noMore
			if i == k {
				most = 0
			}
			l.limit(0, most, behind, "l", i, k)
		}
		l.limit(1, 1, once, "o", i)
	}
	return z
}

// single solves HubMedian with single allocation.
func (b *web) single(candidates, required, existing []int) (*Solution, error) {
	w := b.work
	always := slices.Concat(required, existing)
	places := slices.Concat(candidates, always)
	all := b.allocation(places)
	in := &hubs.Instance{
		Nodes: b.n, Place: places, Decide: len(candidates), Open: w.P - len(required),
		Own: all.Own, Flow: all.Flow, Between: all.Between,
	}
	result, unsettled := branch.Result{Complete: true}, math.Inf(1)
	if in.Open > 0 {
		m := hubs.NewSingle(in, w.stop)
		start := make([]int, 0, in.Open)
		for k, j := range candidates {
			if slices.Contains(w.Start, j) && len(start) < in.Open {
				start = append(start, k)
			}
		}
		for k := 0; len(start) < in.Open; k++ {
			if !slices.Contains(start, k) {
				start = append(start, k)
			}
		}
		slices.Sort(start)
		result = branch.Run(m, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Workers: w.Workers, Gap: w.Gap,
			Start: m.Improve(start), Report: w.report(func(v float64) float64 { return v }),
		})
		unsettled = m.Unsettled()
	}
	open := slices.Clone(always)
	for _, k := range result.Open {
		open = append(open, candidates[k])
	}
	slices.Sort(open)
	a := b.allocation(open)
	settled := a.Solve(w.stop)
	bound := min(a.Value, result.Bound, unsettled)
	if in.Open == 0 {
		bound = a.Bound
	}
	proven := result.Complete && math.IsInf(unsettled, 1) && settled && w.Gap == 0
	s := w.complete(open, nil, a.Value, bound, result.Nodes, proven)
	for i, h := range a.Hub {
		s.Assign[i] = open[h]
	}
	return s, nil
}
