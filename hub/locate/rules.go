package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/mip"
)

// Rules bind which sites may be open together.
type Rules struct {
	// Groups limit how many sites of a set are open, such as at most two in a
	// region.
	Groups []Group

	// Separation, if above 0, is the least distance between two open sites,
	// existing ones included, by Between.
	Separation float64

	// Between holds the distances between sites, as many demands as sites; the
	// larger of the two ways counts. +Inf keeps nothing apart.
	Between Costs

	// Closing is what it costs to close each existing site, +Inf if it must
	// stay; nil if all stay. It counts towards Budget, and in the objective of
	// SetCover and FixedCharge, as opening costs do: moving a site costs the
	// closing of the one and the opening of the other.
	Closing []float64
}

// Group is a set of sites of which at least Least and at most Most are open,
// existing and required ones included.
type Group struct {
	Sites       []int
	Least, Most int
}

// closable reports whether an existing site may close.
func (p *Problem) closable(j int) bool {
	return p.Rules != nil && p.Rules.Closing != nil && !math.IsInf(p.Rules.Closing[j], 1)
}

// stays reports whether a site is open in every solution.
func (p *Problem) stays(j int) bool {
	return p.status(j) == Required || p.status(j) == Existing && !p.closable(j)
}

// apart reports whether two sites may both be open.
func (r *Rules) apart(j, k int) bool {
	return r.Separation <= 0 || max(r.Between.At(j, k), r.Between.At(k, j)) >= r.Separation
}

// check looks at the rules alone, then at whether sites that stay open break
// them.
func (r *Rules) check(p *Problem, m int) error {
	for g, group := range r.Groups {
		seen := map[int]bool{}
		able := 0
		var stay []int
		for _, j := range group.Sites {
			if j < 0 || j >= m {
				return problemf("group %d has site %d of %d", g, j, m)
			}
			if seen[j] {
				return problemf("group %d has site %d twice", g, j)
			}
			seen[j] = true
			if p.status(j) != Excluded {
				able++
			}
			if p.stays(j) {
				stay = append(stay, j)
			}
		}
		switch {
		case group.Least < 0 || group.Most < group.Least:
			return problemf("group %d is to have at least %d and at most %d open sites", g, group.Least, group.Most)
		case len(stay) > group.Most:
			return infeasiblef("group %d may have %d open sites, but sites %v must be open", g, group.Most, stay)
		case able < group.Least:
			return infeasiblef("group %d is to have %d open sites, but only %d of it may be opened", g, group.Least, able)
		}
	}
	if r.Closing != nil && len(r.Closing) != m {
		return problemf("%d closing costs for %d sites", len(r.Closing), m)
	}
	for j, c := range r.Closing {
		if !(c >= 0) {
			return problemf("closing cost %v of site %d is not at least 0", c, j)
		}
	}
	if !(r.Separation >= 0) || math.IsInf(r.Separation, 1) {
		return problemf("separation %v is not finite and at least 0", r.Separation)
	}
	if r.Separation == 0 {
		return nil
	}
	if r.Between == nil {
		return problemf("a separation without distances between sites")
	}
	if err := r.Between.check(); err != nil {
		return err
	}
	if a, b := r.Between.Size(); a != m || b != m {
		return problemf("distances between %d and %d sites, of which there are %d", a, b, m)
	}
	for j := range m {
		for k := range j {
			if p.stays(j) && p.stays(k) && !r.apart(j, k) {
				return infeasiblef("sites %d and %d must both be open, and are less than %v apart", k, j, r.Separation)
			}
		}
	}
	return nil
}

// rules adds the rows of groups and separation.
func (l *linear) rules() {
	if l.Rules == nil {
		return
	}
	for g, group := range l.Rules.Groups {
		var r row
		for _, j := range slices.Sorted(slices.Values(group.Sites)) {
			if l.open[j] >= 0 {
				r.add(l.open[j], 1)
			}
		}
		l.limit(float64(group.Least), float64(group.Most), r, "g", g)
	}
	if l.Rules.Separation > 0 {
		for n, clique := range l.cliques() {
			var r row
			for _, j := range clique {
				r.add(l.open[j], 1)
			}
			l.limit(noLess, 1, r, "s", n)
		}
	}
}

// cliques covers all pairs of sites that are too near by sets in which every
// pair is: one row says of such a set what a row for each pair says more
// weakly.
func (l *linear) cliques() [][]int {
	var cliques [][]int
	covered := map[[2]int]bool{}
	for j := range l.sites {
		for k := j + 1; k < l.sites; k++ {
			if l.open[j] < 0 || l.open[k] < 0 || covered[[2]int{j, k}] || l.Rules.apart(j, k) {
				continue
			}
			clique := []int{j, k}
			for h := range l.sites {
				if h == j || h == k || l.open[h] < 0 {
					continue
				}
				near := true
				for _, g := range clique {
					near = near && !l.Rules.apart(g, h)
				}
				if near {
					clique = append(clique, h)
				}
			}
			slices.Sort(clique)
			for a, g := range clique {
				for _, h := range clique[a+1:] {
					covered[[2]int{g, h}] = true
				}
			}
			cliques = append(cliques, clique)
		}
	}
	return cliques
}

// breaks reports why no sites keep the rules, once that is known: how many
// of P can be open together.
func (w *work) breaks() error {
	most, complete := w.together()
	if complete && w.P > 0 && w.Budget == 0 && w.Model != SetCover && most < w.P {
		return infeasiblef("P is %d, but only %d sites can be open together by the rules", w.P, most)
	}
	if w.Capacity != nil {
		if err := w.short(); err != nil {
			return err
		}
	}
	switch {
	case w.Capacity != nil && w.Rules == nil && w.Budget == 0:
		return w.unfit()
	case w.Rules == nil && w.Budget == 0 && (w.Model == BackupCover || w.Model == DoubleStandard):
		q := *w.Problem
		q.Model, q.Primary, q.Share = SetCover, 0, 0
		q.Opening, q.Radius = nil, max(q.Radius, q.Outer)
		if s, err := Solve(w.ctx, q, Options{Workers: w.Workers, Nodes: 1000}); err == nil && s.Optimal && int(s.Objective) > w.P {
			return infeasiblef("P is %d, but to cover every demand within %v takes %d", w.P, q.Radius, int(s.Objective))
		}
		return infeasiblef("no %d sites cover what must be covered", w.P)
	case w.Rules == nil && w.Budget > 0:
		return infeasiblef("the budget of %v does not buy what must be served or covered", w.Budget)
	}
	return infeasiblef("no sites keep all the rules and serve or cover what must be")
}

// together is the largest number of sites, without those that are open already,
// that the rules on sites alone allow.
func (w *work) together() (most int, complete bool) {
	alone := *w.Problem
	alone.P, alone.Budget, alone.Capacity = 0, 0, nil
	v := *w
	v.Problem = &alone
	l := v.newLinear(func(int) float64 { return -1 })
	r := mip.Solve(&l.Problem, mip.Options{Stop: w.stop, Workers: w.Workers, Step: 1, Nodes: 10_000})
	return int(math.Round(-r.Value)), r.Complete && r.X != nil
}

// keeps reports whether open sites keep the rules, all but the number.
func (p *Problem) keeps(open []int) bool {
	r := p.Rules
	if r == nil {
		return true
	}
	is := map[int]bool{}
	for _, j := range open {
		is[j] = true
	}
	for _, g := range r.Groups {
		n := 0
		for _, j := range g.Sites {
			if is[j] {
				n++
			}
		}
		if n < g.Least || n > g.Most {
			return false
		}
	}
	for a, j := range open {
		for _, k := range open[:a] {
			if !r.apart(j, k) {
				return false
			}
		}
	}
	return true
}

// closingCost is what it costs that the existing sites not in open close.
func (p *Problem) closingCost(open []int) float64 {
	if p.Rules == nil || p.Rules.Closing == nil {
		return 0
	}
	var sum float64
	for j, c := range p.Rules.Closing {
		if p.status(j) == Existing && !slices.Contains(open, j) {
			sum += c
		}
	}
	return sum
}
