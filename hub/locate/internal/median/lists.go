package median

import (
	"math"
	"slices"
	"sync"

	"github.com/hubplan/hubplan/hub/locate/internal/near"
)

// lists holds for each demand the allowed sites in ascending cost, up to the
// reach of the demand. They are kept in blocks of demands, which are made by
// as many goroutines as there are and priced by groups.
type lists struct {
	in      *Instance
	ceiling float64   // pairs from here on are in no better solution
	reach   []float64 // per demand: all pairs of at most this cost are listed, but none from ceiling on
	blocks  []block
}

// block lists the pairs of the demands from*blockSize onwards: those of the
// k-th of them at first[k]:first[k+1].
type block struct {
	first []int32
	site  []int32
	cost  []float64
}

const blockSize = 512

// span returns the demands of a block.
func (l *lists) span(b int) (from, to int) {
	return b * blockSize, min((b+1)*blockSize, len(l.reach))
}

// full reports whether everything below the ceiling is listed for a demand.
func (l *lists) full(k int) bool { return l.reach[k] >= l.ceiling }

// newLists lists pairs up to the given reach.
func newLists(in *Instance, ceiling float64, reach []float64, stop func() bool) *lists {
	l := &lists{in: in, ceiling: ceiling, reach: reach, blocks: make([]block, (len(reach)+blockSize-1)/blockSize)}
	parallel(len(l.blocks), in.Workers, func(b int) { l.fill(b, nil, stop) })
	return l
}

// fill lists a block anew: the demands that are short, or all; the others keep
// what they have. A block that stop cuts short lists nothing and reaches
// nowhere, which is a valid list.
func (l *lists) fill(b int, short []bool, stop func() bool) {
	from, to := l.span(b)
	old := l.blocks[b]
	n := block{first: make([]int32, 1, to-from+1)}
	var pairs []near.Pair
	for k := from; k < to; k++ {
		if stop() {
			l.blocks[b] = block{first: make([]int32, to-from+1)}
			for k := from; k < to; k++ {
				l.reach[k] = 0
			}
			return
		}
		if short != nil && !short[k] {
			first, last := old.first[k-from], old.first[k-from+1]
			n.site = append(n.site, old.site[first:last]...)
			n.cost = append(n.cost, old.cost[first:last]...)
			n.first = append(n.first, int32(len(n.site)))
			continue
		}
		pairs = l.in.within(k, min(l.reach[k], l.ceiling), pairs[:0])
		slices.SortFunc(pairs, near.Compare)
		for _, p := range pairs {
			if p.Cost >= l.ceiling {
				break
			}
			n.site = append(n.site, p.Site)
			n.cost = append(n.cost, p.Cost)
		}
		n.first = append(n.first, int32(len(n.site)))
	}
	n.site, n.cost = slices.Clip(n.site), slices.Clip(n.cost)
	l.blocks[b] = n
}

// size is the number of pairs listed.
func (l *lists) size() int {
	n := 0
	for b := range l.blocks {
		n += len(l.blocks[b].site)
	}
	return n
}

// few is the part of a block's demands that may be short before their lists
// grow: what a few lose by being held back is less than the trouble. small is
// the size of lists up to which it is no trouble.
const (
	few   = blockSize / 50
	small = 4_000_000
)

// extend lengthens the lists of the demands marked.
func (l *lists) extend(short []bool, stop func() bool) {
	always := l.size() < small
	parallel(len(l.blocks), l.in.Workers, func(b int) {
		from, to := l.span(b)
		n := 0
		for k := from; k < to; k++ {
			if short[k] = short[k] && !l.full(k); short[k] {
				n++
			}
		}
		if n == 0 || n <= few && !always {
			return
		}
		for k := from; k < to; k++ {
			if short[k] {
				if l.reach[k] *= 1.5; l.reach[k] == 0 {
					l.reach[k] = math.Inf(1)
				}
			}
		}
		l.fill(b, short, stop)
		clear(short[from:to])
	})
}

// parallel calls do with 0 to n-1 from several goroutines.
func parallel(n, workers int, do func(int)) {
	if workers = min(workers, n); workers <= 1 {
		for b := range n {
			do(b)
		}
		return
	}
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for b := w; b < n; b += workers {
				do(b)
			}
		})
	}
	wait.Wait()
}
