package cch

// Weight is the type of a cost: uint32 for one quantity (milliseconds), uint64
// for two, the first in the high half, as in time<<32 | length. Sums and
// comparisons of such pairs are those of whole numbers, so that the least pair
// is the least first quantity and, among equals, the least second. The second
// quantity of a path must stay below 1<<32.
type Weight interface{ ~uint32 | ~uint64 }

// Inf returns the cost of what cannot be reached and the weight of what cannot
// be used: 1<<31 - 1 for uint32 and (1<<31 - 1) << 32 for uint64. Inf+Inf does
// not wrap, so that min(sum, Inf) keeps costs closed.
func Inf[W Weight]() W {
	all := ^W(0)
	low := W(uint64(all) >> 32) // the second half of a pair, 0 without one
	return all>>1 - low
}

// fill sets all of s to v.
func fill[T any](s []T, v T) {
	for i := range s {
		s[i] = v
	}
}
