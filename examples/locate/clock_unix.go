//go:build unix

package main

import (
	"runtime"
	"syscall"
	"time"
)

// usage is what the process has used of the machine.
func usage() (cpu time.Duration, peakMiB float64) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return time.Since(start), 0
	}
	peakMiB = float64(u.Maxrss) / 1024 // kilobytes
	if runtime.GOOS == "darwin" {
		peakMiB /= 1024 // bytes
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), peakMiB
}
