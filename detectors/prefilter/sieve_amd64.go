package prefilter

import "golang.org/x/sys/cpu"

// sieves returns the sieves of this machine, the fastest first: for tables that have bytes, or not.
func sieves(ascii bool) (able []sieve) {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasBMI1 || !cpu.X86.HasBMI2 || !cpu.X86.HasPOPCNT {
		return nil
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW {
		if cpu.X86.HasAVX512VBMI && ascii {
			able = append(able, sieveBytes)
		}
		able = append(able, sieve512)
	}
	return append(able, sieve256)
}

// sieve256 takes AVX2.
//
//go:noescape
func sieve256(t *tables, text *byte, n int, before uint64, due int) (clear, lines int, passed, runs, wrong uint64, next int)

// sieve512 takes AVX-512F and BW, and half as many steps.
//
//go:noescape
func sieve512(t *tables, text *byte, n int, before uint64, due int) (clear, lines int, passed, runs, wrong uint64, next int)

// sieveBytes takes AVX-512VBMI too, which looks a byte up as a whole, where the others look up its two halves.
//
//go:noescape
func sieveBytes(t *tables, text *byte, n int, before uint64, due int) (clear, lines int, passed, runs, wrong uint64, next int)
