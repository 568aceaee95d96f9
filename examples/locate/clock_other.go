//go:build !unix

package main

import "time"

// usage is the time since the start, where the system does not tell how much
// of it was used; nor does it tell the memory.
func usage() (cpu time.Duration, peakMiB float64) { return time.Since(start), 0 }
