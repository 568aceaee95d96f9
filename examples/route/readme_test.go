package main

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the blocks of the README that the program produces")

// What the README shows of the program is what it prints; -update renews it.
func TestReadmeIsTrue(t *testing.T) {
	t.Chdir("../..")
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	const fence, prompt = "\n```console\n", "$ go run ./examples/route "
	before, rest, found := strings.Cut(string(text), fence)
	block, after, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatal("the README has no console block")
	}
	var b strings.Builder
	commands := 0
	for line := range strings.Lines(block) {
		if args, ok := strings.CutPrefix(line, prompt); ok {
			commands++
			b.WriteString(line)
			b.WriteString(mustRun(t, strings.Fields(args)...))
		}
	}
	if commands == 0 {
		t.Error("the README shows no command")
	}
	want := before + fence + b.String() + "```\n" + after
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if want != string(text) {
		t.Error("the README does not show what the program prints; renew it with -update")
	}
}
