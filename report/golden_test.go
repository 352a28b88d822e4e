package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// told returns what a format makes of a corpus.
func told(t testing.TB, c corpus, format string, options report.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	sink, err := report.New(format, &out, options)
	if err != nil {
		t.Fatal(err)
	}
	tell(t, sink, c)
	return out.Bytes()
}

func tell(t testing.TB, sink report.Sink, c corpus) {
	t.Helper()
	if err := sink.Begin(c.tool, c.scan); err != nil {
		t.Fatal(err)
	}
	for _, event := range c.all() {
		if err := sink.Event(event); err != nil {
			t.Fatal(err)
		}
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, encoding.Redact(diff))
	}
}

func TestGolden(t *testing.T) {
	c := newCorpus(t)
	for _, format := range report.Formats() {
		t.Run(format, func(t *testing.T) {
			golden(t, "corpus."+format, told(t, c, format, report.Options{MaxOccurrences: 5}))
		})
	}
}
