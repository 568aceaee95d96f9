package osm

import (
	"container/heap"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hubplan/hubplan/geo"
	"github.com/paulmach/orb"
)

// The oracle reads a map and searches it another way than the package: all of the
// file at once, every vertex of a way a node of the graph, rules of its own for one
// kind of car, and turn restrictions as words over vertices that a path must not
// contain. It shares with the package only what the words of the documentation say.

// oracle is the graph: a segment is two neighbouring vertices of a way in one
// direction of travel.
type oracle struct {
	segments []segment
	out      map[int64][]int // segments that begin at a vertex
	of       map[int64][]int // segments of a way
	turnable map[int64]bool  // where one may turn round: junctions and ends of ways
	shut     map[int64]bool  // a barrier no car passes
	words    [][]int         // sequences of segments that are forbidden
	starts   map[int][]int   // words by their first segment
	at       map[int64]orb.Point

	// The same by numbers of vertices, for the search.
	number     map[int64]int
	next       [][]int
	stop, turn []bool
}

type segment struct {
	from, to int64
	way      int64
	cost     float64
	reverse  int  // or -1
	back     bool // against the drawing
	end      int  // number of the vertex to
}

// oracleSpeeds are metres per second by the value of highway.
var oracleSpeeds = map[string]float64{
	"motorway": 36, "trunk": 27, "primary": 22, "secondary": 19, "tertiary": 16, "unclassified": 14,
	"road": 14, "residential": 8, "living_street": 8, "service": 5, "track": 3,
}

func newOracle(m *xmlMap) *oracle {
	o := &oracle{out: make(map[int64][]int), of: make(map[int64][]int), turnable: make(map[int64]bool), shut: make(map[int64]bool), starts: make(map[int][]int), at: make(map[int64]orb.Point)}
	need := make(map[int64]bool)
	for _, w := range m.Ways {
		if tags := tagMap(w.Tags); tags["highway"] != "" || tags["route"] != "" {
			for _, r := range w.Refs {
				need[r.ID] = true
			}
		}
	}
	for _, n := range m.Nodes {
		if need[n.ID] {
			o.at[n.ID] = orb.Point{n.Lon, n.Lat}
		}
	}
	passed := make(map[int64]int)
	ways := make(map[int64]bool)
	for _, w := range m.Ways {
		tags := tagMap(w.Tags)
		speed, ok := oracleSpeeds[strings.TrimSuffix(tags["highway"], "_link")]
		ferry := !ok && (tags["route"] == "ferry" || tags["route"] == "shuttle_train")
		if ferry {
			speed = 5
		}
		if !ok && !ferry || tags["area"] == "yes" {
			continue
		}
		var refs []int64
		for _, r := range w.Refs {
			if len(refs) == 0 || refs[len(refs)-1] != r.ID {
				refs = append(refs, r.ID)
			}
		}
		if len(refs) < 2 {
			continue
		}
		ways[w.ID] = true
		forth, back := oracleDirections(tags, ferry)
		cars := oracleFlow(tags, "oneway", "oneway:vehicle", "oneway:motor_vehicle", "oneway:motorcar")
		goods := oracleFlow(tags, "oneway", "oneway:vehicle", "oneway:motor_vehicle", "oneway:goods", "oneway:hgv")
		is := func(flow, a, b, c string) bool { return flow == a || flow == b || flow == c }
		along := is(cars, "yes", "1", "true") && is(goods, "yes", "1", "true")
		against := is(cars, "-1", "reverse", "-1") && is(goods, "-1", "reverse", "-1")
		var whole float64
		complete := true
		for i, id := range refs {
			passed[id]++
			_, here := o.at[id]
			complete = complete && here
			if i == 0 || i == len(refs)-1 {
				o.turnable[id] = true
				continue
			}
			_, before := o.at[refs[i-1]]
			_, after := o.at[refs[i+1]]
			if !before || !after {
				o.turnable[id] = true
			}
		}
		for i := 1; i < len(refs); i++ {
			whole += float64(geo.Between(o.at[refs[i-1]], o.at[refs[i]]))
		}
		for i := 1; i < len(refs); i++ {
			a, okA := o.at[refs[i-1]]
			b, okB := o.at[refs[i]]
			if !okA || !okB {
				continue
			}
			cost := float64(geo.Between(a, b)) / speed
			if minutes := oracleMinutes(tags["duration"]); ferry && minutes > 0 && complete && whole > 0 {
				cost = float64(geo.Between(a, b)) / whole * minutes * 60
			}
			// What is closed to cars alone is there, for restrictions to name, and
			// takes for ever; what is one-way for goods vehicles as well is not.
			price := func(open bool) float64 {
				if open {
					return cost
				}
				return math.Inf(1)
			}
			first := len(o.segments)
			if !against {
				o.add(segment{refs[i-1], refs[i], w.ID, price(forth), -1, false, 0})
			}
			if !along {
				o.add(segment{refs[i], refs[i-1], w.ID, price(back), -1, true, 0})
			}
			if !along && !against {
				o.segments[first].reverse, o.segments[first+1].reverse = first+1, first
			}
		}
	}
	for id, n := range passed {
		o.turnable[id] = o.turnable[id] || n > 1
	}
	for _, n := range m.Nodes {
		if passed[n.ID] > 0 && oracleShut(tagMap(n.Tags)) {
			o.shut[n.ID], o.turnable[n.ID] = true, true
		} else if tags := tagMap(n.Tags); tags["barrier"] == "border_control" || tags["barrier"] == "toll_booth" || tags["maxheight"] != "" {
			o.turnable[n.ID] = o.turnable[n.ID] || tags["barrier"] != ""
		}
	}
	for _, r := range m.Relations {
		o.restrict(r, ways)
	}
	for i, w := range o.words {
		o.starts[w[0]] = append(o.starts[w[0]], i)
	}
	o.number = make(map[int64]int)
	for i := range o.segments {
		for _, v := range []int64{o.segments[i].from, o.segments[i].to} {
			if _, ok := o.number[v]; !ok {
				o.number[v] = len(o.next)
				o.next = append(o.next, o.out[v])
				o.stop, o.turn = append(o.stop, o.shut[v]), append(o.turn, o.turnable[v])
			}
		}
		o.segments[i].end = o.number[o.segments[i].to]
	}
	return o
}

func (o *oracle) add(s segment) {
	o.out[s.from] = append(o.out[s.from], len(o.segments))
	o.of[s.way] = append(o.of[s.way], len(o.segments))
	o.segments = append(o.segments, s)
}

var oracleAccess = map[string]bool{
	"yes": true, "designated": true, "permissive": true, "official": true, "public": true, "discouraged": true, "variable": true,
	"destination": true, "delivery": true, "customers": true,
	"private": false, "permit": false, "residents": false, "employees": false, "no": false, "agricultural": false, "forestry": false,
	"bus": false, "psv": false, "emergency": false, "military": false, "school": false, "restricted": false, "unload": false,
}

// oracleOpen reports whether tags let cars pass, and whether they say so.
func oracleOpen(tags map[string]string, direction string) (open, said bool) {
	for _, k := range []string{"motorcar", "motor_vehicle", "vehicle", "access"} {
		v := tags[k+direction]
		if v == "" {
			v = tags[k]
		}
		for _, part := range strings.Split(v, ";") {
			if x, ok := oracleAccess[strings.TrimSpace(part)]; ok {
				open, said = open || x, true
			}
		}
		if said {
			return open, true
		}
	}
	return true, false
}

func oracleDirections(tags map[string]string, ferry bool) (forth, back bool) {
	forth, saidForth := oracleOpen(tags, ":forward")
	back, saidBack := oracleOpen(tags, ":backward")
	onFoot := func(k string) bool { return tags[k] != "" && tags[k] != "no" }
	if ferry && (onFoot("foot") || onFoot("bicycle")) {
		forth, back = forth && saidForth, back && saidBack
	}
	switch oracleFlow(tags, "oneway", "oneway:vehicle", "oneway:motor_vehicle", "oneway:motorcar") {
	case "yes", "1", "true":
		back = false
	case "-1", "reverse":
		forth = false
	case "reversible":
		forth, back = false, false
	}
	return forth, back
}

// oracleFlow is what the last of some keys that is given says of one way.
func oracleFlow(tags map[string]string, keys ...string) string {
	way := "no"
	if j := tags["junction"]; j == "roundabout" || j == "circular" || strings.HasPrefix(tags["highway"], "motorway") {
		way = "yes"
	}
	for _, k := range keys {
		switch v := tags[k]; v {
		case "yes", "no", "-1", "reversible", "1", "true", "0", "false", "reverse", "alternating":
			way = v
		}
	}
	return way
}

func oracleMinutes(s string) float64 {
	h, m, ok := strings.Cut(s, ":")
	x, err := strconv.ParseFloat(h, 64)
	if err != nil {
		return 0
	}
	if !ok {
		return x
	}
	y, _ := strconv.ParseFloat(m, 64)
	return 60*x + y
}

// oracleShut reports whether a node is a barrier that stops cars.
func oracleShut(tags map[string]string) bool {
	if tags["barrier"] == "" {
		return false
	}
	if open, said := oracleOpen(tags, ""); said {
		return !open
	}
	switch tags["barrier"] {
	case "no", "entrance", "gate", "lift_gate", "swing_gate", "sliding_gate", "sliding_beam", "hampshire_gate", "bump_gate", "rope",
		"chain", "cattle_grid", "toll_booth", "border_control", "checkpoint", "sally_port", "height_restrictor", "kerb", "arch", "coupure", "flood_gate":
		return tags["locked"] == "yes"
	}
	return true
}

// restrict turns a restriction into forbidden words.
func (o *oracle) restrict(r xmlRelation, ways map[int64]bool) {
	tags := tagMap(r.Tags)
	for _, m := range r.Members {
		if m.Type == "node" && m.Role == "via" && tags["type"] == "restriction" {
			o.turnable[m.ID] = true
		}
	}
	if tags["type"] != "restriction" || tags["day_on"] != "" || tags["hour_on"] != "" {
		return
	}
	kind := tags["restriction"]
	if kind == "" {
		kind = tags["restriction:motor_vehicle"]
	}
	if kind == "" {
		kind = tags["restriction:motorcar"]
	}
	for _, e := range strings.Split(tags["except"], ";") {
		if e = strings.TrimSpace(e); e == "motorcar" || e == "motor_vehicle" || e == "vehicle" {
			return
		}
	}
	only := strings.HasPrefix(kind, "only_")
	if !only && !strings.HasPrefix(kind, "no_") {
		return
	}
	var from, via, to []int64
	var nodes []int64
	for _, m := range r.Members {
		switch {
		case m.Type == "node" && m.Role == "via":
			nodes = append(nodes, m.ID)
		case m.Type == "way" && m.Role == "from":
			from = append(from, m.ID)
		case m.Type == "way" && m.Role == "via":
			via = append(via, m.ID)
		case m.Type == "way" && m.Role == "to":
			to = append(to, m.ID)
		}
	}
	if len(from) == 0 || len(to) == 0 || len(nodes)+min(1, len(via)) != 1 {
		return
	}
	if len(via) == 0 {
		if !only && len(from) == 1 && len(to) == 1 && from[0] == to[0] {
			for _, i := range o.of[from[0]] {
				if s := o.segments[i]; s.to == nodes[0] && s.reverse >= 0 {
					o.words = append(o.words, []int{i, s.reverse})
				}
			}
			return
		}
		o.forbid(only, from, nil, to, nodes[0], nodes[0])
		return
	}
	// The ways of via, each as the segments forth or back; all combinations are tried.
	var chains [][]int
	for bits := range 1 << min(len(via), 10) {
		var chain []int
		ok := true
		for k, w := range via {
			part := o.along(w, bits>>k&1 == 1)
			if part == nil || len(chain) > 0 && o.segments[chain[len(chain)-1]].to != o.segments[part[0]].from {
				ok = false
				break
			}
			chain = append(chain, part...)
		}
		if ok {
			a, b := o.segments[chain[0]].from, o.segments[chain[len(chain)-1]].to
			if len(o.unique(from, a, true)) > 0 && len(o.unique(to, b, false)) > 0 {
				chains = append(chains, chain)
			}
		}
	}
	if len(chains) == 1 {
		c := chains[0]
		o.forbid(only, from, c, to, o.segments[c[0]].from, o.segments[c[len(c)-1]].to)
	}
}

// along returns the segments of a whole way in one direction, nil if it is cut or
// closed to cars that way, or begins where it ends.
func (o *oracle) along(way int64, back bool) (chain []int) {
	// Segments stand in the order of the way.
	for _, i := range o.of[way] {
		if o.segments[i].back == back {
			chain = append(chain, i)
		}
	}
	if back {
		slices.Reverse(chain)
	}
	for k := 1; k < len(chain); k++ {
		if o.segments[chain[k-1]].to != o.segments[chain[k]].from {
			return nil
		}
	}
	if len(chain) == 0 || o.segments[chain[0]].from == o.segments[chain[len(chain)-1]].to {
		return nil
	}
	return chain
}

// unique returns, of each way with just one segment that arrives at a vertex or
// departs from it, that segment.
func (o *oracle) unique(ways []int64, v int64, arrive bool) (found []int) {
	for _, w := range ways {
		var of []int
		for _, i := range o.of[w] {
			if s := o.segments[i]; arrive && s.to == v || !arrive && s.from == v {
				of = append(of, i)
			}
		}
		if len(of) == 1 {
			found = append(found, of[0])
		}
	}
	return found
}

func (o *oracle) forbid(only bool, from []int64, via []int, to []int64, a, b int64) {
	arrive, depart := o.unique(from, a, true), o.unique(to, b, false)
	if len(depart) == 0 {
		return
	}
	for _, f := range arrive {
		path := append([]int{f}, via...)
		if !only {
			for _, d := range depart {
				o.words = append(o.words, append(slices.Clone(path), d))
			}
			for i, s := range via {
				if back := o.segments[s].reverse; back >= 0 {
					o.words = append(o.words, append(slices.Clone(path[:i+2]), back))
				}
			}
			continue
		}
		for i, s := range path {
			next := depart
			if i+1 < len(path) {
				next = []int{path[i+1]}
			}
			for _, d := range o.out[o.segments[s].to] {
				if !slices.Contains(next, d) {
					o.words = append(o.words, append(slices.Clone(path[:i+1]), d))
				}
			}
		}
	}
}

// progress is how far into which words a path is: pairs of word and position.
type progress string

// after returns the progress after one more segment, and whether a word is complete.
func (o *oracle) after(p progress, segment int) (next progress, complete bool) {
	if p == "" && len(o.starts[segment]) == 0 {
		return "", false
	}
	var pairs [][2]int
	for part := range strings.FieldsSeq(string(p)) {
		var w, i int
		fmt.Sscanf(part, "%d:%d", &w, &i)
		if o.words[w][i] == segment {
			pairs = append(pairs, [2]int{w, i + 1})
		}
	}
	for _, w := range o.starts[segment] {
		pairs = append(pairs, [2]int{w, 1})
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	var b strings.Builder
	for _, x := range slices.Compact(pairs) {
		if x[1] == len(o.words[x[0]]) {
			return "", true
		}
		fmt.Fprintf(&b, "%d:%d ", x[0], x[1])
	}
	return progress(b.String()), false
}

type oracleEntry struct {
	segment int
	p       progress
	cost    float64
}

type oracleQueue []oracleEntry

func (q oracleQueue) Len() int           { return len(q) }
func (q oracleQueue) Less(i, j int) bool { return q[i].cost < q[j].cost }
func (q oracleQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *oracleQueue) Push(x any)        { *q = append(*q, x.(oracleEntry)) }
func (q *oracleQueue) Pop() any {
	x := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return x
}

// from returns the least time from a vertex to each, by number; +Inf: not reached.
func (o *oracle) from(v int) []float64 {
	times := slices.Repeat([]float64{math.Inf(1)}, len(o.next))
	times[v] = 0
	plain := make([]bool, len(o.segments))
	type key struct {
		segment int
		p       progress
	}
	deep := make(map[key]bool)
	var q oracleQueue
	push := func(s int, p progress, cost float64) {
		if math.IsInf(o.segments[s].cost, 1) {
			return
		}
		if next, complete := o.after(p, s); !complete && !(next == "" && plain[s]) {
			heap.Push(&q, oracleEntry{s, next, cost + o.segments[s].cost})
		}
	}
	for _, s := range o.next[v] {
		push(s, "", 0)
	}
	for len(q) > 0 {
		e := heap.Pop(&q).(oracleEntry)
		if e.p == "" {
			if plain[e.segment] {
				continue
			}
			plain[e.segment] = true
		} else {
			if deep[key{e.segment, e.p}] {
				continue
			}
			deep[key{e.segment, e.p}] = true
		}
		s := &o.segments[e.segment]
		times[s.end] = min(times[s.end], e.cost)
		for _, next := range o.next[s.end] {
			if next == s.reverse && o.turn[s.end] || next != s.reverse && !o.stop[s.end] {
				push(next, e.p, e.cost)
			}
		}
	}
	return times
}
