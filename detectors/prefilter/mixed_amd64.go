package prefilter

import "golang.org/x/sys/cpu"

func hasMixed() bool {
	return cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT
}

// mixedVector returns where the first of the samples is, one each of Sampled of n bytes from text on, that is mixed, or -1.
//
//go:noescape
func mixedVector(text *byte, n int) (at int)
