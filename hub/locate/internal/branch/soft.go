package branch

import "math"

// A Softener is a Model that takes selections in part. Where few of many sites
// are chosen and neighbours have nearly the same price, as with coordinates,
// the cheapest sites lie side by side, and steps along what they say are slow.
type Softener interface {
	Model

	// SoftGradient is Gradient for parts between 0 and 1 of each site.
	SoftGradient(part []float64, g []float64)
}

// softGap is the part of the gap that a soft selection may cost, and softRatio
// the number of undecided sites to each that is chosen from which on it helps.
const (
	softGap   = 0.5
	softRatio = 40
)

// soften spreads the selection of the root over the sites that are nearly as
// cheap: the parts that minimise the price less an entropy (Nesterov 2005,
// "Smooth minimization of non-smooth functions", Mathematical Programming
// 103), which is weighed so that it costs a part of the gap. It reports whether
// it did. The bound is that of the cheapest sites all the same.
func (s *worker) soften(l float64) bool {
	gap := s.limit - max(s.ascent.value, l)
	if s.soft == nil || s.progress == nil || s.take == 0 || len(s.free) < softRatio*s.take ||
		math.IsInf(gap, 1) || gap <= 0 {
		return false
	}
	take := float64(s.take)
	tau := softGap * gap / (take * math.Log(float64(len(s.free))/take))
	if !(tau > 0) {
		return false
	}
	part := func(j int, level float64) float64 {
		switch d := (level - s.rho[j]) / tau; {
		case d >= 0:
			return 1
		case d > -40:
			return math.Exp(d)
		}
		return 0
	}
	// The level at which the parts add up, from below.
	dearest, _ := s.penalties()
	cheapest := math.Inf(1)
	for _, j := range s.free {
		cheapest = min(cheapest, s.rho[j])
	}
	lo, hi := cheapest-tau*math.Log(float64(len(s.free))), dearest
	for range 20 {
		mid := lo + (hi-lo)/2
		sum := 0.0
		for _, j := range s.free {
			sum += part(j, mid)
		}
		if sum > take {
			hi = mid
		} else {
			lo = mid
		}
	}
	for _, j := range s.free {
		s.part[j] = part(j, lo)
	}
	return true
}
