//go:build !amd64

package pack

func prefetch(*byte) {}
