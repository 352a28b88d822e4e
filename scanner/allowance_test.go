package scanner

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// TestAllowanceOfEachForm reads a text whose beginning takes much work in every form that a source may have it in: what is looked
// into does not depend on that. A blob is a file, a stream, and text in memory with and without its candidates, as it is stored.
func TestAllowanceOfEachForm(t *testing.T) {
	token := signed(t, map[string]any{"sub": "a"})
	line := "2026-06-01 12:00:00 all is well, and nothing is to be seen here\n"
	dense := strings.Repeat(`eyJ\`, 1<<18)
	for name, text := range map[string]string{
		"at the start":                dense + "\n" + strings.Repeat(line, (20<<20)/len(line)) + token + "\n",
		"at the end":                  strings.Repeat(line, (20<<20)/len(line)) + token + "\n" + dense,
		"at the start of a small one": dense[:1<<19] + "\n" + strings.Repeat(line, (1<<20)/len(line)) + token + "\n",
	} {
		locator := encoding.New().Prefilter().(detectors.Locator)
		candidates := locator.Candidates(nil, []byte(text), 0, len(text))
		for form, shown := range map[string]source.Text{
			"in memory":           {Bytes: []byte(text)},
			"with its candidates": {Bytes: []byte(text), Candidates: candidates},
			"a stream":            {Reader: struct{ io.Reader }{strings.NewReader(text)}, Size: int64(len(text))},
		} {
			shown.Place = finding.GitPlace{Target: ".", Path: "a.log"}
			shown.Sighted = func(finding.Fingerprint, finding.Occurrence) {}
			_, result := scan(t, options(sourceFunc(func(ctx context.Context, _ int, visitor source.Visitor) error {
				return visitor.Visit(ctx, shown)
			})))
			if !result.Scan.Complete || result.Summary.Findings != 1 {
				t.Errorf("%s, %s: complete %v with %d tokens: %v", name, form, result.Scan.Complete, result.Summary.Findings, result.Scan.Problems)
			}
		}
	}
}
