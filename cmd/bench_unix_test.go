//go:build unix

package cmd_test

import (
	"os"
	"runtime"
	"syscall"
)

// peakMemory returns the most memory that a process had, in bytes.
func peakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return int64(usage.Maxrss) //nolint:unconvert // of 32 bits on some systems
	default:
		return int64(usage.Maxrss) << 10 //nolint:unconvert // of 32 bits on some systems
	}
}
