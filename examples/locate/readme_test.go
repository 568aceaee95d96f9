package main

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the block of the README that the program produces")

// What the README shows of the program is what it prints, but for the time it
// takes; -update renews it.
func TestReadmeIsTrue(t *testing.T) {
	t.Chdir("../..")
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	const fence, prompt = "\n```text\n", "$ go run ./examples/locate "
	before, rest, found := strings.Cut(text, fence)
	block, after, closed := strings.Cut(rest, "```\n")
	command, _, _ := strings.Cut(block, "\n")
	args, ok := strings.CutPrefix(command, prompt)
	if !found || !closed || !ok {
		t.Fatal("the README has no text block with a command")
	}
	code, stdout, stderr := program(t, strings.Fields(args)...)
	if code != 0 {
		t.Fatal(stderr)
	}
	want := before + fence + command + "\n" + stdout + "```\n" + after
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	time := regexp.MustCompile(`\nCPU +[0-9.]+ s\n`)
	if time.ReplaceAllString(text, "\n") != time.ReplaceAllString(want, "\n") {
		t.Error("the README does not show what the program prints; renew it with -update")
	}
}
