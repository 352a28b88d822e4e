package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// maxValue bounds what is held of a saved report at once: a line of jsonl, or a finding of a JSON report, in bytes.
const maxValue = 64 << 20

// maxFaults bounds the faults of one saved report that are listed one by one.
const maxFaults = 20

// ErrNoReport is the error of reading what is no report at all.
var ErrNoReport = errors.New("no report of jwtleak")

// Read reads a saved report, JSON or jsonl, several one after the other too. One that was cut is read as far as it goes
// and marked incomplete; a line or finding that can't be read is reported as a problem. It is an error only if there is
// no report in it, or r fails.
func Read(r io.Reader) (finding.Report, error) {
	merger := NewMerger(0)
	if err := merger.Read(r); err != nil {
		return finding.Report{}, err
	}
	return merger.Report(), nil
}

// A savedReader reads one file of saved reports into folds.
type savedReader struct {
	in      *bufio.Reader
	newFold func() *Fold
	bound   int64 // on a line or value, in bytes
	folds   []*Fold
	current *Fold // the one that events go to, nil before the first and after an Ended
	faults  int
}

func (s *savedReader) read() error {
	lines, err := s.isLines()
	if err != nil {
		return err
	}
	if lines {
		err = s.readLines()
	} else {
		err = s.readObjects()
	}
	if err == nil && len(s.folds) == 0 {
		err = ErrNoReport
	}
	return err
}

// fold returns the fold of the report that is being read.
func (s *savedReader) fold() *Fold {
	if s.current == nil {
		s.current = s.newFold()
		s.folds = append(s.folds, s.current)
	}
	return s.current
}

// fault takes note of something that can't be read: where it stands and why.
func (s *savedReader) fault(where string, err error) {
	fold := s.fold()
	fold.faulty = true
	s.faults++
	reason := fmt.Sprintf("%s of the report can't be read: %s", where, faultWords(err))
	switch {
	case s.faults == maxFaults+1:
		reason = "more of the report can't be read"
	case s.faults > maxFaults:
		return
	}
	fold.faults = append(fold.faults, reason)
	fold.problem(finding.Problem{Path: "-", Reason: reason})
}

// faultWords says what is wrong with a report that anybody may have written: in few words, and none of a token.
func faultWords(err error) string {
	if wrong := (*time.ParseError)(nil); errors.As(err, &wrong) { // which repeats what it was given, twice
		return "a time is none of RFC 3339"
	}
	return shortened(redactText(err.Error()), longestShown)
}

// isLines tells jsonl, whose first object has `type` first, from a report object.
func (s *savedReader) isLines() (bool, error) {
	head, err := s.in.Peek(s.in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read report: %w", err)
	}
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("{"))
	if !ok {
		return false, ErrNoReport
	}
	return bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(`"type"`)), nil
}

func (s *savedReader) readLines() error {
	for number := 1; ; number++ {
		line, err := s.line()
		if errors.Is(err, errTooLong) {
			s.fault(fmt.Sprintf("line %d", number), err)
			continue
		}
		if len(bytes.TrimSpace(line)) > 0 {
			s.readLine(number, line, errors.Is(err, io.EOF))
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read report: %w", err)
		}
	}
}

func (s *savedReader) readLine(number int, line []byte, last bool) {
	event, err := finding.UnmarshalEvent(line)
	if ended, ok := event.(finding.Ended); ok && err == nil {
		if err := makeValid(&ended.Scan); err != nil { // what else it says is the report's end all the same
			s.fault(fmt.Sprintf("line %d", number), err)
		}
		event = ended
	} else if err == nil {
		err = valid(event)
	}
	switch {
	case err != nil && last:
		s.fold() // the line was cut; the missing end says so
	case err != nil:
		s.fault(fmt.Sprintf("line %d", number), err)
	default:
		if err := s.fold().Event(event); err != nil {
			s.fault(fmt.Sprintf("line %d", number), err)
		}
		if _, ended := event.(finding.Ended); ended {
			s.current = nil
		}
	}
}

var errTooLong = errors.New("it is too long")

// line returns the next line. One that is too long is passed over.
func (s *savedReader) line() ([]byte, error) {
	var line []byte
	for tooLong := false; ; {
		part, err := s.in.ReadSlice('\n')
		if tooLong = tooLong || int64(len(line)+len(part)) > s.bound; tooLong {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case tooLong && (err == nil || errors.Is(err, io.EOF)):
			return nil, errTooLong
		default:
			return line, err
		}
	}
}

// A boundedReader fails once more was read than it has left.
type boundedReader struct {
	r    io.Reader
	left int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// objectReader reads report objects, a finding at a time.
type objectReader struct {
	*savedReader
	bounded *boundedReader
	decoder *json.Decoder
	ended   finding.Ended
	schema  string
}

func (s *savedReader) readObjects() error {
	if mark, _ := s.in.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = s.in.Discard(3) // it was peeked
	}
	bounded := &boundedReader{r: s.in}
	o := &objectReader{savedReader: s, bounded: bounded, decoder: json.NewDecoder(bounded)}
	o.decoder.UseNumber()
	for {
		err := o.object()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case len(s.folds) == 0:
			return fmt.Errorf("%w: %w", ErrNoReport, err)
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil // it was cut; the missing end says so
		case err != nil:
			s.fault(fmt.Sprintf("what follows byte %d", o.decoder.InputOffset()), err)
			return nil
		}
	}
}

// token returns the next token, decode the next value; both are bounded.
func (o *objectReader) token() (json.Token, error) {
	o.bounded.left = o.bound
	return o.decoder.Token()
}

func (o *objectReader) decode(v any) error {
	o.bounded.left = o.bound
	return o.decoder.Decode(v)
}

// object reads one report; io.EOF says that there is none.
func (o *objectReader) object() error {
	if opening, err := o.token(); err != nil || opening != json.Delim('{') {
		return cmpErr(err, ErrNoReport)
	}
	o.ended, o.schema = finding.Ended{}, ""
	for o.decoder.More() {
		name, err := o.token()
		if err == nil {
			err = o.member(name)
		}
		if err != nil {
			return o.cut(err)
		}
	}
	if _, err := o.token(); err != nil {
		return o.cut(err)
	}
	if o.schema != finding.Schema {
		return fmt.Errorf("the schema is %.40q, not %s", redactText(o.schema), finding.Schema)
	}
	err := o.fold().Event(o.ended)
	o.current = nil
	return err
}

// cut keeps what the head of a report said that comes to no end.
func (o *objectReader) cut(err error) error {
	if o.schema == finding.Schema {
		o.fold().tool, o.fold().scan = o.ended.Tool, o.ended.Scan
		for _, problem := range o.ended.Scan.Problems {
			o.fold().problem(problem)
		}
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func (o *objectReader) member(name json.Token) error {
	switch name {
	case "schema":
		return o.decode(&o.schema)
	case "tool":
		return o.head("tool", o.decode(&o.ended.Tool))
	case "scan":
		err := o.decode(&o.ended.Scan)
		if err != nil {
			o.ended.Scan.ExitCode = nil // which is 0 where what stands there is no number
		}
		return o.head("scan", cmpErr(err, makeValid(&o.ended.Scan)))
	case "findings":
		if o.schema != finding.Schema {
			return fmt.Errorf("the schema is %.40q, not %s", redactText(o.schema), finding.Schema)
		}
		return o.findings()
	default: // the summary is made anew
		var skipped json.RawMessage
		return o.decode(&skipped)
	}
}

// head takes note of what is wrong with a member that stands before the findings, which can be read all the same.
func (o *objectReader) head(name string, err error) error {
	if err == nil || !isValueError(err) || o.schema != finding.Schema {
		return err
	}
	o.fault(name, err)
	return nil
}

func (o *objectReader) findings() error {
	if opening, err := o.token(); err != nil || opening != json.Delim('[') {
		return cmpErr(err, errors.New("findings is no list"))
	}
	for number := 1; o.decoder.More(); number++ {
		var found finding.Finding
		err := o.decode(&found)
		if err != nil && !isValueError(err) {
			return err
		}
		if err == nil {
			err = valid(finding.Found{Finding: found})
		}
		if err != nil {
			o.fault(fmt.Sprintf("finding %d", number), err)
			continue
		}
		if err := o.fold().Event(finding.Found{Finding: found}); err != nil {
			return err
		}
	}
	_, err := o.token()
	return err
}

// isValueError reports whether an error is about one value's meaning, so that the next can be read.
func isValueError(err error) bool {
	var syntax *json.SyntaxError
	return !errors.As(err, &syntax) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, errTooLong)
}
