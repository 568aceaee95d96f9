// Package route answers how long it takes to get from one place to another, and
// by which independent ways.
//
// A [Network] is what is there: nodes, and the edges between them with their
// class, length and geometry. A [Profile] is who travels: the speed of a vehicle
// on each class of road. A [Router] puts the two together and answers for
// points anywhere: [Router.Snap] finds the nearest usable edge, [Router.Path]
// the fastest way between two stops, and [Router.Matrix] the times between many.
// An [Overlay] is a router's network with stops made nodes of it; it finds pairs
// of edge-disjoint routes and the edges whose loss cuts stops off.
//
// Times are exact sums of whole milliseconds, held in 31 bits: a total of 24.8
// days or more counts as unreachable. What cannot be reached is a value of its
// own and never a large time. Every answer is the same on every run and machine
// and does not depend on which other points are asked about.
//
// Methods: E. W. Dijkstra, "A note on two problems in connexion with graphs",
// Numerische Mathematik 1, 1959, doi:10.1007/BF01386390; J. W. Suurballe and R. E.
// Tarjan, "A quick method for finding shortest pairs of disjoint paths", Networks 14,
// 1984, doi:10.1002/net.3230140209; G. F. Italiano, L. Laura and F. Santaroni,
// "Finding strong bridges and strong articulation points in linear time",
// Theoretical Computer Science 447, 2012, doi:10.1016/j.tcs.2011.11.011.
package route
