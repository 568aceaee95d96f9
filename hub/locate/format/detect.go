package format

import (
	"bytes"
	"slices"
	"strings"
)

// lookahead is how much of a file is looked at to find out its format. It holds
// two lines of every format that needs two.
const lookahead = 1 << 16

// detect tells the format of a file from how it begins; Detect if it cannot.
func detect(start []byte) Format {
	lines := firstLines(start)
	first, second := lines[0], lines[1]
	switch {
	case len(first) == 0:
		return Detect
	case isKeyword(first[0]):
		return TSPLIB
	case strings.HasPrefix(first[0], "FILE:"):
		return UflLib
	case first[0] == "##":
		return Cities
	case bytes.ContainsRune(start[:lineEnd(start)], ','):
		return detectTable(string(start[:lineEnd(start)]))
	case !numeric(first):
		return Detect
	case len(first) == 3:
		return PMed
	case len(first) == 2 && len(second) > 0 && second[0] == "F":
		return Grid
	case len(first) == 2 && len(second) == 2:
		return Warehouse
	case len(first) == 2 && numeric(second):
		return SCP
	case len(first) == 1 && len(second) == 2 && numeric(second):
		return SJC
	}
	return Detect
}

// detectTable tells the kinds of tables apart by the names of their columns.
func detectTable(header string) Format {
	var columns []string
	for name := range strings.SplitSeq(strings.TrimPrefix(header, "\ufeff"), ",") {
		columns = append(columns, strings.Trim(name, " \t\r\""))
	}
	has := func(names ...string) bool {
		for _, name := range names {
			if !slices.Contains(columns, name) {
				return false
			}
		}
		return true
	}
	switch {
	case has("x", "y"), has("lon", "lat"):
		return Points
	case has("demand", "site", "cost"):
		return Pairs
	case columns[0] == "demand":
		return Matrix
	}
	return Detect
}

// firstLines splits the first two lines that are not blank into words.
func firstLines(start []byte) (lines [2][]string) {
	k := 0
	for line := range bytes.Lines(start) {
		words := strings.Fields(string(line))
		if len(words) == 0 {
			continue
		}
		lines[k] = words
		if k++; k == len(lines) {
			break
		}
	}
	return lines
}

// lineEnd is the length of the first line.
func lineEnd(start []byte) int {
	if at := bytes.IndexByte(start, '\n'); at >= 0 {
		return at
	}
	return len(start)
}

// isKeyword reports whether a word opens the specification part of TSPLIB.
func isKeyword(word string) bool {
	key, _, _ := strings.Cut(word, ":")
	return slices.Contains(keywords, key) || slices.Contains(sections, key)
}

// numeric reports whether every word begins as a number does.
func numeric(words []string) bool {
	for _, word := range words {
		if !strings.ContainsRune("0123456789+-.", rune(word[0])) {
			return false
		}
	}
	return len(words) > 0
}
