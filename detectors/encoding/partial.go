package encoding

import "bytes"

// Who keeps the logs of containers splits what is written as one line where it is long: at 16 KiB by default. In a log of the
// Kubernetes runtimes (CRI) each line says whether it ends there; in one of Docker's, which is of JSON objects, the text does.

const (
	lineBack     = 64 << 10 // bytes in front of the end of a line in which its start is looked for
	runtimeAhead = 64       // the most bytes of a prefix as a runtime of Kubernetes writes it
)

// A partialTag says of a line of a runtime's log whether it ends what was written.
type partialTag uint8

const (
	notTagged  partialTag = iota
	tagPartial            // P: it goes on in the next line
	tagFull               // F: it ends there
	tagCut                // the text ends in the prefix
)

// runtimeTag reads the prefix of a line of a runtime's log: a time (RFC 3339), the name of a stream, the tag; and returns where
// it ends.
func runtimeTag(line []byte) (end int, tag partialTag) {
	const date = "0000-00-00T00:00:00"
	if len(line) >= runtimeAhead { // most lines of other logs are told by what stands behind the time
		if blank := bytes.IndexByte(line[:runtimeAhead], ' '); blank < len(date) || !bytes.HasPrefix(line[blank+1:], []byte("std")) {
			return 0, notTagged
		}
	}
	for i := range len(date) {
		switch {
		case i == len(line):
			return 0, tagCut
		case date[i] == '0' && !isDigit(line[i]), date[i] != '0' && line[i] != date[i]:
			return 0, notTagged
		}
	}
	line = line[:min(len(line), runtimeAhead)]
	rest := line[len(date):]
	blank := bytes.IndexByte(rest, ' ')
	for _, c := range rest[:max(blank, 0)] {
		if !isDigit(c) && c != '.' && c != 'Z' && c != '+' && c != '-' && c != ':' {
			return 0, notTagged
		}
	}
	const stream = "stdout P "
	switch rest = rest[blank+1:]; {
	case blank < 0 || len(rest) < len(stream):
		if len(line) == runtimeAhead {
			return 0, notTagged
		}
		return 0, tagCut
	case !bytes.HasPrefix(rest, []byte("stdout ")) && !bytes.HasPrefix(rest, []byte("stderr ")):
		return 0, notTagged
	}
	end = len(date) + blank + 1 + len(stream)
	if c := rest[len(stream)-1]; c != ' ' {
		return 0, notTagged
	}
	switch rest[len(stream)-2] {
	case 'P':
		return end, tagPartial
	case 'F':
		return end, tagFull
	}
	return 0, notTagged
}

// partialJoint reads the line break at i, behind which a line starts at next, where a runtime of containers split what was
// written there. It reports false where it did not.
func partialJoint(text []byte, i, next int) (j joint, ok bool) {
	end, tag := runtimeTag(text[next:])
	if tag == notTagged {
		return j, false
	}
	first := max(i-lineBack, 0)
	start := first + bytes.LastIndexByte(text[first:i], '\n') + 1
	switch _, own := runtimeTag(text[start:i]); {
	case own == tagPartial:
	case start > 0 || own != notTagged: // otherwise the text begins in that line, which may be such a one
		return j, false
	}
	switch {
	case tag == tagCut || next+end == len(text):
		return joint{end: -1, more: true}, true
	case !isSolid(text[next+end]):
		return joint{end: -1}, true
	}
	return joint{end: next + end, sure: true, hasPrefix: true}, true
}

// isParted reports whether what ends at i, as large as it is, goes on in the next part of what was written as one line.
func isParted(text []byte, i int) bool {
	switch {
	case i >= len(text):
		return false
	case text[i] == '"':
		j, ok := entryJoint(text, i)
		return ok && (j.end > i || j.more)
	case text[i] == '\n':
		j, ok := partialJoint(text, i, i+1)
		return ok && (j.end > i || j.more)
	}
	return false
}

// What stands between two parts of a line in a log of Docker's json-file driver, and how many bytes of that there are at most.
const (
	entryEnds   = `","stream":"`
	entryBegins = "}\n" + `{"log":"`
	mostEntry   = 128
)

// entryJoint reads what stands in such a log between the text of one object, which ends with the quote at i, and that of the next,
// where the first does not end a line. It reports false where it is not so.
func entryJoint(text []byte, i int) (j joint, ok bool) {
	window := text[i:min(i+mostEntry, len(text))]
	if !bytes.HasPrefix(window, []byte(entryEnds)) || bytes.HasSuffix(text[:i], []byte(`\n`)) {
		return j, false
	}
	feed := bytes.IndexByte(window, '\n')
	switch {
	case feed < 0 || len(window) < feed-1+len(entryBegins):
		return joint{end: -1, more: i+len(window) == len(text)}, true
	case !bytes.HasPrefix(window[feed-1:], []byte(entryBegins)):
		return joint{end: -1}, true
	}
	return joint{end: i + feed - 1 + len(entryBegins), literal: true}, true
}

// acrossEntries looks for a needle across a line feed between two objects of such a log.
func (m *matcher) acrossEntries(text []byte, line int) (found brokenNeedle, ok bool) {
	if !bytes.HasPrefix(text[line-1:], []byte(entryBegins)) {
		return found, false
	}
	found.far = true
	first := max(line-mostEntry, 0)
	end := first + bytes.LastIndex(text[first:line], []byte(entryEnds))
	if end <= first || !m.mayBreak(text, end) {
		return found, false
	}
	return m.joined(text, brokenNeedle{line: line, by: brokenLines, far: true}, end, line-1+len(entryBegins))
}
