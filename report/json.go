package report

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"runtime"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// writeJSON writes the report object, its keys in the order of the contract, a finding at a time: the JSON of a large
// report is never whole in memory.
func writeJSON(w io.Writer, report finding.Report, _ Options) error {
	out := &jsonWriter{w: bufio.NewWriterSize(w, 64<<10)}
	out.text("{\n")
	out.member("schema", report.Schema, ",\n")
	out.member("tool", report.Tool, ",\n")
	out.member("scan", report.Scan.Normal(), ",\n")
	out.member("summary", report.Summary.Normal(), ",\n")
	out.text(`  "findings": [`)
	out.findings(report.Findings)
	if len(report.Findings) > 0 {
		out.text("\n  ")
	}
	out.text("]\n}\n")
	return out.flush()
}

// together is how many findings are encoded at once by one goroutine.
const together = 64

// findings writes a list's elements. Several goroutines encode them, in the order of the list.
func (j *jsonWriter) findings(findings []finding.Finding) {
	workers := max(1, min(runtime.GOMAXPROCS(0), len(findings)/together))
	queue := make(chan chan *encodedPart, workers)
	written := sync.Pool{New: func() any { return newEncodedPart() }}
	go func() {
		defer close(queue)
		slots := make(chan struct{}, workers)
		for start := 0; start < len(findings); start += together {
			done := make(chan *encodedPart, 1)
			slots <- struct{}{}
			queue <- done
			go func() {
				part := written.Get().(*encodedPart)
				part.encode(findings[start:min(start+together, len(findings))], start == 0)
				done <- part
				<-slots
			}()
		}
	}()
	for done := range queue {
		part := <-done
		if j.err = cmp.Or(j.err, part.out.err); j.err == nil {
			_, j.err = j.w.Write(part.text.Bytes())
		}
		written.Put(part)
	}
}

// An encodedPart is the JSON of some of a list's elements.
type encodedPart struct {
	text bytes.Buffer
	out  jsonWriter // to text
}

func newEncodedPart() *encodedPart {
	part := &encodedPart{}
	part.out.w = bufio.NewWriter(&part.text)
	return part
}

// encode encodes elements, each behind what parts it from the one before, in place of what the part had.
func (p *encodedPart) encode(findings []finding.Finding, first bool) {
	p.text.Reset()
	for i, f := range findings {
		if i > 0 || !first {
			p.out.text(",")
		}
		p.out.text("\n    ")
		p.out.value(f.Normal(), "    ")
	}
	p.out.err = p.out.flush()
}

// A jsonWriter writes indented JSON in pieces and remembers the first error.
type jsonWriter struct {
	w       *bufio.Writer
	compact bool // no indentation
	encoded bytes.Buffer
	plain   []byte
	err     error
}

func (j *jsonWriter) text(s string) {
	if j.err == nil {
		_, j.err = j.w.WriteString(s)
	}
}

// member writes a member of the outermost object, and what comes after it.
func (j *jsonWriter) member(name string, v any, after string) {
	j.text(`  "` + name + `": `)
	j.value(v, "  ")
	j.text(after)
}

// value writes a value; prefix is the indentation of the line it starts on.
func (j *jsonWriter) value(v any, prefix string) {
	if j.err != nil {
		return
	}
	j.encoded.Reset()
	encoder := json.NewEncoder(&j.encoded)
	encoder.SetEscapeHTML(false)
	if j.err = encoder.Encode(v); j.err != nil {
		return
	}
	encoded := bytes.TrimSuffix(j.encoded.Bytes(), []byte("\n"))
	if j.compact {
		j.plain = plainJSON(j.plain[:0], encoded)
	} else {
		j.plain = indentedJSON(j.plain[:0], encoded, prefix)
	}
	_, j.err = j.w.Write(j.plain)
}

func (j *jsonWriter) flush() error {
	if j.err == nil {
		j.err = j.w.Flush()
	}
	return j.err
}
