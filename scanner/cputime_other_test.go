//go:build !unix

package scanner

import "time"

// cpuTime returns the clock's time, where that of the processor is not to be had.
func cpuTime() time.Duration { return time.Duration(time.Now().UnixNano()) }
