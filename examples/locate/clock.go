package main

import "time"

var start = time.Now()

// cpuTime is the processor time that the program has used.
func cpuTime() time.Duration {
	cpu, _ := usage()
	return cpu
}
