package pack

import (
	"math/bits"
	"testing"

	"pgregory.net/rapid"
)

// cliqueNumber tries all sets.
func cliqueNumber(far []uint) int {
	most := 0
	for set := range uint(1) << len(far) {
		ok := true
		for v, row := range far {
			ok = ok && (set>>v&1 == 0 || set&^(row|1<<v) == 0)
		}
		if ok {
			most = max(most, bits.OnesCount(set))
		}
	}
	return most
}

func TestFindEqualsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "vertices")
		percent := rapid.IntRange(0, 100).Draw(t, "percent")
		far := make([]uint, n)
		for a := range n {
			for b := range a {
				if rapid.IntRange(0, 99).Draw(t, "pair") < percent {
					far[a] |= 1 << b
					far[b] |= 1 << a
				}
			}
		}
		most := cliqueNumber(far)
		together := func(a, b int) bool { return far[a]>>b&1 == 1 }
		s := Search{Stop: func() bool { return false }}
		for want := range n + 2 {
			found, proven := s.Find(n, want, together)
			if !proven || (found != nil) != (want <= most) {
				t.Fatalf("%d of %d: %v %v", want, most, found, proven)
			}
			for k, a := range found {
				if len(found) != want || k > 0 && found[k-1] >= a {
					t.Fatalf("%d: %v", want, found)
				}
				for _, b := range found[:k] {
					if !together(a, b) {
						t.Fatalf("%v are not a clique of %b", found, far)
					}
				}
			}
			short := Search{Stop: func() bool { return false }, Limit: 1}
			if found, proven := short.Find(n, want, together); proven && (found != nil) != (want <= most) {
				t.Fatalf("with one node, %d of %d: %v", want, most, found)
			}
			stopped := Search{Stop: func() bool { return true }}
			if found, proven := stopped.Find(n, want, together); proven && (found != nil) != (want <= most) {
				t.Fatalf("stopped, %d of %d: %v", want, most, found)
			}
		}
	})
}

// More vertices than bits of a word: blocks of which each has one in a clique.
func TestFindInBlocks(t *testing.T) {
	const blocks, size = 15, 9
	together := func(a, b int) bool { return a/size != b/size }
	s := Search{Stop: func() bool { return false }}
	if found, _ := s.Find(blocks*size, blocks, together); len(found) != blocks {
		t.Errorf("found %v", found)
	}
	if found, proven := s.Find(blocks*size, blocks+1, together); found != nil || !proven {
		t.Errorf("found %v, proven %v", found, proven)
	}
}
