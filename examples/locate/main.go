// Locate solves location problems and proves the answer.
//
// Usage:
//
//	locate [flags] FILE
//	locate [flags] -batch LIST.csv
//
// FILE is in a format of the literature or a table (see package
// hub/locate/format), plain or packed by gzip; a member of an archive, as in
// M.tar.gz:M/O/MO1; or uniform:N or uniform:NxM, which draws N points in a square
// of 1000 by 1000 from -seed: sites too, or N demands with weights from 1 to 100
// and M sites of their own. For example
//
//	locate -model p-median -p 5 testdata/locate/towns.csv
//	locate -model maximal-cover -p 15 -radius 100 uniform:1000000x100
//
// The model and p are those of the file where its format states them. Sites
// and demands are numbered from 0. With -batch, every row of a table is solved
// and told in a line: its column file names the file, value what objective is
// expected, tolerance by how much it may differ, and any other column is a flag.
//
// A search that is interrupted, by -time or by the keyboard, tells the best
// solution so far with its bound. The status is 0 when there is a solution, 1
// when something is wrong with a file, the problem has no solution or a row of a
// batch failed, 2 when the command line is wrong.
package main

import (
	"context"
	"encoding/json"
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

// misuse is what is wrong with the command line.
type misuse struct{ error }

func misusef(format string, args ...any) error { return misuse{fmt.Errorf(format, args...)} }

// run is the program; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("locate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, "Usage: locate [flags] FILE\n       locate [flags] -batch LIST.csv\n\nSolves location problems and proves the answer.\n\n")
		flags.PrintDefaults()
	}
	var s settings
	s.declare(flags)
	asJSON := flags.Bool("json", false, "print JSON instead of a summary")
	batch := flags.String("batch", "", "solve every row of this `table`")
	root := flags.String("root", "", "`folder` that the files of a batch are in, instead of that of its table")
	pareto := flags.String("pareto", "", "find the front of two or three `goals`, such as build-cost,covered,worst-cost (or service-cost, covered-twice, expected-cost)")
	tradeOff := flags.Int("trade-off", 0, "with -failure, print the curve between the cost if nothing fails and the expected one for so `many` weights")
	progress := flags.Bool("progress", false, "tell the progress also where standard error is no terminal")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	s.note(flags)
	line := newLine(stderr, *progress)
	var err error
	switch {
	case *batch != "" && flags.NArg() > 0:
		err = misusef("a file or a batch, not both")
	case *batch != "":
		err = runBatch(ctx, s, *batch, *root, *asJSON, line, stdout)
	case flags.NArg() != 1:
		flags.Usage()
		return 2
	case *tradeOff != 0:
		err = runTradeOff(ctx, s, *tradeOff, flags.Arg(0), *asJSON, line, stdout)
	case *pareto != "":
		err = runPareto(ctx, s, *pareto, flags.Arg(0), *asJSON, line, stdout)
	default:
		err = runFile(ctx, s, flags.Arg(0), *asJSON, line, stdout)
	}
	line.clear()
	if err == nil {
		return 0
	}
	// Errors of the package of the same name begin with it already.
	text := strings.TrimPrefix(err.Error(), "locate: ")
	fmt.Fprintf(stderr, "locate: %s\n", strings.ReplaceAll(text, "\n", "\n        "))
	if errors.As(err, new(misuse)) {
		return 2
	}
	return 1
}

// runFile solves one problem and prints the answer.
func runFile(ctx context.Context, s settings, file string, asJSON bool, line *line, stdout io.Writer) error {
	a, err := s.solve(ctx, file, line)
	line.clear()
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(stdout).Encode(a.result())
	}
	return a.print(stdout)
}
