package prefilter

import "golang.org/x/sys/cpu"

const _ = uint(telltaleClasses-11) + uint(11-telltaleClasses) // as many as are done there, one by one

const (
	vectors256 vectors = noVectors + 1 + iota
	vectors512
)

func telltaleVectors() vectors {
	switch {
	case cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW:
		return vectors512
	case cpu.X86.HasAVX2:
		return vectors256
	}
	return noVectors
}

// markVector sets marks by the told bytes from text on.
func (t *Telltales) markVector(text *byte, marks *telltaleMarks) {
	if t.vectors == vectors512 {
		telltale512(t, text, marks)
		return
	}
	telltale256(t, text, marks)
}

// telltale256 sets marks by the told bytes from text on. It takes AVX2.
//
//go:noescape
func telltale256(t *Telltales, text *byte, marks *telltaleMarks)

// telltale512 takes AVX-512F and BW.
//
//go:noescape
func telltale512(t *Telltales, text *byte, marks *telltaleMarks)
