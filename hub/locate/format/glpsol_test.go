package format

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hubplan/hubplan/hub/locate"
)

// glpsol solves a model file with the GNU Linear Programming Kit. ok is false
// if it finds that there is no solution.
func glpsol(t *testing.T, flags ...string) (value float64, ok bool) {
	t.Helper()
	solution := filepath.Join(t.TempDir(), "solution")
	log, err := exec.Command("glpsol", append(flags, "--write", solution)...).CombinedOutput()
	if err != nil {
		t.Fatalf("glpsol %v: %v\n%s", flags, err, log)
	}
	data, err := os.ReadFile(solution)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var rows, columns int
		var status string
		if _, err := fmt.Sscanf(line, "s mip %d %d %s %g", &rows, &columns, &status, &value); err == nil {
			return value, status == "o"
		}
		// A program with every integer variable fixed is a linear one.
		var dual string
		if _, err := fmt.Sscanf(line, "s bas %d %d %s %s %g", &rows, &columns, &status, &dual, &value); err == nil {
			return value, status == "f" && dual == "f"
		}
	}
	t.Fatalf("glpsol %v wrote no solution:\n%s", flags, data)
	return 0, false
}

// An independent solver reads both formats and finds the optimum of brute
// force. HUBPLAN_GLPSOL=1 makes it a failure that glpsol is not installed.
func TestGLPSolFindsTheOptimum(t *testing.T) {
	needGLPSol(t)
	write := writer(t)
	for model := range locate.FixedCharge + 1 {
		rng := rand.New(rand.NewPCG(5, uint64(model)))
		solved := 0
		for round := 0; solved < 25; round++ {
			problem := drawProblem(rng, model)
			want, feasible := bruteForce(problem)
			if newProgramErr(problem) != nil {
				continue
			}
			mps := write("model.mps", func(f *os.File) error { return WriteMPS(f, problem) })
			lp := write("model.lp", func(f *os.File) error { return WriteLP(f, problem) })
			direction := "--min"
			if model == locate.MaximalCover {
				direction = "--max"
			}
			for _, flags := range [][]string{{"--freemps", mps, direction}, {"--lp", lp}} {
				got, ok := glpsol(t, flags...)
				if ok != feasible || ok && math.Abs(got-want) > 1e-6*max(1, want) {
					t.Fatalf("%v %d: glpsol %v finds %v (%v), brute force %v (%v)\n%+v", model, round, flags[0], got, ok, want, feasible, problem)
				}
			}
			if feasible {
				solved++
			}
		}
	}
}

func newProgramErr(problem locate.Problem) error {
	_, err := newProgram(&problem)
	return err
}

// needGLPSol skips a test, or fails it, where there is no glpsol.
func needGLPSol(t *testing.T) {
	if _, err := exec.LookPath("glpsol"); err != nil {
		if os.Getenv("HUBPLAN_GLPSOL") != "" {
			t.Fatal(err)
		}
		t.Skip("glpsol (package glpk-utils) is not installed")
	}
}

// writer returns a function that writes files into a folder of the test.
func writer(t *testing.T) func(name string, f func(*os.File) error) string {
	dir := t.TempDir()
	return func(name string, f func(*os.File) error) string {
		path := filepath.Join(dir, name)
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f(file), file.Close()); err != nil {
			t.Fatal(err)
		}
		return path
	}
}

// The program that locate.Linear states has the same optimum for a solver that
// shares nothing with ours.
func TestGLPSolSolvesGeneralPrograms(t *testing.T) {
	needGLPSol(t)
	write := writer(t)
	for model := range locate.CooperativeCover + 1 {
		rng := rand.New(rand.NewPCG(6, uint64(model)))
		solved := 0
		for round := 0; solved < 16; round++ {
			problem := drawGeneral(rng, model)
			want, err := locate.Solve(context.Background(), problem, locate.Options{})
			if errors.Is(err, locate.ErrProblem) || problem.Classic() {
				continue
			}
			if _, stated := locate.Linear(problem); stated != nil {
				if errors.Is(stated, locate.ErrInfeasible) != errors.Is(err, locate.ErrInfeasible) && problem.Failure == nil {
					t.Fatalf("%v: %v, %v", model, stated, err)
				}
				continue
			}
			mps := write("model.mps", func(f *os.File) error { return WriteMPS(f, problem) })
			lp := write("model.lp", func(f *os.File) error { return WriteLP(f, problem) })
			direction := "--min"
			if p, _ := locate.Linear(problem); p.Maximise {
				direction = "--max"
			}
			for _, flags := range [][]string{{"--freemps", mps, direction}, {"--lp", lp}} {
				got, ok := glpsol(t, flags...)
				if ok != (err == nil) || ok && math.Abs(got-want.Objective) > 1e-6*max(1, math.Abs(got)) {
					t.Fatalf("%v %d: glpsol %v finds %v (%v), Solve %+v, %v\n%+v", model, round, flags[0], got, ok, want, err, problem)
				}
			}
			if err == nil {
				solved++
			}
		}
	}
}

// drawGeneral draws a problem beyond the textbook forms.
func drawGeneral(rng *rand.Rand, model locate.Model) locate.Problem {
	p := drawProblem(rng, model)
	n, m := p.Costs.Size()
	p.Median = false
	switch model {
	case locate.DoubleStandard:
		p.Outer = p.Radius + float64(rng.IntN(4))
		p.Share = []float64{0.3, 0.7}[rng.IntN(2)]
	case locate.CooperativeCover:
		p.Fade, p.Threshold = p.Radius+4, []float64{0.5, 1.5}[rng.IntN(2)]
	case locate.BackupCover:
		p.Primary = []float64{0, 0.3, 0.6}[rng.IntN(3)]
	case locate.SetCover, locate.MaximalCover:
		p.Fade = 0
		switch rng.IntN(3) {
		case 0:
			for range n {
				p.Fold = append(p.Fold, rng.IntN(3))
			}
		case 1:
			for range m {
				p.Units = append(p.Units, 1+rng.IntN(3))
			}
		}
		if model == locate.MaximalCover && p.Fold == nil {
			for range m {
				p.Failure = append(p.Failure, 0.3)
			}
		}
	case locate.PMedian:
		p.Penalty = float64(1 + rng.IntN(5))
		p.Risk = locate.Risk(rng.IntN(4))
		p.Tail = 0.5
		for range 2 {
			s := locate.Scenario{Lost: []int{rng.IntN(m)}}
			for range n {
				s.Weight = append(s.Weight, float64(rng.IntN(4)))
			}
			p.Scenarios = append(p.Scenarios, s)
		}
	case locate.FixedCharge, locate.PCenter:
		p.Budget = float64(2 + rng.IntN(9))
		p.Penalty = 0
	}
	if p.P == 0 && model != locate.SetCover && model != locate.FixedCharge {
		p.P = 1 + rng.IntN(m)
	}
	if model <= locate.FixedCharge && rng.IntN(2) == 0 {
		narrow(rng, &p)
	}
	if p.Units == nil && rng.IntN(2) == 0 {
		p.Rules = &locate.Rules{Groups: []locate.Group{{Sites: rng.Perm(m)[:1+rng.IntN(m)], Most: 1 + rng.IntN(2)}}}
	}
	return p
}

// Forty-nine cities of Snyder and Daskin whose sites may fail: the written
// program has the value that Solve proves.
func TestGLPSolReliableCities(t *testing.T) {
	root := os.Getenv("HUBPLAN_DATA")
	if root == "" {
		t.Skip("HUBPLAN_DATA is not set: it names the folder with location/reliability")
	}
	needGLPSol(t)
	write := writer(t)
	f, err := os.Open(filepath.Join(root, "location", "reliability", "data49UFLP.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := ReadCities(context.Background(), f, "data49UFLP.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []float64{0, 0.01, 0.05, 0.1} {
		problem := in.Problem
		problem.Penalty = in.Emergency
		for range in.Failable {
			problem.Failure = append(problem.Failure, q)
		}
		want, err := locate.Solve(context.Background(), problem, locate.Options{})
		if err != nil || !want.Optimal {
			t.Fatal(want, err)
		}
		mps := write("model.mps", func(f *os.File) error { return WriteMPS(f, problem) })
		if got, ok := glpsol(t, "--freemps", mps, "--min"); !ok || math.Abs(got-want.Objective) > 1e-6*got {
			t.Fatalf("q = %v: glpsol finds %v (%v), Solve proves %v", q, got, ok, want.Objective)
		}
	}
}

// narrow gives a problem capacities of all kinds.
func narrow(rng *rand.Rand, p *locate.Problem) {
	n, m := p.Costs.Size()
	p.Fold, p.Units, p.Failure = nil, nil, nil
	c := &locate.Capacity{Single: p.Model == locate.PCenter || rng.IntN(2) == 0, Closest: rng.IntN(4) == 0}
	p.Capacity = c
	most := 1 + 2*n/m
	for range n {
		c.Demand = append(c.Demand, float64(rng.IntN(4)))
	}
	switch rng.IntN(3) {
	case 0:
		for range m {
			var list []locate.Size
			for range 1 + rng.IntN(3) {
				list = append(list, locate.Size{Limit: float64(rng.IntN(4 * most)), Cost: float64(rng.IntN(5))})
			}
			c.Sizes = append(c.Sizes, list)
		}
	case 1:
		g := locate.Commodity{}
		for range n {
			g.Demand = append(g.Demand, 3*rng.Float64())
		}
		for range m {
			g.Limit = append(g.Limit, 9*float64(most)*rng.Float64())
		}
		c.Commodities = []locate.Commodity{g}
	default:
		for range m {
			c.Limit = append(c.Limit, float64(rng.IntN(5*most)))
			c.Minimum = append(c.Minimum, min(c.Limit[len(c.Limit)-1], float64(rng.IntN(3))))
		}
	}
}
