package prefilter

import (
	"bytes"
	"fmt"
)

// The lengths a needle may have, in bytes.
const (
	MinNeedle = 2
	MaxNeedle = 16
)

// A Set is a compiled set of needles. It is immutable: any number of goroutines may use it at once.
type Set struct {
	needles []string
	width   int
}

// New compiles needles, each of MinNeedle to MaxNeedle bytes. They are the programmer's, so one of another length panics.
func New(needles ...string) *Set {
	s := &Set{needles: append([]string(nil), needles...)}
	for _, needle := range needles {
		if len(needle) < MinNeedle || len(needle) > MaxNeedle {
			panic(fmt.Sprintf("prefilter: needle %q is not %d to %d bytes long", needle, MinNeedle, MaxNeedle))
		}
		s.width = max(s.width, len(needle))
	}
	return s
}

// Next returns the first occurrence of a needle that starts at or after from: the needle's index in the arguments of
// New, and the offset of its first byte in text. Where several start at one offset it is the lowest index. There being
// none, both are -1.
func (s *Set) Next(text []byte, from int) (needle, at int) {
	return s.nextPlain(text, from)
}

// Index returns the offset of the first occurrence of any needle in text, or -1.
func (s *Set) Index(text []byte) int {
	_, at := s.Next(text, 0)
	return at
}

// Width is the length in bytes of the longest needle, 0 where there is none.
func (s *Set) Width() int { return s.width }

// nextPlain is Next in the plainest way there is.
func (s *Set) nextPlain(text []byte, from int) (needle, at int) {
	needle, at = -1, -1
	from = max(from, 0)
	for i, candidate := range s.needles {
		if from >= len(text) {
			break
		}
		limit := len(text)
		if at >= 0 {
			limit = min(limit, from+at+len(candidate)-1)
		}
		if found := bytes.Index(text[from:limit], []byte(candidate)); found >= 0 && (at < 0 || found < at) {
			needle, at = i, found
		}
	}
	if at >= 0 {
		at += from
	}
	return needle, at
}
