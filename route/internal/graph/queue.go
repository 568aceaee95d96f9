package graph

// queue is a binary min-heap of states by distance, then number, for distances
// that do not fit the packed [heap]. Entries are not decreased but pushed again.
type queue []entry

type entry struct {
	dist  int64
	state uint32
}

func (a entry) less(b entry) bool {
	return a.dist < b.dist || a.dist == b.dist && a.state < b.state
}

func (q *queue) push(dist int64, state uint32) {
	x := entry{dist, state}
	*q = append(*q, x)
	s := *q
	i := len(s) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !x.less(s[up]) {
			break
		}
		s[i] = s[up]
		i = up
	}
	s[i] = x
}

func (q *queue) pop() (dist int64, state uint32) {
	s := *q
	top := s[0]
	last := len(s) - 1
	x := s[last]
	s = s[:last]
	*q = s
	i := 0
	for {
		child := 2*i + 1
		if child >= last {
			break
		}
		if child+1 < last && s[child+1].less(s[child]) {
			child++
		}
		if !s[child].less(x) {
			break
		}
		s[i] = s[child]
		i = child
	}
	if last > 0 {
		s[i] = x
	}
	return top.dist, top.state
}
