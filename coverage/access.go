package coverage

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/hubplan/hubplan/route"
)

// ErrAccess is wrapped by every error about the input of a score.
var ErrAccess = errors.New("invalid access")

// Access is demand points and their travel times from hubs.
type Access struct {
	weight []float64
	total  float64
	hubs   int
	millis []uint32 // demand by demand, one entry a hub
}

// NewAccess joins the weights of the demand points, in any one unit, with their
// times from hubs: a row of the matrix for each hub, a column for each demand
// point. Errors wrap [ErrAccess]: no hubs, a matrix of another size, a weight that
// is negative or not finite, weights that are all zero.
func NewAccess(weight []float64, times *route.Matrix) (*Access, error) {
	if times.Rows == 0 {
		return nil, fmt.Errorf("coverage: %w: no hubs", ErrAccess)
	}
	if times.Columns != len(weight) || len(times.Millis) != times.Rows*times.Columns {
		return nil, fmt.Errorf("coverage: %w: %d weights for a matrix of %d columns", ErrAccess, len(weight), times.Columns)
	}
	a := &Access{weight: weight, hubs: times.Rows, millis: make([]uint32, len(times.Millis))}
	for i, w := range weight {
		if !(w >= 0) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("coverage: %w: weight %v of demand point %d", ErrAccess, w, i)
		}
		a.total += w
		for h := range a.hubs {
			a.millis[i*a.hubs+h] = times.Millis[h*times.Columns+i]
		}
	}
	if !(a.total > 0) || math.IsInf(a.total, 0) {
		return nil, fmt.Errorf("coverage: %w: weights sum to %v", ErrAccess, a.total)
	}
	return a, nil
}

// Only returns the access of some of the demand points, by number, as if there
// were no others. Errors wrap [ErrAccess], as when their weights are all zero.
func (a *Access) Only(demand []int) (*Access, error) {
	b := &Access{hubs: a.hubs}
	for _, i := range demand {
		if i < 0 || i >= len(a.weight) {
			return nil, fmt.Errorf("coverage: %w: there is no demand point %d", ErrAccess, i)
		}
		b.weight = append(b.weight, a.weight[i])
		b.total += a.weight[i]
		b.millis = append(b.millis, a.row(i)...)
	}
	if b.total == 0 {
		return nil, fmt.Errorf("coverage: %w: weights sum to 0", ErrAccess)
	}
	return b, nil
}

// row is the times of demand point i, one a hub.
func (a *Access) row(i int) []uint32 { return a.millis[i*a.hubs : (i+1)*a.hubs] }

// Nearest is the two hubs nearest to a demand point.
type Nearest struct {
	Hub    int // -1 if no hub reaches the point
	Second int // -1 if no other does
	Time   time.Duration
	// SecondTime is the time from Second.
	SecondTime time.Duration
}

// Nearest returns the nearest two hubs of every demand point. Ties go to the
// hub with the lower number.
func (a *Access) Nearest() []Nearest {
	nearest := make([]Nearest, len(a.weight))
	for i := range nearest {
		nearest[i] = nearestOf(a.row(i), -1)
	}
	return nearest
}

// nearestOf is the nearest two entries of a row, one hub left out.
func nearestOf(row []uint32, without int) Nearest {
	first, second := -1, -1
	for h, ms := range row {
		switch {
		case ms == route.Unreachable || h == without:
		case first < 0 || ms < row[first]:
			first, second = h, first
		case second < 0 || ms < row[second]:
			second = h
		}
	}
	n := Nearest{Hub: first, Second: second}
	if first >= 0 {
		n.Time = time.Duration(row[first]) * time.Millisecond
	}
	if second >= 0 {
		n.SecondTime = time.Duration(row[second]) * time.Millisecond
	}
	return n
}
