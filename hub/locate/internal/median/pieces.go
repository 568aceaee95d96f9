package median

import "slices"

// pieces splits the sites of a part into pieces of sites that serve the same
// demands. The cell of each open site that the local search is at is a first
// piece; the smallest is joined to the one it has most to do with, while none
// grows beyond size.
func (m *Model) pieces(p *part, u []float64, size int) [][]int32 {
	home := m.cells(p, u)
	pieces := make([][]int32, len(m.search.open)+1) // the last has what no demand would turn to
	for _, j := range p.sites {
		if home[j] < 0 {
			home[j] = int32(len(m.search.open))
		}
		pieces[home[j]] = append(pieces[home[j]], j)
	}
	ties := m.ties(p, u, home, len(pieces))
	done := make([]bool, len(pieces)) // can be joined to no other
	for {
		small := -1
		for a, sites := range pieces {
			if sites != nil && !done[a] && (small < 0 || len(sites) < len(pieces[small])) {
				small = a
			}
		}
		if small < 0 {
			break
		}
		with := -1
		for b, tie := range ties[small] {
			if tie > 0 && pieces[b] != nil && len(pieces[b])+len(pieces[small]) <= size &&
				(with < 0 || tie > ties[small][with]) {
				with = b
			}
		}
		if with < 0 {
			done[small] = true
			continue
		}
		pieces[with] = append(pieces[with], pieces[small]...)
		pieces[small], done[with] = nil, false
		for b := range ties {
			ties[with][b] += ties[small][b]
			ties[b][with] = ties[with][b]
		}
		ties[with][with] = 0
	}
	pieces = slices.DeleteFunc(pieces, func(sites []int32) bool { return sites == nil })
	for _, sites := range pieces {
		slices.Sort(sites)
	}
	return pieces
}

// cells gives for each site the position of the open site nearest to the
// demand that would gain most from it at the multipliers, -1 for none.
func (m *Model) cells(p *part, u []float64) []int32 {
	cell, most := make([]int32, len(m.in.Fixed)), make([]float64, len(m.in.Fixed))
	for j := range cell {
		cell[j] = -1
	}
	for _, k := range p.demands {
		at := m.search.near[k].p1
		sites, costs := m.row(k)
		for e, j := range sites {
			if gain := u[k] - costs[e]; gain > most[j] {
				cell[j], most[j] = at, gain
			}
		}
	}
	return cell
}

// ties adds up for each two of n pieces what the demands between them would
// gain from either.
func (m *Model) ties(p *part, u []float64, home []int32, n int) [][]float64 {
	ties := make([][]float64, n)
	for a := range ties {
		ties[a] = make([]float64, n)
	}
	gain := make([]float64, n)
	var list []int32
	for _, k := range p.demands {
		for _, a := range list {
			gain[a] = 0
		}
		list = list[:0]
		sites, costs := m.row(k)
		for e, j := range sites { // nearest first
			if a := home[j]; costs[e] < u[k] && gain[a] == 0 {
				gain[a] = u[k] - costs[e]
				list = append(list, a)
			}
		}
		for _, a := range list {
			for _, b := range list {
				if a != b {
					ties[a][b] += min(gain[a], gain[b])
				}
			}
		}
	}
	return ties
}
