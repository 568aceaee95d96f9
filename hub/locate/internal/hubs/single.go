package hubs

import (
	"math"
	"slices"
	"sync"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
)

// Instance is a problem with single allocation: each node has one hub. Places are
// the nodes that may be hubs, those to be decided on first, then those that are
// hubs in any case.
type Instance struct {
	Nodes   int
	Place   []int     // node of each place
	Decide  int       // places to be decided on
	Open    int       // of which so many open
	Own     []float64 // Nodes times places: all collection and distribution of a node at a hub
	Flow    []float64 // Nodes times Nodes
	Between []float64 // places times places, for each unit of flow
}

// Allocation is that to open places.
func (in *Instance) Allocation(open []int) *Allocation {
	places := len(in.Place)
	a := &Allocation{Nodes: in.Nodes, Hubs: len(open), Flow: in.Flow, Hub: make([]int, in.Nodes)}
	for i := range a.Hub {
		a.Hub[i] = -1
		for _, k := range open {
			a.Own = append(a.Own, in.Own[i*places+k])
		}
	}
	for h, k := range open {
		a.Hub[in.Place[k]] = h
		for _, m := range open {
			a.Between = append(a.Between, in.Between[k*places+m])
		}
	}
	return a
}

// all is open places with those that are open in any case.
func (in *Instance) all(open []int) []int {
	list := slices.Clone(open)
	for k := in.Decide; k < len(in.Place); k++ {
		list = append(list, k)
	}
	return list
}

// Single is the relaxation with single allocation for package branch: that of
// Multiple, in which pairs pay not the hub but each of their nodes for the use of
// a hub, and nodes, which choose one hub, pay the hub (the Lagrangian of the
// program of Skorin-Kapov, Skorin-Kapov and O'Kelly 1996):
//
//	L(u, v) = sum_ij min over k, m of ( F_ijkm + u_ijk + u_jim ) + sum_i min over k of ( v_ik - sum_j u_ijk ) + min sum_k x_k ( -sum_i v_ik )
type Single struct {
	in    *Instance
	stop  func() bool
	ends  [][2]int32 // nodes of each pair
	paths [][]Path   // of each pair, by cost
	self  []float64  // Nodes times places: the flow of a node to itself
	known *known

	state  []branch.State
	places []branch.State // In for those that are hubs in any case
	fixed  []int32        // the place that is each node's hub, -1 if that is not decided
	hub    []int32        // place of each node
	best   []Path
	pay    []float64
	chosen []bool
	list   []int
}

// known is what the exact values of allocations have not settled.
type known struct {
	sync.Mutex
	bound float64
}

// NewSingle prepares the relaxation.
func NewSingle(in *Instance, stop func() bool) *Single {
	places := len(in.Place)
	s := &Single{in: in, stop: stop, known: &known{bound: math.Inf(1)}, self: make([]float64, in.Nodes*places)}
	// A leg counts with the pairs that use it, by their part of the flow of the node.
	total := make([]float64, in.Nodes)
	for i := range in.Nodes {
		for j := range in.Nodes {
			total[i] += in.Flow[i*in.Nodes+j] + in.Flow[j*in.Nodes+i]
		}
	}
	leg := func(i, j, k int) float64 {
		if total[i] == 0 {
			return 0
		}
		return in.Own[i*places+k] * ((in.Flow[i*in.Nodes+j] + in.Flow[j*in.Nodes+i]) / total[i])
	}
	for i := range in.Nodes {
		for k := range places {
			s.self[i*places+k] = leg(i, i, k)
		}
		for j := range i {
			out, back := in.Flow[i*in.Nodes+j], in.Flow[j*in.Nodes+i]
			if out == 0 && back == 0 {
				continue
			}
			list := make([]Path, 0, places*places)
			for k := range places {
				for m := range places {
					c := leg(i, j, k) + leg(j, i, m) + out*in.Between[k*places+m] + back*in.Between[m*places+k]
					list = append(list, Path{Cost: c, From: int32(k), To: int32(m)})
				}
			}
			slices.SortStableFunc(list, func(a, b Path) int {
				switch {
				case a.Cost < b.Cost:
					return -1
				case a.Cost > b.Cost:
					return 1
				}
				return 0
			})
			s.ends = append(s.ends, [2]int32{int32(i), int32(j)})
			s.paths = append(s.paths, list)
		}
	}
	return s.fork()
}

func (s *Single) fork() *Single {
	f := *s
	places := len(s.in.Place)
	f.places, f.fixed, f.hub = make([]branch.State, places), make([]int32, s.in.Nodes), make([]int32, s.in.Nodes)
	f.best, f.pay, f.chosen, f.list = make([]Path, len(s.paths)), make([]float64, s.in.Nodes*places), make([]bool, places), nil
	return &f
}

// Fork is a model of its own of the same problem.
func (s *Single) Fork() branch.Model { return s.fork() }

// Unsettled is a lower bound on what was not settled because the search was
// stopped, +Inf if there is nothing of the kind.
func (s *Single) Unsettled() float64 { return s.known.bound }

// Rows is the number of multipliers: one for each pair, end and place, then one
// for each node and place to be decided on.
func (s *Single) Rows() int { return s.firstNode() + s.in.Nodes*s.in.Decide }

func (s *Single) firstNode() int { return 2 * len(s.paths) * len(s.in.Place) }

// rows is where the multipliers of a pair begin, for both ends.
func (s *Single) rows(p int) (from, to int) {
	n := len(s.in.Place)
	return 2 * p * n, (2*p + 1) * n
}

// Sites and Count are the numbers of hubs.
func (s *Single) Sites() int { return s.in.Decide }
func (s *Single) Count() int { return s.in.Open }

// Fixed is the price of a hub without multipliers.
func (s *Single) Fixed(int) float64 { return 0 }

// Start has every pair pay for a hub what it saves over a good path, as Multiple
// does, and nodes hand that on.
func (s *Single) Start(u []float64) {
	places := len(s.in.Place)
	open := s.in.Open + places - s.in.Decide
	for p, list := range s.paths {
		from, to := s.rows(p)
		level := list[min(len(list)-1, len(list)/max(2, open))].Cost
		for _, path := range list {
			a, b := &u[from+int(path.From)], &u[to+int(path.To)]
			if path.Cost >= level {
				break
			}
			if more := (level - path.Cost - *a - *b) / 2; more > 0 {
				*a += more
				*b += more
			}
		}
		for end, i := range s.ends[p] {
			for k := range s.in.Decide {
				u[s.firstNode()+int(i)*s.in.Decide+k] += u[from+end*places+k]
			}
		}
	}
}

// may reports whether a node may have a place as its hub.
func (s *Single) may(i, k int32) bool {
	if s.fixed[i] >= 0 {
		return s.fixed[i] == k
	}
	return s.places[k] != branch.Out
}

// Enter notes which nodes are hubs and sets the range of multipliers.
func (s *Single) Enter(state []branch.State, lo, hi []float64) bool {
	s.state = state
	for i := range s.fixed {
		s.fixed[i] = -1
	}
	for k, node := range s.in.Place {
		s.places[k] = branch.In
		if k < s.in.Decide {
			s.places[k] = state[k]
		}
		if s.places[k] == branch.In {
			s.fixed[node] = int32(k)
		}
	}
	clear(lo)
	clear(hi)
	for p, list := range s.paths {
		from, to := s.rows(p)
		i, j := s.ends[p][0], s.ends[p][1]
		worst := 2 * list[len(list)-1].Cost
		for k := range int32(len(s.in.Place)) {
			if s.fixed[i] < 0 && s.may(i, k) {
				hi[from+int(k)] = worst
			}
			if s.fixed[j] < 0 && s.may(j, k) {
				hi[to+int(k)] = worst
			}
		}
		for end, i := range s.ends[p] {
			if s.fixed[i] >= 0 {
				continue
			}
			for k := range s.in.Decide {
				if s.places[k] == branch.Free {
					hi[s.firstNode()+int(i)*s.in.Decide+k] += hi[from+end*len(s.in.Place)+k]
				}
			}
		}
	}
	for i := range s.fixed {
		for k := range s.in.Decide {
			if s.fixed[i] < 0 && s.places[k] == branch.Free {
				hi[s.firstNode()+i*s.in.Decide+k] += s.self[i*len(s.in.Place)+k]
			}
		}
	}
	return true
}

// Price prices the hubs.
func (s *Single) Price(u, rho []float64) float64 {
	clear(rho)
	places := len(s.in.Place)
	copy(s.pay, s.self)
	var base float64
	for p, list := range s.paths {
		from, to := s.rows(p)
		i, j := s.ends[p][0], s.ends[p][1]
		a, b := u[from:][:places], u[to:][:places]
		least := math.Inf(1)
		for _, path := range list {
			if path.Cost >= least {
				break
			}
			if v := path.Cost + a[path.From] + b[path.To]; v < least && s.may(i, path.From) && s.may(j, path.To) {
				least, s.best[p] = v, path
			}
		}
		base += least
		one, other := s.pay[int(i)*places:][:places], s.pay[int(j)*places:][:places]
		for k := range places {
			one[k] -= a[k]
			other[k] -= b[k]
		}
	}
	for i := range s.fixed {
		pay := s.pay[i*places:][:places]
		if k := s.fixed[i]; k >= 0 {
			s.hub[i] = k
			base += pay[k]
			continue
		}
		v := u[s.firstNode()+i*s.in.Decide:][:s.in.Decide]
		least := math.Inf(1)
		for k, t := range s.places {
			c := pay[k]
			switch t {
			case branch.Out:
				continue
			case branch.Free:
				c += v[k]
				rho[k] -= v[k]
			}
			if c < least {
				least, s.hub[i] = c, int32(k)
			}
		}
		base += least
	}
	return base
}

// Gradient is what pairs use less what nodes choose, and what nodes choose less
// what is open.
func (s *Single) Gradient(chosen []bool, g []float64) {
	clear(g)
	for p, path := range s.best {
		from, to := s.rows(p)
		i, j := s.ends[p][0], s.ends[p][1]
		if s.fixed[i] < 0 {
			g[from+int(path.From)]++
			g[from+int(s.hub[i])]--
		}
		if s.fixed[j] < 0 {
			g[to+int(path.To)]++
			g[to+int(s.hub[j])]--
		}
	}
	for i, hub := range s.hub {
		if s.fixed[i] >= 0 {
			continue
		}
		row := g[s.firstNode()+i*s.in.Decide:][:s.in.Decide]
		if int(hub) < s.in.Decide && s.places[hub] == branch.Free {
			row[hub]++
		}
		for k := range row {
			if chosen[k] && s.places[k] == branch.Free {
				row[k]--
			}
		}
	}
}

// Value is the cost of the best allocation to open hubs.
func (s *Single) Value(open []int) float64 {
	a := s.in.Allocation(s.in.all(open))
	if !a.Solve(s.stop) {
		s.known.Lock()
		s.known.bound = min(s.known.bound, a.Bound)
		s.known.Unlock()
	}
	return a.Value
}

// quick is the cost of a good allocation to the chosen places.
func (s *Single) quick() float64 {
	s.list = s.list[:0]
	for k, is := range s.chosen {
		if is || k >= s.in.Decide {
			s.list = append(s.list, k)
		}
	}
	return s.in.Allocation(s.list).quick()
}

// Round improves a selection by exchanges.
func (s *Single) Round(_ []float64, chosen []bool, deep bool) ([]int, float64) {
	copy(s.chosen, chosen)
	value := s.improve(s.state, deep)
	return s.open(), value
}

// open is the chosen places that were to be decided on.
func (s *Single) open() []int {
	s.list = s.list[:0]
	for k := range s.in.Decide {
		if s.chosen[k] {
			s.list = append(s.list, k)
		}
	}
	return s.list
}

// Improve exchanges hubs as long as that helps.
func (s *Single) Improve(open []int) []int {
	clear(s.chosen)
	for _, k := range open {
		s.chosen[k] = true
	}
	s.improve(nil, true)
	return slices.Clone(s.open())
}

func (s *Single) improve(state []branch.State, deep bool) float64 {
	value := s.quick()
	for again := true; again; {
		again = false
		for k := range s.in.Decide {
			if !s.chosen[k] || state != nil && state[k] != branch.Free {
				continue
			}
			s.chosen[k] = false
			best := k
			for h := range s.in.Decide {
				if s.chosen[h] || h == k || state != nil && state[h] != branch.Free || s.stop() {
					continue
				}
				s.chosen[h] = true
				if v := s.quick(); v < value-1e-12*math.Abs(value) {
					best, value = h, v
				}
				s.chosen[h] = false
			}
			s.chosen[best] = true
			again = again || best != k
		}
		again = again && deep
	}
	return value
}
