package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

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
	if out.err == nil {
		out.err = writeParts(out.w, report.Findings, jsonParts)
	}
	if len(report.Findings) > 0 {
		out.text("\n  ")
	}
	out.text("]\n}\n")
	return out.flush()
}

// jsonParts returns an encoder of a list's elements, each behind what parts it from the one before.
func jsonParts(w io.Writer) partEncoder {
	out := &jsonWriter{w: bufio.NewWriter(w)}
	return func(findings []finding.Finding, first bool) error {
		for i, f := range findings {
			if i > 0 || !first {
				out.text(",")
			}
			out.text("\n    ")
			out.value(f.Normal(), "    ")
		}
		return out.flush()
	}
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
