package simplex

import (
	"math"
	"slices"
)

// factor is a basis B as a product L U of triangular matrices, followed by the
// exchanges of columns since (etas). Rows of B are rows of the program, its
// columns positions of the basis.
type factor struct {
	m int

	pivotRow, pivotAt []int32 // row and position of each pivot, in order
	diagonal          []float64

	lowHead  []int // L by columns: entries below the unit diagonal, by row
	lowRow   []int32
	lowValue []float64

	upHead  []int // U by columns: entries above the diagonal, by pivot
	upPivot []int32
	upValue []float64

	acrossHead  []int // the same by rows
	acrossPivot []int32
	acrossValue []float64

	etas []eta

	// scratch
	place    []int32 // pivot of a row, -1 if it has none yet
	value    []float64
	mark     []int32
	stamp    int32
	pattern  []int32
	stack    []int32
	progress []int
}

// eta is an exchange: position at of the basis becomes the column that was
// value in terms of the basis before.
type eta struct {
	at     int32
	pivot  float64
	others []int32
	value  []float64
}

const (
	pivotLeast = 1e-11 // a pivot below is taken for 0
	threshold  = 0.1   // share of the largest entry that a pivot must have
)

func newFactor(m int) *factor {
	return &factor{
		m: m, pivotRow: make([]int32, m), pivotAt: make([]int32, m), diagonal: make([]float64, m),
		place: make([]int32, m), value: make([]float64, m), mark: make([]int32, m),
	}
}

// compute factors the basis whose column at each position column gives. It
// returns the positions that had no pivot and the rows left over, as many; the
// factor is of use only if there are none.
func (f *factor) compute(column func(at int) ([]int32, []float64)) (dependent, rows []int32) {
	f.etas = f.etas[:0]
	f.lowHead, f.upHead = append(f.lowHead[:0], 0), append(f.upHead[:0], 0)
	f.lowRow, f.lowValue = f.lowRow[:0], f.lowValue[:0]
	f.upPivot, f.upValue = f.upPivot[:0], f.upValue[:0]
	for r := range f.place {
		f.place[r] = -1
	}
	count, order, given := f.order(column)
	done := 0
	for k, at := range order {
		rows, values := column(int(at))
		if row := f.eliminate(rows, values, given[k], count, done); row >= 0 {
			f.pivotRow[done], f.pivotAt[done] = row, at
			f.place[row] = int32(done)
			done++
		} else {
			dependent = append(dependent, at)
		}
	}
	if len(dependent) > 0 {
		for r, k := range f.place {
			if k < 0 {
				rows = append(rows, int32(r))
			}
		}
		return dependent, rows
	}
	f.transpose()
	return nil, nil
}

// order lists the positions so that columns with one entry in the rows left come
// first, then those with the only entry of a row, then the rest by their length.
// given is the row of the pivot where there is no choice, else -1; count the
// number of entries that each row has in the rest.
func (f *factor) order(column func(at int) ([]int32, []float64)) (count, order, given []int32) {
	count = make([]int32, f.m)
	length := make([]int32, f.m)
	head := make([]int32, f.m+1)
	total := 0
	for at := range f.m {
		rows, _ := column(at)
		length[at] = int32(len(rows))
		total += len(rows)
		for _, r := range rows {
			count[r]++
		}
	}
	for r, c := range count {
		head[r+1] = head[r] + c
	}
	lists, next := make([]int32, total), slices.Clone(head[:f.m])
	for at := range f.m {
		rows, _ := column(at)
		for _, r := range rows {
			lists[next[r]] = int32(at)
			next[r]++
		}
	}
	order, given = make([]int32, 0, f.m), make([]int32, 0, f.m)
	rowDone, done := make([]bool, f.m), make([]bool, f.m)
	take := func(at, row int32) {
		order, given = append(order, at), append(given, row)
		done[at], rowDone[row] = true, true
		rows, _ := column(int(at))
		for _, r := range rows {
			count[r]--
		}
		for _, other := range lists[head[row]:head[row+1]] {
			length[other]--
		}
	}
	var queue []int32
	for at := range f.m {
		if length[at] == 1 {
			queue = append(queue, int32(at))
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if done[at] || length[at] != 1 {
			continue
		}
		rows, _ := column(int(at))
		for _, r := range rows {
			if rowDone[r] {
				continue
			}
			take(at, r)
			for _, other := range lists[head[r]:head[r+1]] {
				if !done[other] && length[other] == 1 {
					queue = append(queue, other)
				}
			}
			break
		}
	}
	for r := range f.m {
		if !rowDone[r] && count[r] == 1 {
			queue = append(queue, int32(r))
		}
	}
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		if rowDone[r] || count[r] != 1 {
			continue
		}
		for _, at := range lists[head[r]:head[r+1]] {
			if done[at] {
				continue
			}
			take(at, r)
			rows, _ := column(int(at))
			for _, other := range rows {
				if !rowDone[other] && count[other] == 1 {
					queue = append(queue, other)
				}
			}
			break
		}
	}
	var rest []int32
	for at := range f.m {
		if !done[at] {
			rest = append(rest, int32(at))
		}
	}
	slices.SortStableFunc(rest, func(a, b int32) int { return int(length[a] - length[b]) })
	for _, at := range rest {
		order, given = append(order, at), append(given, -1)
	}
	return count, order, given
}

// eliminate solves L x = column, with the columns of L so far, stores what it
// gives as the next columns of L and U and returns the row of its pivot, -1 if
// it has none.
func (f *factor) eliminate(rows []int32, values []float64, given int32, count []int32, k int) int32 {
	f.stamp++
	f.pattern = f.pattern[:0]
	for _, r := range rows {
		f.reach(r)
	}
	for i, r := range rows {
		f.value[r] = values[i]
	}
	// The pattern is in an order in which every row comes after those it feeds.
	for i := len(f.pattern) - 1; i >= 0; i-- {
		r := f.pattern[i]
		pivot := f.place[r]
		if pivot < 0 {
			continue
		}
		t := f.value[r]
		if t == 0 {
			continue
		}
		for e := f.lowHead[pivot]; e < f.lowHead[pivot+1]; e++ {
			f.value[f.lowRow[e]] -= f.lowValue[e] * t
		}
	}
	var most float64
	for _, r := range f.pattern {
		if f.place[r] < 0 {
			most = max(most, math.Abs(f.value[r]))
		}
	}
	row := int32(-1)
	if most > pivotLeast {
		// A row of one column alone is its pivot whatever its size: no other
		// column meets the entries that this makes large.
		if given >= 0 && math.Abs(f.value[given]) > pivotLeast {
			row = given
		} else {
			for _, r := range f.pattern {
				if f.place[r] < 0 && math.Abs(f.value[r]) >= threshold*most &&
					(row < 0 || count[r] < count[row] || count[r] == count[row] && r < row) {
					row = r
				}
			}
		}
	}
	if row >= 0 {
		pivot := f.value[row]
		f.diagonal[k] = pivot
		for _, r := range f.pattern {
			v := f.value[r]
			switch {
			case v == 0 || r == row:
			case f.place[r] >= 0:
				f.upPivot, f.upValue = append(f.upPivot, f.place[r]), append(f.upValue, v)
			default:
				f.lowRow, f.lowValue = append(f.lowRow, r), append(f.lowValue, v/pivot)
			}
		}
		f.lowHead, f.upHead = append(f.lowHead, len(f.lowRow)), append(f.upHead, len(f.upPivot))
	}
	for _, r := range f.pattern {
		f.value[r] = 0
	}
	return row
}

// reach adds to the pattern all rows that an entry in row r feeds, depth first,
// each after those that it feeds itself.
func (f *factor) reach(r int32) {
	if f.mark[r] == f.stamp {
		return
	}
	f.mark[r] = f.stamp
	f.stack, f.progress = append(f.stack[:0], r), append(f.progress[:0], 0)
	for len(f.stack) > 0 {
		top := len(f.stack) - 1
		at := f.stack[top]
		pivot := f.place[at]
		deeper := false
		if pivot >= 0 {
			list := f.lowRow[f.lowHead[pivot]:f.lowHead[pivot+1]]
			for f.progress[top] < len(list) {
				next := list[f.progress[top]]
				f.progress[top]++
				if f.mark[next] != f.stamp {
					f.mark[next] = f.stamp
					f.stack, f.progress = append(f.stack, next), append(f.progress, 0)
					deeper = true
					break
				}
			}
		}
		if !deeper {
			f.pattern = append(f.pattern, at)
			f.stack, f.progress = f.stack[:top], f.progress[:top]
		}
	}
}

// transpose stores U by rows too.
func (f *factor) transpose() {
	f.acrossHead = append(f.acrossHead[:0], make([]int, f.m+1)...)
	for _, k := range f.upPivot {
		f.acrossHead[k+1]++
	}
	for k := range f.m {
		f.acrossHead[k+1] += f.acrossHead[k]
	}
	n := len(f.upPivot)
	f.acrossPivot, f.acrossValue = slices.Grow(f.acrossPivot[:0], n)[:n], slices.Grow(f.acrossValue[:0], n)[:n]
	next := slices.Clone(f.acrossHead[:f.m])
	for k := range f.m {
		for e := f.upHead[k]; e < f.upHead[k+1]; e++ {
			row := f.upPivot[e]
			f.acrossPivot[next[row]], f.acrossValue[next[row]] = int32(k), f.upValue[e]
			next[row]++
		}
	}
}

// forward solves B x = b. b is by row and is destroyed; x, by position, must
// come in as zeros.
func (f *factor) forward(b, x []float64) {
	for k := range f.m {
		t := b[f.pivotRow[k]]
		if t == 0 {
			continue
		}
		for e := f.lowHead[k]; e < f.lowHead[k+1]; e++ {
			b[f.lowRow[e]] -= f.lowValue[e] * t
		}
	}
	for k := f.m - 1; k >= 0; k-- {
		t := b[f.pivotRow[k]]
		b[f.pivotRow[k]] = 0
		if math.Abs(t) < 1e-14 {
			continue
		}
		t /= f.diagonal[k]
		x[f.pivotAt[k]] = t
		for e := f.upHead[k]; e < f.upHead[k+1]; e++ {
			b[f.pivotRow[f.upPivot[e]]] -= f.upValue[e] * t
		}
	}
	for i := range f.etas {
		e := &f.etas[i]
		t := x[e.at]
		if t == 0 {
			continue
		}
		t /= e.pivot
		x[e.at] = t
		for k, at := range e.others {
			x[at] -= e.value[k] * t
		}
	}
}

// backward solves y B = c. c is by position and is destroyed; y is by row.
func (f *factor) backward(c, y []float64) {
	for i := len(f.etas) - 1; i >= 0; i-- {
		e := &f.etas[i]
		t := c[e.at]
		for k, at := range e.others {
			t -= e.value[k] * c[at]
		}
		c[e.at] = t / e.pivot
	}
	for k := range f.m {
		t := c[f.pivotAt[k]]
		if math.Abs(t) < 1e-14 {
			y[f.pivotRow[k]] = 0
			continue
		}
		t /= f.diagonal[k]
		y[f.pivotRow[k]] = t
		for e := f.acrossHead[k]; e < f.acrossHead[k+1]; e++ {
			c[f.pivotAt[f.acrossPivot[e]]] -= f.acrossValue[e] * t
		}
	}
	for k := f.m - 1; k >= 0; k-- {
		if f.lowHead[k] == f.lowHead[k+1] {
			continue
		}
		t := y[f.pivotRow[k]]
		for e := f.lowHead[k]; e < f.lowHead[k+1]; e++ {
			t -= f.lowValue[e] * y[f.lowRow[e]]
		}
		y[f.pivotRow[k]] = t
	}
	clear(c)
}

// exchange makes the column that is alpha in terms of the basis the one at a
// position.
func (f *factor) exchange(at int, alpha []float64) {
	e := eta{at: int32(at), pivot: alpha[at]}
	for i, v := range alpha {
		if v != 0 && i != at {
			e.others, e.value = append(e.others, int32(i)), append(e.value, v)
		}
	}
	f.etas = append(f.etas, e)
}
