package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubplan/hubplan/geo"
	"github.com/hubplan/hubplan/hub/locate"
	"github.com/hubplan/hubplan/route"
	"github.com/hubplan/hubplan/testdata/ukraine"
	"pgregory.net/rapid"
)

// tester is what testing.T and rapid.T have in common.
type tester interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func mustSolve(t tester, s *Scenario) *Plan {
	t.Helper()
	p, err := Solve(context.Background(), s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func openIDs(p *Plan) []string {
	var ids []string
	for _, h := range p.Hubs {
		ids = append(ids, h.ID)
	}
	return ids
}

// The tests below check a plan against a computation from scratch: demand points
// from the settings by hand, times from one path query a pair.

// naiveTimes returns the time from every site to every demand point by path
// queries, NaN where there is no way.
func naiveTimes(t tester, s *Scenario) (demand []DemandPoint, hours [][]float64) {
	t.Helper()
	profile, err := s.Settings.Profile.Profile()
	if err != nil {
		t.Fatal(err)
	}
	r, err := route.NewRouter(context.Background(), s.Roads, profile)
	if err != nil {
		t.Fatal(err)
	}
	demand = Demand(s)
	for _, site := range s.Sites {
		row := make([]float64, len(demand))
		from, err := r.Snap(site.Point, 1e6)
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range demand {
			row[i] = math.NaN()
			to, err := r.Snap(d.Point, geo.Distance(s.Settings.Profile.DemandLimitKM)*geo.Kilometer)
			if err != nil {
				continue
			}
			if path, err := r.Path(from, to); err == nil {
				row[i] = path.Time.Hours()
			}
		}
		hours = append(hours, row)
	}
	return demand, hours
}

// value is the objective of a set of open sites by definition.
func value(s *Scenario, demand []DemandPoint, hours [][]float64, open []int) (float64, bool) {
	var sum float64
	for i, d := range demand {
		best := math.NaN()
		anywhere := false
		for j := range s.Sites {
			anywhere = anywhere || !math.IsNaN(hours[j][i])
			if slices.Contains(open, j) && !(hours[j][i] >= best) {
				best = hours[j][i]
			}
		}
		if !anywhere {
			continue
		}
		covered := best <= s.Settings.Plan.WithinHours+1e-9
		switch s.Settings.Plan.Objective {
		case locate.PMedian:
			if math.IsNaN(best) {
				return 0, false
			}
			sum += d.Load * best
		case locate.MaximalCover:
			if covered {
				sum += d.Load
			}
		case locate.SetCover:
			if !covered {
				return 0, false
			}
		}
	}
	if s.Settings.Plan.Objective == locate.SetCover {
		for _, j := range open {
			sum += s.Sites[j].OpeningCost
		}
	}
	return sum, true
}

// bruteForce is the best objective over all sets of open sites.
func bruteForce(s *Scenario, demand []DemandPoint, hours [][]float64) (best float64, ok bool) {
	n := len(s.Sites)
	for set := 1; set < 1<<n; set++ {
		var open []int
		legal := true
		for j, site := range s.Sites {
			in := set>>j&1 == 1
			if in {
				open = append(open, j)
			}
			if in && site.Status == Excluded || !in && (site.Status == Required || site.Status == Existing) {
				legal = false
			}
		}
		if !legal || s.Settings.Plan.Objective != locate.SetCover && len(open) != s.Settings.Plan.Hubs {
			continue
		}
		v, feasible := value(s, demand, hours, open)
		if !feasible {
			continue
		}
		better := v < best
		if s.Settings.Plan.Objective == locate.MaximalCover {
			better = v > best
		}
		if !ok || better {
			best, ok = v, true
		}
	}
	return best, ok
}

func checkAgainstBruteForce(t tester, s *Scenario) {
	t.Helper()
	demand, hours := naiveTimes(t, s)
	want, feasible := bruteForce(s, demand, hours)
	plan, err := Solve(context.Background(), s, Options{})
	if !feasible {
		if !errors.Is(err, locate.ErrInfeasible) {
			t.Fatalf("error %v, want ErrInfeasible", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if !plan.Optimal || math.Abs(plan.Objective-want) > 1e-6*max(1, want) || math.Abs(plan.Bound-want) > 1e-6*max(1, want) {
		t.Fatalf("%v: objective %v, bound %v, optimal %v; brute force says %v", plan.Model, plan.Objective, plan.Bound, plan.Optimal, want)
	}
	var open []int
	for _, h := range plan.Hubs {
		open = append(open, h.Site)
	}
	if got, _ := value(s, demand, hours, open); math.Abs(got-want) > 1e-6*max(1, want) {
		t.Fatalf("the hubs %v are worth %v, the plan says %v", openIDs(plan), got, want)
	}
	checkScores(t, s, plan, demand, hours, open)
}

// checkScores recomputes coverage, times, loads and the loss of each hub from
// their definitions.
func checkScores(t tester, s *Scenario, p *Plan, demand []DemandPoint, hours [][]float64, open []int) {
	t.Helper()
	var total float64
	for _, d := range demand {
		total += d.Load
	}
	share := func(open []int, k int) float64 {
		var sum float64
		for i, d := range demand {
			count := 0
			for _, j := range open {
				if hours[j][i] <= s.Settings.Plan.WithinHours+1e-9 {
					count++
				}
			}
			if count >= k {
				sum += d.Load
			}
		}
		return sum / total
	}
	for k := 1; k <= s.Settings.Plan.CoverageDepth; k++ {
		if got, want := p.Coverage[k], share(open, k); math.Abs(got-want) > 1e-9 {
			t.Fatalf("coverage of depth %d is %v, want %v", k, got, want)
		}
	}
	loads := make(map[string]float64)
	var worst, lost float64
	for i, d := range demand {
		best := -1
		for _, j := range open {
			if !math.IsNaN(hours[j][i]) && (best < 0 || hours[j][i] < hours[best][i]) {
				best = j
			}
		}
		if best < 0 {
			lost += d.Load / total
			continue
		}
		loads[s.Sites[best].ID] += d.Load
		worst = max(worst, hours[best][i])
	}
	if math.Abs(p.Time.Unreachable-lost) > 1e-9 || math.Abs(p.Time.Max.Duration().Hours()-worst) > 1e-9 {
		t.Fatalf("times %+v, want worst %v h, unreachable %v", p.Time, worst, lost)
	}
	for k, h := range p.Hubs {
		if math.Abs(h.Load-loads[h.ID]) > 1e-9 {
			t.Fatalf("load of %s is %v, want %v", h.ID, h.Load, loads[h.ID])
		}
		left := slices.Delete(slices.Clone(open), k, k+1)
		if want := share(left, 1); math.Abs(p.N1[h.ID]-want) > 1e-9 {
			t.Fatalf("coverage without %s is %v, want %v", h.ID, p.N1[h.ID], want)
		}
	}
}

func TestSolveEqualsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := small()
		s := mustLoad(t, files)
		s.Settings.Plan.StandoffKM = 0
		s.Settings.Plan.Objective = rapid.SampledFrom([]locate.Model{locate.PMedian, locate.MaximalCover, locate.SetCover}).Draw(t, "model")
		s.Settings.Plan.WithinHours = rapid.SampledFrom([]float64{0.5, 1, 2, 4, 8}).Draw(t, "hours")
		fixed := 0
		// Sites at places and between them, up to ten.
		count := rapid.IntRange(1, 10).Draw(t, "sites")
		proto := s.Sites
		s.Sites = nil
		for i := range count {
			site := proto[i%len(proto)]
			site.ID = fmt.Sprint("site", i)
			if i >= len(proto) {
				site.Point[0] += rapid.Float64Range(-0.05, 0.05).Draw(t, "east")
				site.Point[1] += rapid.Float64Range(-0.05, 0.05).Draw(t, "north")
			}
			site.OpeningCost = float64(rapid.IntRange(0, 5).Draw(t, "cost"))
			site.Status = rapid.SampledFrom([]Status{Candidate, Candidate, Candidate, Candidate, Required, Existing, Excluded}).Draw(t, "status")
			if site.Status == Required || site.Status == Existing {
				fixed++
			}
			s.Sites = append(s.Sites, site)
		}
		s.Sites[0].Status = Candidate
		var allowed int
		for _, x := range s.Sites {
			if x.Status != Excluded {
				allowed++
			}
		}
		s.Settings.Profile.SiteLimitKM = 50
		s.Settings.Plan.Hubs = rapid.IntRange(min(max(1, fixed), allowed), allowed).Draw(t, "hubs")
		checkAgainstBruteForce(t, s)
	})
}

// The example scenario, reduced to twelve sites.
func TestUkraineReducedEqualsBruteForce(t *testing.T) {
	for _, model := range []locate.Model{locate.PMedian, locate.MaximalCover, locate.SetCover} {
		s, err := LoadFS(ukraine.Files, ukraine.Scenario)
		if err != nil {
			t.Fatal(err)
		}
		s.Settings.Plan.Objective = model
		s.Settings.Plan.Hubs = 5
		s.Settings.Plan.WithinHours = 9 // so that twelve sites can cover all
		s.Settings.Plan.StandoffKM = 0
		keep := []string{"Kyiv", "Chernihiv", "Sumy", "Kharkiv", "Poltava", "Dnipro", "Kropyvnytskyi", "Mykolaiv", "Cherkasy", "Konotop", "Voznesensk", "Kryvyi Rih"}
		s.Sites = slices.DeleteFunc(s.Sites, func(x Site) bool { return !slices.Contains(keep, x.ID) })
		if len(s.Sites) != 12 {
			t.Fatalf("%d sites, want 12", len(s.Sites))
		}
		checkAgainstBruteForce(t, s)
	}
}

func TestStandoffZonesAndStatus(t *testing.T) {
	// Eastry is 7 km from the line and Sutton is in the border zone.
	files := small()
	edit(t, files, "scenario.json", `"hubs": 2`, `"hubs": 2, "zones": ["in-country"]`)
	p := mustSolve(t, mustLoad(t, files))
	if got, want := openIDs(p), []string{"nor", "soh"}; !slices.Equal(got, want) {
		t.Errorf("hubs %v, want %v", got, want)
	}
	if r := p.Sites[2].Reason; r != "in zone border" {
		t.Errorf("Sutton could not open because %q", r)
	}
	if r := p.Sites[3].Reason; !strings.Contains(r, "from the line, less than 20 km") || *p.Sites[3].LineKM > 7.2 || *p.Sites[3].LineKM < 6.8 {
		t.Errorf("Eastry, %v km from the line, could not open because %q", *p.Sites[3].LineKM, r)
	}
	// Required and existing sites stay, and the plan says so.
	edit(t, files, "sites.csv", "in-country,candidate\n", "in-country,excluded\n")
	edit(t, files, "sites.csv", "border,candidate", "border,existing")
	edit(t, files, "sites.csv", "10,in-country,candidate\n", "10,in-country,required\n") // Eastry
	p = mustSolve(t, mustLoad(t, files))
	if got, want := openIDs(p), []string{"sut", "eas"}; !slices.Equal(got, want) {
		t.Errorf("hubs %v, want %v", got, want)
	}
	if len(p.Warnings) < 2 || !strings.Contains(p.Warnings[0], "Sutton is existing and stays open") || !strings.Contains(p.Warnings[1], "Eastry is required") {
		t.Errorf("warnings %q", p.Warnings)
	}
}

func TestUnreachableSectorIsReported(t *testing.T) {
	files := small()
	edit(t, files, "scenario.json", `{"code": "E", "share": 0.2}`, `{"code": "I", "share": 0.2}`)
	p := mustSolve(t, mustLoad(t, files))
	if math.Abs(p.Time.Unreachable-0.2) > 1e-9 || len(p.Unserved) != 1 || p.Unserved[0].Name != "Isle" || p.Unserved[0].Reason != "no road of the main network within 100 km" {
		t.Errorf("unreachable %v, unserved %+v", p.Time.Unreachable, p.Unserved)
	}
	for _, s := range p.Sectors {
		if s.Code == "I" && (s.Time.Unreachable != 1 || s.Routes != 0 || s.First != nil) {
			t.Errorf("the isle is scored %+v", s)
		}
	}
	if got := p.Redundancy.SectorsWithFewer; !slices.Contains(got, "I") {
		t.Errorf("sectors with fewer than two routes: %v", got)
	}
	// A road of its own is no better than none.
	edit(t, files, "places.csv", "Isle,Isle,40.5,50.5,1,I\n", "Isle,Isle,40.5,50.5,1,I\nQuay,Quay,40.6,50.5,0,I\n")
	files["roads.csv"] += "H9,primary,Isle;Quay\n"
	p = mustSolve(t, mustLoad(t, files))
	if len(p.Unserved) != 1 || p.Unserved[0].Reason != "no road of the main network within 100 km" {
		t.Errorf("unserved %+v", p.Unserved)
	}
}

func TestSectorWithoutPlacesHasDemand(t *testing.T) {
	p := mustSolve(t, mustLoad(t, small()))
	for _, s := range p.Sectors {
		if s.Code == "E" && math.Abs(s.Demand-0.2*75) > 1e-9 {
			t.Errorf("East needs %v t/day, want 15", s.Demand)
		}
	}
	if math.Abs(p.Demand-75) > 1e-9 {
		t.Errorf("all need %v t/day, want 75", p.Demand)
	}
}

func TestSolveRefuses(t *testing.T) {
	for _, c := range []struct {
		name, file, old, new string
		kind                 error
		message              string
	}{
		{"more hubs than sites", "scenario.json", `"hubs": 2`, `"hubs": 4`, ErrScenario, "plan.hubs: 4 hubs, and only 3 of the 4 sites may open"},
		{"site off the network", "sites.csv", "soh,Soham,30.5", "soh,Soham,30.2", ErrScenario, `sites.csv: "soh": `},
		{"set cover out of time", "scenario.json", `"objective": "p-median", "hubs": 2, "within_hours": 2`, `"objective": "set-cover", "hubs": 0, "within_hours": 0.01`, locate.ErrInfeasible, "in East"},
		{"class that is nowhere", "scenario.json", `{"trunk": 50, "primary": 40}`, `{"rail": 50}`, route.ErrProfile, "no edge"},
	} {
		files := small()
		edit(t, files, c.file, c.old, c.new)
		p, err := Solve(context.Background(), mustLoad(t, files), Options{})
		if p != nil || !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: error %v, want %q of kind %v", c.name, err, c.message, c.kind)
		}
	}
	s := mustLoad(t, small())
	for i := range s.Sites {
		s.Sites[i].Status = Excluded
	}
	if _, err := Solve(context.Background(), s, Options{}); !errors.Is(err, ErrScenario) {
		t.Errorf("all sites excluded: error %v", err)
	}
	s = mustLoad(t, small())
	for i := range s.Sites {
		s.Sites[i].Status = Required
	}
	if _, err := Solve(context.Background(), s, Options{}); !errors.Is(err, locate.ErrInfeasible) {
		t.Errorf("more required sites than hubs: error %v", err)
	}
	s = mustLoad(t, small())
	s.Settings.Plan.WithinHours = math.NaN()
	if _, err := Solve(context.Background(), s, Options{}); !errors.Is(err, ErrScenario) {
		t.Errorf("time standard that is no number: error %v", err)
	}
}

func TestSolveStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Solve(ctx, mustLoad(t, small()), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestSolveSameOnAnyNumberOfCores(t *testing.T) {
	s := mustLoad(t, small())
	run := func(procs int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		text, err := json.Marshal(mustSolve(t, s))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if run(1) != run(8) {
		t.Error("the plan differs between 1 and 8 cores")
	}
}

func TestProgressTellsEveryStage(t *testing.T) {
	var stages []string
	_, err := Solve(context.Background(), mustLoad(t, small()), Options{Progress: func(p Progress) {
		if len(stages) == 0 || stages[len(stages)-1] != p.Stage {
			stages = append(stages, p.Stage)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"times", "hubs", "scores"}; !slices.Equal(stages, want) {
		t.Errorf("stages %v, want %v", stages, want)
	}
}

// The keys that programs rely on.
func TestPlanJSON(t *testing.T) {
	files := small()
	edit(t, files, "scenario.json", `"hubs": 2`, `"hubs": 1`)
	text, err := json.Marshal(mustSolve(t, mustLoad(t, files)))
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Objective, Bound *float64
		Optimal          *bool
		Hubs             []struct {
			ID, Name       string
			Lon, Lat, Load *float64
		}
		Coverage map[string]float64
		Time     struct{ Median, P90, Max, Unreachable *float64 }
		N1       map[string]float64
		R        struct {
			Two     *int `json:"sectors_with_two_routes"`
			Bridges []struct{ Isolated *float64 }
		} `json:"redundancy"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	if p.Objective == nil || p.Bound == nil || p.Optimal == nil || len(p.Hubs) != 1 || p.Hubs[0].Load == nil || p.Hubs[0].Lon == nil ||
		len(p.Coverage) != 2 || p.Time.Median == nil || p.Time.P90 == nil || p.Time.Max == nil || p.Time.Unreachable == nil ||
		len(p.N1) != 1 || p.R.Two == nil || len(p.R.Bridges) == 0 || p.R.Bridges[0].Isolated == nil {
		t.Errorf("plan %s", text)
	}
	if got, err := json.Marshal(Seconds(90*time.Minute + 123456789)); err != nil || string(got) != "5400.123" {
		t.Errorf("seconds %s (error %v), want 5400.123", got, err)
	}
}
