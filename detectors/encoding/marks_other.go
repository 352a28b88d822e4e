//go:build !amd64 && !arm64

package encoding

func markVector(*markBytes, *byte, *marks, int) {
	panic("encoding: no vectors on this machine")
}
