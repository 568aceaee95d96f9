package locate

import (
	"math"
	"slices"

	"github.com/hubplan/hubplan/hub/locate/internal/branch"
	"github.com/hubplan/hubplan/hub/locate/internal/cover"
)

// reach looks for at most P sites, the required ones among them, from which
// every demand with weight can be served at all: a set cover of unit costs.
// It returns an error if there are none or the search was stopped.
func (w *work) reach() (open []int, nodes int, err error) {
	candidates, required, existing := w.candidates()
	open = append(required, existing...)
	rows, _, err := w.rows(candidates, math.Inf(1))
	if err != nil {
		return nil, 0, err
	}
	in := &cover.Instance{Sites: len(candidates), Rows: rows, Opening: make([]float64, len(candidates))}
	for k := range in.Opening {
		in.Opening[k] = 1
	}
	r := cover.Reduce(in, w.stop)
	for _, k := range r.Forced {
		open = append(open, candidates[k])
	}
	// Any cover by the sites left over will do, so the search asks for one of
	// less than left+1 sites and ends at the first.
	left := w.P - len(open) + len(existing)
	reached := len(r.Rows) == 0
	if len(r.Rows) > 0 && left > 0 {
		m := cover.NewModel(&r.Instance, w.stop)
		start, _ := m.Greedy()
		result := branch.Run(m, branch.Options{
			Stop: w.stop, Nodes: w.Nodes, Grain: 1,
			Below: float64(left + 1), Enough: float64(left), Start: slices.Clone(start),
		})
		nodes = result.Nodes
		if result.Open == nil && !result.Complete && result.Bound <= float64(left) {
			if result.Limited {
				return nil, nodes, ErrNodeLimit
			}
			return nil, nodes, w.ctx.Err()
		}
		for _, k := range result.Open {
			open = append(open, candidates[r.Site[k]])
		}
		left -= len(result.Open)
		reached = result.Open != nil
	}
	if !reached || left < 0 {
		return nil, nodes, infeasiblef("no %d sites, required ones included, can serve every demand", w.P)
	}
	slices.Sort(open)
	return open, nodes, nil
}
