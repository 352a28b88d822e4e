package encoding

import "bytes"

// A token is often broken at its full stops, in front of them or behind, and each segment may be broken again, at a width of its own. The
// full stop may be escaped as the rest of the text is, and may count for the width or not.

// mostStop is how many bytes at the end of a line are looked at for an escaped full stop.
const mostStop = 2 * maxEntity

// stopAt returns the length of the full stop that a text begins with, as it is or escaped, several times too; 0 where it begins with none.
func stopAt(text []byte) int {
	switch {
	case len(text) == 0 || text[0] != '.' && isSign[text[0]] == 0:
		return 0
	case text[0] == '.':
		return 1
	}
	var buffer [1 + maxEntity]byte
	size := len(undoneOnce(text))
	buffer[0] = text[0]
	u := escapeAt(buffer[:1+copy(buffer[1:], text[size:])])
	if !u.undone || u.length != 1 || u.chars[0] != '.' {
		return 0
	}
	return size + u.size - 1
}

// undoneOnce returns what stands for the sign that a text begins with, as often as that was escaped.
func undoneOnce(text []byte) []byte {
	n := 1
	switch text[0] {
	case '\\':
		n = rowEnd(text[:min(len(text), quotesBack)], 0)
	case '%':
		n = percentEnd(text[:min(len(text), mostStop)], 0)
	case '&':
		for bytes.HasPrefix(text[n:], []byte("amp;")) && n < mostStop {
			n += len("amp;")
		}
	}
	return text[:n]
}

// endsWithStop reports whether a line ends with a full stop, as it is or escaped.
func endsWithStop(line []byte) bool {
	if len(line) == 0 {
		return false
	}
	switch line[len(line)-1] {
	case '.':
		return true
	case ';', 'e', 'E', '6':
		tail := line[max(len(line)-mostStop, 0):]
		sign := bytes.LastIndexAny(tail, `%&\=`)
		return sign >= 0 && stopAt(tail[sign:]) == len(tail)-sign
	}
	return false
}

// isAsLong reports whether two lines of a wrap are as long as each other, the full stop that one begins with left out or counted as one.
func (l line) isAsLong(other line) bool {
	return l.width == other.width || l.end == other.end || l.isStopped(other.width) || other.isStopped(l.width)
}

// isStopped reports whether a line that begins with a full stop has a width but for that.
func (l line) isStopped(width int) bool {
	return l.stop > 0 && (l.width-l.stop == width || l.width-l.stop+1 == width)
}

// isOfSegment reports whether a line has the width of those of a segment, of which the first begins with its full stop and is as wide as
// given.
func isOfSegment(line, first []byte, w width) bool {
	stop := stopAt(first)
	if stop == 0 {
		return false
	}
	own := widthOf(first[:stop])
	w.bytes, w.chars = w.bytes-own.bytes, w.chars-own.chars
	return isOfWidth(line, w) || isOfWidth(line, width{bytes: w.bytes + 1, chars: w.chars + 1})
}
