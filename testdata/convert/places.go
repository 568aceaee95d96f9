package main

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// place is one populated place.
type place struct {
	geonameID  int
	id, name   string
	position   point
	population int
	sector     string
}

// tally counts how the sectors of places were found.
type tally struct {
	byCode int // outside every boundary: the region code of the gazetteer decides
	differ int // the boundary decides, against the region code
}

// Columns of the GeoNames dump ("geoname" table of its readme.txt).
const (
	colID         = 0
	colName       = 1
	colAlternates = 3
	colLatitude   = 4
	colLongitude  = 5
	colFeature    = 7
	colCountry    = 8
	colAdmin1     = 10
	colPopulation = 14
	columns       = 19
)

// Populated places that are kept: PPL and the seats of administrations.
// Sections of places (PPLX), abandoned, destroyed and historical places
// (PPLQ, PPLW, PPLH) are left out.
var kept = []string{"PPL", "PPLA", "PPLA2", "PPLA3", "PPLA4", "PPLC"}

// readGazetteer reads the places of Ukraine, sorted by id.
//
// A place belongs to the sector whose boundary contains it. Where no boundary
// does (the coast and the state border are generalised) the region code of the
// gazetteer decides.
func readGazetteer(r io.Reader, sectors []sector) ([]place, tally, error) {
	var places []place
	var count tally
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20) // lists of alternate names are long
	for number := 1; scanner.Scan(); number++ {
		f := strings.Split(scanner.Text(), "\t")
		if len(f) != columns {
			return nil, count, fmt.Errorf("line %d: %d columns, want %d", number, len(f), columns)
		}
		if f[colCountry] != "UA" || !slices.Contains(kept, f[colFeature]) {
			continue
		}
		p, err := parsePlace(f)
		if err != nil {
			return nil, count, fmt.Errorf("line %d: %w", number, err)
		}
		coded, ok := regionBy(func(r region) bool { return r.admin1 == f[colAdmin1] })
		if !ok {
			return nil, count, fmt.Errorf("line %d: unknown region code %q", number, f[colAdmin1])
		}
		i := slices.IndexFunc(sectors, func(s sector) bool { return s.contains(p.position) })
		switch {
		case i < 0:
			p.sector = coded.code
			count.byCode++
		default:
			p.sector = sectors[i].code
			if p.sector != coded.code {
				count.differ++
			}
		}
		places = append(places, p)
	}
	if err := scanner.Err(); err != nil {
		return nil, count, err
	}
	places = dropTwins(places)
	assignIDs(places)
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.id, b.id) })
	return places, count, nil
}

// parsePlace reads one record of the dump.
func parsePlace(f []string) (place, error) {
	id, err := strconv.Atoi(f[colID])
	if err != nil {
		return place{}, err
	}
	lat, err := strconv.ParseFloat(f[colLatitude], 64)
	if err != nil {
		return place{}, err
	}
	lon, err := strconv.ParseFloat(f[colLongitude], 64)
	if err != nil {
		return place{}, err
	}
	population, err := strconv.Atoi(f[colPopulation])
	if err != nil {
		return place{}, err
	}
	return place{
		geonameID:  id,
		name:       presentName(id, f[colName], f[colAdmin1], strings.Split(f[colAlternates], ",")),
		position:   point{round5(lon), round5(lat)},
		population: population,
	}, nil
}

// byRank orders places by population, largest first, then by GeoNames id.
func byRank(a, b place) int {
	return cmp.Or(cmp.Compare(b.population, a.population), cmp.Compare(a.geonameID, b.geonameID))
}

// dropTwins removes places entered twice: the same name and sector within 3 km.
// The more populous entry stays.
func dropTwins(places []place) []place {
	slices.SortFunc(places, byRank)
	var single []place
	for _, p := range places {
		if !slices.ContainsFunc(single, func(q place) bool {
			return q.name == p.name && q.sector == p.sector && kilometres(q.position, p.position) < 3
		}) {
			single = append(single, p)
		}
	}
	return single
}

// assignIDs gives every place its id: the plain name to the most populous
// bearer, "Name (UA-53)" to the first other one of a sector, then
// "Name (UA-53) 2" and so on.
func assignIDs(places []place) {
	slices.SortFunc(places, byRank)
	taken := make(map[string]bool, len(places))
	for i := range places {
		p := &places[i]
		p.id = p.name
		for n := 1; taken[p.id]; n++ {
			p.id = fmt.Sprintf("%s (%s)", p.name, p.sector)
			if n > 1 {
				p.id += " " + strconv.Itoa(n)
			}
		}
		taken[p.id] = true
	}
}

// writePlaces writes the table of places.
func writePlaces(w io.Writer, places []place) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"id", "name", "lon", "lat", "population", "sector"}); err != nil {
		return err
	}
	for _, p := range places {
		record := []string{p.id, p.name, degrees(p.position[0]), degrees(p.position[1]), strconv.Itoa(p.population), p.sector}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
