// Route asks a road network questions from the command line.
//
// Usage:
//
//	route COMMAND [flags] NETWORK [ARGUMENT ...]
//
// The commands are
//
//	stats     what the network is made of, and what a vehicle may not use of it
//	path      the fastest way through two or more points
//	matrix    times and lengths between points of tables
//	within    what is reached within some times, and from where the fastest
//	disjoint  routes between two points that share as little as can be
//	snap      where points of a table meet the network
//	bench     how long every kind of answer takes
//
// A network is an OpenStreetMap extract (.osm.pbf, .osm), GeoJSON lines (.geojson),
// a table of roads (.csv), a DIMACS graph (.gr) or hubplan's own file (.hubnet), plain
// or packed by gzip. A point is LON,LAT or the name of a node. Answers are
// text, with -json JSON, and with -o GeoJSON or CSV in a file as well. The status
// is 0, 1 when something is wrong with a file or there is no answer, 2 when something
// is wrong with the command line.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// A command answers one kind of question.
type command struct {
	name, arguments, what string
	// flags declares the command's own flags and returns what answers with them.
	flags func(f *flag.FlagSet) answerer
}

// answerer answers a question on a network that is ready.
type answerer func(ctx context.Context, t *task, args []string) (*answer, error)

func commands() []command {
	return []command{
		{"stats", "", "what the network is made of, and what a vehicle may not use of it", statsCommand},
		{"path", "POINT POINT ...", "the fastest way through two or more points", pathCommand},
		{"matrix", "", "times and lengths between points of tables", matrixCommand},
		{"within", "[POINT ...]", "what is reached within some times, and from where the fastest", withinCommand},
		{"disjoint", "POINT POINT", "routes between two points that share as little as can be", disjointCommand},
		{"snap", "[POINT ...]", "where points meet the network", snapCommand},
	}
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Usage: route COMMAND [flags] NETWORK [ARGUMENT ...]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.what)
	}
	fmt.Fprint(w, "  bench     how long every kind of answer takes\n\nroute COMMAND -h lists a command's flags.\n")
}

// run is the program; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return 2
	}
	switch args[0] {
	case "bench":
		return bench(ctx, args[1:], stdout, stderr)
	case "-h", "-help", "--help", "help":
		usage(stderr)
		return 0
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, args[1:], stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "route: there is no command %q\n\n", args[0])
	usage(stderr)
	return 2
}

// usageError is what is wrong with the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func misuse(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func (c *command) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("route "+c.name, flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprintf(stderr, "Usage: %s\n\nroute %s answers %s.\n\n", strings.TrimSpace("route "+c.name+" [flags] NETWORK "+c.arguments), c.name, c.what)
		f.PrintDefaults()
	}
	t := newTask(f, stderr)
	answers := c.flags(f)
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if f.NArg() == 0 {
		f.Usage()
		return 2
	}
	err := t.answer(ctx, f.Args(), answers, stdout)
	t.bar.clear()
	if misused := (usageError{}); errors.As(err, &misused) {
		fmt.Fprintf(stderr, "route %s: %v\n", c.name, err)
		return 2
	}
	if err != nil {
		return report(stderr, err)
	}
	return 0
}

// report prints an error and returns the exit status that goes with it.
func report(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "route: %s\n", strings.ReplaceAll(err.Error(), "\n", "\n       "))
	return 1
}
