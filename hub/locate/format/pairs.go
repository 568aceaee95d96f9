package format

import (
	"cmp"
	"context"
	"io"
	"math"
	"slices"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// ReadPairs reads a table with the columns demand, site and cost: the pairs
// that are possible, in any order. Demands and sites are names and are numbered
// as they first appear; costs are at least 0. It makes Sparse costs.
func ReadPairs(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	type pair struct {
		demand, site int32
		line         int
		cost         float64
	}
	var p input.Problems
	var pairs []pair
	in := &Instance{Format: Pairs}
	demands, sites := make(map[string]int32), make(map[string]int32)
	table := input.ReadTable(r, file, &p, []string{"demand", "site", "cost"})
	for row := range table.Rows() {
		if len(pairs)%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		demand, site := row.Text("demand"), row.Text("site")
		cost := row.Number("cost", 0, math.MaxFloat64)
		if row.OK() {
			pairs = append(pairs, pair{number(demands, &in.DemandNames, demand), number(sites, &in.SiteNames, site), row.Line(), cost})
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.demand, b.demand), cmp.Compare(a.site, b.site))
	})
	costs := locate.Sparse{Sites: len(sites), First: make([]int, len(demands)+1)}
	for k, v := range pairs {
		if k > 0 && v.demand == pairs[k-1].demand && v.site == pairs[k-1].site {
			p.Add(&input.Error{File: file, Line: v.line, Err: input.Errorf(input.ErrDuplicate,
				"demand %s and site %s are also on line %d", quote([]byte(in.DemandNames[v.demand])), quote([]byte(in.SiteNames[v.site])), pairs[k-1].line)})
		}
		costs.Site = append(costs.Site, v.site)
		costs.Cost = append(costs.Cost, v.cost)
		costs.First[v.demand+1] = k + 1
	}
	if p.Len() == 0 && len(pairs) == 0 {
		p.Add(&input.Error{File: file, Err: input.Errorf(input.ErrMissing, "no pairs in the table")})
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	in.Costs = costs
	return in, nil
}

// number returns the number of a name, the next one if it is new.
func number(known map[string]int32, names *[]string, name string) int32 {
	k, seen := known[name]
	if !seen {
		k = int32(len(*names))
		known[name] = k
		*names = append(*names, name)
	}
	return k
}
