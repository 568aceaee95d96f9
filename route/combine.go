package route

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/geo/input"
	"github.com/hubplan/hubplan/route/internal/noding"
	"github.com/paulmach/orb"
)

// ErrTerminal is wrapped by every error about a terminal.
var ErrTerminal = errors.New("invalid terminal")

// Terminal is a place where goods change from one network to another: a railway
// station with a ramp, a port, a container yard.
type Terminal struct {
	Name     string
	Point    orb.Point
	Time     time.Duration // of a change, the way between the networks included; above zero
	Capacity Mass          // what may change in a day; zero for not known
	Limit    geo.Distance  // how far from the networks it may be; zero for a kilometre
}

// Tie is where a terminal meets a part of a combined network.
type Tie struct {
	Terminal, Part int
	Node           int // of the combined network
	Distance       geo.Distance
}

// Combined is several networks in one.
type Combined struct {
	Network *Network
	// Node holds per part the number of its first node in the network; the nodes of
	// a part keep their order.
	Node []int
	// Ties are in the order of the terminals, then of the parts.
	Ties []Tie
	// Apart lists the terminals that are near fewer than two parts, and so join
	// nothing.
	Apart []int
}

// Combine puts networks side by side, of roads, railways or ferries, and joins them
// at terminals: at each, every two parts that have an edge within its limit are
// joined by an edge of class [Transfer], open both ways, which takes the terminal's
// time. It starts at the nearest point of the part; an edge is split there, its
// length and its duration shared out by geometry, and turns go with the pieces. Ties
// keep off motorways, ferries and transfers. One router on the result answers for
// ways that change as often as it pays; a profile that may ([Profile.With]) has a
// speed on [Transfer], which decides nothing else.
//
// Networks are not joined anywhere else, not even where they touch. Errors wrap
// [ErrTerminal], or [ErrNetwork] for no part at all.
func Combine(parts []*Network, terminals []Terminal) (*Combined, error) {
	if len(parts) == 0 {
		return nil, fmt.Errorf("route: %w: no parts to combine", ErrNetwork)
	}
	c := &Combined{}
	for i, t := range terminals {
		if err := t.validate(); err != nil {
			return nil, fmt.Errorf("route: %w %d %q: %w", ErrTerminal, i, t.Name, err)
		}
	}
	tied := make([][]tie, len(terminals)) // by terminal, in the order of the parts
	var nodes []Node
	var edges []Edge
	var turns []Turn
	for p, n := range parts {
		c.Node = append(c.Node, len(nodes))
		s := newSeam(n, terminals, len(nodes), len(edges))
		nodes = append(nodes, s.nodes...)
		edges = append(edges, s.edges...)
		turns = append(turns, s.turns...)
		for _, t := range s.ties {
			t.part = p
			tied[t.terminal] = append(tied[t.terminal], t)
		}
	}
	for i, ties := range tied {
		if len(ties) < 2 {
			c.Apart = append(c.Apart, i)
			continue
		}
		t := &terminals[i]
		for a, x := range ties {
			c.Ties = append(c.Ties, Tie{i, x.part, x.node, x.distance})
			for _, y := range ties[a+1:] {
				edges = append(edges, Edge{
					From: x.node, To: y.node, Class: Transfer, Name: t.Name,
					Attributes: Attributes{Duration: t.Time, Capacity: t.Capacity},
				})
			}
		}
	}
	var err error
	c.Network, err = NewNetwork(nodes, edges, turns...)
	return c, err
}

func (t *Terminal) validate() error {
	if err := checkPoint(t.Point); err != nil {
		return err
	}
	switch {
	case !(t.Time > 0):
		return fmt.Errorf("a transfer takes %v", t.Time)
	case !(t.Capacity >= 0) || math.IsInf(float64(t.Capacity), 0):
		return fmt.Errorf("capacity %v t/day", float64(t.Capacity))
	case !(t.Limit >= 0) || math.IsInf(float64(t.Limit), 0):
		return fmt.Errorf("limit %v m", float64(t.Limit))
	}
	return nil
}

// defaultTerminalLimit is how far from networks a terminal may be that does not say.
const defaultTerminalLimit = 1 * geo.Kilometer

// tie is a Tie in the making.
type tie struct {
	terminal, part int
	edge           int
	fraction       float64
	node           int
	distance       geo.Distance
}

// seam is a network with its edges split where terminals are.
type seam struct {
	nodes []Node
	edges []Edge
	turns []Turn
	ties  []tie
}

// newSeam splits a network for terminals; its nodes and edges get numbers from
// firstNode and firstEdge on.
func newSeam(n *Network, terminals []Terminal, firstNode, firstEdge int) *seam {
	s := &seam{nodes: slices.Clone(n.nodes)}
	lines := make([]orb.LineString, n.Edges())
	for e := range lines {
		lines[e] = n.lineOf(e)
	}
	index := geo.NewLineIndex(lines)
	for i, t := range terminals {
		limit := t.Limit
		if limit == 0 {
			limit = defaultTerminalLimit
		}
		at, ok := index.Nearest(t.Point, limit, func(e int) bool {
			return n.class[e] != Motorway && n.class[e] != Ferry && n.class[e] != Transfer
		})
		if !ok {
			continue
		}
		x := tie{terminal: i, edge: at.Line, distance: at.Distance}
		switch whole := geo.Length(lines[at.Line]); {
		case at.Along <= joinTolerance:
		case at.Along >= whole-joinTolerance:
			x.fraction = 1
		default:
			x.fraction = float64(at.Along / whole)
		}
		s.ties = append(s.ties, x)
	}
	byEdge := make([]int, len(s.ties))
	for i := range byEdge {
		byEdge[i] = i
	}
	slices.SortStableFunc(byEdge, func(a, b int) int {
		x, y := &s.ties[a], &s.ties[b]
		return cmp.Or(cmp.Compare(x.edge, y.edge), cmp.Compare(x.fraction, y.fraction))
	})
	first := make([]int, n.Edges()+1) // of the pieces of each edge
	for e := range n.Edges() {
		first[e] = len(s.edges)
		whole := n.Edge(e)
		whole.From += firstNode
		whole.To += firstNode
		var cuts []*tie
		for ; len(byEdge) > 0 && s.ties[byEdge[0]].edge == e; byEdge = byEdge[1:] {
			switch t := &s.ties[byEdge[0]]; t.fraction {
			case 0:
				t.node = whole.From
			case 1:
				t.node = whole.To
			default:
				cuts = append(cuts, t)
			}
		}
		if len(cuts) == 0 {
			s.edges = append(s.edges, whole)
			continue
		}
		var pieces []noding.Piece
		from, start := whole.From, 0.0
		cut := func(to int, end float64) {
			pieces = append(pieces, noding.Piece{From: from, To: to, Start: start, End: end, Points: n.Stretch(Leg{e, start, end})})
			from, start = to, end
		}
		for _, t := range cuts {
			if t.fraction > start {
				to := firstNode + len(s.nodes)
				cut(to, t.fraction)
				last := pieces[len(pieces)-1].Points
				s.nodes = append(s.nodes, Node{Name: terminals[t.terminal].Name, Point: last[len(last)-1]})
			}
			t.node = from
		}
		cut(whole.To, 1)
		s.edges = appendParts(s.edges, &whole, pieces)
	}
	first[n.Edges()] = len(s.edges)
	for _, t := range n.turns {
		s.turns = append(s.turns, Turn{piecesOf(t.Path, first, firstEdge), t.Vehicles})
	}
	return s
}

// piecesOf is the path of a turn over the pieces of its edges: of the first edge the
// last piece travelled, of the last edge the first, and all of those between.
func piecesOf(path []Step, first []int, firstEdge int) []Step {
	var steps []Step
	for i, x := range path {
		var pieces []Step
		for piece := first[x.Edge()]; piece < first[x.Edge()+1]; piece++ {
			pieces = append(pieces, Forth(firstEdge+piece)|x&1)
		}
		if x.Backward() {
			slices.Reverse(pieces)
		}
		switch i {
		case 0:
			pieces = pieces[len(pieces)-1:]
		case len(path) - 1:
			pieces = pieces[:1]
		}
		steps = append(steps, pieces...)
	}
	return steps
}

// ReadTerminals reads terminals from CSV with the columns
//
//	name            what it is called
//	lon, lat        degrees
//	transfer_min    time of a change in minutes, above 0 and at most 14,400
//	capacity_t_day  optional, what may change in a day in tonnes
//	limit_km        optional, how far from the networks it may be; 1 if empty
//
// Errors are [input.Errors] with the line and column of each problem.
func ReadTerminals(r io.Reader, file string) ([]Terminal, error) {
	var p input.Problems
	table := input.ReadTable(r, file, &p, []string{"name", "lon", "lat", "transfer_min"}, "capacity_t_day", "limit_km")
	var list []Terminal
	for row := range table.Rows() {
		t := Terminal{Name: row.Text("name"), Point: row.Point()}
		t.Time = time.Duration(row.Number("transfer_min", 0, maxWait) * float64(time.Minute))
		if row.Optional("capacity_t_day") != "" {
			t.Capacity = Mass(row.Number("capacity_t_day", 0, 1e9))
		}
		if row.Optional("limit_km") != "" {
			t.Limit = geo.Distance(row.Number("limit_km", 0, 1000)) * geo.Kilometer
		}
		if row.OK() && t.Time <= 0 {
			row.Fail("transfer_min", input.Errorf(input.ErrRange, "a change takes time"))
		}
		list = append(list, t)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return list, nil
}
