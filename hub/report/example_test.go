package report_test

import (
	"context"
	"log"
	"os"
	"path/filepath"

	"github.com/hubplan/hubplan/hub"
	"github.com/hubplan/hubplan/hub/report"
	"github.com/hubplan/hubplan/testdata/ukraine"
)

// Write a plan as a page.
func Example() {
	scenario, err := hub.LoadFS(ukraine.Files, ukraine.Scenario)
	if err != nil {
		log.Fatal(err)
	}
	plan, err := hub.Solve(context.Background(), scenario, hub.Options{})
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "plan")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	page, err := os.Create(filepath.Join(dir, "plan.html"))
	if err != nil {
		log.Fatal(err)
	}
	if err := report.HTML(page, plan, scenario); err != nil {
		log.Fatal(err)
	}
	if err := page.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
}
