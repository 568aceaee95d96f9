package osm

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// Reading takes at most twelve times the size of the file, at the highest point of the
// memory of a process that does nothing else.
func TestMemory(t *testing.T) {
	const env = "OSM_MEMORY_OF" // set in that process
	if path := os.Getenv(env); path != "" {
		if _, err := ReadFile(context.Background(), path, Options{}); err != nil {
			t.Fatal(err)
		}
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Fatal(err)
		}
		_, peak, _ := strings.Cut(string(status), "VmHWM:")
		line, _, _ := strings.Cut(peak, "\n")
		fmt.Println("peak", line)
		return
	}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("the race detector takes memory of its own")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("the system does not tell the highest point of memory")
	}
	path := delaware(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestMemory$", "-test.v")
	cmd.Env = append(os.Environ(), env+"="+path)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, peak, _ := strings.Cut(string(out), "peak")
	var kB int64
	if _, err := fmt.Sscan(peak, &kB); err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	times := float64(kB) * 1024 / float64(info.Size())
	t.Logf("%d kB for a file of %d kB: %.1f times", kB, info.Size()/1024, times)
	if times > 12 {
		t.Errorf("%.1f times the size of the file", times)
	}
}
