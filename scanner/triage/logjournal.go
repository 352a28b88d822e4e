package triage

import (
	"bytes"
	"time"
)

// JournalTime returns when an entry of systemd's journal was written, where it goes over several lines and a token stands in
// one of them: in the forms that journalctl calls export, json-pretty and verbose. before is what stands in front of the
// token, after what stands behind it, as much of either as the caller has; modified and now are those of LogTime.
func JournalTime(before, after []byte, modified, now time.Time) (time.Time, bool) {
	l := logLine{modified: modified, now: now}
	for _, read := range [...]func(before, after []byte) (time.Time, bool){l.inExport, l.inPretty, l.inVerbose} {
		if t, ok := read(before, after); ok {
			return t, !t.IsZero()
		}
	}
	return time.Time{}, false
}

// inExport: an entry is lines of FIELD=value, of which the first is its cursor and the next its time. A value of several
// lines stands as it is, behind its length, so that an entry does not end at an empty line for certain.
func (l logLine) inExport(before, _ []byte) (time.Time, bool) {
	const field = "\n__REALTIME_TIMESTAMP="
	if !bytes.Contains(before, []byte(field)) { // as is nearly always so, and sooner said than where the last is
		return time.Time{}, false
	}
	at := bytes.LastIndex(before, []byte(field))
	if bytes.Contains(before[at:], []byte("\n__CURSOR=")) {
		return time.Time{}, false
	}
	return l.epoch(before[at+len(field):])
}

// inPretty: an entry is an object with a member a line, in any order, and its braces on lines of their own. No value has
// a line feed.
func (l logLine) inPretty(before, after []byte) (time.Time, bool) {
	const field = "__REALTIME_TIMESTAMP"
	if !bytes.Contains(before, []byte(field)) && !bytes.Contains(after, []byte(field)) {
		return time.Time{}, false
	}
	begin := bytes.LastIndex(before, []byte("\n}")) + 1
	end := bytes.Index(after, []byte("\n}"))
	if end < 0 {
		end = len(after)
	}
	for _, part := range [...][]byte{before[begin:], after[:end]} {
		if t, ok := l.member(part, field); ok {
			return t, true
		}
	}
	return time.Time{}, false
}

// member reads a time that stands on a line of its own under a key.
func (l logLine) member(part []byte, key string) (time.Time, bool) {
	for line := range bytes.Lines(part) {
		name, value, isMember := bytes.Cut(line, []byte(":"))
		if isMember && string(bytes.Trim(name, " \t")) == `"`+key+`"` {
			return l.jsonValue(bytes.TrimLeft(value, " \t"))
		}
	}
	return time.Time{}, false
}

// inVerbose: an entry is a line with its time and, in brackets, its cursor, and behind it lines of fields, which are
// indented.
func (l logLine) inVerbose(before, _ []byte) (time.Time, bool) {
	for len(before) > 0 {
		begin := bytes.LastIndexByte(before, '\n') + 1
		line := before[begin:]
		if len(line) > 0 && line[0] != ' ' {
			if cursor := bytes.Index(line, []byte(" [s=")); cursor > 0 {
				return l.inText(line[:cursor])
			}
			return time.Time{}, false
		}
		before = before[:max(0, begin-1)]
	}
	return time.Time{}, false
}
