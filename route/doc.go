// Package route answers how long it takes to get from one place to another, and
// by which independent ways.
//
// A [Network] is what is there: nodes, and the edges between them with their
// class, length, geometry and [Attributes], and the turns that are not allowed
// ([Turn]). Package osm reads one from OpenStreetMap; [ReadRoads], [ReadGeoJSON] and
// [ReadDIMACS] read others, and [Join] makes one of lines that do not meet. A
// [Hierarchy] is a network made ready for search; it
// knows topology alone, takes seconds for a country and is worth keeping in a file
// ([Hierarchy.Encode]). A [Profile] is who travels: the speed of a vehicle on each
// class of road and surface, what it measures against the limits of edges, whose
// signs bind it; [Profile.Forbids] says why it may not use an edge. A [Router] puts
// them together in milliseconds and answers for
// points anywhere: [Router.Snap] finds the nearest edge of the profile's main
// component, [Router.Path] the
// fastest way between two stops, [Router.Matrix] the times between many,
// [Router.Times] those to all nodes. [Router.Within] is all that is reached from
// stops in a time, edge by edge to the millisecond, and a [Catchment] the areas
// around it, of any limit (isochrones) and of each stop. [Router.With] is the router of a what-if, with
// edges, nodes, areas or classes closed or slower, in time in proportion to the
// change. An [Overlay] is a router's network with stops made nodes of it:
// [Overlay.Ways] finds routes that fail apart, [Overlay.Alternatives] other good
// routes, [Overlay.Fastest] the fastest few, and [Overlay.Bridges] the edges whose
// loss cuts stops off.
//
// Times are exact sums of whole milliseconds, held in 31 bits: a total of 24.8
// days or more counts as unreachable. What cannot be reached is a value of its
// own and never a large time. Every answer is the same on every run and machine
// and does not depend on which other points are asked about: a cell of a matrix
// is the time of its path, to the millisecond.
//
// Methods: J. Dibbelt, B. Strasser and D. Wagner, "Customizable contraction
// hierarchies", ACM Journal of Experimental Algorithmics 21, 2016,
// doi:10.1145/2886843; A. Schild and C. Sommer, "On balanced separators in road
// networks", SEA 2015, doi:10.1007/978-3-319-20086-6_22; D. Delling, A. V.
// Goldberg, A. Nowatzyk and R. F. Werneck, "PHAST", Journal of Parallel and
// Distributed Computing 73, 2013, doi:10.1016/j.jpdc.2012.02.007; E. W. Dijkstra,
// "A note on two problems in connexion with graphs", Numerische Mathematik 1, 1959,
// doi:10.1007/BF01386390; J. W. Suurballe, "Disjoint paths in a network", Networks
// 4, 1974, doi:10.1002/net.3230040204; J. W. Suurballe and R. E. Tarjan, "A quick
// method for finding shortest pairs of disjoint paths", Networks 14, 1984,
// doi:10.1002/net.3230140209; I. Abraham, D. Delling, A. V. Goldberg and R. F.
// Werneck, "Alternative routes in road networks", J. Experimental Algorithmics 18,
// 2013, doi:10.1145/2444016.2444019; J. Y. Yen, "Finding the k shortest loopless
// paths in a network", Management Science 17, 1971, doi:10.1287/mnsc.17.11.712; E.
// L. Lawler, "A procedure for computing the k best solutions to discrete
// optimization problems", Management Science 18, 1972, doi:10.1287/mnsc.18.7.401;
// G. F. Italiano, L. Laura and F. Santaroni, "Finding strong bridges and strong
// articulation points in linear time", Theoretical Computer Science 447, 2012,
// doi:10.1016/j.tcs.2011.11.011.
package route
