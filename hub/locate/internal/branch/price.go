package branch

import "math"

// price evaluates the relaxation at u: it writes the prices and the selection
// and returns a bound that holds in floating point.
//
// Rounding: every price is a sum of at most rows+1 terms and the bound a sum
// of at most rows+sites, each of which loses less than 2^-53 of the magnitude
// summed. The margin taken off, which penalties on l take off once more, is
// four times that.
func (s *worker) price(u []float64) float64 {
	base := s.m.Price(u, s.rho)
	s.choose()
	l, magnitude := base, math.Abs(base)
	for _, v := range u {
		magnitude += v
	}
	for j, c := range s.chosen {
		if c {
			l += s.rho[j]
			magnitude += math.Abs(s.rho[j]) + 2*s.m.Fixed(j)
		}
	}
	s.unit = 4 * 0x1p-53 * float64(len(u)+len(s.rho)+2)
	s.margin = s.unit * magnitude
	return l - s.margin
}

// choose selects the cheapest sites: all that are In and, of the undecided,
// as many as Count asks for, or those with a negative price.
func (s *worker) choose() {
	s.free = s.free[:0]
	in := 0
	for j, st := range s.state {
		s.chosen[j] = st == In
		switch st {
		case Free:
			s.free = append(s.free, j)
		case In:
			in++
		}
	}
	if k := s.m.Count(); k >= 0 {
		s.take = k - in
		s.selectSmallest(s.take)
	} else {
		s.take = 0
		for i, j := range s.free {
			if s.rho[j] < 0 {
				s.free[i], s.free[s.take] = s.free[s.take], s.free[i]
				s.take++
			}
		}
	}
	for _, j := range s.free[:s.take] {
		s.chosen[j] = true
	}
}

// less orders sites by price, ties by index.
func (s *worker) less(a, b int) bool {
	return s.rho[a] < s.rho[b] || s.rho[a] == s.rho[b] && a < b
}

// selectSmallest permutes free so that its k cheapest come first (Hoare's
// selection with a median of three as pivot). The order is total, so that
// the set selected does not depend on the permutation.
func (s *worker) selectSmallest(k int) {
	f := s.free
	lo, hi := 0, len(f)-1
	for lo < hi && k > lo && k <= hi {
		mid := lo + (hi-lo)/2
		if s.less(f[mid], f[lo]) {
			f[mid], f[lo] = f[lo], f[mid]
		}
		if s.less(f[hi], f[lo]) {
			f[hi], f[lo] = f[lo], f[hi]
		}
		if s.less(f[hi], f[mid]) {
			f[hi], f[mid] = f[mid], f[hi]
		}
		pivot := f[mid]
		i, j := lo, hi
		for i <= j {
			for s.less(f[i], pivot) {
				i++
			}
			for s.less(pivot, f[j]) {
				j--
			}
			if i <= j {
				f[i], f[j] = f[j], f[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k > i:
			lo = i
		default:
			return
		}
	}
}

// penalties returns the prices that decide what forcing a site costs: the
// dearest chosen and the cheapest not chosen, of the undecided. Without a
// count a site enters and leaves on its own, and both are 0.
func (s *worker) penalties() (dearest, cheapest float64) {
	if s.m.Count() < 0 {
		return 0, 0
	}
	dearest, cheapest = math.Inf(-1), math.Inf(1)
	for _, j := range s.free[:s.take] {
		dearest = max(dearest, s.rho[j])
	}
	for _, j := range s.free[s.take:] {
		cheapest = min(cheapest, s.rho[j])
	}
	return dearest, cheapest
}

// exchange is the bound l after a price enters the sum and another leaves it,
// less the rounding. An infinite price says that there is no such exchange.
func (s *worker) exchange(l, enters, leaves float64) float64 {
	if math.IsInf(enters, 1) || math.IsInf(leaves, -1) {
		return math.Inf(1)
	}
	return l + (enters - leaves) - s.margin - s.unit*(math.Abs(enters)+math.Abs(leaves))
}

// fix decides the sites whose other decision would raise the bound l of the
// current multipliers to the cutoff, and records the bound at which it gave
// up the other side. It reports false if no site is left undecided.
func (s *worker) fix(l float64) bool {
	cutoff := s.cutoff()
	if math.IsInf(cutoff, 1) {
		return len(s.free) > 0
	}
	dearest, cheapest := s.penalties()
	left := len(s.free)
	for i, j := range s.free {
		var forced float64 // the bound if j is decided the other way
		if i < s.take {
			forced = s.exchange(l, cheapest, s.rho[j])
		} else {
			forced = s.exchange(l, s.rho[j], dearest)
		}
		if forced < cutoff {
			continue
		}
		s.discard(forced)
		left--
		if i < s.take {
			s.state[j] = In
		} else {
			s.state[j] = Out
		}
	}
	return left > 0
}
