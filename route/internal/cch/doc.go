// Package cch answers shortest path questions on a road graph whose weights
// change: a customizable contraction hierarchy on a nested dissection order
// (Dibbelt, Strasser, Wagner, "Customizable Contraction Hierarchies", ACM JEA
// 21, 2016).
//
// The work is in three steps, each cheaper and more often repeated than the one
// before:
//
//   - [Order] finds an elimination order of the nodes. It looks at the topology
//     alone and is the one result worth keeping in a file.
//   - [NewHierarchy] eliminates the nodes in that order. Eliminating a node
//     joins its remaining neighbours; the arcs so added, with those of the
//     graph, are the arcs of the hierarchy. Still topology alone.
//   - [Customize] gives every arc of the hierarchy its weight for one set of
//     input weights, a [Metric]. A [Worker] changes a few weights of a metric
//     and takes them back in the time the change takes to spread.
//
// In a hierarchy the higher neighbours of a node are its ancestors in the
// elimination tree. The least costs from a node to its ancestors are therefore
// a short array indexed by depth, its label, found by climbing to the root and
// relaxing every arc on the way. A shortest path climbs and then descends, and
// the common ancestors of two nodes are a prefix of both labels, so the cost
// between them is the least sum of two arrays. There are no queues and no
// visited sets. Costs to all nodes take one pass down the tree (Delling et al.,
// "PHAST", JPDC 73, 2013).
//
// Everything is exact and on whole numbers: a cost does not depend on which
// query computed it, on the other points of the query or on the number of
// cores. What cannot be reached costs [Inf].
package cch
