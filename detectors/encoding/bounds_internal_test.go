package encoding

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

// The sample of RFC 7519, section 6.1.
const sampleUnsigned = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."

func encodedTimes(text string, times int) string {
	for range times {
		text = base64.StdEncoding.EncodeToString([]byte(text))
	}
	return text
}

// TestBounds looks for a token with less and less that may be undone: it is found, or what was not read is told.
func TestBounds(t *testing.T) {
	for _, test := range []struct {
		name, text string
		budget     int
		found      bool
		reason     string
	}{
		{"ten deep", encodedTimes(sampleUnsigned, 10), budgetBase, true, ""},
		{"eleven deep", encodedTimes(sampleUnsigned, 11), budgetBase, false, reasonDepth},
		{"enough", encodedTimes(sampleUnsigned, 2), budgetBase, true, ""},
		{"too little", encodedTimes(sampleUnsigned, 2), 100, false, reasonExpansion},
		{"nothing", encodedTimes(sampleUnsigned, 1), 0, false, reasonExpansion},
		{"nothing, softly", strings.ReplaceAll(sampleUnsigned, ".", "%2E"), 0, false, reasonExpansion},
		{"nothing, in lines", sampleUnsigned[:60] + "\n" + sampleUnsigned[60:], 0, false, reasonExpansion},
		{"plain, which is found all the same", sampleUnsigned + "\n", 0, true, reasonExpansion},
	} {
		found := 0
		var reasons []string
		bounds := &bounds{budget: test.budget, skipped: func(reason string) { reasons = append(reasons, reason) }}
		New().detect([]byte(test.text), true, func(detectors.Match) { found++ }, bounds)
		if (found > 0) != test.found || len(reasons) > 0 != (test.reason != "") || test.reason != "" && !slices.Contains(reasons, test.reason) {
			t.Errorf("%s: found %d, told %q", test.name, found, reasons)
		}
	}
}
