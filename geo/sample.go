package geo

import "github.com/paulmach/orb"

// Sample is a point that stands for a share of the people of a sector, and so
// for that share of its demand.
type Sample struct {
	Point orb.Point
	Name  string  // of the place, or "cell 40d4c4" for the S2 cell
	Share float64 // of the sector's demand; the shares of a sector sum to 1
}

// minCells is how many cells a sector without places is cut into at least.
// The number of cells grows by at most four from level to level, so it is
// below four times this.
const minCells = 16

// Samples returns the points that stand for a sector: those of the places that
// belong to it (by Place.Sector) and have people, weighted by population, in
// the order given. A sector without such places is cut into 16 to 63 S2 cells
// of one size, each weighted by its area within the sector. The point is the
// centre of the cell, or where the sector does not contain that, the centre of
// mass of the part within or some other point of it. Such samples are in the
// order of the cells along the S2 curve. There are none for a sector without
// places and area.
func Samples(s *Sector, places []Place) []Sample {
	var samples []Sample
	var people float64
	for i := range places {
		if p := &places[i]; p.Sector == s.ID && p.Population > 0 {
			samples = append(samples, Sample{Point: p.Point, Name: p.Name, Share: float64(p.Population)})
			people += float64(p.Population)
		}
	}
	if len(samples) == 0 {
		return areaSamples(s)
	}
	for i := range samples {
		samples[i].Share /= people
	}
	return samples
}

// areaSamples returns the samples of a sector without places.
func areaSamples(s *Sector) []Sample {
	pieces := piecesOf(s)
	for len(pieces) > 0 && len(pieces) < minCells {
		finer := split(pieces)
		if len(finer) == 0 || finer[0].cell.Level() == pieces[0].cell.Level() {
			break // cells of a centimetre
		}
		pieces = finer
	}
	var area float64
	for i := range pieces {
		area += pieces[i].area
	}
	// The shares are of what was cut, so that they sum to 1 to the last digits.
	index := NewIndex([]Sector{*s})
	samples := make([]Sample, len(pieces))
	for i := range pieces {
		p := &pieces[i]
		samples[i] = Sample{Point: p.inside(index), Name: "cell " + p.cell.ID().ToToken(), Share: p.area / area}
	}
	return samples
}
