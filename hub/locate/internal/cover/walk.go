package cover

import (
	"math"
	"math/rand/v2"
)

// Walk is a local search for set cover by weights on rows (Gao, Weise and Li
// 2015, "An efficient local search heuristic with row weighting for the
// unicost set covering problem", European Journal of Operational Research 246;
// here with opening costs): one site is closed, then rows left bare are
// covered again by the sites that cover most weight for their cost, and every
// row that stays bare gains weight. So the walk leaves local optima on its own,
// and rows that are hard to cover come to decide where it goes.
//
// A site closed may open again only once another site of its rows has
// changed, one just opened does not close at once, and ties go to the site
// that has been longest as it is.
type Walk struct {
	in      *Instance
	columns [][]int32
	rng     *rand.Rand

	weight []int64 // of each row
	worth  []int64 // per site: weight that opening it covers, or closing it bares; then one of none
	times  []int32 // open sites of each row
	owner  []int32 // xor of the open sites of each row: with one of them, its number
	alone  []alone // of each row
	bare   []int32 // rows without an open site
	place  []int32 // of each bare row in bare

	open []int32
	at   []int32   // position in open, -1 if closed
	rate []float64 // 1 / opening cost
	cost float64   // sum of the opening costs, as summed step by step

	steps   int // of the last Swap
	clock   int64
	moved   []int64 // per site: when it last opened or closed
	touched []int64 // per row: when a site of it last opened or closed
	last    int32   // site opened last
}

// alone is the open site of a row that has one, and the weight of the row; of
// other rows it is the number of sites, which stands for none, and no weight. So
// a sum over rows by open site needs no branches.
type alone struct {
	weight int64
	site   int32
}

// note writes who covers a row alone.
func (w *Walk) note(i int32) {
	if w.times[i] == 1 {
		w.alone[i] = alone{w.weight[i], w.owner[i]}
	} else {
		w.alone[i] = alone{0, int32(w.in.Sites)}
	}
}

// NewWalk starts a walk from the given sites, which need not cover all rows.
// Every row must have a site, and only set covers can be walked.
func NewWalk(in *Instance, open []int, seed uint64) *Walk {
	n, m := len(in.Rows), in.Sites
	w := &Walk{
		in: in, columns: in.columns(), rng: rand.New(rand.NewPCG(seed, uint64(n))),
		weight: make([]int64, n), worth: make([]int64, m+1), alone: make([]alone, n),
		times: make([]int32, n), owner: make([]int32, n), place: make([]int32, n),
		at: make([]int32, m), rate: make([]float64, m),
		moved: make([]int64, m), touched: make([]int64, n), last: -1,
	}
	for i := range n {
		w.weight[i] = 1
		w.alone[i].site = int32(m)
		w.place[i] = int32(i)
		w.bare = append(w.bare, int32(i))
	}
	w.worth[m] = math.MaxInt64
	for j := range m {
		w.at[j] = -1
		w.worth[j] = int64(len(w.columns[j]))
		w.rate[j] = math.Inf(1)
		if in.Opening[j] > 0 {
			w.rate[j] = 1 / in.Opening[j]
		}
	}
	for _, j := range open {
		if w.at[j] < 0 {
			w.add(int32(j))
		}
	}
	return w
}

// Run goes on for up to the given number of steps and returns the first cover
// it meets whose cost is less than below, ascending, and that cost; nil if it
// meets none or stop reports true.
func (w *Walk) Run(below float64, steps int, stop func() bool) ([]int, float64) {
	w.cost = w.total()
	for step := range steps {
		if step%64 == 0 && stop() {
			return nil, 0
		}
		if len(w.bare) == 0 {
			if w.cost = w.total(); w.cost < below {
				return w.sites(), w.cost
			}
			w.last = -1 // what must go may be what came
		}
		if j := w.idlest(); j >= 0 {
			w.remove(j)
		} else {
			w.last = -1 // nothing else can make room
		}
		for len(w.bare) > 0 {
			j := w.best(w.bare[w.rng.IntN(len(w.bare))], below)
			if j < 0 {
				return nil, 0 // a row that no site covers for less
			}
			if w.cost+w.in.Opening[j] >= below {
				break
			}
			w.add(j)
			w.last = j
			w.press()
		}
		if len(w.bare) > 0 {
			w.press()
		}
	}
	return nil, 0
}

// total sums the opening costs afresh.
func (w *Walk) total() float64 {
	var sum float64
	for _, j := range w.open {
		sum += w.in.Opening[j]
	}
	return sum
}

// idlest is the open site whose closing bares the least weight for its cost,
// -1 if there is none that may close. One that costs nothing stays.
func (w *Walk) idlest() int32 {
	best, least := int32(-1), math.Inf(1)
	for _, j := range w.open {
		if j == w.last || w.in.Opening[j] == 0 {
			continue
		}
		v := float64(w.worth[j]) * w.rate[j]
		if v > least {
			continue
		}
		if best < 0 || v < least || w.moved[j] < w.moved[best] || w.moved[j] == w.moved[best] && j < best {
			best, least = j, v
		}
	}
	return best
}

// best is the site of a bare row that covers the most weight for its cost, of
// those that may open if there are any.
func (w *Walk) best(row int32, below float64) int32 {
	best, most := int32(-1), 0.0
	any, anyMost := int32(-1), 0.0
	for _, j := range w.in.Rows[row] {
		if w.in.Opening[j] >= below {
			continue
		}
		v := float64(w.worth[j]) * w.rate[j]
		if any < 0 || v > anyMost || v == anyMost && w.moved[j] < w.moved[any] {
			any, anyMost = j, v
		}
		if best >= 0 && (v < most || v == most && w.moved[j] >= w.moved[best]) {
			continue
		}
		if w.changed(j) {
			best, most = j, v
		}
	}
	if best < 0 {
		return any
	}
	return best
}

// changed reports whether a site of the rows of j has moved after j did.
func (w *Walk) changed(j int32) bool {
	since := w.moved[j]
	if since == 0 {
		return true
	}
	for _, i := range w.columns[j] {
		if w.touched[i] > since {
			return true
		}
	}
	return false
}

// press adds weight to the bare rows.
func (w *Walk) press() {
	for _, i := range w.bare {
		w.weight[i]++
		for _, j := range w.in.Rows[i] {
			w.worth[j]++
		}
	}
}

// add opens a site. Its worth stays what it is: the rows that it covers alone
// are those it found bare.
func (w *Walk) add(j int32) {
	w.clock++
	w.moved[j] = w.clock
	w.at[j] = int32(len(w.open))
	w.open = append(w.open, j)
	w.cost += w.in.Opening[j]
	for _, i := range w.columns[j] {
		w.touched[i] = w.clock
		w.times[i]++
		switch w.times[i] {
		case 1:
			v := w.weight[i]
			for _, k := range w.in.Rows[i] {
				w.worth[k] -= v
			}
			w.worth[j] += v
			last := w.bare[len(w.bare)-1]
			w.bare[w.place[i]], w.place[last] = last, w.place[i]
			w.bare = w.bare[:len(w.bare)-1]
		case 2:
			w.worth[w.owner[i]] -= w.weight[i]
		}
		w.owner[i] ^= j
		w.note(i)
	}
}

// remove closes a site.
func (w *Walk) remove(j int32) {
	w.clock++
	w.moved[j] = w.clock
	last := w.open[len(w.open)-1]
	w.open[w.at[j]], w.at[last] = last, w.at[j]
	w.open = w.open[:len(w.open)-1]
	w.at[j] = -1
	w.cost -= w.in.Opening[j]
	for _, i := range w.columns[j] {
		w.touched[i] = w.clock
		w.times[i]--
		w.owner[i] ^= j
		switch w.times[i] {
		case 0:
			v := w.weight[i]
			for _, k := range w.in.Rows[i] {
				w.worth[k] += v
			}
			w.worth[j] -= v
			w.place[i] = int32(len(w.bare))
			w.bare = append(w.bare, i)
		case 1:
			w.worth[w.owner[i]] += w.weight[i]
		}
		w.note(i)
	}
}
