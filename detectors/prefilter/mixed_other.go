//go:build !amd64 && !arm64

package prefilter

func hasMixed() bool { return false }

func mixedVector(*byte, int) (at int) { panic("prefilter: no vectors on this machine") }
