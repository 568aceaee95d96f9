package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hubplan/hubplan/hub/locate"
)

// line tells how far a search is: on a terminal in one line that is drawn
// again, elsewhere, if asked for, in a line every second. The zero value is
// silent.
type line struct {
	w        io.Writer // nil for silent
	terminal bool
	what     string
	begin    time.Time
	told     time.Time
	width    int // of what stands on the terminal
}

func newLine(stderr io.Writer, always bool) *line {
	l := new(line)
	if f, ok := stderr.(*os.File); ok {
		info, err := f.Stat()
		l.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	if l.terminal || always {
		l.w = stderr
	}
	return l
}

// stage begins something new.
func (l *line) stage(what string) {
	l.what, l.begin, l.told = what, time.Now(), time.Time{}
	if l.terminal {
		l.write(what)
	}
}

// show tells a progress, at most ten times a second on a terminal and once
// elsewhere.
func (l *line) show(p locate.Progress) {
	pause := time.Second
	if l.terminal {
		pause = time.Second / 10
	}
	if l.w == nil || time.Since(l.told) < pause {
		return
	}
	l.told = time.Now()
	l.write(fmt.Sprintf("%s: objective %s, bound %s, gap %s, %d nodes, %.1f s",
		l.what, plain(p.Objective), plain(p.Bound), percent(p.Gap), p.Nodes, time.Since(l.begin).Seconds()))
}

func (l *line) write(text string) {
	if !l.terminal {
		fmt.Fprintln(l.w, text)
		return
	}
	fmt.Fprintf(l.w, "\r%-*s", l.width, text)
	l.width = len(text)
}

// clear takes the line away.
func (l *line) clear() {
	if l.width > 0 {
		fmt.Fprintf(l.w, "\r%-*s\r", l.width, "")
		l.width = 0
	}
}
