package locate

import "fmt"

// Model is what a problem optimises.
type Model uint8

const (
	// PMedian opens exactly P sites so that the weighted cost of serving
	// every demand from its nearest open site is least (Hakimi 1964).
	PMedian Model = iota

	// MaximalCover opens exactly P sites, or sites of opening cost within
	// Budget, so that the weight of the demands with an open site within
	// Radius is largest (Church and ReVelle 1974). With Fade, demands beyond
	// the radius count in part (Church and Roberts 1983).
	MaximalCover

	// SetCover opens sites of least total opening cost so that every demand
	// has an open site within Radius (Toregas, Swain, ReVelle, Bergman 1971),
	// or with Share so that demands of so much of the weight have one.
	SetCover

	// PCenter opens exactly P sites so that the largest weighted cost of
	// serving a demand from its nearest open site is least (Hakimi 1964).
	PCenter

	// FixedCharge opens sites, any number or exactly P of them, so that the
	// sum of opening costs and of the weighted cost of serving every demand
	// from its nearest open site is least: the uncapacitated facility location
	// problem (Balinski 1965).
	FixedCharge

	// BackupCover opens exactly P sites so that the weight of the demands with
	// two open sites within Radius is largest, where every demand must have one
	// (BACOP1), or with Primary so that the sum of the weight covered once, times
	// Primary, and of that covered twice, times 1-Primary, is largest (BACOP2;
	// Hogan and ReVelle 1986).
	BackupCover

	// DoubleStandard places P units so that the weight of the demands with two
	// of them within Radius is largest, where every demand must have one within
	// Outer, and demands of Share of the weight one within Radius (Gendreau,
	// Laporte and Semet 1997).
	DoubleStandard

	// CooperativeCover opens exactly P sites so that the weight of the demands
	// at which their signals sum to at least Threshold is largest. The signal of
	// a site is 1 up to Radius and falls in a straight line to 0 at Fade
	// (Berman, Drezner and Krass 2010).
	CooperativeCover

	// Interdiction is the worst that can happen to sites that operate: it loses
	// P of the candidates so that the weighted cost of serving every demand from
	// its nearest site that is left is largest. Required and existing sites
	// cannot be lost, excluded ones are not there (r-interdiction median; Church,
	// Scaparra and Middleton 2004).
	Interdiction

	// CoverInterdiction loses P of the candidates so that the weight still
	// covered within Radius is least (r-interdiction covering; the same paper).
	CoverInterdiction

	// Fortification protects P of the candidates so that the worst loss of Loss
	// others costs least (r-interdiction median with fortification; Church and
	// Scaparra 2007).
	Fortification

	// CoverFortification protects P of the candidates so that the worst loss of
	// Loss others leaves most weight covered within Radius.
	CoverFortification

	// Dispersion opens exactly P sites so that the least distance between two
	// open ones is largest (p-dispersion; Kuby 1987). Costs are the distances
	// between sites, as many demands as sites, of which the smaller of the two
	// ways counts; they must be finite and what is at (j, j) is not looked at.
	// Weights have no meaning here.
	Dispersion

	// DispersionSum opens exactly P sites so that the sum of the distances
	// between every two open ones is largest (maximum diversity; Kuo, Glover and
	// Dhir 1993), with distances as in Dispersion.
	DispersionSum

	// Huff opens exactly P sites so that they draw most weight from rivals: each
	// demand divides itself among all that is open, its own and others', in
	// proportion to what Attraction says they are worth to it (Huff 1964).
	Huff

	// HubMedian opens exactly P hubs among nodes so that all flow between nodes,
	// which goes by way of one hub or two, costs least (p-hub median; Campbell
	// 1994, with Hub.Single O'Kelly 1987).
	HubMedian

	// HubCover opens hubs of least total opening cost so that the path of every
	// flow costs no more than Radius, or with P exactly so many so that most
	// flow has such a path (Campbell 1994). With Hub.Single, Worth and Swap are
	// left out.
	HubCover
)

var modelNames = [...]string{
	"p-median", "maximal-cover", "set-cover", "p-center", "fixed-charge",
	"backup-cover", "double-standard", "cooperative-cover",
	"interdiction", "cover-interdiction", "fortification", "cover-fortification",
	"dispersion", "dispersion-sum", "huff", "hub-median", "hub-cover",
}

// String returns the name of the model, such as "p-median".
func (m Model) String() string {
	if int(m) < len(modelNames) {
		return modelNames[m]
	}
	return fmt.Sprintf("Model(%d)", uint8(m))
}

// MarshalText writes the name of the model.
func (m Model) MarshalText() ([]byte, error) {
	if int(m) >= len(modelNames) {
		return nil, fmt.Errorf("locate: there is no %v", m)
	}
	return []byte(modelNames[m]), nil
}

// UnmarshalText reads the name of a model, such as "p-median".
func (m *Model) UnmarshalText(text []byte) error {
	for i, name := range modelNames {
		if name == string(text) {
			*m = Model(i)
			return nil
		}
	}
	return fmt.Errorf("locate: there is no model %q", text)
}
