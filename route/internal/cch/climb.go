package cch

// start sets the label of a stop before its climb: the costs of its seeds at
// their depths, Inf elsewhere. It returns the label cut to the depth of the
// lowest seed.
func start[W Weight](h *Hierarchy, s Stop[W], label []W) []W {
	label = label[:h.depth[s.low()]+1]
	fill(label, Inf[W]())
	for _, seed := range s.seeds[:s.count] {
		d := h.depth[seed.Node]
		label[d] = min(label[d], seed.Cost)
	}
	return label
}

// climb fills label, which start returned, with the least costs over higher and
// higher nodes between the stop and its ancestors. With the weights up these are
// costs from the stop, with down costs to it. The label lengthens to the root
// from its end: entry k is final once all deeper entries are relaxed.
func climb[W Weight](h *Hierarchy, weight []W, low uint32, label []W) {
	for x := low; x != none; x = h.parent[x] {
		relax(h, weight, x, label)
	}
}

// relax passes the cost at rank x on over its arcs.
func relax[W Weight](h *Hierarchy, weight []W, x uint32, label []W) {
	lo, hi := h.upFirst[x], h.upFirst[x+1]
	depths, weights := h.upDepth[lo:hi], weight[lo:hi]
	weights = weights[:len(depths)]
	cost := label[h.depth[x]]
	for i, d := range depths {
		label[d] = min(label[d], cost+weights[i])
	}
}
