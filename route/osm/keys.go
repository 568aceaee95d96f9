package osm

import "context"

// sortKeys sorts node keys in ascending order, by their digits to the base 2¹⁶ from the
// last on (radix sort): a country has tens of millions, and other than package slices
// it can stop on the way.
func sortKeys(ctx context.Context, keys []int64) error {
	from, to := keys, make([]int64, len(keys))
	var lo, hi uint64 // of all keys; the sign bit turned, negative ones come first
	for i, k := range keys {
		u := uint64(k) ^ 1<<63
		if i == 0 {
			lo, hi = u, u
		}
		lo, hi = min(lo, u), max(hi, u)
	}
	var counts [1 << 16]uint32
	for shift := uint(0); shift < 64; shift += 16 {
		// Digits that all keys share need no sorting.
		if lo>>shift == hi>>shift {
			break
		}
		clear(counts[:])
		for i, k := range from {
			if i%(1<<20) == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			counts[uint16((uint64(k)^1<<63)>>shift)]++
		}
		var sum uint32
		for i, n := range counts {
			counts[i] = sum
			sum += n
		}
		for i, k := range from {
			if i%(1<<20) == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			digit := uint16((uint64(k) ^ 1<<63) >> shift)
			to[counts[digit]] = k
			counts[digit]++
		}
		from, to = to, from
	}
	if len(keys) > 0 && &from[0] != &keys[0] {
		copy(keys, from)
	}
	return nil
}
