package format

import (
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
	if _, err := exec.LookPath("glpsol"); err != nil {
		if os.Getenv("HUBPLAN_GLPSOL") != "" {
			t.Fatal(err)
		}
		t.Skip("glpsol (package glpk-utils) is not installed")
	}
	dir := t.TempDir()
	write := func(name string, f func(*os.File) error) string {
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
