// Package center opens sites so that the largest weighted cost of serving a
// demand is least. It never looks at all demands at once: whether a radius can
// be reached is asked for a sample of demands that grows by those that the
// answer leaves out (Chen and Chen 2009, "New relaxation-based algorithms for
// the optimal solution of the continuous and discrete p-center problems",
// Computers & Operations Research 36; Contardo, Iori and Kramer 2019, "A
// scalable exact algorithm for the vertex p-center problem", the same 103).
//
// Where a tree may answer the question it does; where its bound is too far from
// the number of sites, the work goes into walks over all demands. Where few sites
// open, a tree of another kind answers (see cover.Place), also which sites near
// to a solution reach a radius, which brings the radius down quickly.
package center

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// Instance is a p-center problem. Every site of the source may open.
type Instance struct {
	Source near.Source
	Weight []float64 // of each demand, those of weight 0 do not count; nil means 1 each
	Given  []int     // ascending sites that are open in every solution and not counted
	Open   int       // most sites to open beside those given

	// Grain, if positive, says that every weighted cost is a multiple of it.
	Grain float64

	// Among is the source with some of its sites alone, numbered by position.
	Among func(sites []int) near.Source
}

// weight returns the weight of a demand.
func (in *Instance) weight(i int) float64 {
	if in.Weight == nil {
		return 1
	}
	return in.Weight[i]
}

// Options of a search. Stop must be set.
type Options struct {
	Stop    func() bool
	Nodes   int     // limit of the search nodes in all; 0 means none, less than 0 no node at all
	Gap     float64 // relative gap at which to end
	Workers int
	Seed    uint64
	Start   []int // sites of a solution known, or nil

	// Report, if set, is called when the radius or the bound improves.
	Report func(radius, bound float64, nodes int)
}

// Result of a search.
type Result struct {
	Open     []int   // sites of the best solution, those given included, ascending; nil if none
	Radius   float64 // its largest weighted cost, +Inf if none
	Bound    float64 // no solution has a smaller radius; +Inf if there is none
	Nodes    int
	Complete bool // Radius is least, or there is no solution
	Limited  bool // ended by Options.Nodes
	Close    bool // ended by Options.Gap
	Lost     int  // a demand that no site serves, else -1
}

// search is the state of one Run.
type search struct {
	in   *Instance
	o    Options
	n    int
	best Result

	sample   []int32 // demands in the sample, in the order they came
	sampled  []bool
	began    int // demands in the sample that the search began with
	cells    cells
	strolls  []*stroll    // of polish, nil before the first
	walked   []int32      // demands that they are over
	walks    []bool       // which these are
	proving  bool         // the radius has been narrowed down
	pressed  int          // solutions found for the question since the best
	hopeless bool         // the last decision was given up at its root
	asked    int          // questions so far
	seeds    uint64       // of walks taken so far
	pairs    []near.Pair  // scratch
	nearest  []near.Pair  // scratch of serveAll: the open site of each demand and its cost
	served   *near.Served // nil unless the source has one
	worst    []near.Far   // what measure has found
}

// many is the number of sites from which on it pays to keep neighbours together,
// and not to walk over covers by a few of them.
const many = 1 << 14

// Run searches for the least radius until it is proven or the options end it.
func Run(in *Instance, o Options) Result {
	if _, m := in.Source.Size(); m < many {
		return run(in, o)
	}
	source, order := near.Ordered(in.Source)
	if order == nil {
		return run(in, o)
	}
	at := make([]int, len(order))
	for k, j := range order {
		at[j] = k
	}
	move := func(sites []int) []int {
		moved := slices.Clone(sites)
		for k, j := range moved {
			moved[k] = at[j]
		}
		slices.Sort(moved)
		return moved
	}
	own := *in
	own.Source, own.Given = source, move(in.Given)
	own.Among = func(sites []int) near.Source { return near.Among(source, sites) }
	if o.Start != nil {
		o.Start = move(o.Start)
	}
	r := run(&own, o)
	for k, j := range r.Open {
		r.Open[k] = int(order[j])
	}
	slices.Sort(r.Open)
	return r
}

// run is Run with the sites as they come.
func run(in *Instance, o Options) Result {
	n, m := in.Source.Size()
	s := &search{in: in, o: o, n: n, sampled: make([]bool, n), nearest: make([]near.Pair, n)}
	s.best = Result{Radius: math.Inf(1), Lost: -1}
	s.served = near.NewServed(in.Source, in.Weight)
	s.cells.init(in, m)
	for _, j := range in.Given {
		s.cells.given[j] = true
	}
	if s.floor() && s.start() {
		s.began = len(s.sample)
		s.reach()
		if m < many || !s.few() {
			s.narrow()
		}
		s.prove()
	}
	s.best.Complete = s.best.Bound >= s.best.Radius
	return s.best
}

// ended reports whether the search is over.
func (s *search) ended() bool {
	b := &s.best
	switch {
	case b.Bound >= b.Radius:
		return true
	case s.o.Nodes != 0 && b.Nodes >= max(s.o.Nodes, 0):
		b.Limited = true
		return true
	case b.Open != nil && s.o.Gap > 0 && b.Radius-b.Bound <= s.o.Gap*b.Radius:
		b.Close = true
		return true
	}
	return s.o.Stop()
}

// raise takes a bound that is proven. With a grain it is a multiple of it.
func (s *search) raise(bound float64) {
	if bound > s.best.Bound {
		s.best.Bound = bound
		s.report()
	}
}

// offer takes a solution with its radius if it is the best.
func (s *search) offer(open []int, radius float64) {
	if radius < s.best.Radius {
		s.best.Open, s.best.Radius = slices.Clone(open), radius
		s.pressed = 0
		s.report()
	}
}

func (s *search) report() {
	if s.o.Report != nil && s.best.Open != nil {
		s.o.Report(s.best.Radius, min(s.best.Bound, s.best.Radius), s.best.Nodes)
	}
}

// below is the largest radius that can be asked for below r.
func (s *search) below(r float64) float64 {
	if s.in.Grain > 0 {
		return r - s.in.Grain
	}
	return math.Nextafter(r, -1)
}

// above is the least bound that follows if no solution reaches r.
func (s *search) above(r float64) float64 {
	if s.in.Grain > 0 && r < math.MaxFloat64 {
		return r + s.in.Grain
	}
	return math.Nextafter(r, math.Inf(1))
}

// grained is the largest radius that can be asked for up to r.
func (s *search) grained(r float64) float64 {
	if g := s.in.Grain; g > 0 {
		return math.Floor(r/g) * g
	}
	return r
}

// unique sorts sites and removes repetitions.
func unique(sites []int) []int {
	slices.Sort(sites)
	return slices.Compact(sites)
}
