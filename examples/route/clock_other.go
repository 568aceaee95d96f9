//go:build !unix

package main

import "time"

// cpuTime is the time since the start: this system does not tell how much of it
// was used.
func cpuTime() time.Duration { return time.Since(start) }

var start = time.Now()

// peakMiB is not known here.
func peakMiB() float64 { return 0 }
