// Package locate chooses sites: p-median, p-center, maximal cover and set cover
// on costs, solved exactly and with a proof.
//
// Its question is a matter of mathematics alone. It knows demands and sites by
// index and what it costs to serve one from the other; which place an index
// stands for, and whether a cost is a time or a distance, its caller knows.
//
//	solution, err := locate.Solve(ctx, locate.Problem{
//		Model: locate.PMedian,
//		Costs: locate.Dense{Demands: n, Sites: m, Values: minutes},
//		Weight: tonnes,
//		P: 3,
//	}, locate.Options{})
//
// # Method
//
// Every model but PCenter is solved by branch and bound on a Lagrangian relaxation, whose
// bound equals that of the linear relaxation in the limit. Relaxing the rows
// that tie demands to sites leaves a problem in which every site has a price
// of its own:
//
//   - PMedian relaxes "each demand is assigned once" (Cornuéjols, Fisher and
//     Nemhauser 1977, Management Science 23);
//   - MaximalCover relaxes "a demand is covered only by an open site", with
//     demands covered by the same sites merged first (Galvão and ReVelle 1996,
//     European Journal of Operational Research 88);
//   - SetCover relaxes "a demand is covered", after reductions of rows and
//     columns, from the multipliers of a dual ascent (Beasley 1987, European
//     Journal of Operational Research 31).
//
// PCenter asks instead, radius by radius, whether P sites can cover all demands:
//
//   - of a sample of the demands, which grows by those that the sites found leave
//     out (Chen and Chen 2009, Computers & Operations Research 36; Contardo, Iori
//     and Kramer 2019, the same 103), from that of Gonzalez 1985 on;
//   - with the sites that cover the same demands of the sample taken together, so
//     that a million sites are a few thousand cells;
//   - by exchanges with weights on demands (Zhang, Lü, Su, Li and Xu 2020, IJCAI
//     29) where there is a cover, and by a search depth first, with dominance of
//     rows and columns and a Lagrangian bound at every node, where there is none.
//
// A sample that cannot be covered proves that no solution reaches the radius.
// SetCover finds its solutions by a local search with weights on demands too
// (Gao, Weise and Li 2015, European Journal of Operational Research 246).
//
// In the other models the multipliers are raised by the volume algorithm
// (Barahona and Anbil 2000), prices decide sites at every node, nodes are taken
// best bound first, and interchange local searches supply the solutions (Resende
// and Werneck 2007 for PMedian).
//
// # What is proven, and how exactly
//
// Solution.Bound is never a guess. Each value of the relaxation is lowered by
// a margin for the rounding of its sums, about 1e-12 of the magnitudes summed,
// before it counts as a bound. A part of the tree is given up when its bound
// reaches U - 1e-9*|U|, with U the best objective known, so that a solution
// called optimal is so to a relative 1e-9, and Bound says what was in fact
// proven, mostly the objective itself. If all weighted costs (PMedian), weights
// (MaximalCover) or opening costs (SetCover) are integers, the objective moves
// in steps of their greatest common divisor: bounds are then rounded to such a
// step, and optimality is exact up to 1e9 steps.
//
// An interrupted search keeps the same promise: its Bound holds for every
// solution, found or not. (Where required sites contribute a fixed part to the
// objective, adding it rounds the last digit.)
//
// # Ties
//
// A search is deterministic and runs on one goroutine. Among solutions of
// equal objective it returns the one it meets first; sites that contribute
// nothing to it are replaced by those with the lowest indices.
package locate
