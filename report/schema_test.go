package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// strict returns the published schema with no property allowed that it does not name, so that none is forgotten in it.
func strict(t *testing.T) string {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal([]byte(report.Schema()), &document); err != nil {
		t.Fatal(err)
	}
	for _, definition := range document["$defs"].(map[string]any) {
		if definition := definition.(map[string]any); definition["properties"] != nil {
			definition["additionalProperties"] = false
		}
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryOutputHoldsAgainstTheSchema(t *testing.T) {
	text := strict(t)
	whole := compile(t, "report.json", text)
	c := newCorpus(t)
	below := c
	below.scan.Directory, below.scan.Root = "tools", "/srv/project"
	for name, test := range map[string]struct {
		c       corpus
		options report.Options
	}{
		"corpus":        {c, report.Options{}},
		"show tokens":   {c, report.Options{ShowTokens: true}},
		"started below": {below, report.Options{}},
		"nothing":       {corpus{scan: c.scan, tool: c.tool}, report.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			holds(t, whole, told(t, test.c, "json", test.options))
			for _, one := range bytes.Split(bytes.TrimSpace(told(t, test.c, "jsonl", test.options)), []byte("\n")) {
				holds(t, whole, one)
			}
		})
	}
	t.Run("cut", func(t *testing.T) {
		stream := told(t, c, "jsonl", report.Options{})
		cut, err := report.Read(bytes.NewReader(stream[:len(stream)/2]))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := report.Render("json", &out, cut, report.Options{}); err != nil {
			t.Fatal(err)
		}
		holds(t, whole, out.Bytes())
	})
}

// The schema must refuse something, or it says nothing.
func TestSchemaRefuses(t *testing.T) {
	text := strict(t)
	whole := compile(t, "report.json", text)
	document := string(told(t, newCorpus(t), "json", report.Options{}))
	for _, change := range [][2]string{
		{`"schema": "jwtleak/report/v1"`, `"schema": "jwtleak/report/v2"`},
		{`"severity": "critical"`, `"severity": "grave"`},
		{`"kind": "git"`, `"kind": "svn"`},
		{`"complete": false`, `"complete": 0`},
		{`"occurrence_count": 3`, `"occurrence_count": -3`},
		{`"sample": false`, `"simple": false`},
		{`12:00:00Z`, `12:00:00+01:00`},
	} {
		changed := strings.Replace(document, change[0], change[1], 1)
		if changed == document {
			t.Fatalf("the corpus has no %s", change[0])
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(changed))
		if err != nil {
			t.Fatal(err)
		}
		if whole.Validate(value) == nil {
			t.Errorf("the schema takes %s", change[1])
		}
	}
	for _, refused := range []string{`{"type":"other"}`, `{"type":"occurrence","id":"0123456789abcdef"}`, `{"path":"a","reason":"b"}`} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(refused))
		if err != nil {
			t.Fatal(err)
		}
		if whole.Validate(value) == nil {
			t.Errorf("the schema takes the line %s", refused)
		}
	}
}

// The words of the schema are those of the code.
func TestSchemaHasAllWords(t *testing.T) {
	var document struct {
		Defs map[string]struct{ Enum []string } `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(report.Schema()), &document); err != nil {
		t.Fatal(err)
	}
	has := func(name, word string) {
		for _, known := range document.Defs[name].Enum {
			if known == word {
				return
			}
		}
		t.Errorf("%s has no %s", name, word)
	}
	for _, status := range finding.Statuses() {
		has("status", string(status))
	}
	for _, severity := range finding.Severities() {
		has("severity", string(severity))
	}
}
