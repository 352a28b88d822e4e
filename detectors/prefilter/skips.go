package prefilter

// Skips is the table of the search by Wu and Manber over pairs of bytes: for each pair, how many places on the next
// needle may start if the pair is the last of the window that all needles fill; the window is as long as the shortest
// needle, at most compared bytes. 0: a needle may start with this window.
type skips struct {
	window int
	table  [1 << 16]byte
}

func newSkips(needles []string) *skips {
	s := &skips{window: compared}
	for _, needle := range needles {
		s.window = min(s.window, len(needle))
	}
	for i := range s.table {
		s.table[i] = byte(s.window - 1)
	}
	for _, needle := range needles {
		for i := 0; i+2 <= s.window; i++ {
			pair := int(needle[i]) | int(needle[i+1])<<8
			s.table[pair] = min(s.table[pair], byte(s.window-2-i))
		}
	}
	return s
}

// hitsSkipping is Hits without vectors.
func (s *Set) hitsSkipping(dst []Hit, text []byte, from int) []Hit {
	last := s.skips.window - 2
	table := &s.skips.table
	for i := from + last; i+1 < len(text) && len(dst) < cap(dst); {
		skip := table[uint16(text[i])|uint16(text[i+1])<<8]
		if skip != 0 {
			i += int(skip)
			continue
		}
		if needle := s.match(text, i-last); needle >= 0 {
			dst = append(dst, Hit{Needle: needle, At: i - last})
		}
		i++
	}
	return dst
}
