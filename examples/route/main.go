// Route asks a road network questions from the command line.
//
// Usage:
//
//	route bench [flags] NETWORK
//
// Bench measures every kind of answer on a network and prints the answers' sums,
// so that programs can be compared. It ends with status 0, 1 when something is
// wrong with a file, 2 when something is wrong with the command line.
package main

import (
	"context"
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

const usage = `Usage: route bench [flags] NETWORK

bench measures every kind of answer on a network; -h lists its flags.
`

// run is the program; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	switch args[0] {
	case "bench":
		return bench(ctx, args[1:], stdout, stderr)
	case "-h", "-help", "--help", "help":
		fmt.Fprint(stderr, usage)
		return 0
	}
	fmt.Fprintf(stderr, "route: there is no command %q\n\n%s", args[0], usage)
	return 2
}

// report prints an error and returns the exit status that goes with it.
func report(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "route: %s\n", strings.ReplaceAll(err.Error(), "\n", "\n       "))
	return 1
}
