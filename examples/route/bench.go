package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hubplan/hubplan/route"
)

// unreachable is what a pair without a way counts in a sum.
const unreachable = 1<<31 - 1

// closureCounts are the numbers of first closures after which pairs are summed.
var closureCounts = []int{1, 10, 100, 1000}

// Sizes of what is measured.
const (
	searches      = 10     // sources of one-to-all and Dijkstra
	closedPairs   = 1000   // pairs asked after closures
	closedGroup   = 10     // edges closed at a time
	largeMatrix   = 10_000 // rows and columns of the large matrix
	blockRows     = 2_500  // of the large matrix at a time
	scenarioHubs  = 50
	scenarioSites = 2_000
)

// measurement is what bench prints.
type measurement struct {
	Network string `json:"network"`
	Nodes   int    `json:"nodes"`
	Edges   int    `json:"edges"`
	Cores   int    `json:"cores"`
	// Seconds is processor time by measure; those of one query are per query.
	Seconds map[string]float64 `json:"cpu_seconds"`
	// PerDijkstra is Seconds over that of one Dijkstra search of all nodes.
	PerDijkstra map[string]float64 `json:"per_dijkstra"`
	Sums        map[string]uint64  `json:"-"`
	PeakMiB     float64            `json:"peak_mib"`
	order       []string
}

// MarshalJSON writes the sums beside the other fields.
func (m *measurement) MarshalJSON() ([]byte, error) {
	type plain measurement
	text, err := json.Marshal((*plain)(m))
	if err != nil || len(m.Sums) == 0 {
		return text, err
	}
	sums, err := json.Marshal(m.Sums)
	if err != nil {
		return nil, err
	}
	return append(append(text[:len(text)-1], ','), sums[1:]...), nil
}

// time runs f and notes its processor time divided by the count.
func (m *measurement) time(name string, count int, f func() error) error {
	runtime.GC()
	begin := cpuTime()
	if err := f(); err != nil {
		return err
	}
	m.Seconds[name] = (cpuTime() - begin).Seconds() / float64(max(1, count))
	m.order = append(m.order, name)
	return nil
}

func bench(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, "Usage: route bench [flags] NETWORK\n       route bench [flags] -country NODES\n\nNETWORK is .gr (with .co beside it), .geojson, .csv (with places.csv beside it),\neach perhaps with .gz, or .hubnet.\n\n")
		flags.PrintDefaults()
	}
	asJSON := flags.Bool("json", false, "print JSON instead of a table")
	pairs := flags.String("pairs", "", "`file` of pairs of nodes, counted from 1, to ask for one by one")
	rows := flags.String("rows", "", "`file` of nodes, the rows of a matrix and the sources of one-to-all")
	columns := flags.String("columns", "", "`file` of nodes, the columns of the matrix")
	closures := flags.String("closures", "", "`file` of edges, as tail and head, to close in turn")
	country := flags.Int("country", 0, "make up a country of about this many `nodes` instead of reading a network")
	large := flags.Bool("large", false, "measure a matrix of 10,000 × 10,000 random nodes too")
	scenarios := flags.Int("scenarios", 0, "measure a matrix of 50 × 2,000 in each of this `number` of what-ifs of ten closed edges")
	save := flags.String("save", "", "write network and order to this .hubnet `file`")
	cores := flags.Int("cores", 1, "run on this many `cores`")
	memory := flags.Int64("memory", 0, "keep the heap below this many `MiB` where possible")
	if err := flags.Parse(args); err != nil {
		if err == flag.ErrHelp {
			return 0
		}
		return 2
	}
	if flags.NArg() != 1 && *country == 0 || flags.NArg() > 0 && *country != 0 || *cores < 1 || (*rows == "") != (*columns == "") {
		flags.Usage()
		return 2
	}
	runtime.GOMAXPROCS(*cores)
	if *memory > 0 {
		debug.SetMemoryLimit(*memory << 20)
	}
	b := &benchmark{
		ctx: ctx,
		m:   &measurement{Network: flags.Arg(0), Cores: *cores, Seconds: make(map[string]float64), PerDijkstra: make(map[string]float64), Sums: make(map[string]uint64)},
	}
	steps := []func() error{
		func() error { return b.read(flags.Arg(0), *country) },
		b.prepare,
		func() error { return b.save(*save) },
		func() error { return b.trees(*rows) },
		func() error { return b.pairs(*pairs) },
		func() error { return b.matrix(*rows, *columns) },
		func() error { return b.closures(*closures, *pairs) },
		func() error { return b.large(*large) },
		func() error { return b.scenarios(*scenarios) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return report(stderr, err)
		}
	}
	if err := b.m.print(stdout, *asJSON); err != nil {
		return report(stderr, err)
	}
	return 0
}

// benchmark is one run of bench.
type benchmark struct {
	ctx     context.Context
	m       *measurement
	net     *route.Network
	order   []uint32
	profile route.Profile
	h       *route.Hierarchy
	r       *route.Router
}

func (b *benchmark) read(name string, country int) error {
	return b.m.time("read", 1, func() (err error) {
		if country > 0 {
			b.m.Network = fmt.Sprintf("a country of %d nodes", country)
			b.net, err = makeCountry(country)
			b.profile = everything()
		} else {
			var m *network
			if m, err = new(reading).read(b.ctx, name, newBar(io.Discard)); err == nil {
				if b.net, b.order, b.profile = m.net, m.order, everything(); m.profile != nil {
					b.profile = *m.profile
				}
			}
		}
		if err != nil {
			return err
		}
		b.m.Nodes, b.m.Edges = b.net.Nodes(), b.net.Edges()
		return nil
	})
}

func (b *benchmark) prepare() error {
	var err error
	if b.order == nil {
		var found *route.Hierarchy
		if err = b.m.time("order and build", 1, func() error {
			found, err = route.NewHierarchy(b.ctx, b.net, route.HierarchyOptions{})
			return err
		}); err != nil {
			return err
		}
		b.order = found.Order()
	}
	if err = b.m.time("build", 1, func() error {
		b.h, err = route.NewHierarchy(b.ctx, b.net, route.HierarchyOptions{Order: b.order})
		return err
	}); err != nil {
		return err
	}
	b.order = nil
	if both, ok := b.m.Seconds["order and build"]; ok {
		b.m.Seconds["order"] = both - b.m.Seconds["build"]
		b.m.order = append(b.m.order, "order")
	}
	return b.m.time("customize", 1, func() error {
		b.r, err = b.h.Router(b.ctx, b.profile)
		return err
	})
}

func (b *benchmark) save(name string) error {
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := b.m.time("save", 1, func() error { return b.h.Encode(f) }); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// stops are the stops at nodes counted from 0.
func (b *benchmark) stops(nodes []int) ([]route.Stop, error) {
	stops := make([]route.Stop, len(nodes))
	for i, v := range nodes {
		var err error
		if stops[i], err = b.h.At(v); err != nil {
			return nil, err
		}
	}
	return stops, nil
}

// some picks nodes that have edges.
func (b *benchmark) some(count int, seed uint64) []route.Stop {
	random := rand.New(rand.NewPCG(seed, 0))
	var stops []route.Stop
	for tries := 0; len(stops) < count && tries < 100*count; tries++ {
		if s, err := b.h.At(random.IntN(b.net.Nodes())); err == nil {
			stops = append(stops, s)
		}
	}
	return stops
}

// trees measures searches of the whole network from one stop.
func (b *benchmark) trees(rows string) error {
	from := b.some(searches, 1)
	if rows != "" {
		nodes, err := b.nodes(rows, 1)
		if err != nil {
			return err
		}
		if from, err = b.stops(nodes[:min(searches, len(nodes))]); err != nil {
			return err
		}
	}
	sum, err := b.searches("one to all", from, b.r.Times)
	if err != nil {
		return err
	}
	check, err := b.searches("Dijkstra one to all", from, b.r.Dijkstra)
	if err != nil {
		return err
	}
	if sum != check {
		return fmt.Errorf("one to all sums to %d, Dijkstra's to %d", sum, check)
	}
	if rows != "" && len(from) == searches {
		b.m.Sums["sum_one_to_all_10"] = sum
	}
	return nil
}

// searches measures one search from each stop and adds up what they find. The
// first of all runs without a clock: no search should pay for the first touch of
// memory.
func (b *benchmark) searches(name string, from []route.Stop, search func(route.Stop, []uint32) ([]uint32, error)) (sum uint64, err error) {
	times := make([][]uint32, len(from))
	for i, s := range from {
		if times[i], err = search(s, nil); err != nil {
			return 0, err
		}
	}
	const rounds = 5
	err = b.m.time(name, rounds*len(from), func() error {
		for k := range rounds * len(from) {
			i := k % len(from)
			if times[i], err = search(from[i], times[i]); err != nil {
				return err
			}
		}
		return nil
	})
	for _, row := range times {
		for _, ms := range row {
			sum += uint64(ms)
		}
	}
	return sum, err
}

// pairs measures queries from one stop to another.
func (b *benchmark) pairs(name string) error {
	ends := b.some(2*closedPairs, 2)
	if name != "" {
		nodes, err := b.nodes(name, 2)
		if err != nil {
			return err
		}
		if ends, err = b.stops(nodes); err != nil {
			return err
		}
	}
	q := b.r.NewQuery()
	defer q.Close()
	count := len(ends) / 2
	var sum, check uint64
	if err := b.m.time("distance", count, func() (err error) {
		sum, err = sumOf(q, ends)
		return err
	}); err != nil {
		return err
	}
	// A metric remembers how its arcs unpack: the first paths pay for the others.
	for _, name := range []string{"first paths", "path"} {
		check = 0
		if err := b.m.time(name, count, func() error {
			for i := 0; i+1 < len(ends); i += 2 {
				if _, t, err := q.Edges(ends[i], ends[i+1]); err == nil {
					check += uint64(t.Milliseconds())
				} else {
					check += unreachable
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	if err := b.m.time("path with legs and length", count, func() error {
		for i := 0; i+1 < len(ends); i += 2 {
			if _, err := q.Path(ends[i], ends[i+1]); err != nil && !errors.Is(err, route.ErrUnreachable) {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if sum != check {
		return fmt.Errorf("distances sum to %d, paths to %d", sum, check)
	}
	if name != "" {
		b.m.Sums["sum_p2p"] = sum
	}
	return nil
}

// sumOf adds up the times of pairs of stops.
func sumOf(q *route.Query, ends []route.Stop) (sum uint64, err error) {
	for i := 0; i+1 < len(ends); i += 2 {
		t, ok, err := q.Time(ends[i], ends[i+1])
		if err != nil {
			return 0, err
		}
		if !ok {
			sum += unreachable
			continue
		}
		sum += uint64(t.Milliseconds())
	}
	return sum, nil
}

func (b *benchmark) matrix(rows, columns string) error {
	if rows == "" {
		return nil
	}
	from, err := b.nodes(rows, 1)
	if err != nil {
		return err
	}
	to, err := b.nodes(columns, 1)
	if err != nil {
		return err
	}
	out, err := b.stops(from)
	if err != nil {
		return err
	}
	in, err := b.stops(to)
	if err != nil {
		return err
	}
	return b.m.time(fmt.Sprintf("matrix %d × %d", len(out), len(in)), 1, func() error {
		m, err := b.r.Matrix(b.ctx, out, in, route.MatrixOptions{})
		if err != nil {
			return err
		}
		var sum uint64
		for _, ms := range m.Millis {
			sum += uint64(ms)
		}
		b.m.Sums["sum_matrix"] = sum
		return nil
	})
}

// closures measures what-ifs of closed edges and the queries on them.
func (b *benchmark) closures(name, pairs string) error {
	if name == "" {
		return nil
	}
	nodes, err := b.nodes(name, 2)
	if err != nil {
		return err
	}
	edges, err := b.edges(nodes)
	if err != nil {
		return err
	}
	var ends []route.Stop
	if pairs != "" {
		of, err := b.nodes(pairs, 2)
		if err != nil {
			return err
		}
		if ends, err = b.stops(of[:min(2*closedPairs, len(of))]); err != nil {
			return err
		}
	}
	// The same edges again and again are in the processor's cache; these are not.
	if groups := len(edges) / closedGroup; groups > 1 {
		if _, err := b.r.With(b.ctx, route.Change{Edges: edges[:closedGroup]}); err != nil { // its memory is there after the first
			return err
		}
		if err := b.m.time(fmt.Sprintf("close %d, others each time", closedGroup), groups, func() error {
			for g := range groups {
				if _, err := b.r.With(b.ctx, route.Change{Edges: edges[g*closedGroup:][:closedGroup]}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	for _, k := range closureCounts {
		if k > len(edges) {
			break
		}
		const repeats = 20
		var closed *route.Router
		change := route.Change{Edges: edges[:k]}
		if closed, err = b.r.With(b.ctx, change); err != nil {
			return err
		}
		if err := b.m.time(fmt.Sprintf("close %d", k), repeats, func() error {
			for range repeats {
				if closed, err = b.r.With(b.ctx, change); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		// A query takes the changes on and its end takes them back.
		if err := b.m.time(fmt.Sprintf("enter and leave %d", k), repeats, func() error {
			for range repeats {
				closed.NewQuery().Close()
			}
			return nil
		}); err != nil {
			return err
		}
		if pairs == "" {
			continue
		}
		q := closed.NewQuery()
		sum, err := sumOf(q, ends)
		if err != nil {
			return err
		}
		q.Close()
		b.m.Sums[fmt.Sprintf("sum_p2p1000_closed_%d", k)] = sum
	}
	return nil
}

// edges finds the edges between pairs of nodes.
func (b *benchmark) edges(nodes []int) ([]int, error) {
	between := make(map[[2]int]int, b.net.Edges())
	for e := b.net.Edges() - 1; e >= 0; e-- {
		from, to := b.net.Ends(e)
		between[[2]int{from, to}] = e
	}
	var edges []int
	for i := 0; i < len(nodes); i += 2 {
		e, ok := between[[2]int{nodes[i], nodes[i+1]}]
		if !ok {
			return nil, fmt.Errorf("there is no edge from node %d to node %d", nodes[i]+1, nodes[i+1]+1)
		}
		edges = append(edges, e)
	}
	return edges, nil
}

func (b *benchmark) large(wanted bool) error {
	if !wanted {
		return nil
	}
	from, to := b.some(largeMatrix, 3), b.some(largeMatrix, 4)
	return b.m.time(fmt.Sprintf("matrix %d × %d", len(from), len(to)), 1, func() error {
		for _, err := range b.r.Blocks(b.ctx, from, to, blockRows, route.MatrixOptions{}) {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// scenarios measures a table of times in each of many what-ifs.
func (b *benchmark) scenarios(count int) error {
	if count == 0 {
		return nil
	}
	from, to := b.some(scenarioHubs, 5), b.some(scenarioSites, 6)
	random := rand.New(rand.NewPCG(7, 0))
	name := fmt.Sprintf("%d scenarios of %d × %d", count, len(from), len(to))
	return b.m.time(name, 1, func() error {
		for range count {
			var closed []int
			for range 10 {
				closed = append(closed, random.IntN(b.net.Edges()))
			}
			what, err := b.r.With(b.ctx, route.Change{Edges: closed})
			if err != nil {
				return err
			}
			if _, err := what.Matrix(b.ctx, from, to, route.MatrixOptions{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// nodes reads a file of lines of so many nodes, counted from 1.
func (b *benchmark) nodes(name string, each int) ([]int, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var nodes []int
	scanner := bufio.NewScanner(f)
	for line := 1; scanner.Scan(); line++ {
		fields := strings.Fields(scanner.Text())
		if len(fields) == 0 {
			continue
		}
		if len(fields) != each {
			return nil, fmt.Errorf("%s:%d: %d numbers, want %d", name, line, len(fields), each)
		}
		for _, field := range fields {
			v, err := strconv.Atoi(field)
			if err != nil || v < 1 || v > b.net.Nodes() {
				return nil, fmt.Errorf("%s:%d: %q is no node of %d", name, line, field, b.net.Nodes())
			}
			nodes = append(nodes, v-1)
		}
	}
	if len(nodes) == 0 && scanner.Err() == nil {
		return nil, fmt.Errorf("%s: no nodes", name)
	}
	return nodes, scanner.Err()
}

// print writes the table or the JSON.
func (m *measurement) print(w io.Writer, asJSON bool) error {
	search := m.Seconds["Dijkstra one to all"]
	for name, s := range m.Seconds {
		m.PerDijkstra[name] = s / search
	}
	m.PeakMiB = peakMiB()
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(m)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s: %d nodes, %d edges, peak %.0f MiB\n\nMEASURE\tCPU\tPER DIJKSTRA\n", m.Network, m.Nodes, m.Edges, m.PeakMiB)
	for _, name := range m.order {
		s := m.Seconds[name]
		fmt.Fprintf(t, "%s\t%v\t%s\n", name, time.Duration(s*1e9).Round(time.Duration(max(1, s*1e6))), ratio(m.PerDijkstra[name]))
	}
	for _, name := range sumNames {
		if sum, ok := m.Sums[name]; ok {
			fmt.Fprintf(t, "%s\t%d\t\n", name, sum)
		}
	}
	return t.Flush()
}

var sumNames = []string{
	"sum_p2p", "sum_matrix", "sum_one_to_all_10",
	"sum_p2p1000_closed_1", "sum_p2p1000_closed_10", "sum_p2p1000_closed_100", "sum_p2p1000_closed_1000",
}

// ratio shows a multiple of one or a part of it.
func ratio(x float64) string {
	if x < 0.1 {
		return fmt.Sprintf("1/%.0f", 1/x)
	}
	return fmt.Sprintf("%.2f", x)
}
