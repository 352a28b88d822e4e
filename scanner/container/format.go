package container

import (
	"bytes"
	"context"
)

// A Format is a kind of container.
type Format uint8

// The formats.
const (
	None Format = iota
	Gzip
	Zip
	Tar
	formatCount
)

// SniffLength is how many bytes Recognise looks at, at most: as far as the magic of tar reaches.
const SniffLength = 512

// String returns the format's usual name.
func (f Format) String() string { return f.entry().name }

type formatEntry struct {
	name string
	open func(*walker, context.Context, *text) error
}

func (f Format) entry() formatEntry {
	switch f {
	case Gzip:
		return formatEntry{"gzip", (*walker).gzip}
	case Zip:
		return formatEntry{"zip", (*walker).zip}
	case Tar:
		return formatEntry{"tar", (*walker).tar}
	default:
		return formatEntry{name: "none"}
	}
}

// Recognise says whether a text is a container, from its first bytes (SniffLength of them, or all if there are fewer) and
// its name. It allocates nothing. A text that is recognised may yet turn out to be something else; Walk copes.
func Recognise(prefix []byte, name string) (Format, bool) {
	if len(prefix) < 4 {
		return None, false
	}
	switch prefix[0] {
	case 0x1f:
		if prefix[1] == 0x8b && prefix[2] == 8 {
			return Gzip, true
		}
	case 'P':
		if bytes.HasPrefix(prefix, []byte("PK\x03\x04")) || bytes.HasPrefix(prefix, []byte("PK\x05\x06")) {
			return Zip, true
		}
	}
	if isTar(prefix) {
		return Tar, true
	}
	return None, false
}

// isTar reports whether prefix starts with a tar header whose checksum holds (POSIX.1-1988 ustar, GNU, and V7, which
// has no magic).
func isTar(prefix []byte) bool {
	const at, size = 148, 8
	if len(prefix) < 512 || prefix[0] == 0 {
		return false
	}
	want, digits := int64(0), 0
	for _, c := range prefix[at : at+size] {
		switch {
		case c >= '0' && c <= '7':
			want, digits = want<<3|int64(c-'0'), digits+1
		case c != ' ' && c != 0:
			return false
		}
	}
	if digits == 0 {
		return false
	}
	var unsigned, signed int64
	for i, c := range prefix[:512] {
		if i >= at && i < at+size {
			c = ' '
		}
		unsigned += int64(c)
		signed += int64(int8(c)) //nolint:gosec // historic tars sum signed bytes
	}
	return want == unsigned || want == signed
}
