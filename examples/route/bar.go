package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// bar is a line on a terminal that says how far something is, at what rate, and how
// much longer it takes. Where errors do not go to a terminal it stays silent.
type bar struct {
	w     io.Writer // nil for silent
	now   func() time.Time
	what  string
	begin time.Time
	drawn time.Time
	width int // of what stands there
}

func newBar(stderr io.Writer) *bar {
	b := &bar{now: time.Now}
	if f, ok := stderr.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			b.w = stderr
		}
	}
	return b
}

const barWidth = 24

// counter returns a callback that draws how far a piece of work is, at most ten times a
// second.
func (b *bar) counter(what string) func(done, total int) {
	b.what = ""
	return func(done, total int) {
		now := b.now()
		if b.what != what {
			b.what, b.begin, b.drawn = what, now, time.Time{}
		}
		if b.w == nil || total <= 0 || done < total && now.Sub(b.drawn) < 100*time.Millisecond {
			return
		}
		b.drawn = now
		full := barWidth * done / total
		line := fmt.Sprintf("%s [%s%s] %3d %%", what, strings.Repeat("#", full), strings.Repeat(".", barWidth-full), 100*done/total)
		if spent := now.Sub(b.begin); done > 0 && spent > 0 {
			rate := float64(done) / spent.Seconds()
			left := time.Duration(float64(total-done) / rate * float64(time.Second))
			line += fmt.Sprintf("  %s/s, %s left", short(rate), left.Round(time.Second))
		}
		fmt.Fprintf(b.w, "\r%-*s", b.width, line)
		b.width = len(line)
	}
}

// clear takes the line away.
func (b *bar) clear() {
	if b.width > 0 {
		fmt.Fprintf(b.w, "\r%-*s\r", b.width, "")
		b.width = 0
	}
}

// short is a rate in few digits.
func short(x float64) string {
	switch {
	case x >= 1e6:
		return fmt.Sprintf("%.1f M", x/1e6)
	case x >= 1e4:
		return fmt.Sprintf("%.0f k", x/1e3)
	}
	return fmt.Sprintf("%.0f", x)
}
