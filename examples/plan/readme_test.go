package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite plan.svg and the blocks of the README that the programs produce")

// The README shows what the program prints, the example that is tested, and the
// map that the program draws; -update renews all three.
func TestReadmeIsTrue(t *testing.T) {
	const readme = "../../README.md"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)

	work := t.TempDir()
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(work)
	code, stdout, stderr := command(t)
	t.Chdir(home)
	if code != 0 {
		t.Fatal(stderr)
	}
	want = replaceBlock(t, want, "```\n", filepath.ToSlash(stdout))

	example, err := os.ReadFile("../../hub/example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(example), "func Example() {\n")
	body, _, _ = strings.Cut(body, "\t// Output:")
	want = replaceBlock(t, want, "```go\n", strings.ReplaceAll("\n"+body, "\n\t", "\n")[1:])

	picture, err := os.ReadFile(filepath.Join(work, "out", "plan.svg"))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(readme, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("plan.svg", picture, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if !*update && want != string(text) {
		t.Error("the README does not show what the program prints or the example says; renew it with -update")
	}
	committed, err := os.ReadFile("plan.svg")
	if err != nil || string(committed) != string(picture) {
		t.Errorf("plan.svg is not the map that the program draws (%v); renew it with -update", err)
	}
}

// replaceBlock puts new text into the first fenced block that the fence opens.
func replaceBlock(t *testing.T, text, fence, body string) string {
	t.Helper()
	before, rest, found := strings.Cut(text, "\n"+fence)
	if !found {
		t.Fatalf("the README has no block %q", fence)
	}
	_, after, found := strings.Cut("\n"+rest, "\n```\n")
	if !found {
		t.Fatalf("block %q does not end", fence)
	}
	return before + "\n" + fence + body + "```\n" + after
}
