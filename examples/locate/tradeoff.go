package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/hubplan/hubplan/hub/locate"
)

// exchange is a point on the curve between the cost if nothing fails, opening
// and service, and the expected cost of service (Snyder and Daskin 2005).
type exchange struct {
	Weight   float64 `json:"weight"` // of the cost if nothing fails
	Total    float64 `json:"total"`
	Expected float64 `json:"expected"`
	Open     []int   `json:"open"`
	Optimal  bool    `json:"optimal"`
}

// runTradeOff solves a fixed charge problem with failures for weights from 1
// down to 1/steps and prints the curve.
func runTradeOff(ctx context.Context, s settings, steps int, file string, asJSON bool, line *line, stdout io.Writer) error {
	if steps < 1 || steps > 1000 {
		return misusef("-trade-off %d is not between 1 and 1000", steps)
	}
	if !s.given["failure"] {
		return misusef("-trade-off needs -failure")
	}
	s.model, s.name = locate.FixedCharge, ""
	s.given["model"] = true
	in, err := s.read(ctx, file)
	if err != nil {
		return err
	}
	if err := s.complete(ctx, in); err != nil {
		return err
	}
	var curve []exchange
	p := in.Problem
	_, m := p.Costs.Size()
	for k := range steps {
		weight := float64(steps-k) / float64(steps)
		line.stage(fmt.Sprintf("weight %v", weight))
		p.Nominal = weight
		p.Opening = make([]float64, m)
		for j := range p.Opening {
			p.Opening[j] = weight
			if in.Opening != nil {
				p.Opening[j] *= in.Opening[j]
			}
		}
		options := s.options
		options.Progress = line.show
		if k > 0 {
			options.Start = curve[k-1].Open
		}
		solution, err := locate.Solve(ctx, p, options)
		if err != nil {
			return err
		}
		e := exchange{Weight: weight, Open: solution.Open, Optimal: solution.Optimal}
		e.Total, e.Expected = measure(&in.Problem, solution.Open)
		curve = append(curve, e)
	}
	line.clear()
	if asJSON {
		return json.NewEncoder(stdout).Encode(curve)
	}
	t := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "weight\ttotal cost if nothing fails\texpected cost of service\topen\t\t")
	for k, e := range curve {
		if k > 0 && slices.Equal(e.Open, curve[k-1].Open) {
			continue // the same sites for another weight
		}
		status := "optimal"
		if !e.Optimal {
			status = "not proven"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t\n", plain(e.Weight), plain(e.Total), plain(e.Expected), len(e.Open), status)
	}
	return t.Flush()
}

// measure is what open sites cost if nothing fails, and the expected cost of
// their service.
func measure(p *locate.Problem, open []int) (total, expected float64) {
	for _, j := range open {
		if p.Opening == nil {
			total++
		} else if p.Site == nil || p.Site[j] != locate.Existing {
			total += p.Opening[j]
		}
	}
	n, _ := p.Costs.Size()
	order := slices.Clone(open)
	for i := range n {
		weight := 1.0
		if p.Weight != nil {
			weight = p.Weight[i]
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.Costs.At(i, a), p.Costs.At(i, b)) })
		chance, nearest := 1.0, p.Penalty
		for k, j := range order {
			cost := p.Costs.At(i, j)
			if cost >= p.Penalty {
				break
			}
			if k == 0 {
				nearest = cost
			}
			expected += weight * chance * (1 - p.Failure[j]) * cost
			chance *= p.Failure[j]
		}
		expected += weight * chance * p.Penalty
		total += weight * nearest
	}
	return total, expected
}
