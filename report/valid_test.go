package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/report"
)

// A leaf is a value of a document in which there are no others, and the way to it: names, and numbers of elements.
type leaf struct {
	way  []any
	text bool
}

// leavesOf returns the leaves of a document, of the elements of a list that have the same names those of the first alone.
func leavesOf(value any, way []any) []leaf {
	var leaves []leaf
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			leaves = append(leaves, leavesOf(member, append(slices.Clone(way), name))...)
		}
	case []any:
		for i := range min(2, len(value)) {
			leaves = append(leaves, leavesOf(value[i], append(slices.Clone(way), i))...)
		}
	default:
		_, text := value.(string)
		return []leaf{{way, text}}
	}
	return leaves
}

// set puts another value in the place of a leaf, and returns what stood there.
func (l leaf) set(document, value any) (old any) {
	for _, step := range l.way[:len(l.way)-1] {
		if name, ok := step.(string); ok {
			document = document.(map[string]any)[name]
		} else {
			document = document.([]any)[step.(int)]
		}
	}
	switch step := l.way[len(l.way)-1].(type) {
	case string:
		object := document.(map[string]any)
		old, object[step] = object[step], value
	case int:
		list := document.([]any)
		old, list[step] = list[step], value
	}
	return old
}

// Whoever wrote a saved report may have put anything into any place of it. What is made of it holds against the schema, and
// neither it nor what is said of it has a token or is longer than a few lines of a terminal.
func TestAnythingInASavedReport(t *testing.T) {
	c := newCorpus(t)
	c.scan.Complete = true
	schema := compile(t, "report.json", strict(t))
	document := object(t, string(told(t, c, "json", report.Options{})))
	// A few findings have all that there is, and of a long list of places no more is to be had.
	findings := document["findings"].([]any)
	for _, found := range findings {
		found := found.(map[string]any)
		places := found["occurrences"].([]any)
		found["occurrences"] = places[:min(len(places), 3)]
		delete(found, "other_places")
	}
	for _, one := range leavesOf(document, nil) {
		values := []any{nil, -1, 1 << 60, []any{c.tokens[0]}, json.RawMessage(strings.Repeat("[", 3000) + strings.Repeat("]", 3000))}
		if one.text {
			values = append(values, c.tokens[0], strings.Repeat("x", 10_000)+"\x1b[2J")
		}
		for _, value := range values {
			old := one.set(document, value)
			anythingRead(t, fmt.Sprintf("%v=%.20s", one.way, fmt.Sprint(value)), document, c, func(out []byte) { holds(t, schema, out) })
			one.set(document, old)
		}
	}
}

func anythingRead(t *testing.T, name string, document map[string]any, c corpus, hold func([]byte)) {
	t.Helper()
	var text bytes.Buffer
	for i, member := range []string{"schema", "tool", "scan", "summary", "findings"} { // the schema comes first
		encoded, err := json.Marshal(document[member])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%c%q:%s", "{,"[min(i, 1)], member, encoded)
	}
	text.WriteByte('}')
	merger, size := report.NewMerger(0), text.Len()
	if err := merger.Read(&text); err != nil {
		if name[:8] != "[schema]" {
			t.Errorf("%s: %v", name, err)
		}
		return // the command says so through what redacts it
	}
	var out bytes.Buffer
	merged := merger.Report()
	if err := report.Render("json", &out, merged, report.Options{}); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	failed := t.Failed()
	hold(out.Bytes())
	damage := strings.Join(merger.Damage(), "\n")
	if c.leaks(out.Bytes())+c.leaks([]byte(damage)) > 0 {
		t.Errorf("%s: parts of tokens are in it, or in what is said of it", name)
	}
	if out.Len() > 1<<20 {
		t.Errorf("%s: %d bytes are made of %d", name, out.Len(), size)
	}
	if len(damage) > 1000 {
		t.Errorf("%s: %d bytes are said of it", name, len(damage))
	}
	if t.Failed() && !failed {
		t.Logf("with %s", name)
	}
}

// What is wrong with what a report says of the scan costs none of the findings that stand behind it.
func TestFindingsBehindADamagedScan(t *testing.T) {
	c := newCorpus(t)
	c.scan.Complete, c.scan.ExitCode = true, ptr(1)
	document := string(told(t, c, "json", report.Options{}))
	for _, change := range [][2]string{
		{`"exit_code": 1`, `"exit_code": "1"`},
		{`"exit_code": 1`, `"exit_code": 256`},
		{`"evaluated_at": "2026-03-01T12:00:00Z"`, `"evaluated_at": "yesterday"`},
		{`"files": 1234`, `"files": -1`},
		{`"complete": true`, `"complete": "yes"`},
		{`"kind": "dir"`, `"kind": "moon"`},
		{`"00112233445566aa"`, `"=cmd"`},
		{`"version": "1.2.3"`, `"version": 1`},
	} {
		changed := strings.Replace(document, change[0], change[1], 1)
		if changed == document {
			t.Fatalf("the corpus has no %s", change[0])
		}
		got := read(t, changed)
		if len(got.Findings) != len(c.tokens) || got.Scan.Complete {
			t.Errorf("%s: %d of %d findings, complete: %v", change[1], len(got.Findings), len(c.tokens), got.Scan.Complete)
		}
		if got.Scan.ExitCode != nil && *got.Scan.ExitCode != 1 {
			t.Errorf("%s: exit code %d", change[1], *got.Scan.ExitCode)
		}
	}
}
