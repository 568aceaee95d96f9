package osm

import "context"

// sortKeys sorts node keys in ascending order, by their digits to the base 2¹¹ from the
// last on (radix sort): a country has tens of millions, and other than package slices
// it can stop on the way.
func sortKeys(ctx context.Context, keys []int64) error {
	// Of the 64 bits all keys of a file share the upper ones, so that three or four
	// rounds are enough.
	from, to := keys, make([]int64, len(keys))
	var lo, hi uint64 // of all keys; the sign bit turned, negative ones come first
	for i, k := range keys {
		u := uint64(k) ^ 1<<63
		if i == 0 {
			lo, hi = u, u
		}
		lo, hi = min(lo, u), max(hi, u)
	}
	const bits = 11
	var counts [1 << bits]uint32
	for shift := uint(0); shift < 64; shift += bits {
		// Digits that all keys share need no sorting.
		if lo>>shift == hi>>shift {
			break
		}
		clear(counts[:])
		for i, k := range from {
			if i%(1<<20) == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			counts[(uint64(k)^1<<63)>>shift%(1<<bits)]++
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
			digit := (uint64(k) ^ 1<<63) >> shift % (1 << bits)
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
