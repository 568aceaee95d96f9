// Plan chooses hubs for a scenario, scores them, and writes the plan as tables,
// map layers and a page.
//
// Usage:
//
//	plan [flags] [scenario.json]
//
// Without a scenario it plans the embedded example. It prints a summary, or the
// plan as JSON with -json, and writes plan.json, plan.geojson, plan.html and plan.svg to a
// folder. It ends with status 0 when the plan is written, 1 when the scenario is
// wrong or the plan cannot be written, 2 when the command line is wrong.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/hubplan/hubplan/hub"
	"github.com/hubplan/hubplan/hub/report"
	"github.com/hubplan/hubplan/testdata/ukraine"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("plan", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, "Usage: plan [flags] [scenario.json]\n\nPlans hubs for a scenario; without one, for the embedded example.\n\n")
		flags.PrintDefaults()
	}
	dir := flags.String("o", "out", "write plan.json, plan.geojson, plan.html and plan.svg to this `folder`")
	asJSON := flags.Bool("json", false, "print the plan as JSON instead of a summary, and write no files unless -o is given")
	hubs := flags.Int("p", 0, "open this `number` of hubs instead of the scenario's")
	within := flags.Duration("within", 0, "use this `time` standard, such as 4h30m, instead of the scenario's")
	seed := flags.Uint64("seed", 0, "`seed` of the search; it may choose between equally good plans")
	if err := flags.Parse(args); err != nil {
		if err == flag.ErrHelp {
			return 0
		}
		return 2
	}
	if flags.NArg() > 1 {
		fmt.Fprintf(stderr, "plan: one scenario at a time, not %d\n", flags.NArg())
		return 2
	}
	given := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })

	fail := func(err error) int {
		fmt.Fprintf(stderr, "plan: %s\n", strings.ReplaceAll(err.Error(), "\n", "\n      "))
		return 1
	}
	scenario, err := load(flags.Arg(0))
	if err != nil {
		return fail(err)
	}
	if given["p"] {
		scenario.Settings.Plan.Hubs = *hubs
	}
	if given["within"] {
		scenario.Settings.Plan.WithinHours = within.Hours()
	}
	bar := newBar(stderr)
	plan, err := hub.Solve(ctx, scenario, hub.Options{Seed: *seed, Progress: bar.show})
	bar.clear()
	if err != nil {
		return fail(err)
	}
	write := !*asJSON || given["o"]
	var written []string
	if write {
		if written, err = save(*dir, plan, scenario); err != nil {
			return fail(err)
		}
	}
	if *asJSON {
		err = report.JSON(stdout, plan)
	} else {
		err = report.Text(stdout, plan)
	}
	if err != nil {
		return fail(err)
	}
	if !*asJSON {
		fmt.Fprintf(stdout, "\nWritten: %s\n", strings.Join(written, ", "))
	}
	return 0
}

func load(name string) (*hub.Scenario, error) {
	if name == "" {
		return hub.LoadFS(ukraine.Files, ukraine.Scenario)
	}
	return hub.Load(name)
}

// save writes the files of a plan. All are made before the first is written, so
// that a plan that cannot be drawn leaves nothing behind.
func save(dir string, p *hub.Plan, s *hub.Scenario) ([]string, error) {
	outputs := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"plan.json", func(w io.Writer) error { return report.JSON(w, p) }},
		{"plan.geojson", func(w io.Writer) error { return report.GeoJSON(w, p, s) }},
		{"plan.html", func(w io.Writer) error { return report.HTML(w, p, s) }},
		{"plan.svg", func(w io.Writer) error { return report.SVG(w, p, s) }},
	}
	contents := make([]bytes.Buffer, len(outputs))
	for i, o := range outputs {
		if err := o.write(&contents[i]); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	var written []string
	for i, o := range outputs {
		name := filepath.Join(dir, o.name)
		if err := os.WriteFile(name, contents[i].Bytes(), 0o666); err != nil {
			return nil, err
		}
		written = append(written, name)
	}
	return written, nil
}

// bar draws progress on one line of a terminal, and nothing elsewhere.
type bar struct {
	w     io.Writer // nil if it is no terminal
	start time.Time
	last  time.Time
}

func newBar(w io.Writer) *bar {
	b := &bar{start: time.Now()}
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			b.w = w
		}
	}
	return b
}

// redraw is how often the line is drawn at most.
const redraw = 50 * time.Millisecond

var stages = []string{"times", "hubs", "scores"}

func (b *bar) show(p hub.Progress) {
	if b.w == nil || time.Since(b.last) < redraw && p.Done > 0 {
		return
	}
	b.last = time.Now()
	const width = 30
	done := 0.0
	for i, s := range stages {
		if s != p.Stage {
			continue
		}
		done = float64(i)
		if p.Total > 0 {
			done += float64(p.Done) / float64(p.Total)
		}
	}
	full := int(done / float64(len(stages)) * width)
	text := p.Stage
	if p.Objective != 0 {
		text = fmt.Sprintf("%s, gap %.2f %%", p.Stage, 100*abs(p.Objective-p.Bound)/abs(p.Objective))
	}
	fmt.Fprintf(b.w, "\r\x1b[K[%s%s] %s, %.1f s", strings.Repeat("=", full), strings.Repeat(" ", width-full), text, time.Since(b.start).Seconds())
}

func (b *bar) clear() {
	if b.w != nil {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}

func abs(x float64) float64 { return max(x, -x) }
