// Package locate chooses sites: p-median, p-center, maximal cover, set cover and
// fixed charge, with capacities, backup, sites that fail or are lost and rules on
// which sites go together, solved exactly and with a proof.
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
// # Models
//
// With w_i the weight of demand i, d_i its cost from the nearest open site and
// f_j the opening cost of site j, and sites that are candidates, required, open
// already or excluded (Problem.Site):
//
//   - PMedian opens P sites of least sum_i w_i d_i;
//   - PCenter opens P sites of least max_i w_i d_i, with Median those of least
//     sum among them;
//   - MaximalCover covers most weight within Radius by P sites, or by sites
//     within a Budget; with Fade a demand beyond Radius counts in part;
//   - SetCover covers all demands within Radius, or a Share of the weight, at
//     the least sum of f_j;
//   - FixedCharge opens any number of sites, or P, of least sum of f_j and
//     w_i d_i.
//
// In all five sites may have capacities, of one or several commodities, in one
// or several sizes, and least loads; demands then divide among sites, or are each
// served by one, or by none but the nearest (Problem.Capacity).
//
// What else may be asked of a solution:
//
//   - that demands have several sites: k-fold cover (Fold, with Reliable the
//     maximum availability model), BackupCover, DoubleStandard, CooperativeCover;
//   - that sites may fail, each with a probability of its own (Failure): the
//     reliability p-median and fixed charge, the maximal expected cover;
//   - that things may turn out in several ways (Scenarios): their mean, the worst,
//     the largest regret, or the tail (Risk);
//   - what the worst loss of sites comes to (Interdiction, CoverInterdiction),
//     what to protect against it (Fortification, CoverFortification), and where
//     sites stand that cover most after it (Loss);
//   - that sites lie far from each other (Dispersion, DispersionSum), carry the
//     flow between all nodes (HubMedian, HubCover), draw most from rivals (Huff),
//     or open one after the other (Periods);
//   - that sites keep rules (Rules): limits for groups, distances from each other,
//     existing sites that close at a cost; and a Budget.
//
// Pareto finds the front of two or three goals, Margins what a little more of
// something buys, Linear states a problem as a mixed-integer linear program.
//
// Costs are a matrix (Dense), lists of the possible pairs (Sparse) or
// coordinates with a metric (Points), for which no matrix is ever made. Package
// format reads the files of the literature.
//
// # Method
//
// Every model but PCenter is solved by branch and bound on a Lagrangian
// relaxation, whose bound equals that of the linear relaxation in the limit.
// Relaxing the rows that tie demands to sites leaves a problem in which every
// site has a price of its own:
//
//   - PMedian and FixedCharge relax "each demand is assigned once" (Cornuéjols,
//     Fisher and Nemhauser 1977, Management Science 23). Only sites nearer to a
//     demand than its multiplier matter: each demand has a list of those within
//     reach, which grows where the multiplier comes to its end;
//   - MaximalCover relaxes "a demand is covered only by an open site" (Galvão and
//     ReVelle 1996, European Journal of Operational Research 88). Demands covered
//     by the same sites are merged into one row first; with Fade a demand is
//     nested rows, one for each step of what it is worth; a budget is one more
//     relaxed row;
//   - SetCover relaxes "a demand is covered", after reductions of rows and
//     columns, from the multipliers of a dual ascent (Beasley 1987, European
//     Journal of Operational Research 31); with Share what is left of the demands
//     is a continuous knapsack (Daskin and Owen 1999, Geographical Analysis 31).
//
// With capacities the same rows are relaxed, and every site packs a knapsack of
// demands; which sites are opened is another knapsack, since their capacities
// together must suffice (Görtz and Klose 2012, INFORMS Journal on Computing 24).
// Demands divide among given sites by a network simplex method, whose prices
// also guide the local search; demands that do not divide are branched on too.
//
// The multipliers are raised by the volume algorithm (Barahona and Anbil 2000,
// Mathematical Programming 87), prices decide sites at every node, nodes are
// taken best bound first, eight side by side, and branch on the site that has
// gained most so far (pseudocosts). Where the sites left undecided fall apart
// into parts with no demand in common, the parts are solved one by one and put
// together by a dynamic program over the number of sites. The root of a PMedian or
// FixedCharge problem of which prices decide little is cut into such parts, with
// multipliers of their own for the demands at the borders: a demand within a
// part is not relaxed, which bounds higher than the linear relaxation (as the
// semi-Lagrangian relaxation of Beltran, Tadonki and Vial 2006, Computational
// Optimization and Applications 35, does for the whole). A FixedCharge problem
// of up to 1e7 pairs with any number of sites begins from the solution and the
// bound of dual ascent and adjustment on the 64 sites nearest to each demand
// (Erlenkotter 1978, Operations Research 26).
//
// Local searches supply the solutions: for PMedian and FixedCharge interchange
// from several starts with path relinking (Resende and Werneck 2004, Journal of
// Heuristics 10, and 2007, Annals of Operations Research 150), for 40,000
// demands and more on a sample of them at first, and where the root is cut exact
// solutions of a few neighbouring sites at a time; for SetCover a walk with
// weights on rows (Gao, Weise and Li 2015, European Journal of Operational
// Research 246); for MaximalCover swaps with random restarts.
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
//     rows and columns and a Lagrangian bound at every node, where there is none;
//     with up to 30 sites by a search over places, each with a list of the cells
//     that may still take it.
//
// A sample that cannot be covered proves that no solution reaches the radius.
//
// What these do not solve is a mixed-integer linear program, for which there is a
// dual simplex method and branch and bound of our own (packages simplex and mip
// inside): sizes of some ten thousand pairs, not of millions. Unequal
// probabilities are bounded by tangents. Sites that fail have an engine of their
// own: what a demand pays is a sum, over its sites in the order of their cost, of
// the next step times the probability that all up to here are out of service, a
// convex function of how many are open, whose relaxation has a multiplier for each
// step. Fortification is implicit enumeration (Scaparra and Church 2008, Computers
// & Operations Research 35) over interdiction; cover that stands a loss adds one
// loss after the other, and the mean over all losses as a bound.
//
// # What is proven, and how exactly
//
// Solution.Bound is never a guess. Each value of the relaxation is lowered by
// a margin for the rounding of its sums, about 1e-12 of the magnitudes summed,
// before it counts as a bound. A part of the tree is given up when its bound
// reaches U - 1e-9*|U|, with U the best objective known, so that a solution
// called optimal is so to a relative 1e-9, and Bound says what was in fact
// proven, mostly the objective itself. If all weighted costs, weights or
// opening costs that make up the objective are integers, it moves in steps of
// their greatest common divisor: bounds are then rounded to such a step, and
// optimality is exact up to 1e9 steps.
//
// An interrupted search keeps the same promise: its Bound holds for every
// solution, found or not. (Where required sites contribute a fixed part to the
// objective, adding it rounds the last digit.)
//
// # What explains a solution
//
// Worth is what closing each open site alone would cost, Swap the best exchange
// of an open for a closed site, and Reduced what a decision against the solution
// would cost at least. They hold for the solution returned, proven or not.
//
// # Ties
//
// A search is deterministic: the result does not depend on the number of cores.
// Among solutions of equal objective it returns the one it meets first; sites
// that contribute nothing to it are replaced by those with the lowest indices,
// and a demand is assigned to the lowest index among its nearest sites.
package locate
