package format

import (
	"context"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/hub/locate"
)

// keywords of the specification part of a TSPLIB file, and sections of the
// data part.
var (
	keywords = []string{
		"NAME", "TYPE", "COMMENT", "DIMENSION", "CAPACITY", "EDGE_WEIGHT_TYPE",
		"EDGE_WEIGHT_FORMAT", "EDGE_DATA_FORMAT", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE",
	}
	sections = []string{"NODE_COORD_SECTION", "DEMAND_SECTION", "EOF"}
)

// metricsOf are the edge weight types that distances between coordinates in
// the plane or on the globe are read for.
var metricsOf = map[string]locate.Metric{
	"EUC_2D":  locate.RoundEuclidean,
	"CEIL_2D": locate.CeilEuclidean,
	"ATT":     locate.PseudoEuclidean,
	"GEO":     locate.Geographical,
}

// ReadTSPLIB reads the coordinates of a TSPLIB file (Reinelt 1991) with edge
// weights of type EUC_2D, CEIL_2D, ATT or GEO: every node is a demand of
// weight 1 and a site, at the distance that the type defines. The line EOF may
// be missing.
//
// It also reads files of TYPE : MCLP, which list coordinates and then, in a
// DEMAND_SECTION, weights, both without the number of the node, for maximal
// cover. Their distances are Euclidean and not rounded; if the edge weight
// type is COORD, the coordinates are latitude and longitude in degrees and the
// metric is GreatCircle, in metres.
func ReadTSPLIB(ctx context.Context, r io.Reader, file string) (*Instance, error) {
	t := &tsplib{words: newWords(ctx, r, file)}
	for !t.ended && t.next() {
		t.entry()
	}
	if t.ok() {
		t.complete()
	}
	if t.err != nil {
		return nil, t.err
	}
	return t.instance(), nil
}

// tsplib is what is known of a TSPLIB file so far.
type tsplib struct {
	*words
	kind, weights string // TYPE and EDGE_WEIGHT_TYPE
	dimension     int    // 0 if unknown
	points        [][2]float64
	demands       []float64
	ended         bool     // by EOF
	seen          []string // entries and sections
}

// entry reads the entry or section that begins with the last word.
func (t *tsplib) entry() {
	key, tail, colon := strings.Cut(string(t.word), ":")
	line, column := t.line, t.column
	if t.ended = key == "EOF"; t.ended {
		return
	}
	isKey := slices.Contains(keywords, key)
	switch {
	case !isKey && !slices.Contains(sections, key):
		t.fail("", input.Errorf(input.ErrUnknownKey, "unknown keyword %s", quote([]byte(key))))
		return
	case key != "COMMENT" && slices.Contains(t.seen, key):
		t.fail(key, input.Errorf(input.ErrDuplicate, "appears twice"))
		return
	}
	t.seen = append(t.seen, key)
	if !isKey {
		t.section(key)
		return
	}
	value := strings.TrimSpace(tail + " " + t.rest())
	if !colon {
		after, found := strings.CutPrefix(value, ":")
		if !found {
			t.line, t.column = line, column
			t.fail(key, input.Errorf(input.ErrSyntax, "no colon behind the keyword"))
		}
		value = strings.TrimSpace(after)
	}
	switch key {
	case "TYPE":
		t.kind, _, _ = strings.Cut(value, " ")
	case "EDGE_WEIGHT_TYPE":
		t.weights = value
	case "DIMENSION":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > math.MaxInt32 {
			t.line, t.column = line, column
			t.fail(key, input.Errorf(input.ErrRange, "%s is not a number of nodes", quote([]byte(value))))
		}
		t.dimension = n
	}
}

// section reads the data that follow the name of a section.
func (t *tsplib) section(name string) {
	mclp := t.kind == "MCLP"
	switch {
	case t.dimension == 0:
		t.fail(name, input.Errorf(input.ErrMissing, "DIMENSION has to come before"))
	case name == "DEMAND_SECTION" && mclp:
		for k := 0; k < t.dimension && t.ok(); k++ {
			t.demands = append(t.demands, t.cost("demand"))
		}
	case name == "DEMAND_SECTION":
		t.fail(name, input.Errorf(input.ErrUnknown, "only files of TYPE : MCLP are read with demands"))
	case mclp:
		for k := 0; k < t.dimension && t.ok(); k++ {
			t.points = append(t.points, [2]float64{t.coordinate("coordinate"), t.coordinate("coordinate")})
		}
	default:
		t.nodes()
	}
}

// nodes reads numbered coordinates, in any order.
func (t *tsplib) nodes() {
	var numbers []int
	for k := 0; k < t.dimension && t.ok(); k++ {
		numbers = append(numbers, t.integer("node", 1, t.dimension)-1)
		t.points = append(t.points, [2]float64{t.coordinate("coordinate"), t.coordinate("coordinate")})
	}
	if !t.ok() {
		return
	}
	placed, done := make([][2]float64, t.dimension), make([]bool, t.dimension)
	for k, v := range numbers {
		if done[v] {
			t.fail("NODE_COORD_SECTION", input.Errorf(input.ErrDuplicate, "node %d appears twice", v+1))
			return
		}
		placed[v], done[v] = t.points[k], true
	}
	t.points = placed
}

// complete looks at what must be there in the end.
func (t *tsplib) complete() {
	_, known := metricsOf[t.weights]
	switch {
	case t.points == nil:
		t.fail("NODE_COORD_SECTION", input.Errorf(input.ErrMissing, "section missing"))
	case t.kind == "MCLP" && t.demands == nil:
		t.fail("DEMAND_SECTION", input.Errorf(input.ErrMissing, "section missing"))
	case t.kind == "MCLP":
	case t.weights == "":
		t.fail("EDGE_WEIGHT_TYPE", input.Errorf(input.ErrMissing, "entry missing"))
	case !known:
		t.fail("EDGE_WEIGHT_TYPE", input.Errorf(input.ErrUnknown, "%s is not one of EUC_2D, CEIL_2D, ATT, GEO", quote([]byte(t.weights))))
	}
}

func (t *tsplib) instance() *Instance {
	metric := metricsOf[t.weights]
	in := &Instance{Format: TSPLIB}
	if t.kind == "MCLP" {
		metric = locate.Euclidean
		in.Model, in.Stated, in.Weight = locate.MaximalCover, true, t.demands
		if in.globe = t.weights == "COORD"; in.globe {
			metric = locate.GreatCircle
			for k, p := range t.points {
				t.points[k] = [2]float64{p[1], p[0]}
			}
		}
	}
	in.Costs = locate.Points{Demands: t.points, Sites: t.points, Metric: metric}
	return in
}
