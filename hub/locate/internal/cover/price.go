package cover

// The Lagrangian bound on the number of sites: with multipliers u between 0 and
// 1 a cover has at least
//
//	L(u) = sum_i u_i + sum_j min(0, rho_j),  rho_j = 1 - sum over the rows i of j of u_i
//
// sites. Multipliers climb by a deflected subgradient (Camerini, Fratta and
// Maffioli 1975, Mathematical Programming Study 3).

const (
	// slack is how far above k a bound must be for it to count. Rounding in
	// sums of up to 1e7 terms of at most 1 is far smaller.
	slack = 1e-6

	rootRounds, nodeRounds = 1000, 200 // steps at most
	look                   = 10        // steps between two looks at the progress
	progress               = 0.005     // least part of the distance to close from look to look

	many = 5 // one in so many sites decided makes it pay to reduce once more
)

// bounding is the scratch space of the ascent at one node.
type bounding struct {
	u, dir []float64
	times  []int32
	must   []int32 // sites that must open
}

// bound raises the multipliers of p, and leaves in it the best of them. It
// reports false if p has no cover of at most k sites. Sites that cannot be in
// one are marked as left out, and those that must be are in d.must: their
// number together is decided.
func (d *decider) bound(p *part, k, rounds int) (alive bool, decided int) {
	p.price = append(p.price[:0], make([]float64, p.sites())...)
	p.clear()
	d.must = d.must[:0]
	d.u = append(d.u[:0], p.u...)
	d.dir = append(d.dir[:0], make([]float64, p.rows())...)
	limit := float64(k) + slack
	best, before, step, stale := -1.0, -1.0, 1.0, 0
	for round := range rounds {
		last := round%look == look-1
		if d.stop() {
			d.gaveUp = true
			return false, 0
		}
		l := p.evaluate(d.u)
		if l > limit {
			return false, 0
		}
		if l > best {
			best, stale = l, 0
			copy(p.u, d.u)
		} else if stale++; stale >= 5 {
			stale, step = 0, step/2
		}
		for j, rho := range p.price {
			switch {
			case p.siteOut[j]:
			case rho > 0 && l+rho > limit:
				p.siteOut[j] = true
				decided++
			case rho < 0 && l-rho > limit:
				d.must = append(d.must, int32(j))
			}
		}
		if len(d.must) > 0 {
			return true, decided + len(d.must)
		}
		if last {
			if best-before < progress*(limit-best) || step < 1e-3 {
				break
			}
			before = best
		}
		d.step(p, step*(float64(k)+0.5-l))
	}
	d.slack = limit - best
	return true, decided
}

// evaluate writes the prices of the sites not left out and returns L(u).
func (p *part) evaluate(u []float64) float64 {
	l := 0.0
	for _, v := range u {
		l += v
	}
	for j := range p.price {
		if p.siteOut[j] {
			continue
		}
		rho := 1.0
		for _, i := range p.column(j) {
			rho -= u[i]
		}
		p.price[j] = rho
		if rho < 0 {
			l += rho
		}
	}
	return l
}

// step moves the multipliers along the subgradient, deflected where it turns
// back, so far that L would rise by the given amount if it were linear.
func (d *decider) step(p *part, rise float64) {
	d.times = append(d.times[:0], make([]int32, p.rows())...)
	for j, rho := range p.price {
		if rho < 0 && !p.siteOut[j] {
			for _, i := range p.column(j) {
				d.times[i]++
			}
		}
	}
	var back, norm float64
	for i, v := range d.dir {
		back += v * float64(1-d.times[i])
		norm += v * v
	}
	deflect := 0.0
	if back < 0 {
		deflect = -1.5 * back / norm
	}
	norm = 0
	for i, v := range d.dir {
		v = float64(1-d.times[i]) + deflect*v
		if v < 0 && d.u[i] <= 0 || v > 0 && d.u[i] >= 1 {
			v = 0
		}
		d.dir[i] = v
		norm += v * v
	}
	if norm == 0 {
		return
	}
	for i, v := range d.dir {
		d.u[i] = min(1, max(0, d.u[i]+rise/norm*v))
	}
}
