package report_test

import (
	"bytes"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// secrets are the parts of the corpus' tokens that let someone use or rebuild one: all segments but the header. What is
// left of a short one is too common to look for.
func (c corpus) secrets() []string {
	var secrets []string
	for _, token := range c.tokens {
		for _, segment := range strings.Split(token, ".")[1:] {
			if len(segment) >= 12 {
				secrets = append(secrets, segment)
			}
		}
	}
	return secrets
}

// leaks returns how many of the corpus' secrets a text has, or a part of one that is long enough to be one.
func (c corpus) leaks(text []byte) int {
	leaks := 0
	for _, secret := range c.secrets() {
		if bytes.Contains(text, []byte(secret)) || bytes.Contains(text, []byte(secret[:12])) || bytes.Contains(text, []byte(secret[len(secret)-12:])) {
			leaks++
		}
	}
	return leaks
}

func TestNoFormatHasATokenOfTheCorpus(t *testing.T) {
	c := newCorpus(t)
	if len(c.secrets()) < len(c.tokens) {
		t.Fatal("the corpus has too few secrets to look for")
	}
	for _, format := range report.Formats() {
		t.Run(format, func(t *testing.T) {
			out := told(t, c, format, report.Options{Color: true})
			if leaks := c.leaks(out); leaks > 0 {
				t.Errorf("%d parts of tokens are in the report", leaks)
			}
		})
	}
}

// What the options say of the scanned tree is a stranger's too: the address of a remote, a branch, a directory.
func TestNoFormatHasATokenOfTheOptions(t *testing.T) {
	c := newCorpus(t)
	options := report.Options{
		SourceRoot: "/srv/" + c.tokens[0],
		Category:   c.tokens[0],
	}
	c.scan.Directory, c.scan.Root = "sub/"+c.tokens[0], "/srv/"+c.tokens[0]
	c.scan.Targets = append(c.scan.Targets, finding.Target{
		Kind: "git", Path: "sub/" + c.tokens[0], Remote: "https://host.example/" + c.tokens[0], Commit: c.tokens[0], Branch: "fix/" + c.tokens[0],
	})
	for _, format := range report.Formats() {
		if leaks := c.leaks(told(t, c, format, options)); leaks > 0 {
			t.Errorf("%s: %d parts of tokens are in the report", format, leaks)
		}
	}
}

// filled sets every string that a value of the report's types holds, keys of maps too, and makes one element of each list.
func filled(value reflect.Value, with string) {
	switch value.Kind() {
	case reflect.String:
		value.SetString(with)
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		filled(value.Elem(), with)
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		filled(value.Index(0), with)
	case reflect.Map:
		value.Set(reflect.MakeMap(value.Type()))
		key, element := reflect.New(value.Type().Key()).Elem(), reflect.New(value.Type().Elem()).Elem()
		filled(key, with)
		filled(element, with)
		value.SetMapIndex(key, element)
	case reflect.Interface:
		switch {
		case value.Type() == reflect.TypeFor[finding.Place]():
			place := finding.GitPlace{}
			filled(reflect.ValueOf(&place).Elem(), with)
			value.Set(reflect.ValueOf(place))
		default:
			value.Set(reflect.ValueOf(map[string]any{with: []any{with}}))
		}
	case reflect.Struct:
		if value.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range value.NumField() {
			filled(value.Field(i), with)
		}
	case reflect.Int, reflect.Int64:
		value.SetInt(1)
	}
}

// Whoever wrote a saved report may have put a token, or a terminal's control sequences, into any string of it: each one
// of all types of events is tried.
func TestNoStringOfAnEventPasses(t *testing.T) {
	c := newCorpus(t)
	with := "\x1b[2J" + c.tokens[0]
	var (
		found   finding.Found
		met     finding.Met
		updated finding.Updated
		problem finding.Problem
		ended   finding.Ended
	)
	for _, event := range []any{&found, &met, &updated, &problem, &ended} {
		filled(reflect.ValueOf(event).Elem(), with)
	}
	if found.Finding.Risks[0].References[0] != with || met.Occurrence.Place.(finding.GitPlace).Commit != with {
		t.Fatal("not every string is filled")
	}
	for _, format := range report.Formats() {
		hostile := corpus{tool: ended.Tool, scan: ended.Scan, events: []finding.Event{found, met, updated, problem}}
		hostile.tokens = c.tokens[:1]
		var out bytes.Buffer
		sink, err := report.New(format, &out, report.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := sink.Begin(hostile.tool, hostile.scan); err != nil {
			t.Fatal(err)
		}
		for _, event := range append(hostile.events, ended) {
			if err := sink.Event(event); err != nil {
				t.Fatal(err)
			}
		}
		if err := sink.Close(); err != nil {
			t.Fatal(err)
		}
		if n := hostile.leaks(out.Bytes()); n > 0 {
			t.Errorf("%s: %d parts of the token are in the report", format, n)
		}
		if bytes.ContainsRune(out.Bytes(), '\x1b') {
			t.Errorf("%s: a control character is in the report", format)
		}
	}
}

// The tests above can fail: with --show-tokens each token is there, in the formats that have a place for one.
func TestShowTokens(t *testing.T) {
	c := newCorpus(t)
	for _, format := range []string{"table", "json", "jsonl", "sarif"} {
		t.Run(format, func(t *testing.T) {
			out := string(told(t, c, format, report.Options{ShowTokens: true}))
			for i, token := range c.tokens {
				// The hostile token's strings have the first one in them, as well as it being told itself.
				want := 1
				if format == "table" && i == 3 { // it was accepted, and is not listed
					want = 0
				}
				if got := strings.Count(out, token); got != want {
					t.Errorf("token %d is there %d times", i, got)
				}
			}
		})
	}
}

// What is told must not be changed by telling it.
func TestSinksDoNotChangeWhatTheyAreTold(t *testing.T) {
	c := newCorpus(t)
	before := told(t, c, "json", report.Options{ShowTokens: true})
	for _, format := range report.Formats() {
		told(t, c, format, report.Options{MaxOccurrences: 1})
	}
	if after := told(t, c, "json", report.Options{ShowTokens: true}); !bytes.Equal(before, after) {
		t.Error("a sink changed the events")
	}
}

// No format writes a character raw that is more than text: not even JSON, which people read on terminals too.
func TestNoFormatHasControlCharacters(t *testing.T) {
	c := newCorpus(t)
	for _, format := range report.Formats() {
		t.Run(format, func(t *testing.T) {
			out := told(t, c, format, report.Options{})
			if !utf8.Valid(out) {
				t.Error("the report is no UTF-8")
			}
			for _, r := range string(out) {
				switch {
				case r == '\n':
				case r < ' ', r >= 0x7f && r < 0xa0, r == 0xad, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r >= 0xe0000 && r <= 0xe007f:
					t.Fatalf("%U is there raw", r)
				}
			}
		})
	}
}

// What a policy leaves out is counted in every format that has a place for it: CSV has rows of findings alone.
func TestEveryFormatCountsWhatIsLeftOut(t *testing.T) {
	c := newCorpus(t)
	for _, format := range report.Formats() {
		said := regexp.MustCompile(`12 paths left out by patterns|"left_out": ?12\b|name="left_out" value="12"`)
		inOneLine := bytes.Join(bytes.Fields(told(t, c, format, report.Options{})), []byte(" "))
		if !said.Match(inOneLine) && format != "csv" {
			t.Errorf("%s does not say it", format)
		}
		c.scan.Stats.LeftOut = 0
		if regexp.MustCompile(`left out by|name="left_out"`).Match(told(t, c, format, report.Options{})) {
			t.Errorf("%s says it where there is nothing", format)
		}
		c.scan.Stats.LeftOut = 12
	}
}

// What narrowed a report is told in every format, and nothing where nothing did.
func TestEveryFormatTellsWhatNarrowed(t *testing.T) {
	c := newCorpus(t)
	for _, format := range report.Formats() {
		c.scan.Narrowed = []string{"--id " + c.tokens[0], "--status live"}
		out := bytes.Join(bytes.Fields(told(t, c, format, report.Options{})), []byte(" "))
		if !regexp.MustCompile(`--status live`).Match(out) || c.leaks(out) > 0 {
			t.Errorf("%s does not say it, or repeats a token", format)
		}
		c.scan.Narrowed = nil
		if regexp.MustCompile(`--status|(Narrowed|narrowed +|value="|"narrowed )by`).Match(told(t, c, format, report.Options{})) {
			t.Errorf("%s says it where nothing did", format)
		}
	}
}

// What is left out by design is named in every format that has a place for it, and with it the scan is complete.
func TestEveryFormatNamesWhatIsLeftOut(t *testing.T) {
	c := newCorpus(t)
	c.scan.Complete = true
	for _, format := range report.Formats() {
		c.scan.LeftOut = []finding.Problem{{Path: "elsewhere/" + c.tokens[0] + "/tree", Reason: "a work tree outside"}}
		out := told(t, c, format, report.Options{})
		said := bytes.Contains(out, []byte("a work tree outside"))
		if said != (format != "csv") || c.leaks(out) > 0 {
			t.Errorf("%s: said %v, %d parts of tokens", format, said, c.leaks(out))
		}
		c.scan.LeftOut = nil
		if bytes.Contains(told(t, c, format, report.Options{}), []byte("a work tree outside")) {
			t.Errorf("%s says it where there is nothing", format)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	_, err := report.New("xml\x1b[2J", &bytes.Buffer{}, report.Options{})
	if err == nil {
		t.Fatal("no error")
	}
	if !strings.Contains(err.Error(), "table, json") || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("%q", err)
	}
}

func TestInspectionHasNoToken(t *testing.T) {
	c := newCorpus(t)
	for _, event := range c.events {
		found, ok := event.(finding.Found)
		if !ok {
			continue
		}
		var text, encoded bytes.Buffer
		if err := report.WriteInspection(&text, found.Finding, report.Options{}); err != nil {
			t.Fatal(err)
		}
		if err := report.WriteInspectionJSON(&encoded, found.Finding); err != nil {
			t.Fatal(err)
		}
		if c.leaks(text.Bytes())+c.leaks(encoded.Bytes()) > 0 {
			t.Errorf("finding %s: a part of a token is in the inspection", found.Finding.ID)
		}
	}
}
