package triage

import (
	"bytes"
	"time"
)

// An objectTime looks for the time of an entry that is a JSON object, in parts of its line. Keys are met as JSON has them,
// so that one within a string isn't.
type objectTime struct {
	logLine
	depth    int
	inString bool // the part before ended within a string
	lost     bool // where in the object a part begins is not known

	found time.Time
	rank  timeRank
}

// A timeRank says how sure it is that a time is the entry's.
type timeRank uint8

const (
	notFound timeRank = iota
	nested            // it is a member of a member, which may be of a request or an object that is told of
	ofStart           // it says when began what the entry tells of
	ofEntry
)

// read reads the next part of the object, until it finds a time that is the entry's.
func (o *objectTime) read(part []byte) {
	i := 0
	if o.inString {
		_, i, o.inString = stringEnd(part, 0)
	}
	for i < len(part) {
		open := bytes.IndexByte(part[i:], '"')
		if open < 0 {
			o.nest(part[i:])
			return
		}
		o.nest(part[i : i+open])
		var text []byte
		text, i, o.inString = stringEnd(part, i+open+1)
		rest := bytes.TrimLeft(part[i:], " \t")
		if len(rest) == 0 || rest[0] != ':' || !isTimeKey(text) {
			continue
		}
		if rank := o.rankOf(text); rank > o.rank {
			if t, ok := o.jsonValue(bytes.TrimLeft(rest[1:], " \t")); ok {
				o.found, o.rank = t, rank
			}
		}
		if o.rank == ofEntry {
			return
		}
	}
}

// nest counts the brackets between strings.
func (o *objectTime) nest(between []byte) {
	for _, c := range between {
		switch c {
		case '{', '[':
			o.depth++
		case '}', ']':
			o.depth--
		}
	}
}

func (o *objectTime) rankOf(key []byte) timeRank {
	if o.depth > 1 {
		return nested
	}
	switch string(key) {
	case "start_time", "startTime", "StartUTC":
		return ofStart
	}
	return ofEntry
}

// readEnd reads the first 4 KiB of what is left of the object, and looks for Docker's time at its end. Where nothing is
// found so, it takes what is called a time anywhere.
func (o *objectTime) readEnd(rest []byte) {
	if !o.lost {
		o.read(rest[:min(len(rest), maxLogObject)])
	}
	switch o.rank {
	case ofEntry:
	case notFound:
		if t, ok := o.inObjectEnd(rest); ok {
			o.found, o.rank = t, nested
		}
	default:
		if t, ok := o.last(rest[max(0, len(rest)-maxLogObject):]); ok {
			o.found, o.rank = t, ofEntry
		}
	}
}

// last returns the time that is the last member of the outermost object, where Docker has it.
func (o *objectTime) last(tail []byte) (time.Time, bool) {
	at := bytes.LastIndex(tail, []byte(`"time":"`))
	if at < 1 || tail[at-1] == '\\' {
		return time.Time{}, false
	}
	value := tail[at+len(`"time":`):]
	_, end, open := stringEnd(value, 1)
	if open || string(bytes.TrimSpace(value[end:])) != "}" {
		return time.Time{}, false
	}
	return o.jsonValue(value)
}

// stringEnd returns the text of a string that begins at from, behind its quote, where what follows its end begins, and
// whether the part ends within it.
func stringEnd(part []byte, from int) (text []byte, next int, open bool) {
	for i := from; ; {
		end := bytes.IndexByte(part[i:], '"')
		if end < 0 {
			return part[from:], len(part), true
		}
		end += i
		backslashes := 0
		for end-backslashes-1 >= from && part[end-backslashes-1] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return part[from:end], end + 1, false
		}
		i = end + 1
	}
}
