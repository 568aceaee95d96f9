package simplex

import (
	"math"
	"slices"
)

// refactor is the number of exchanges after which the basis is factored anew.
const refactor = 64

// Run moves to an optimal basis from the one at hand. It gives up at a bound of
// at least cutoff, after limit exchanges (0 for none) or when stop, which may be
// nil, says so. Bound holds however it ends.
func (s *Solver) Run(cutoff float64, limit int, stop func() bool) Status {
	s.bound, s.objective = math.Inf(-1), math.NaN()
	copy(s.cost, s.Cost)
	clear(s.cost[s.n:])
	s.tolerance = dual * s.scale
	if !s.start() {
		return Stopped
	}
	s.perturb()
	end := math.MaxInt
	if limit > 0 {
		end = s.steps + limit
	}
	status := s.iterate(cutoff, end, stop)
	// Take the shifts back; what has the wrong sign then turns to its other
	// bound, and a few exchanges mend what that breaks.
	for range 4 {
		if status != Optimal {
			break
		}
		copy(s.cost, s.Cost)
		clear(s.cost[s.n:])
		s.price()
		s.tolerance = finalDual * s.scale
		if !s.settle() {
			break
		}
		s.place()
		status = s.iterate(cutoff, end, stop)
	}
	if status != Infeasible {
		s.prove()
	}
	s.objective = 0
	for j := range s.n {
		s.objective += s.Cost[j] * s.x[j]
	}
	if status == Optimal && s.bound >= cutoff {
		status = Cutoff
	}
	return status
}

// start factors the basis, prices it and puts every other column to the bound
// that its reduced cost asks for.
func (s *Solver) start() bool {
	if !s.factored && !s.refresh() {
		return false
	}
	s.price()
	s.settle()
	s.place()
	return true
}

// refresh factors the basis, with rows in the place of columns that depend on
// others. It reports false if that does not help.
func (s *Solver) refresh() bool {
	for range 3 {
		dependent, rows := s.factor.compute(func(at int) ([]int32, []float64) { return s.column(s.head[at]) })
		if len(dependent) == 0 {
			s.factored = true
			return true
		}
		for k, at := range dependent {
			out, in := s.head[at], int32(s.n)+rows[k]
			s.state[out], s.at[out] = atLower, -1
			s.head[at], s.state[in], s.at[in] = in, basic, at
			s.weight[at] = 1
		}
	}
	return false
}

// price computes all reduced costs from the basis.
func (s *Solver) price() {
	for k, j := range s.head {
		s.alpha[k] = s.cost[j]
	}
	y := s.byRow
	s.factor.backward(s.alpha, y)
	copy(s.d, s.cost)
	for r, v := range y {
		if v == 0 {
			continue
		}
		for k := s.First[r]; k < s.First[r+1]; k++ {
			s.d[s.Column[k]] -= v * s.Value[k]
		}
		s.d[s.n+r] += v
	}
	for _, j := range s.head {
		s.d[j] = 0
	}
	clear(y)
}

// settle puts columns outside the basis to the bound that their reduced cost
// asks for, and reports whether any was not there.
func (s *Solver) settle() bool {
	changed := false
	for j, d := range s.d {
		tolerance := s.tolerance
		if c := math.Abs(s.cost[j]); c > 0 { // a small cost counts as well
			tolerance = min(tolerance, 1e-6*c)
		}
		switch s.state[j] {
		case atLower:
			if d < -tolerance && s.lower[j] < s.upper[j] {
				s.state[j], changed = atUpper, true
			}
		case atUpper:
			if d > tolerance && s.lower[j] < s.upper[j] {
				s.state[j], changed = atLower, true
			}
		}
	}
	return changed
}

// place computes the point of the basis.
func (s *Solver) place() {
	for j, v := range s.state {
		switch v {
		case atLower:
			s.x[j] = s.lower[j]
		case atUpper:
			s.x[j] = s.upper[j]
		default:
			continue
		}
		if s.x[j] == 0 {
			continue
		}
		rows, values := s.column(int32(j))
		for k, r := range rows {
			s.byRow[r] -= values[k] * s.x[j]
		}
	}
	clear(s.alpha)
	s.factor.forward(s.byRow, s.alpha)
	for k, j := range s.head {
		s.x[j] = s.alpha[k]
	}
	clear(s.alpha)
}

// perturb shifts the costs of the columns a little, each by an amount of its
// own and so that the basis stays dual feasible: ties are what makes the method
// slow.
func (s *Solver) perturb() {
	for j := range s.n {
		if s.lower[j] == s.upper[j] {
			continue
		}
		h := uint64(j+1) * 0x9e3779b97f4a7c15
		h ^= h >> 29
		h *= 0xbf58476d1ce4e5b9
		t := 0.5 + float64(h>>11)/(1<<54)
		size := t * (1e-6*math.Abs(s.cost[j]) + 1e-7*s.scale)
		if s.state[j] == atUpper || s.state[j] == basic && h&1 == 0 {
			size = -size
		}
		s.cost[j] += size
	}
	s.price()
	s.settle()
	s.place()
}

// iterate exchanges columns until the basis is primal feasible.
func (s *Solver) iterate(cutoff float64, end int, stop func() bool) Status {
	again := false // an exchange has failed on a basis that is not fresh
	for count := 0; ; count++ {
		if count%16 == 0 && stop != nil && stop() || s.steps >= end {
			return Stopped
		}
		if len(s.factor.etas) >= refactor || again {
			if !s.renew() {
				return Stopped
			}
		}
		if count%32 == 31 && s.value() > cutoff {
			if s.prove(); s.bound >= cutoff {
				return Cutoff
			}
		}
		at, gap := s.leaving()
		if at < 0 {
			if len(s.factor.etas) == 0 {
				return Optimal
			}
			if !s.renew() { // look once more with fresh numbers
				return Stopped
			}
			if at, gap = s.leaving(); at < 0 {
				return Optimal
			}
		}
		switch s.exchange(at, gap) {
		case done:
			again = false
			s.steps++
		case unreliable:
			if again || len(s.factor.etas) == 0 {
				return Stopped
			}
			again = true
		case none:
			if s.ray(); s.bound > 0 {
				s.bound = math.Inf(1)
				return Infeasible
			}
			s.bound = math.Inf(-1)
			if again || len(s.factor.etas) == 0 {
				return Stopped
			}
			again = true
		}
	}
}

// renew factors the basis anew and computes prices and point from it.
func (s *Solver) renew() bool {
	if !s.refresh() {
		return false
	}
	s.price()
	s.keepSigns()
	s.place()
	return true
}

// keepSigns shifts the costs of columns whose reduced cost has the wrong sign.
func (s *Solver) keepSigns() {
	for j, d := range s.d {
		if s.state[j] == atLower && d < 0 || s.state[j] == atUpper && d > 0 {
			if s.lower[j] < s.upper[j] {
				s.cost[j] -= d
				s.d[j] = 0
			}
		}
	}
}

// value is the objective of the point at the shifted costs.
func (s *Solver) value() float64 {
	var sum float64
	for j, c := range s.cost {
		if c != 0 {
			sum += c * s.x[j]
		}
	}
	return sum
}

// prove computes what the multipliers of the basis prove at the true costs, and
// keeps it if it is the best of the run.
func (s *Solver) prove() {
	for k, j := range s.head {
		if int(j) < s.n {
			s.alpha[k] = s.Cost[j]
		} else {
			s.alpha[k] = 0
		}
	}
	y := s.byRow
	s.factor.backward(s.alpha, y)
	s.bound = max(s.bound, s.matrix.bound(s.Cost, y, s.lower, s.upper))
	clear(y)
}

// ray leaves in bound a number above 0 if the row that failed proves that there
// is no point.
func (s *Solver) ray() {
	s.bound = s.matrix.bound(nil, s.rho, s.lower, s.upper)
	if s.bound <= 0 {
		for r, v := range s.rho {
			s.byRow[r] = -v
		}
		s.bound = s.matrix.bound(nil, s.byRow, s.lower, s.upper)
		clear(s.byRow)
	}
}

// leaving is the position that is furthest out of its bounds, measured by its
// steepest edge, and by how much: below 0 under the lower, above 0 over the
// upper bound. It is -1 if there is none.
func (s *Solver) leaving() (at int, gap float64) {
	at = -1
	var best float64
	for k, j := range s.head {
		var g float64
		switch v := s.x[j]; {
		case v < s.lower[j]-feasible*(1+math.Abs(s.lower[j])):
			g = v - s.lower[j]
		case v > s.upper[j]+feasible*(1+math.Abs(s.upper[j])):
			g = v - s.upper[j]
		default:
			continue
		}
		if score := g * g / s.weight[k]; score > best {
			best, at, gap = score, k, g
		}
	}
	return at, gap
}

type result int

const (
	done       result = iota
	unreliable        // the pivot differs from the two sides of the basis
	none              // no column can enter: the program has no point
)

// exchange lets the column at a position go to the bound it violates.
func (s *Solver) exchange(at int, gap float64) result {
	out := s.head[at]
	s.alpha[at] = 1
	s.factor.backward(s.alpha, s.rho)
	s.across()
	in, flips := s.entering(gap)
	if in < 0 {
		s.forget()
		return none
	}
	// The entering column in terms of the basis.
	rows, values := s.column(in)
	for k, r := range rows {
		s.byRow[r] = values[k]
	}
	s.factor.forward(s.byRow, s.alpha)
	pivot := s.alpha[at]
	if math.Abs(pivot-s.row[in]) > 1e-7*(1+math.Abs(pivot)) || math.Abs(pivot) < 1e-10 {
		clear(s.alpha)
		s.forget()
		return unreliable
	}
	// The columns passed over turn to their other bounds.
	if len(flips) > 0 {
		for _, j := range flips {
			step := s.upper[j] - s.lower[j]
			if s.state[j] == atUpper {
				step = -step
			}
			s.state[j] = atLower + atUpper - s.state[j]
			if s.x[j] = s.lower[j]; step > 0 {
				s.x[j] = s.upper[j]
			}
			rows, values := s.column(j)
			for k, r := range rows {
				s.byRow[r] += values[k] * step
			}
		}
		s.factor.forward(s.byRow, s.flip)
		for k, v := range s.flip {
			if v != 0 {
				s.x[s.head[k]] -= v
			}
		}
		clear(s.flip)
	}
	// Prices.
	step := s.d[in] / s.row[in]
	for _, j := range s.touched {
		if s.state[j] != basic {
			s.d[j] -= step * s.row[j]
		}
	}
	s.d[in], s.d[out] = 0, -step
	// Point.
	to := s.lower[out]
	if gap > 0 {
		to = s.upper[out]
	}
	move := (s.x[out] - to) / pivot
	for k, v := range s.alpha {
		if v != 0 {
			s.x[s.head[k]] -= move * v
		}
	}
	s.x[in] += move
	s.x[out] = to
	s.steepest(at)
	s.factor.exchange(at, s.alpha)
	clear(s.alpha)
	s.state[out], s.at[out] = atLower, -1
	if gap > 0 {
		s.state[out] = atUpper
	}
	s.state[in], s.at[in], s.head[at] = basic, int32(at), in
	s.forget()
	s.correct()
	return done
}

// across computes the row of rho in terms of the columns.
func (s *Solver) across() {
	s.touched = s.touched[:0]
	for r, v := range s.rho {
		if v == 0 {
			continue
		}
		for k := s.First[r]; k < s.First[r+1]; k++ {
			j := s.Column[k]
			if s.row[j] == 0 {
				s.touched = append(s.touched, j)
			}
			s.row[j] += v * s.Value[k]
			if s.row[j] == 0 {
				s.row[j] = 1e-300 // touched already
			}
		}
		j := int32(s.n + r)
		s.row[j] = -v
		s.touched = append(s.touched, j)
	}
}

// forget clears the row.
func (s *Solver) forget() {
	for _, j := range s.touched {
		s.row[j] = 0
	}
}

// correct shifts the cost of the columns of the last row whose reduced cost has
// got the wrong sign.
func (s *Solver) correct() {
	for _, j := range s.touched {
		if d := s.d[j]; (s.state[j] == atLower && d < 0 || s.state[j] == atUpper && d > 0) && s.lower[j] < s.upper[j] {
			s.cost[j] -= d
			s.d[j] = 0
		}
	}
}

// entering chooses the column to enter, and those that turn to their other bound
// on the way, since going past them still raises the bound.
func (s *Solver) entering(gap float64) (in int32, flips []int32) {
	s.candidates = s.candidates[:0]
	for _, j := range s.touched {
		a := s.row[j]
		if gap < 0 {
			a = -a
		}
		if s.lower[j] == s.upper[j] {
			continue
		}
		if s.state[j] == atLower && a > entryable || s.state[j] == atUpper && a < -entryable {
			s.candidates = append(s.candidates, j)
		}
	}
	slope := math.Abs(gap)
	tolerance := s.tolerance
	rest := s.candidates
	for len(rest) > 0 {
		// The furthest step that keeps all reduced costs within the tolerance.
		reach := math.Inf(1)
		for _, j := range rest {
			reach = min(reach, (math.Abs(s.d[j])+tolerance)/math.Abs(s.row[j]))
		}
		// Those that it meets, the largest entry for numbers that keep.
		best, sum := -1, 0.0
		k := 0
		for i, j := range rest {
			if math.Abs(s.d[j]) <= reach*math.Abs(s.row[j]) {
				rest[i], rest[k] = rest[k], j
				k++
			}
		}
		for i, j := range rest[:k] {
			sum += math.Abs(s.row[j]) * (s.upper[j] - s.lower[j])
			if best < 0 || math.Abs(s.row[j]) > math.Abs(s.row[rest[best]]) ||
				math.Abs(s.row[j]) == math.Abs(s.row[rest[best]]) && j < rest[best] {
				best = i
			}
		}
		if slope-sum <= feasible*(1+slope) {
			in = rest[best]
			slices.Sort(flips) // sums in one order
			return in, flips
		}
		slope -= sum
		flips = append(flips, rest[:k]...)
		rest = rest[k:]
	}
	return -1, nil
}

// steepest updates the weights of steepest edge for the exchange at a position.
func (s *Solver) steepest(at int) {
	var norm float64
	for r, v := range s.rho {
		if v != 0 {
			norm += v * v
			s.byRow[r] = v
		}
	}
	s.factor.forward(s.byRow, s.tau)
	pivot := s.alpha[at]
	for k, v := range s.alpha {
		if v == 0 || k == at {
			continue
		}
		ratio := v / pivot
		s.weight[k] = max(s.weight[k]-2*ratio*s.tau[k]+ratio*ratio*norm, 1e-4)
	}
	s.weight[at] = max(norm/(pivot*pivot), 1e-4)
	clear(s.tau)
}
