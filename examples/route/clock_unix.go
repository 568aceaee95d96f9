//go:build unix

package main

import (
	"runtime"
	"syscall"
	"time"
)

// cpuTime is the processor time that the program has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return time.Since(start)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var start = time.Now()

// peakMiB is the most memory that the program has had, in MiB.
func peakMiB() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	unit := 1.0 / 1024 // Linux tells kilobytes
	if runtime.GOOS == "darwin" {
		unit /= 1024
	}
	return float64(u.Maxrss) * unit
}
