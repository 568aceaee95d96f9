package simplex

import (
	"math"
	"slices"
)

// Status says how a run of the simplex method ended.
type Status int

const (
	Optimal    Status = iota // the point is a best one, within tolerances
	Infeasible               // proven to have no point, see Solver.Bound
	Cutoff                   // the bound has reached the cutoff
	Stopped                  // by the caller, or after too many steps
)

// Tolerances: of bounds, of reduced costs relative to the largest cost (at first,
// and once costs are no longer shifted), and of entries of a row that may become
// pivots.
const (
	feasible  = 1e-10
	dual      = 1e-9
	finalDual = 1e-12
	entryable = 1e-9
)

// Where a column stands.
const (
	basic int8 = iota
	atLower
	atUpper
)

// Solver runs the simplex method on one problem with bounds of its own. Columns
// from n on are the activities of the rows: s with A x - s = 0.
type Solver struct {
	*matrix
	lower, upper []float64 // n + m
	cost         []float64 // n + m, shifted while the method runs
	scale        float64   // of costs
	tolerance    float64   // of reduced costs

	state  []int8  // of each column
	head   []int32 // the column at each position of the basis
	at     []int32 // the position of each column of the basis, else -1
	x, d   []float64
	weight []float64 // of steepest edge, by position
	factor *factor

	// What the last run proved.
	objective float64
	bound     float64

	steps    int
	factored bool

	// scratch
	byRow            []float64
	alpha, tau, flip []float64 // by position
	rho              []float64 // by row
	row              []float64 // n + m: the pivot row
	touched          []int32
	candidates       []int32
}

// NewSolver begins with the bounds of the problem and the basis of the rows
// alone. The problem must not change while the solver is in use.
func NewSolver(p *Problem) *Solver { return newSolver(newMatrix(p)) }

// Fork returns a solver of the same problem with the bounds of the problem that
// may run beside s.
func (s *Solver) Fork() *Solver { return newSolver(s.matrix) }

func newSolver(a *matrix) *Solver {
	t := a.n + a.m
	s := &Solver{
		matrix: a, lower: make([]float64, t), upper: make([]float64, t), cost: make([]float64, t),
		state: make([]int8, t), head: make([]int32, a.m), at: make([]int32, t),
		x: make([]float64, t), d: make([]float64, t), weight: make([]float64, a.m), factor: newFactor(a.m),
		byRow: make([]float64, a.m), alpha: make([]float64, a.m),
		tau: make([]float64, a.m), flip: make([]float64, a.m), rho: make([]float64, a.m), row: make([]float64, t),
	}
	copy(s.lower, a.Lower)
	copy(s.upper, a.Upper)
	s.setRows()
	for j, c := range a.Cost {
		if a.Lower[j] < a.Upper[j] {
			s.scale = max(s.scale, math.Abs(c))
		}
	}
	if s.scale == 0 {
		s.scale = 1
	}
	for j := range a.n {
		s.state[j], s.at[j] = atLower, -1
	}
	for r := range a.m {
		s.state[a.n+r] = basic
	}
	s.arrange()
	return s
}

// setRows bounds the activities: where the problem says nothing, by what the
// bounds of its columns allow.
func (s *Solver) setRows() {
	for r := range s.m {
		lo, hi := s.Least[r], s.Most[r]
		if math.IsInf(lo, 0) || math.IsInf(hi, 0) {
			least, most := s.activity(r, s.Problem.Lower, s.Problem.Upper)
			slack := 1 + 1e-6*(math.Abs(least)+math.Abs(most))
			if math.IsInf(lo, 0) {
				lo = min(least, hi) - slack
			}
			if math.IsInf(hi, 0) {
				hi = max(most, lo) + slack
			}
		}
		s.lower[s.n+r], s.upper[s.n+r] = lo, hi
	}
}

// arrange lists the columns of the basis by the state of each, in order.
func (s *Solver) arrange() {
	k := int32(0)
	for j, v := range s.state {
		s.at[j] = -1
		if v == basic && int(k) < s.m {
			s.head[k], s.at[j] = int32(j), k
			k++
		} else if v == basic {
			s.state[j] = atLower
		}
	}
	for r := s.m - 1; int(k) < s.m; r-- { // make up a basis with rows
		if j := s.n + r; s.state[j] != basic {
			s.state[j] = basic
			s.head[k], s.at[j] = int32(j), k
			k++
		}
	}
	for r := range s.weight {
		s.weight[r] = 1
	}
	s.factored = false
}

// SetBounds bounds a column.
func (s *Solver) SetBounds(j int, lower, upper float64) { s.lower[j], s.upper[j] = lower, upper }

// Basis returns where every column stands, from which SetBasis starts again.
func (s *Solver) Basis() []int8 { return slices.Clone(s.state) }

// SetBasis starts from a basis of this or another solver of the problem.
func (s *Solver) SetBasis(basis []int8) {
	copy(s.state, basis)
	s.arrange()
}

// Meets lists the rows in which a column has an entry.
func (s *Solver) Meets(j int) []int32 { return s.rows[s.first[j]:s.first[j+1]] }

// X is the value of a column, Reduced its reduced cost.
func (s *Solver) X(j int) float64       { return s.x[j] }
func (s *Solver) Reduced(j int) float64 { return s.d[j] }

// Objective is the value of the point, Bound what is proven of the program: no
// point is below it, +Inf if there is none at all.
func (s *Solver) Objective() float64 { return s.objective }
func (s *Solver) Bound() float64     { return s.bound }

// column is a column of the basis matrix [A -I].
func (s *Solver) column(j int32) ([]int32, []float64) {
	if int(j) >= s.n {
		r := int(j) - s.n
		return s.self[r : r+1], minusOne[:]
	}
	return s.rows[s.first[j]:s.first[j+1]], s.values[s.first[j]:s.first[j+1]]
}

var minusOne = [1]float64{-1}
