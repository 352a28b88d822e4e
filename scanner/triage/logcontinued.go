package triage

import (
	"bytes"
	"time"
)

// ContinuedTime returns when a line of a log was written that a line without a time goes on from, as the headers of a request
// and the frames of a stack do: the nearest line above that begins with its time, perhaps behind a level. before is what
// stands in front of the token; whole says whether it is all of that. modified and now are those of LogTime. An entry of a
// journal that is exported is JournalTime's.
func ContinuedTime(before []byte, whole bool, modified, now time.Time) (time.Time, bool) {
	l := logLine{modified: modified, now: now}
	for end := bytes.LastIndexByte(before, '\n'); end >= 0; {
		begin := bytes.LastIndexByte(before[:end], '\n') + 1
		if begin == 0 && !whole {
			break // where the line begins is not known
		}
		line := before[begin:end]
		if t, ok := l.leading(line); ok {
			return t, !t.IsZero()
		}
		if bytes.HasPrefix(line, []byte("__REALTIME_TIMESTAMP=")) || bytes.HasPrefix(line, []byte("__CURSOR=")) {
			break
		}
		end = begin - 1
	}
	return time.Time{}, false
}

// leading reads a time that a line begins with: behind the number of syslog, a colour, brackets or a level.
func (l logLine) leading(line []byte) (time.Time, bool) {
	line = line[:min(len(line), maxLogPrefix)]
	for range 4 {
		if t, ok := l.atWord(line); ok {
			return t, true
		}
		rest := withoutLead(line)
		if len(rest) == len(line) {
			break
		}
		line = rest
	}
	return time.Time{}, false
}

// withoutLead returns a line without the first thing that may stand in front of its time.
func withoutLead(line []byte) []byte {
	if len(line) == 0 {
		return line
	}
	switch line[0] {
	case '[', '(', ']':
		return bytes.TrimLeft(line[1:], " ")
	case '<':
		if rest := bytes.TrimLeft(line[1:], "0123456789"); len(rest) > 0 && rest[0] == '>' {
			return bytes.TrimPrefix(rest[1:], []byte("1 ")) // the version of RFC 5424
		}
	case '\x1b':
		if rest := bytes.TrimLeft(line[1:], "[0123456789;"); len(rest) > 0 && rest[0] == 'm' {
			return rest[1:]
		}
	}
	word := len(line) - len(bytes.TrimLeft(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	switch string(line[:word]) {
	case "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "SEVERE", "CRITICAL", "FATAL":
		return bytes.TrimLeft(line[word:], ": ")
	}
	return line
}
