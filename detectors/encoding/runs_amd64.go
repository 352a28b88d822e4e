package encoding

import "golang.org/x/sys/cpu"

func hasVectors() bool { return cpu.X86.HasAVX2 }

// longRunVector is longRunPlain for n bytes from text on, n a multiple of blockSize; it returns n where there is none.
//
//go:noescape
func longRunVector(c *classes, text *byte, n int) (at int)
