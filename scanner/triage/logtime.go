package triage

import (
	"bytes"
	"time"
)

// LogTime returns when a line of a log was written, and whether the line says so. line is the line, or as much of its
// beginning as the caller has; no more than the first 4 KiB are read, and, where the line is a JSON object, the last 4 KiB
// too, since Docker writes the time there. modified is the log's own time, zero where it has none, as a stream has: a time
// more than a day after it is not believed. It gives a year to the formats that have none, the latest that doesn't put the
// line after it; where it is zero, now does. A time without a zone is taken for UTC; one with a zone's name that means
// several is none, nor is one of numbers of which it isn't clear which is the month.
//
// Known are RFC 3339 and what is near it (a space for the T, a comma for the point, no zone, as Python, Java, Postgres,
// nginx and Go write it), ISO 8601's weeks and ordinal dates, RFC 5424 and RFC 3164 syslog, Common and Combined Log Format,
// klog, logcat, ctime and the like (Apache, Redis, RFC 1123), 23.11.2026 and 11/23/2026 with a time of day, epoch seconds to
// nanoseconds, logfmt, the XML of Windows events, and the time keys of JSON lines, journald's and Docker's among them. The
// time may stand behind other words, as behind a container's name. Where it stands on a line before, JournalTime and
// ContinuedTime look for it.
//
// A line may be anything: LogTime reads it once, allocates nothing and never fails. It may be called from any number of
// goroutines.
func LogTime(line []byte, modified, now time.Time) (time.Time, bool) {
	l := logLine{modified: modified, now: now}
	for len(line) > 0 && isBlank(line[0]) {
		line = line[1:]
	}
	line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	if len(line) == 0 {
		return time.Time{}, false
	}
	var t time.Time
	var ok bool
	switch {
	case line[0] == '{':
		t, ok = l.inObject(line)
	case bytes.HasPrefix(line, []byte("<Event")):
		t, ok = l.inEvent(line[:min(len(line), maxLogObject)])
	default:
		t, ok = l.inText(line[:min(len(line), maxLogPrefix)])
	}
	return t, ok && !t.IsZero()
}

// isBlank knows white space, and the zeros of a log that was cut while it was written to.
func isBlank(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0 }

const (
	// maxLogObject is how much of a JSON line is read at its beginning, and at its end.
	maxLogObject = 4 << 10
	// maxLogPrefix is how far into a line of text its time may reach.
	maxLogPrefix = 256
)

// A logLine reads the time of one line.
type logLine struct{ modified, now time.Time }

// inEvent reads the time of a Windows event, which stands behind the provider's names.
func (l logLine) inEvent(line []byte) (time.Time, bool) {
	_, created, found := bytes.Cut(line, []byte("<TimeCreated SystemTime="))
	if !found || len(created) == 0 {
		return time.Time{}, false
	}
	return l.atWord(created[1:]) // behind the quote
}

// inText looks for a time at the beginning of each word; the first counts, but for the user's name of an access log.
func (l logLine) inText(line []byte) (time.Time, bool) {
	for i := range line {
		if !isAlphanumeric(line[i]) || i > 0 && isAlphanumeric(line[i-1]) && !coloured(line[:i]) || inNumber(line[:i]) {
			continue
		}
		if i > 0 && isDigitByte(line[i]) && inURL(line[:i]) {
			continue
		}
		if t, ok := l.atWord(line[i:]); ok {
			if isAlphanumeric(line[0]) && i > 0 {
				return l.inAccessLog(line, t)
			}
			return t, true
		}
		if epochAllowed(line[:i]) {
			if t, ok := l.epoch(line[i:]); ok {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

// inNumber reports whether a number with points goes on here, as an address or a version does.
func inNumber(before []byte) bool {
	n := len(before)
	return n > 1 && before[n-1] == '.' && isDigitByte(before[n-2])
}

// inURL reports whether what follows is a value in the query of a URL or of a request's target, or another part behind
// its host: when something was asked for, which whoever asks may choose.
func inURL(before []byte) bool {
	switch before[len(before)-1] {
	case '=', '&', '?', ';', '/', '+':
	default:
		return false
	}
	word := before[bytes.LastIndexAny(before, " \t\"'<>[](){}|")+1:]
	return bytes.IndexByte(word, '?') >= 0 || bytes.Contains(word, []byte("://"))
}

// inAccessLog returns the time in brackets of Common Log Format, which stands behind names that a client may choose and
// before the quoted request, or t where there is none.
func (l logLine) inAccessLog(line []byte, t time.Time) (time.Time, bool) {
	before, _, quoted := bytes.Cut(line, []byte(`"`))
	open := bytes.LastIndexByte(before, '[')
	if !quoted || open < 0 {
		return t, true
	}
	if bracketed, ok := l.read(before[open+1:], formDayFirst); ok {
		return bracketed, true
	}
	return t, true
}

// coloured reports whether a terminal's colour ends here: ESC [ 9 0 m.
func coloured(before []byte) bool {
	if before[len(before)-1] != 'm' {
		return false
	}
	digits := bytes.TrimRight(before[:len(before)-1], "0123456789;")
	return bytes.HasSuffix(digits, []byte("\x1b["))
}

// epochAllowed reports whether a bare number that follows may be a time: at the beginning of a line, perhaps in brackets,
// behind a key that says so, or in the record id of the Linux audit log.
func epochAllowed(before []byte) bool {
	switch string(before) {
	case "", "[", "(", "<":
		return true
	}
	before = bytes.TrimSuffix(before, []byte(`"`))
	if bytes.HasSuffix(before, []byte("msg=audit(")) {
		return true
	}
	key, isKey := bytes.CutSuffix(before, []byte("="))
	if !isKey {
		return false
	}
	begin := bytes.LastIndexAny(key, " \t,;{[(") + 1
	return isTimeKey(key[begin:])
}

// inObject looks for a time under a key that says so.
func (l logLine) inObject(line []byte) (time.Time, bool) {
	o := objectTime{logLine: l}
	o.read(line[:min(len(line), maxLogObject)])
	if o.rank < ofEntry && len(line) > maxLogObject {
		o.readEnd(line[maxLogObject:])
	}
	return o.found, o.rank > notFound
}

// LogTimeAround is LogTime for a line that is a JSON object, of which a token stands between start and rest: Docker's logs
// have their time behind it, and journald's and those of many loggers may have, since the members of an object have no
// order. whole says whether start is all that stands in front of the token; no more than the first and the last 4 KiB of
// either are read.
func LogTimeAround(start, rest []byte, whole bool, modified, now time.Time) (time.Time, bool) {
	o := objectTime{logLine: logLine{modified: modified, now: now}}
	o.read(start[:min(len(start), maxLogObject)])
	switch {
	case o.rank == ofEntry:
	case whole && len(start) <= maxLogObject:
		o.readEnd(rest)
	default:
		if len(start) > maxLogObject {
			o.readEnd(start[maxLogObject:])
		}
		o.lost = true
		if o.rank < ofEntry {
			o.readEnd(rest)
		}
	}
	return o.found, o.rank > notFound && !o.found.IsZero()
}

// inObjectEnd looks for the last of Docker's keys, then for the first of any logger's.
func (l logLine) inObjectEnd(rest []byte) (time.Time, bool) {
	tail := rest[max(0, len(rest)-maxLogObject):]
	if at := bytes.LastIndex(tail, []byte(`"time":`)); at > 0 && tail[at-1] != '\\' {
		if t, ok := l.jsonValue(bytes.TrimLeft(tail[at+len(`"time":`):], " \t")); ok {
			return t, true
		}
	}
	if t, ok := l.keyed(rest[:min(len(rest), maxLogObject)]); ok || len(rest) <= maxLogObject {
		return t, ok
	}
	return l.keyed(tail)
}

// keyed looks for a time under a key that says so, in a part of an object that may begin within a string. Within a string
// there is no key, since its quotes are escaped.
func (l logLine) keyed(part []byte) (time.Time, bool) {
	for i := 0; i < len(part); {
		colon := bytes.IndexByte(part[i:], ':')
		if colon < 0 {
			break
		}
		colon += i
		i = colon + 1
		name, quoted := bytes.CutSuffix(bytes.TrimRight(part[:colon], " \t"), []byte(`"`))
		begin := bytes.LastIndexByte(name[max(0, len(name)-maxTimeKey-1):], '"')
		if !quoted || begin < 0 || !isTimeKey(name[max(0, len(name)-maxTimeKey-1)+begin+1:]) {
			continue
		}
		if t, ok := l.jsonValue(bytes.TrimLeft(part[i:], " \t")); ok {
			return t, true
		}
	}
	return time.Time{}, false
}

// maxTimeKey is the length of the longest of isTimeKey's names.
const maxTimeKey = 26

// jsonValue reads a time that is a string or a number.
func (l logLine) jsonValue(value []byte) (time.Time, bool) {
	value = bytes.TrimPrefix(value[:min(len(value), maxLogPrefix)], []byte(`"`))
	if t, ok := l.atWord(value); ok {
		return t, true
	}
	return l.epoch(value)
}

// isTimeKey knows the keys under which loggers write the time of the line.
func isTimeKey(key []byte) bool {
	switch string(key) {
	case "time", "ts", "timestamp", "@timestamp", "t", "date", "datetime", "@t", "Time", "Timestamp", "TimeStamp", "timeStamp",
		"asctime", "eventTime", "event_time", "EventTime", "eventTimestamp", "log_time", "logTime", "logged_at",
		"time_local", "time_iso8601", "timeMillis", "epochSecond", "epoch", "msec", "timestamp_ms", "ts_ms", "unixtime",
		"__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP", "requestReceivedTimestamp", "stageTimestamp", "StartUTC",
		"receiveTimestamp", "start_time", "startTime", "TimeGenerated", "TimeCreated", "_time", "dt":
		return true
	}
	return false
}

// atWord reads a time at the beginning of b in any of the forms that say themselves that they are one. One that means several
// times is the zero time.
func (l logLine) atWord(b []byte) (time.Time, bool) {
	if len(b) < 12 {
		return time.Time{}, false
	}
	first, last := formMonthFirst, formKlog
	if isDigitByte(b[0]) {
		first, last = formYearFirst, formLogcat
	}
	for form := first; form <= last; form++ {
		if t, ok := l.read(b, form); ok {
			return t, true
		}
	}
	return time.Time{}, false
}

func (l logLine) read(b []byte, form clockForm) (time.Time, bool) {
	clock := logClock{rest: b}
	if !clock.read(form) || !clock.valid() {
		return time.Time{}, false
	}
	if clock.ambiguous {
		return time.Time{}, true
	}
	if clock.year == 0 {
		return l.withYear(&clock)
	}
	t := clock.time()
	return t, l.believable(t)
}

// withYear gives a time without a year the latest one that doesn't put it after the log's own time, or after now.
func (l logLine) withYear(clock *logClock) (time.Time, bool) {
	latest := l.modified
	if latest.IsZero() {
		latest = l.now
	}
	if latest.IsZero() {
		return time.Time{}, false
	}
	latest = latest.Add(aDay).UTC()
	for clock.year = latest.Year(); clock.year > latest.Year()-9; clock.year-- { // nine: 29 February, and 1900 and 2100 have none
		if !clock.valid() {
			continue
		}
		if t := clock.time(); !t.After(latest) {
			return t, true
		}
	}
	return time.Time{}, false
}

const aDay = 24 * time.Hour

// believable: a log is not written before there were any tokens, nor after its own time.
func (l logLine) believable(t time.Time) bool {
	if t.Unix() < firstEpoch || t.Unix() > lastEpoch {
		return false
	}
	return l.modified.IsZero() || !t.After(l.modified.Add(aDay))
}

// The times that are believed: from the year 2000 to the year 2100.
const (
	firstEpoch = 946_684_800
	lastEpoch  = 4_102_444_800
)

// epoch reads a number of seconds, perhaps with a fraction, or of milliseconds, microseconds or nanoseconds: how many
// digits it has says which.
func (l logLine) epoch(b []byte) (time.Time, bool) {
	var number int64
	digits := 0
	for digits < len(b) && digits < 20 && b[digits] >= '0' && b[digits] <= '9' {
		if digits < 19 {
			number = number*10 + int64(b[digits]-'0')
		}
		digits++
	}
	rest := b[digits:]
	var t time.Time
	switch digits {
	case 10:
		nanoseconds := 0
		if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
			clock := logClock{rest: rest}
			clock.fraction()
			nanoseconds, rest = clock.nanosecond, clock.rest
		}
		t = time.Unix(number, int64(nanoseconds))
	case 13:
		t = time.UnixMilli(number)
	case 16:
		t = time.UnixMicro(number)
	case 19:
		t = time.Unix(0, number)
	default:
		return time.Time{}, false
	}
	if len(rest) > 0 && (isAlphanumeric(rest[0]) || rest[0] == '_') {
		return time.Time{}, false
	}
	return t.UTC(), l.believable(t)
}
