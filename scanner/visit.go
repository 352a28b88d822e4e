package scanner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/reading"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// Visit implements source.Visitor.
func (e *engine) Visit(ctx context.Context, text source.Text) error {
	v := e.begun(text)
	defer e.ended(v)
	return fault.Confine(func() error { return v.visit(ctx) }, func(faulty *fault.Error) error {
		return e.Problem(finding.Problem{Path: pathOf(text.Place), Reason: faulty.Error()})
	})
}

// begun returns a visit of a text, and ended takes it back: there is one for each of many thousand small files.
func (e *engine) begun(text source.Text) *visit {
	v, ok := e.visits.Get().(*visit)
	if !ok {
		v = &visit{}
	}
	v.engine, v.given, v.modified, v.by = e, text, believed(text.Modified), finding.SeenByFile
	v.text = &v.given
	return v
}

func (e *engine) ended(v *visit) {
	*v = visit{room: v.room, farRoom: v.farRoom, hear: v.hear}
	e.visits.Put(v)
}

// visit looks at the text, and at what is in it.
func (v *visit) visit(ctx context.Context) error {
	e, text := v.engine, v.text
	e.reserve.text(max(text.Size, int64(len(text.Bytes))))
	prefix, reader, err := sniffed(text)
	if err != nil {
		return e.unreadable(ctx, text.Place, err)
	}
	text.Reader = reader
	if err := v.tellPacked(nil, prefix); err != nil {
		return err
	}
	if !isContainer(text, prefix) {
		if err := v.tellVolume(nil, text, prefix); err != nil {
			return err
		}
		v.stored, v.candidates = &e.counters.Stored, text.Candidates
		switch text.Reader.(type) {
		case reading.Waiter, *bytes.Reader: // the latter of a stream that was over at once
			return v.readToEnd(ctx, container.NewTail(text.Reader), text.Size)
		}
		return v.read(ctx, text.Bytes, text.Reader, text.Size)
	}
	if text.Reader != nil {
		text.Reader = counted(text.Reader, counts{&e.counters.Stored})
	} else {
		e.counters.Stored.Add(int64(len(text.Bytes)))
	}
	v.by = finding.SeenByEntry
	input := container.Input{
		Name: nameOf(text.Place), Bytes: text.Bytes, Reader: text.Reader, Size: text.Size, Modified: v.modified,
		Shared: e.containers,
	}
	opened, err := container.Walk(ctx, input, e.options.Limits, v)
	e.counters.Containers.Add(opened)
	return err
}

// readToEnd takes a plain stream through the detector, and tells where it turns out to have at its end what is not opened there.
func (v *visit) readToEnd(ctx context.Context, stream *container.Tail, size int64) error {
	if err := v.read(ctx, nil, stream, size); err != nil {
		return err
	}
	if failure := stream.Unopened(); failure != nil {
		return v.Problem(nil, failure.Error())
	}
	return nil
}

// isContainer reports whether a text that starts with prefix may hold others.
func isContainer(text *source.Text, prefix []byte) bool {
	if text.IsName {
		return false
	}
	name := nameOf(text.Place)
	if _, ok := container.Recognise(prefix, name); ok {
		return true
	}
	if text.Reader == nil {
		_, ok := container.RecogniseEnd(prefix, name, text.Bytes, nil, 0)
		return ok
	}
	at, ok := sized(text)
	if ok {
		_, ok = container.RecogniseEnd(prefix, name, nil, at, text.Size)
	}
	return ok
}

// sniffed returns the first bytes of a text, and its reader with them still in it.
func sniffed(text *source.Text) ([]byte, io.Reader, error) {
	if text.Reader == nil {
		return text.Bytes[:min(len(text.Bytes), container.SniffLength)], nil, nil
	}
	prefix := make([]byte, container.SniffLength)
	if at, ok := sized(text); ok {
		n, err := at.ReadAt(prefix[:min(int64(len(prefix)), text.Size)], 0)
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return prefix[:n], text.Reader, err
	}
	// Of a stream no more is waited for than a line that has come: a log that is being written is looked at as it comes.
	// Nor, where what has come is text, is any waited for that does not come soon, nor where it is known for a container.
	n := 0
	var err error
	for n < len(prefix) && err == nil && (n == 0 || prefix[n-1] != '\n') {
		var read int
		var idle bool
		read, idle, err = reading.ReadSoon(text.Reader, prefix[n:])
		n += read
		if _, ok := container.Recognise(prefix[:n], ""); ok || idle && n >= leastText && isText(prefix[:n]) {
			break
		}
	}
	if errors.Is(err, io.EOF) {
		return prefix[:n], bytes.NewReader(prefix[:n]), nil
	}
	return prefix[:n], reading.Prefixed(prefix[:n], text.Reader), err
}

// leastText is how much of a stream must have come for it to be known as text, in bytes: more than any container's magic,
// and no more than the shortest token.
const leastText = 16

// isText reports whether there are no control characters in what a stream begins with.
func isText(prefix []byte) bool {
	return !bytes.ContainsFunc(prefix, func(r rune) bool {
		return r == utf8.RuneError || r < ' ' && r != '\t' && r != '\r' && r != '\n'
	})
}

// unreadable tells that a text could not be read, unless that is because the scan was interrupted.
func (e *engine) unreadable(ctx context.Context, place finding.Place, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed := e.sinkError(); failed != nil {
		return failed
	}
	return e.Problem(finding.Problem{Path: pathOf(place), Reason: err.Error()})
}

// A visit is one text on its way through the engine.
type visit struct {
	*engine
	text     *source.Text
	given    source.Text // the text itself, of a visit that is no leaf's
	chain    []string
	modified time.Time
	by       finding.SeenBy // what modified is
	stored   *atomic.Int64  // where to count the bytes too, for a text that is stored as it is
	// candidates, where set, are known of the text as it is stored.
	candidates []detectors.Candidate
	records    records
	room       []byte // of nearRecord bytes, where it was needed
	farRoom    []byte // of farRecord bytes twice, likewise
	// reasons are those of the detector, failed is why a token could not be told of.
	reasons reasons
	failed  error
	frank   frankSkimmer
	hear    func(reading.Sighting) error // met, as a value
	seen    *container.Seen              // see container.Leaf
	origin  func(from, to int64) (start, end int64, ok bool)
}

// records says whether a text has records that go over several lines, as a journal has: those of usual length, and longer
// ones.
type records struct{ near, far sought }

const (
	nearRecord = 4 << 10
	farRecord  = 32 << 10
)

// sought is something that is looked for around the first tokens whose lines have no time, and around all where that was
// not in vain.
type sought struct {
	looked int
	found  bool
}

const mostLooked = 16

func (s *sought) mayBe() bool { return s.found || s.looked < mostLooked }

func (s *sought) was(found bool) { s.looked, s.found = s.looked+1, s.found || found }

var _ container.Visitor = (*visit)(nil)

// Leaf implements container.Visitor.
func (v *visit) Leaf(ctx context.Context, leaf container.Leaf) error {
	inner := visit{engine: v.engine, text: v.text, chain: leaf.Chain, modified: leaf.Modified, by: v.by, seen: leaf.Seen, origin: leaf.Origin}
	if leaf.Modified.Equal(v.modified) {
		inner.by = finding.SeenByFile // it has no time of its own
	}
	if len(leaf.Chain) == 0 {
		return inner.read(ctx, leaf.Bytes, leaf.Reader, leaf.Size)
	}
	prefix, reader, err := sniffed(&source.Text{Bytes: leaf.Bytes, Reader: leaf.Reader, Size: leaf.Size})
	if err != nil {
		return v.unreadable(ctx, v.text.Place, err)
	}
	text := &source.Text{Bytes: leaf.Bytes, Reader: reader, Size: leaf.Size}
	if err := v.tellPacked(leaf.Chain, prefix); err != nil {
		return err
	}
	if err := v.tellVolume(leaf.Chain, text, prefix); err != nil {
		return err
	}
	return inner.read(ctx, text.Bytes, text.Reader, text.Size)
}

// tellPacked tells of what is packed and not opened: a format that is not known how to, and a pack or bundle of git's that is
// met where it is not read as one, in a container or under another name.
func (v *visit) tellPacked(chain []string, prefix []byte) error {
	if v.text.IsName {
		return nil
	}
	if format, ok := container.Unopened(prefix); ok {
		return v.Problem(chain, format+": a format that is not opened here: unpack it, and scan what was in it")
	}
	if !git.IsPacked(prefix) {
		return nil
	}
	return v.Problem(chain, "objects of git in a pack or bundle, which are not read here: unpack it, and name it *.pack or *.bundle")
}

// believed returns the time of a file, none where it is from before there were tokens: packages that are made the same each
// time unpack to files of 1970 or 1985.
func believed(modified time.Time) time.Time {
	if modified.Year() < 2000 {
		return time.Time{}
	}
	return modified
}

// Problem implements container.Visitor.
func (v *visit) Problem(chain []string, reason string) error {
	return v.engine.Problem(finding.Problem{Path: path.Join(append([]string{pathOf(v.text.Place)}, chain...)...), Reason: reason})
}

// read takes one plain text through the detector.
func (v *visit) read(ctx context.Context, text []byte, reader io.Reader, size int64) error {
	if v.hear == nil {
		v.hear = v.met
	}
	err := v.readOnce(ctx, text, reader, size)
	if err == nil && len(v.reasons.told) > 0 && v.isWorthAgain(text, reader) {
		v.reasons.told = nil
		detector := v.reasons.telling(v.options.Detector, &v.frank)
		_, err = reading.Stream(ctx, reading.Prefixed(text[:container.SniffLength], bytes.NewReader(text[container.SniffLength:])), detector, v.hear)
	}
	switch {
	case v.failed != nil:
		return v.failed
	case err != nil:
		return v.unreadable(ctx, v.text.Place, err)
	}
	for _, reason := range v.reasons.told {
		if err := v.Problem(v.chain, reason); err != nil {
			return err
		}
	}
	return nil
}

// readOnce is read without telling why something was not looked into.
func (v *visit) readOnce(ctx context.Context, text []byte, reader io.Reader, size int64) error {
	if inner, ok := v.options.Detector.(detectors.Guided); ok && v.candidates != nil && reader == nil {
		return v.readAny(ctx, text, nil, size, guided{inner, v.candidates, &v.reasons}, v.hear)
	}
	return v.readAny(ctx, text, reader, size, v.reasons.telling(v.options.Detector, &v.frank), v.hear)
}

// isWorthAgain reports whether a text in memory in which something was not looked into is read once more, as a stream: a detector
// does somewhat more for that than for the same text in one piece, so that the same blob would be told to be read in part
// where it is stored as a delta, and be complete where it is a file. Whoever is told what is sighted may be told it twice.
func (v *visit) isWorthAgain(text []byte, reader io.Reader) bool {
	return reader == nil && len(text) > wholeText && v.text.Sighted != nil
}

// wholeText is the size up to which it is the same whether a text is read in one piece or as a stream, in bytes.
const wholeText = 256 << 10

func (v *visit) met(sighting reading.Sighting) error {
	match := sighting.Match
	if v.seen != nil && v.isShownAgain(sighting) {
		return nil
	}
	if match.Rule == detectors.Detached {
		v.failed = v.metDetached(match.Token, v.presentable(v.lying(sighting)), v.text)
		return v.failed
	}
	v.failed = v.engine.met(match.Token, match.Disclosures, v.presentable(v.occurrence(sighting)), v.text)
	return v.failed
}

// isShownAgain reports whether a token was met where what the text shows in another form stands itself.
func (v *visit) isShownAgain(sighting reading.Sighting) bool {
	match := sighting.Match
	from, to := sighting.Offset, sighting.Offset+int64(match.End-match.Start)
	if v.origin == nil {
		v.seen.Add(match.Token, from, to)
		return false
	}
	start, end, ok := v.origin(from, to)
	return ok && v.seen.Take(match.Token, start, end)
}

// allows reports whether a part of a line has AllowComment as a word of its own, behind white space or the sign of a comment:
// in the address of a request that was logged, or in a string, it is somebody else's word.
func allows(part []byte) bool {
	for {
		before, after, found := bytes.Cut(part, []byte(AllowComment))
		if !found {
			return false
		}
		signed := len(before) == 0 || bytes.IndexByte([]byte(" \t#;%*-!"), before[len(before)-1]) >= 0 || bytes.HasSuffix(before, []byte("//"))
		if signed && (len(after) == 0 || bytes.IndexByte([]byte(" \t\r*-:,.;"), after[0]) >= 0) {
			return true
		}
		part = part[len(before)+len(AllowComment):]
	}
}

// lying returns an occurrence without anything but the place.
func (v *visit) lying(sighting reading.Sighting) finding.Occurrence {
	return finding.Occurrence{
		Place: v.text.Place, Line: sighting.Line, Column: sighting.Column, Offset: sighting.Offset, CharacterColumn: characterColumn(sighting),
		Container: v.chain, Encodings: slices.Clone(sighting.Match.Encodings),
	}
}

func (v *visit) occurrence(sighting reading.Sighting) finding.Occurrence {
	occurrence := v.lying(sighting)
	occurrence.Allowed = v.options.Heeds != nil && len(v.chain) == 0 && (allows(sighting.LineStart) || allows(sighting.LineRest)) &&
		v.options.Heeds(v.text.Place) != Ignored
	if _, inGit := v.text.Place.(finding.GitPlace); inGit {
		return occurrence // the commit says when
	}
	if at, ok := v.logTime(sighting); ok {
		occurrence.SeenAt, occurrence.SeenBy = at.UTC(), finding.SeenByLog
	} else if !v.modified.IsZero() {
		occurrence.SeenAt, occurrence.SeenBy = v.modified.UTC().Truncate(time.Second), v.by
	}
	return occurrence
}

// characterColumn returns a sighting's column in characters, or 0 where what is known of its line does not tell: it is
// too long, or in no encoding of single bytes or UTF-8.
func characterColumn(sighting reading.Sighting) int64 {
	before := sighting.LineStart
	if int64(len(before)) != sighting.Column-1 || bytes.IndexByte(before, 0) >= 0 {
		return 0
	}
	if sighting.Line == 1 {
		before = bytes.TrimPrefix(before, []byte("\ufeff"))
	}
	return int64(utf8.RuneCount(before)) + 1
}

// logTime returns when the line that a token stands on says that it was written.
func (v *visit) logTime(sighting reading.Sighting) (time.Time, bool) {
	start := narrowed(sighting.LineStart, sighting.Match)
	if bytes.HasPrefix(start, []byte("{")) { // the time may stand behind the token, as in Docker's JSON lines
		whole := int64(len(sighting.LineStart)) == sighting.Column-1
		rest := narrowed(sighting.LineRest, sighting.Match)
		if at, ok := triage.LogTimeAround(start, rest, whole, v.modified, v.options.Judge.At); ok {
			return at, true
		}
	} else if at, ok := v.engine.logTime(start, v.modified, v.options.Judge.At); ok {
		return at, true
	}
	return v.recordTime(sighting)
}

// narrowed returns a part of a text that has the token in UTF-16, as PowerShell writes logs, in single bytes, which a time
// consists of; of other texts the part as it is.
func narrowed(part []byte, match detectors.Match) []byte {
	if !slices.ContainsFunc(match.Encodings, func(name string) bool { return strings.HasPrefix(name, "utf-16") }) {
		return part
	}
	part = bytes.TrimPrefix(bytes.TrimPrefix(part, []byte("\xff\xfe")), []byte("\xfe\xff")) // the byte order mark
	return bytes.ReplaceAll(part, []byte{0}, nil)
}

// recordTime returns when the record was written that a token stands in, where that goes over several lines.
func (v *visit) recordTime(sighting reading.Sighting) (at time.Time, ok bool) {
	if v.records.near.mayBe() {
		if v.room == nil {
			v.room = make([]byte, nearRecord)
		}
		before := sighting.Before(v.room)
		isWhole := len(before) < nearRecord
		before = narrowed(before, sighting.Match)
		if at, ok = triage.ContinuedTime(before, isWhole, v.modified, v.options.Judge.At); !ok {
			at, ok = triage.JournalTime(before, nil, v.modified, v.options.Judge.At)
		}
		v.records.near.was(ok)
	}
	if !ok && v.records.far.mayBe() {
		if v.farRoom == nil {
			v.farRoom = make([]byte, 2*farRecord)
		}
		before, after := sighting.Before(v.farRoom[:farRecord:farRecord]), sighting.After(v.farRoom[farRecord:])
		at, ok = triage.JournalTime(before, after, v.modified, v.options.Judge.At)
		v.records.far.was(ok)
	}
	return at, ok
}

// nameOf returns what a place's text is called, where it is called anything.
func nameOf(place finding.Place) string {
	switch place := place.(type) {
	case finding.FilePlace:
		return place.Path
	case finding.GitPlace:
		return place.Path
	default:
		return ""
	}
}

// largeText is the size in bytes from which a text is worth mapping, by one goroutine, and hugeText that from which it is read by several.
const (
	largeText = 1 << 20
	hugeText  = 16 << 20
)

// readAny reads a text in the way that its form allows.
func (v *visit) readAny(ctx context.Context, text []byte, reader io.Reader, size int64, detector detectors.Detector, met func(reading.Sighting) error) error {
	count := counts{&v.counters.Bytes, v.stored}
	if reader == nil {
		n, err := reading.Bytes(ctx, text, detector, met)
		count.add(n)
		return err
	}
	at, ok := reader.(io.ReaderAt)
	if !ok || size < largeText {
		_, err := reading.Stream(ctx, counted(reader, count), detector, met)
		return err
	}
	jobs := v.options.Jobs
	if size < hugeText {
		jobs = 1
	}
	_, err := reading.Parallel(ctx, at, size, reading.ChunkFor(size, jobs), jobs, detector, met, count.add)
	return err
}
