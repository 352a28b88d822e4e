//go:build !amd64 && !arm64

package prefilter

func telltaleVectors() vectors { return noVectors }

func (*Telltales) markVector(*byte, *telltaleMarks) { panic("prefilter: no vectors on this machine") }
