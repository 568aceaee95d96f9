// Package convex opens sites so that the sum of their costs and of what each row
// loses is least, where a row loses the less the more of its sites are open, by
// a convex function of a weighted count of them:
//
//	min  sum_j f_j x_j + sum_r w_r g_r( sum_j b_rj x_j )
//
// The expected cost of service by sites that fail is of this form: with the
// sites of a demand in the order of their cost, d_1 <= d_2 ..., it is
//
//	d_1 + sum_k (d_k+1 - d_k) product over the k nearest of q_j^x_j,
//
// a row for each k, in which g falls by the factor q with every open site. So is
// expected cover, with one row for each demand.
//
// The relaxation of the counts by a multiplier for each row has the bound of the
// linear relaxation with g linear between the points that counts can have.
package convex

import (
	"math"
	"slices"
)

// Instance is a problem. Where the functions of the rows are below what counts
// at some choice of sites, Value says what does.
type Instance struct {
	Sites   int
	Opening []float64 // of each site
	Open    int       // number of sites to open, negative for any
	Rows    []Row

	// Value is the exact value of a set of open sites.
	Value func(open []bool) float64
}

// Row is one term of the sum.
type Row struct {
	Weight float64
	Site   []int32
	Count  []float64 // b of each site, above 0 and at most 1
	Curve  *Curve
}

// Curve is a convex function that falls from 0 on, linear between its points and
// level after the last.
type Curve struct {
	At    []float64 // ascending, from 0
	Value []float64 // at least 0
}

// of is the value of the curve.
func (c *Curve) of(v float64) float64 {
	k, _ := slices.BinarySearch(c.At, v)
	switch {
	case k == len(c.At):
		return c.Value[k-1]
	case c.At[k] == v || k == 0:
		return c.Value[k]
	}
	part := (v - c.At[k-1]) / (c.At[k] - c.At[k-1])
	return c.Value[k-1] + part*(c.Value[k]-c.Value[k-1])
}

// Powers is the curve q^v at whole numbers up to most.
func Powers(q float64, most int) *Curve {
	c := &Curve{At: []float64{0}, Value: []float64{1}}
	for k := 1; k <= most; k++ {
		v := c.Value[k-1] * q
		c.At, c.Value = append(c.At, float64(k)), append(c.Value, v)
		if v < 1e-18 {
			break
		}
	}
	return c
}

// Products is a curve, and a count for each site, that is nowhere above the
// product of the probabilities q (at least 0, below 1) of the open sites. It is
// the product itself for no and for each single site of the largest probability;
// in between the largest of tangents to exp(-v). Sites of a much smaller
// probability than others count as if theirs were larger, up to a value at which
// all tangents are below 0.
func Products(q []float64) (*Curve, []float64) {
	least := math.Inf(1)
	for _, p := range q {
		least = min(least, -math.Log(p))
	}
	// Where the line through no and one site meets 0: half a site that counts for
	// more would save more than half.
	cap := least / -math.Expm1(-least) * (1 + 1e-12)
	count := make([]float64, len(q))
	var sum, unit float64
	capped := false
	for k, p := range q {
		count[k] = min(-math.Log(p), cap)
		capped = capped || -math.Log(p) > cap
		sum += count[k]
		unit = max(unit, count[k])
	}
	// Lines value + slope v: the first is that through no and one site.
	type line struct{ value, slope float64 }
	lines := []line{{1, (math.Exp(-least) - 1) / least}}
	for t := least; t < min(sum, 40); t += max(0.25, least/4) {
		lines = append(lines, line{math.Exp(-t) * (1 + t), -math.Exp(-t)})
	}
	if capped {
		lines = slices.DeleteFunc(lines, func(l line) bool { return l.value+l.slope*cap > 0 })
	}
	lines = append(lines, line{0, 0})
	// Their upper envelope from 0 on: slopes rise.
	c := &Curve{}
	at, on := 0.0, 0
	for k := range lines {
		if lines[k].value > lines[on].value {
			on = k
		}
	}
	for {
		c.At, c.Value = append(c.At, at/unit), append(c.Value, max(0, lines[on].value+lines[on].slope*at))
		next, where := -1, math.Inf(1)
		for k := range lines {
			if lines[k].slope <= lines[on].slope {
				continue
			}
			if v := (lines[on].value - lines[k].value) / (lines[k].slope - lines[on].slope); v < where && v >= at {
				next, where = k, v
			}
		}
		if next < 0 || where >= sum {
			if sum > at {
				c.At, c.Value = append(c.At, sum/unit), append(c.Value, max(0, lines[on].value+lines[on].slope*sum))
			}
			break
		}
		at, on = where, next
	}
	for k := range count {
		count[k] /= unit
	}
	return c.tidy(), count
}

// tidy leaves out points in the same place.
func (c *Curve) tidy() *Curve {
	d := &Curve{}
	for k, at := range c.At {
		if n := len(d.At); n > 0 && at <= d.At[n-1] {
			d.Value[n-1] = c.Value[k]
			continue
		}
		d.At, d.Value = append(d.At, at), append(d.Value, c.Value[k])
	}
	return d
}
