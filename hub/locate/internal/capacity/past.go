package capacity

import "github.com/hubplan/hubplan/hub/locate/internal/branch"

// past is what deciding sites has done to bounds so far: their pseudocosts
// (Bénichou et al. 1971, "Experiments in mixed-integer linear programming",
// Mathematical Programming 1). It is written to between batches only.
type past struct {
	rise  [2][]float64 // per site: sum of the rises for each unit of change, when opened and when closed
	times [2][]int
	all   [2]float64 // the same over all sites
	count [2]int
}

const (
	opened = 0
	closed = 1
)

func newPast(sites int) *past {
	p := new(past)
	for d := range p.rise {
		p.rise[d], p.times[d] = make([]float64, sites), make([]int, sites)
	}
	return p
}

// learn records that the node made by deciding a site has a bound.
func (p *past) learn(n *node, bound float64) {
	d, change := opened, 1-n.chosen
	if n.state[n.site] == branch.Out {
		d, change = closed, n.chosen
	}
	r := max(0, bound-n.parent) / max(change, 0.05)
	p.rise[d][n.site] += r
	p.times[d][n.site]++
	p.all[d] += r
	p.count[d]++
}

// estimate is the rise to expect for a unit of change: the mean of a site's
// own past and, as if it were seen once, that of all sites.
func (p *past) estimate(j, d int) float64 {
	if p.count[d] == 0 {
		return 1
	}
	return (p.rise[d][j] + p.all[d]/float64(p.count[d])) / float64(p.times[d][j]+1)
}

// score is the product of the rises expected of opening and closing a site
// that is chosen to the part x: high where both sides gain.
func (p *past) score(j int, x float64) float64 {
	const least = 1e-3
	return max(least, p.estimate(j, opened)*(1-x)) * max(least, p.estimate(j, closed)*x)
}
