// Package coverage answers how well each place is served, and what it takes to
// lose that.
//
// An [Access] holds the demand and its travel times from a set of open hubs. From
// it come the shares of demand with one, two or more hubs within a time
// ([Access.Cover]), the distribution of times to the nearest hub ([Access.Times])
// and what is left after the loss of each hub ([Access.LoseEach]). A
// [Redundancy] looks at the roads instead: which demand has two edge-disjoint
// routes to the hubs, and which stretches of road isolate how much when they are
// lost.
//
// Thresholds are closed: within T means at most T. Demand out of reach of every
// hub is counted as a share of its own beside each statistic and enters none of
// them. Every score names its witness: the demand, the hub or the stretch of
// road behind it.
//
// The measures are those of the covering literature: R. Church and C. ReVelle, "The
// maximal covering location problem", Papers of the Regional Science Association 32,
// 1974, doi:10.1007/BF01942293; K. Hogan and C. ReVelle, "Concepts and applications of
// backup coverage", Management Science 32, 1986, doi:10.1287/mnsc.32.11.1434.
package coverage
