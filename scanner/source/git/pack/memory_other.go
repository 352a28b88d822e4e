//go:build !linux

package pack

func largeMemory(size int) []byte { return make([]byte, size) }

func releaseMemory([]byte) {}
