package scanner

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// TestDetachedIsCountedAndNoFinding meets JWS with a detached payload in many files at once.
func TestDetachedIsCountedAndNoFinding(t *testing.T) {
	detached := func(n int) string {
		segments := strings.Split(signed(t, map[string]any{"n": n}), ".")
		return segments[0] + ".." + segments[2]
	}
	texts := map[string]string{}
	for i := range 40 {
		texts[fmt.Sprintf("logs/%02d", i)] = "a line\nx-jws-signature: " + detached(i) + "\n" + base64.StdEncoding.EncodeToString([]byte("behind "+detached(i)+" it")) + "\n"
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(texts["logs/07"]))
	_ = w.Close()
	texts["a.gz"] = packed.String()
	texts["examples.md"] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9... and eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..signature"

	var before *finding.Detached
	for range 5 {
		o := options(files(texts))
		counters := &Counters{}
		o.Counters = counters
		o.Accepts = func(finding.Finding) *finding.Suppression { t.Error("asked whether one is accepted"); return nil }
		sink, result := scan(t, o)
		if n := len(sink.events); n != 1 || result.Failing != 0 || result.Summary.Findings != 0 || counters.Findings.Load() != 0 || !result.Scan.Complete {
			t.Errorf("%d events, %d findings, %d that fail the scan", n, result.Summary.Findings, result.Failing)
		}
		met := result.Scan.Detached
		if met == nil || met.Count != 82 || len(met.Places) != finding.MaxDetachedPlaces {
			t.Fatalf("met %+v", met)
		}
		if first := met.Places[0]; first.Place != (finding.FilePlace{Target: ".", Path: "a.gz"}) || first.Line != 2 || first.Column != 18 || len(first.Container) != 1 {
			t.Errorf("the first is at %+v", first)
		}
		if last := met.Places[9]; last.Place != (finding.FilePlace{Target: ".", Path: "logs/03"}) || last.Line != 3 || last.Encodings[0] != "base64" {
			t.Errorf("the last that is told is at %+v", last)
		}
		if diff := cmp.Diff(before, met); before != nil && diff != "" {
			t.Errorf("another time: %s", diff)
		}
		before = met
	}
	if _, result := scan(t, options(files(map[string]string{"a": "nothing"}))); result.Scan.Detached != nil {
		t.Error("told of none")
	}
}
