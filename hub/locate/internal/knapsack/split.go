// Package knapsack solves knapsack problems: items of the largest total profit
// whose sizes fit into a capacity, divisible or not. Profits and sizes are real
// numbers; what is reported as a bound holds for all that.
package knapsack

// Item is a thing to pack. Its size is at least 0, its profit above 0.
type Item struct {
	Profit, Size float64
	At           int32 // the caller's number, which breaks ties
}

// before orders items by profit for each unit of size, falling.
func (a *Item) before(b *Item) bool {
	l, r := a.Profit*b.Size, b.Profit*a.Size
	if l != r {
		return l > r
	}
	return a.At < b.At
}

// Split permutes the items so that items[:full] are those that divisible
// packing takes whole and items[full], if there is one, the item it divides;
// part of that fits (0 <= part < 1). value is the profit of it all, the optimum
// of divisible packing, and price what one more unit of capacity is worth, 0 if
// everything fits. It takes linear time on average.
func Split(items []Item, capacity float64) (full int, part, value, price float64) {
	lo, hi := 0, len(items)
	left := capacity
	for hi > lo {
		// Items before lo fit, those from hi on do not.
		p := partition(items, lo, hi)
		size, profit := 0.0, 0.0
		for k := lo; k < p; k++ {
			size += items[k].Size
			profit += items[k].Profit
		}
		switch {
		case size > left:
			hi = p
		case size+items[p].Size > left:
			price = items[p].Profit / items[p].Size
			part = (left - size) / items[p].Size
			return p, part, value + profit + part*items[p].Profit, price
		default:
			left -= size + items[p].Size
			value += profit + items[p].Profit
			lo = p + 1
		}
	}
	if lo == len(items) {
		return lo, 0, value, 0
	}
	// Sums in another order have come to another end: rounding alone.
	return lo, 0, value, items[lo].Profit / items[lo].Size
}

// partition brings the item of median order, of three, to its place among
// items[lo:hi] and returns that.
func partition(items []Item, lo, hi int) int {
	mid, last := lo+(hi-lo)/2, hi-1
	if items[mid].before(&items[lo]) {
		items[lo], items[mid] = items[mid], items[lo]
	}
	if items[last].before(&items[mid]) {
		items[mid], items[last] = items[last], items[mid]
		if items[mid].before(&items[lo]) {
			items[lo], items[mid] = items[mid], items[lo]
		}
	}
	items[mid], items[last] = items[last], items[mid]
	at := lo
	for k := lo; k < last; k++ {
		if items[k].before(&items[last]) {
			items[k], items[at] = items[at], items[k]
			at++
		}
	}
	items[at], items[last] = items[last], items[at]
	return at
}
