//go:build !linux

package pack

func largeMemory(size int) []byte { return make([]byte, size) }

func emptyMemory([]byte) bool { return false }

func releaseMemory([]byte) {}

func largeEntries(count int) (entries []packEntry, memory []byte) {
	return make([]packEntry, count), nil
}
