package encoding

import (
	"golang.org/x/sys/cpu"

	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

func hasVectors() bool { return cpu.X86.HasAVX2 }

// longRunVector is longRunPlain for n bytes from text on, n a multiple of blockSize; it returns n where there is none.
//
//go:noescape
func longRunVector(c *prefilter.Classes, text *byte, n int) (at int)
