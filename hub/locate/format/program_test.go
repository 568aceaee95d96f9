package format

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/hub/locate"
)

// mip is a mixed-integer program as a file states it.
type mip struct {
	maximise  bool
	objective map[string]float64
	rows      map[string]*mipRow
	integer   map[string]bool
	low, high map[string]float64 // 0 and +Inf if absent
}

type mipRow struct {
	sense byte
	right float64
	terms map[string]float64
}

func newMIP() *mip {
	return &mip{
		objective: make(map[string]float64), rows: make(map[string]*mipRow), integer: make(map[string]bool),
		low: make(map[string]float64), high: make(map[string]float64),
	}
}

// parseMPS reads free MPS.
func parseMPS(data string) (*mip, error) {
	p := newMIP()
	section, integer, declared := "", false, make(map[string]bool)
	for line := range strings.Lines(data) {
		f := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "*"):
			p.maximise = p.maximise || strings.Contains(line, "maximise")
			continue
		case line[0] != ' ':
			section = f[0]
			continue
		}
		number := func(k int) float64 {
			v, err := strconv.ParseFloat(f[k], 64)
			if err != nil {
				panic(err)
			}
			return v
		}
		switch section {
		case "ROWS":
			if f[0] != "N" {
				p.rows[f[1]] = &mipRow{sense: f[0][0], terms: make(map[string]float64)}
			}
		case "COLUMNS":
			if f[1] == "'MARKER'" {
				integer = f[2] == "'INTORG'"
				continue
			}
			declared[f[0]] = true
			if integer {
				p.integer[f[0]] = true
			}
			terms := p.objective
			if f[1] != "obj" {
				if p.rows[f[1]] == nil {
					return nil, fmt.Errorf("no row %s", f[1])
				}
				terms = p.rows[f[1]].terms
			}
			if _, twice := terms[f[0]]; twice {
				return nil, fmt.Errorf("%s twice in %s", f[0], f[1])
			}
			terms[f[0]] = number(2)
		case "RHS":
			p.rows[f[1]].right = number(2)
		case "BOUNDS":
			if !declared[f[2]] {
				return nil, fmt.Errorf("bound of %s, which has no column", f[2])
			}
			switch f[0] {
			case "BV":
				p.high[f[2]] = 1
			case "FX":
				p.low[f[2]], p.high[f[2]] = number(3), number(3)
			case "UP":
				p.high[f[2]] = number(3)
			default:
				return nil, fmt.Errorf("bound %s", f[0])
			}
		}
	}
	if section != "ENDATA" {
		return nil, errors.New("no ENDATA")
	}
	return p, nil
}

// parseLP reads the part of CPLEX LP that is written.
func parseLP(data string) (*mip, error) {
	p := newMIP()
	section := ""
	terms, sign, value := p.objective, 1.0, 1.0
	var row *mipRow
	for line := range strings.Lines(data) {
		f := strings.Fields(line)
		if strings.HasPrefix(line, "\\") {
			continue
		}
		if line[0] != ' ' {
			section = f[0]
			p.maximise = p.maximise || section == "Maximize"
			continue
		}
		switch section {
		case "Bounds":
			v, err := strconv.ParseFloat(f[2], 64)
			if err != nil {
				return nil, err
			}
			if p.high[f[0]] = v; f[1] == "=" {
				p.low[f[0]], p.integer[f[0]] = v, true
			}
			continue
		case "Binary":
			p.integer[f[0]], p.high[f[0]] = true, 1
			continue
		}
		for k, word := range f {
			v, err := strconv.ParseFloat(word, 64)
			switch {
			case strings.HasSuffix(word, ":"):
				if section == "Subject" {
					row = &mipRow{terms: make(map[string]float64)}
					p.rows[strings.TrimSuffix(word, ":")] = row
					terms = row.terms
				}
				sign, value = 1, 1
			case word == "+" || word == "-":
				if sign, value = 1, 1; word == "-" {
					sign = -1
				}
			case word == "=":
				row.sense = 'E'
			case word == "<=":
				row.sense = 'L'
			case word == ">=":
				row.sense = 'G'
			case err == nil && row != nil && row.sense != 0 && k == len(f)-1:
				row.right = v
			case err == nil:
				value = v
			default:
				if _, twice := terms[word]; twice {
					return nil, fmt.Errorf("%s twice in a row", word)
				}
				terms[word] = sign * value
			}
		}
		if len(line) > 500 {
			return nil, fmt.Errorf("a line of %d characters", len(line))
		}
	}
	if section != "End" {
		return nil, errors.New("no End")
	}
	return p, nil
}

// canonical drops terms that are 0, so that what two files say can be compared.
func (p *mip) canonical() string {
	var b strings.Builder
	list := func(terms map[string]float64) {
		for _, name := range slices.Sorted(maps.Keys(terms)) {
			if terms[name] != 0 {
				fmt.Fprintf(&b, " %v %s", terms[name], name)
			}
		}
		b.WriteByte('\n')
	}
	fmt.Fprintln(&b, p.maximise)
	list(p.objective)
	for _, name := range slices.Sorted(maps.Keys(p.rows)) {
		fmt.Fprintf(&b, "%s %c %v", name, p.rows[name].sense, p.rows[name].right)
		list(p.rows[name].terms)
	}
	list(p.low)
	list(p.high)
	fmt.Fprintln(&b, slices.Sorted(maps.Keys(p.integer)))
	return b.String()
}

// solve enumerates the integer variables. For each choice the best values of
// the others follow from the rows they are in, which are read as they stand,
// whatever they are called:
//
//   - a row that has one continuous variable, with -1, bounds it from above;
//   - a row of variables with 1 and right-hand side 1 has one of them be 1;
//   - a row of sense G with one variable of 1 and others below 0 makes that one
//     at least the cost of what is 1.
func (p *mip) solve() (best float64, ok bool) {
	var free []string
	for _, name := range slices.Sorted(maps.Keys(p.integer)) {
		if p.low[name] != p.high[name] {
			free = append(free, name)
		}
	}
	value := maps.Clone(p.low)
	for set := range 1 << len(free) {
		for k, name := range free {
			value[name] = float64(set >> k & 1)
		}
		v, fits := p.complete(value)
		if fits && (!ok || v < best != p.maximise && v != best) {
			best, ok = v, true
		}
	}
	return best, ok
}

// complete returns the best objective for given integer variables.
func (p *mip) complete(value map[string]float64) (float64, bool) {
	high := maps.Clone(p.high)
	limit := func(name string) float64 {
		if v, known := high[name]; known {
			return v
		}
		return math.Inf(1)
	}
	var choices, costs, sums []*mipRow
	for _, r := range p.rows {
		var fixed float64
		var others []string
		positive := 0
		for name, v := range r.terms {
			if p.integer[name] {
				fixed += v * value[name]
			} else if others = append(others, name); v > 0 {
				positive++
			}
		}
		switch {
		case len(others) == 0:
			if r.sense == 'E' && fixed != r.right || r.sense == 'L' && fixed > r.right || r.sense == 'G' && fixed < r.right {
				return 0, false
			}
		case len(others) == 1 && positive == 0 && r.sense == 'G' && r.right == 0:
			high[others[0]] = min(limit(others[0]), fixed/-r.terms[others[0]])
		case len(others) == 1 && r.sense == 'G' && r.right == 0 && fixed == 0:
			// No more than the bound at 0.
		case r.sense != 'G' && r.right == 1 && positive == len(others) && fixed == 0:
			choices = append(choices, r)
		case r.sense == 'G' && r.right == 0 && positive == 1 && r.terms["z"] == 1:
			costs = append(costs, r)
		case r.sense == 'G' && positive == len(others) && fixed == 0:
			sums = append(sums, r)
		default:
			panic(fmt.Sprintf("a row of another kind: %+v", r))
		}
	}
	var sum float64
	for name, v := range p.objective {
		if p.integer[name] {
			sum += v * value[name]
		}
	}
	chosen := make(map[string]bool) // variables of a choice
	for _, r := range choices {
		best := math.Inf(-1)
		if r.sense == 'L' {
			best = 0
		}
		for name := range r.terms {
			if chosen[name] = true; limit(name) < 1 {
				continue
			}
			v := p.objective[name]
			if !p.maximise {
				v = -v
			}
			best = max(best, v)
		}
		if math.IsInf(best, -1) {
			return 0, false
		}
		if p.maximise {
			sum += best
		} else {
			sum -= best
		}
	}
	var largest float64
	for _, r := range costs {
		least := math.Inf(1)
		for _, choice := range choices {
			for name := range choice.terms {
				if _, here := choice.terms[name]; here && limit(name) >= 1 && sameDemand(r, choice) {
					least = min(least, -r.terms[name])
				}
			}
		}
		largest = max(largest, least)
	}
	sum += p.objective["z"] * largest
	for name, v := range p.objective {
		if !p.integer[name] && !chosen[name] && name != "z" {
			sum += v * limit(name) // a cover, of which more is better
		}
	}
	for _, r := range sums {
		var total float64
		for name, v := range r.terms {
			total += v * limit(name)
		}
		if total < r.right {
			return 0, false
		}
	}
	return sum, true
}

// sameDemand reports whether the variables of a row of costs, but for z, are
// among those of a choice; a row may lack those that cost nothing, even all.
func sameDemand(costs, choice *mipRow) bool {
	n := 0
	for name := range costs.terms {
		if _, here := choice.terms[name]; here {
			n++
		} else if name != "z" {
			return false
		}
	}
	return n > 0
}

// What is written has the optimum of the problem, by enumeration on both
// sides, and both formats say the same.
func TestWrittenProgramsHaveTheOptimum(t *testing.T) {
	for model := range locate.FixedCharge + 1 {
		rng := rand.New(rand.NewPCG(3, uint64(model)))
		solved, infeasible := 0, 0
		for round := range 700 {
			problem := drawProblem(rng, model)
			var a, b bytes.Buffer
			err, errLP := WriteMPS(&a, problem), WriteLP(&b, problem)
			if fmt.Sprint(err) != fmt.Sprint(errLP) {
				t.Fatalf("%v %d: MPS %v, LP %v", model, round, err, errLP)
			}
			want, feasible := bruteForce(problem)
			if err != nil {
				if errors.Is(err, locate.ErrInfeasible) && feasible {
					t.Fatalf("%v %d: %v, but the optimum is %v\n%+v", model, round, err, want, problem)
				}
				continue
			}
			fromMPS, err := parseMPS(a.String())
			if err != nil {
				t.Fatalf("%v %d: %v\n%s", model, round, err, a.String())
			}
			fromLP, err := parseLP(b.String())
			if err != nil {
				t.Fatalf("%v %d: %v\n%s", model, round, err, b.String())
			}
			if fromMPS.canonical() != fromLP.canonical() {
				t.Fatalf("%v %d: the formats differ:\n%s\n%s", model, round, a.String(), b.String())
			}
			got, ok := fromMPS.solve()
			if ok != feasible || ok && math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
				t.Fatalf("%v %d: written %v (%v), brute force %v (%v)\n%+v\n%s", model, round, got, ok, want, feasible, problem, a.String())
			}
			if solved++; !ok {
				solved, infeasible = solved-1, infeasible+1
			}
		}
		if solved < 300 || model != locate.MaximalCover && model != locate.SetCover && infeasible == 0 {
			t.Errorf("%v: %d solved, %d infeasible", model, solved, infeasible)
		}
	}
}
