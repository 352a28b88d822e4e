//go:build !amd64

package encoding

func hasVectors() bool { return false }

func longRunVector(*classes, *byte, int) (at int) { panic("encoding: no vectors on this machine") }
