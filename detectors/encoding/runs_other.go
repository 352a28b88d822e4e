//go:build !amd64 && !arm64

package encoding

import "github.com/jwtleak/jwtleak/detectors/prefilter"

func hasVectors() bool { return false }

func longRunVector(*prefilter.Classes, *byte, int) (at int) {
	panic("encoding: no vectors on this machine")
}

func classVector(*prefilter.Classes, *byte, int) (at int) {
	panic("encoding: no vectors on this machine")
}

func undoVector(*undoingTables, *byte, *byte, int) (undone int) {
	panic("encoding: no vectors on this machine")
}
