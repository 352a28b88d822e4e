//go:build !amd64 && !arm64

package prefilter

func openVector(*[2]masks, *byte, *uint64, int) { panic("prefilter: no vectors on this machine") }
