//go:build unix

package scanner

import (
	"syscall"
	"time"
)

// cpuTime returns the processor time that the process has taken, which other processes' work disturbs less than the clock.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
