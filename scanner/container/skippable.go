package container

import (
	"bytes"
	"sync"
)

const (
	skippableLabel = "(skippable frames)"
	// maxSkippable is how many bytes of skippable frames are kept of one stream: mostly they have an index of some bytes.
	maxSkippable = 4 << 20
)

// skippable keeps what is in the skippable frames of a stream (RFC 8878, section 3.1.2), to be shown once it was read.
type skippable struct {
	mu     sync.Mutex
	kept   bytes.Buffer
	missed int64 // bytes that were not kept
}

// An asideStream is a stream with skippable frames.
type asideStream interface {
	// aside returns what was in them so far, and how many bytes more there were.
	aside() (kept []byte, missed int64)
}

func (s *skippable) aside() (kept []byte, missed int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.kept.Bytes()), s.missed
}

func (s *skippable) keep(data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(data), maxSkippable-s.kept.Len())
	s.kept.Write(data[:n])
	s.missed += int64(len(data) - n)
}

// isSkippable reports whether a frame that starts with these four bytes is one.
func isSkippable(magic []byte) bool {
	return magic[0]&0xf0 == 0x50 && string(magic[1:4]) == "\x2a\x4d\x18"
}
