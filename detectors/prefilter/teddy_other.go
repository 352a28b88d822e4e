//go:build !amd64 && !arm64

package prefilter

func hasTeddy() bool { return false }

func teddy(*masks, *byte, int) (block int, hits uint32) {
	panic("prefilter: no vectors on this machine")
}
