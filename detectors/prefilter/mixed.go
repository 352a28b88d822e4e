package prefilter

import (
	"bytes"
	"math/bits"
)

// Base64 in lines that each have something in front has no long run. What tells it from words is that it changes again and again
// between upper case and other characters. Of so many bytes as are sure to be found so if there is any of it, some are looked at.
const (
	Sampled    = 192 // bytes of which some are looked at
	SampleSize = 64  // so many: a sample

	leastChanges = 8 // between upper case and other characters in a sample, the first behind the last
	mostWords    = 5 // places in it where four characters in lower case follow each other, the first behind the last
)

// Mixed reports whether the sample that text begins with is mixed: it has upper case and other characters by turns, no words to speak
// of, and a line feed or nothing that is not ASCII. The latter may have line feeds that are escaped, or the lines be longer.
func Mixed(text []byte) bool {
	if text = text[:SampleSize]; hasMixed() {
		return mixedVector(&text[0], SampleSize) == 0
	}
	return mixedPlain(text)
}

func mixedPlain(sample []byte) bool {
	var upper, lower, feeds, others uint64
	for i, c := range sample {
		switch {
		case c >= 0x80:
			others |= 1 << i
		case c > 0x60 && c < 0x80:
			lower |= 1 << i
		case c > 0x40 && c <= 'Z':
			upper |= 1 << i
		case c == '\n':
			feeds |= 1 << i
		}
	}
	lower &= bits.RotateLeft64(lower, -1)
	lower &= bits.RotateLeft64(lower, -2)
	return (feeds != 0 || others == 0) && bits.OnesCount64(lower) <= mostWords && bits.OnesCount64(upper^bits.RotateLeft64(upper, -1)) >= leastChanges
}

// besideSample is how many bytes on both sides of a sample are looked at with it: as many as there are in a narrow line and what it has
// besides.
const besideSample = 32

// mayBeBroken reports whether in a sample that is mixed, or near it, a line feed may be, as such or escaped, or a string literal may end. In
// base64 that is one long run there is neither, though all of it is mixed.
func mayBeBroken(text []byte, sample int) bool {
	near := text[max(sample-besideSample, 0):min(sample+SampleSize+besideSample, len(text))]
	for _, sign := range [...]byte{'\n', '\\', '&', '%', '=', 0, '"', '\''} {
		if bytes.IndexByte(near, sign) >= 0 {
			return true
		}
	}
	return false
}

// quarter is what of Sampled there is between two of the samples that [AmongMixed] looks at.
const quarter = Sampled / 4

// AmongMixed reports whether a sample that is mixed may be one of those that begin in as many bytes as one is taken of, and are all mixed:
// where the text begins or ends, it may. It is not asked of all of them, but of those at hand on both sides, which in names and numbers are
// not mixed.
func AmongMixed(text []byte, sample int) bool {
	before, behind := mayBeMixed(text, sample-quarter), mayBeMixed(text, sample+quarter)
	switch {
	case before && behind:
		return mayBeMixed(text, sample-2*quarter) || mayBeMixed(text, sample+2*quarter-1)
	case before:
		return mayBeMixed(text, sample-2*quarter) && mayBeMixed(text, sample-3*quarter)
	case behind:
		return mayBeMixed(text, sample+2*quarter-1) && mayBeMixed(text, sample+3*quarter)
	}
	return false
}

// mayBeMixed reports whether the sample at a place is mixed, or not all there.
func mayBeMixed(text []byte, at int) bool {
	return at < 0 || at+SampleSize > len(text) || Mixed(text[at:])
}

// NextMixed returns the first of the samples that begin in text[from:to], one in each Sampled bytes, that is mixed, or -1.
func NextMixed(text []byte, from, to int) int {
	first := (from + Sampled - 1) / Sampled * Sampled
	end := min(to+SampleSize-1, len(text))
	if end-first < SampleSize {
		return -1
	}
	if hasMixed() {
		if at := mixedVector(&text[first], end-first); at >= 0 {
			return first + at
		}
		return -1
	}
	for at := first; at+SampleSize <= end; at += Sampled {
		if Mixed(text[at:]) {
			return at
		}
	}
	return -1
}
