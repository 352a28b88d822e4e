package encoding

import (
	"encoding/base64"
	"fmt"
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

// encodedInLines has each line end in what is a soft line break of quoted-printable, too.
func encodedInLines(text string, times int) string {
	for range times {
		encoded := base64.StdEncoding.EncodeToString([]byte(text))
		text = ""
		for len(encoded) > 64 {
			text, encoded = text+encoded[:64]+"=\n", encoded[64:]
		}
		text += encoded + "=\n"
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
		{"ten deep", encodedTimes(sampleUnsigned, 10), 1 << 17, true, ""},
		{"eleven deep", encodedTimes(sampleUnsigned, 11), 1 << 17, false, reasonDepth},
		{"eleven deep, in lines", encodedInLines(sampleUnsigned, 11), 1 << 22, false, reasonDepth},
		{"twelve deep, in lines", encodedInLines(sampleUnsigned, 12), 1 << 22, false, reasonDepth},
		{"a full stop, ten times", strings.ReplaceAll(sampleUnsigned, ".", "%"+strings.Repeat("25", 9)+"2E"), 1 << 20, true, ""},
		{"a full stop, eleven times", strings.ReplaceAll(sampleUnsigned, ".", "%"+strings.Repeat("25", 10)+"2E"), 1 << 20, false, reasonDepth},
		{"a full stop, twenty times", strings.ReplaceAll(sampleUnsigned, ".", "%"+strings.Repeat("25", 19)+"2E"), 1 << 20, false, reasonDepth},
		{"base64, twenty times", strings.ReplaceAll(encodedTimes(sampleUnsigned, 1), "A", "%"+strings.Repeat("25", 19)+"41"), 1 << 20, false, reasonDepth},
		{"among others that are", strings.Repeat("%"+strings.Repeat("25", 19)+"41 ", 9) + strings.ReplaceAll(sampleUnsigned, ".", "%"+strings.Repeat("25", 4)+"2E"), 1 << 20, true, reasonDepth},
		{"enough", encodedTimes(sampleUnsigned, 2), 1 << 17, true, ""},
		{"too little", encodedTimes(sampleUnsigned, 2), 100, false, reasonExpansion},
		{"nothing", encodedTimes(sampleUnsigned, 1), 0, false, reasonExpansion},
		{"nothing, softly", strings.ReplaceAll(sampleUnsigned, ".", "%2E"), 0, false, reasonExpansion},
		{"nothing, in lines", sampleUnsigned[:60] + "\n" + sampleUnsigned[60:], 0, false, reasonExpansion},
		{"plain, which is found all the same", sampleUnsigned + "\n", 0, true, reasonExpansion},
	} {
		found := 0
		var reasons []string
		bounds := &bounds{budget: test.budget, granted: len(test.text), skipped: func(reason string) { reasons = append(reasons, reason) }}
		New().detect([]byte(test.text), true, func(detectors.Match) { found++ }, bounds)
		if (found > 0) != test.found || len(reasons) > 0 != (test.reason != "") || test.reason != "" && !slices.Contains(reasons, test.reason) {
			t.Errorf("%s: found %d, told %q", test.name, found, reasons)
		}
	}
}

// TestAllowance looks for a token in a part of a text, with what the parts before have left.
func TestAllowance(t *testing.T) {
	for _, test := range []struct {
		name      string
		allowance detectors.Allowance
		fresh     int
		found     bool
	}{
		{"the text begins", detectors.Allowance{}, 1000, true},
		{"the text goes on, and is small", detectors.Allowance{Seen: 1000}, 1000, true},
		{"nothing is left", detectors.Allowance{Seen: smallText}, 0, false},
		{"nothing was left, but the text has gone on", detectors.Allowance{Seen: smallText}, 1 << 17, true},
		{"some is left", detectors.Allowance{Seen: smallText, Left: 1 << 17}, 0, true},
	} {
		found, told := 0, 0
		text := []byte(encodedTimes(sampleUnsigned, 3))
		New().DetectBoundedWithin(&test.allowance, test.fresh, text, true, func(detectors.Match) { found++ }, func(string) { told++ })
		if found > 0 != test.found || told > 0 == test.found {
			t.Errorf("%s: found %d, told %d", test.name, found, told)
		}
		if left := test.allowance.Left; test.allowance.Seen < test.fresh || left < 0 || test.found != (left > 0) {
			t.Errorf("%s: %d left", test.name, left)
		}
	}
}

// TestAllowanceOfNothing shows an empty text, for which nothing may be spent: nothing of it is undone, and nothing is left undone.
func TestAllowanceOfNothing(t *testing.T) {
	for _, atEOF := range []bool{false, true} {
		New().DetectBoundedWithin(new(detectors.Allowance), 0, nil, atEOF, func(detectors.Match) { t.Error("a token in nothing") }, func(reason string) {
			t.Errorf("told of nothing, where its end is seen: %v, that %s", atEOF, reason)
		})
	}
}

// TestAllowanceOfWhatIsKnown shows a text with a token in its front, which is known, and one behind.
func TestAllowanceOfWhatIsKnown(t *testing.T) {
	front := sampleUnsigned + strings.Repeat("\nwords of a line", 100) + "\n"
	text := []byte(front + sampleUnsigned)
	for _, known := range []int{0, len(front)} {
		var at []int
		New().DetectWithin(&detectors.Allowance{Known: known}, len(text), text, true, func(m detectors.Match) { at = append(at, m.Start) })
		if len(at) == 0 || at[len(at)-1] != len(front) || len(at) > 1 != (known == 0) {
			t.Errorf("with %d bytes known, tokens at %d", known, at)
		}
	}
}

// TestAllowanceOfWhatComes shows half a text that goes on, which holds back all of it but its front: what that costs counts
// for the front alone, or not at all.
func TestAllowanceOfWhatComes(t *testing.T) {
	text := []byte(strings.Repeat("words of a line\n", 100) + encodedTimes(sampleUnsigned, 3))
	cost := func(allowance detectors.Allowance, atEOF bool) (cost, done int) {
		allowance.Seen, allowance.Left = smallText, 1<<20
		done = New().DetectBoundedWithin(&allowance, 0, text, atEOF, func(detectors.Match) {}, func(string) {})
		return 1<<20 - allowance.Left, done
	}
	once, done := cost(detectors.Allowance{}, false)
	if once <= 0 || done == 0 || done == len(text) {
		t.Fatalf("it cost %d, done with %d of %d", once, done, len(text))
	}
	if coming, _ := cost(detectors.Allowance{Coming: true}, false); coming != once*done/len(text) {
		t.Errorf("done with %d of %d bytes, it cost %d of %d", done, len(text), coming, once)
	}
	if trial, _ := cost(detectors.Allowance{Trial: true}, true); trial != 0 {
		t.Errorf("a trial cost %d", trial)
	}
	told := 0
	New().DetectBoundedWithin(&detectors.Allowance{Seen: smallText, Trial: true}, 0, text, true, func(detectors.Match) {}, func(string) { told++ })
	if told > 0 {
		t.Error("a trial tells what it does not undo")
	}
}

// TestSmallText has a token four wrappings deep in little more than itself, in a file that is shown from where the first candidate is.
func TestSmallText(t *testing.T) {
	text := []byte("TOKEN = (\n    '" + encodedTimes(sampleUnsigned, 6) + "'\n)\n")
	for from := range 14 {
		allowance, told := detectors.Allowance{}, 0
		New().DetectBoundedWithin(&allowance, 1, text[from:], true, func(detectors.Match) {}, func(string) { told++ })
		if told > 0 {
			t.Errorf("from %d on: %d things were told", from, told)
		}
	}
}

// TestGrants spends all there is on the beginning of a text: what stands far behind is found all the same, and so is what is
// plain, where nothing is left.
func TestGrants(t *testing.T) {
	hostile := strings.Repeat("ey\nJ", budgetAhead/2)
	wrapped := "\n" + encodedTimes(sampleUnsigned, 2) + "\n"
	text := hostile + sampleUnsigned + "\n" + strings.Repeat("a plain line, as there are many in a log\n", budgetAhead/10) + wrapped
	var plainAt, wrappedAt int
	told := map[string]bool{}
	skipped := func(reason string) { told[reason] = true }
	New().DetectBounded([]byte(text), true, func(m detectors.Match) {
		if m.Encodings == nil {
			plainAt = m.Start
		} else {
			wrappedAt = m.Start
		}
	}, skipped)
	if plainAt != len(hostile) || wrappedAt < len(text)-len(wrapped) || !told[reasonExpansion] {
		t.Errorf("found the plain one at %d of %d, the wrapped one at %d of %d, told %v", plainAt, len(hostile), wrappedAt, len(text), told)
	}
}

// TestNothingIsLeftOver looks at a workspace that is given back: what a text is found to hold must not depend on the one before.
func TestNothingIsLeftOver(t *testing.T) {
	text := sampleUnsigned[:60]
	for range 3 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), "J", `\u004a`)
	}
	s := New().scan([]byte(strings.Repeat(text, 50)), true, newBounds(1<<20, true, nil))
	used := s.workspace
	s.top()
	begun := false
	for i := range used.levels {
		begun = begun || used.levels[i].begun != span{}
	}
	if !begun {
		t.Error("the text leaves nothing, so that this shows nothing")
	}
	s.release()
	for i := range used.levels {
		if level := &used.levels[i]; level.begun != (span{}) || level.scan.text != nil || level.scan.found != nil {
			t.Errorf("something of the text is left at level %d", i)
		}
	}
}

// TestWorthOfARun credits a token with what it may be wrapped in, not with all that a run has besides.
func TestWorthOfARun(t *testing.T) {
	for _, test := range []struct{ length, want int }{{100, 100}, {1 << 20, expansion * len(sampleUnsigned)}} {
		b := &bounds{}
		match := detectors.Match{Start: 10, End: 10 + test.length, Token: sampleUnsigned, Encodings: []string{nameBase64}}
		b.credit([]detectors.Match{match, match})
		if b.budget != worth*test.want {
			t.Errorf("%d bytes are worth %d, want %d", test.length, b.budget, worth*test.want)
		}
		other := match
		other.End, other.Token = 50, sampleUnsigned+"AA"
		if got, want := b.credit([]detectors.Match{match, other}), worth*len(other.Token); got != want {
			t.Errorf("another token within %d bytes is worth %d, want %d", test.length, got, want)
		}
	}
}

// TestLinesBehindTheEndOfAToken has a token on each line, all of one length, with signatures that are text in base64, and begins in the
// midst of one, as a block does.
func TestLinesBehindTheEndOfAToken(t *testing.T) {
	var lines strings.Builder
	encode := base64.RawURLEncoding.EncodeToString
	for i := range 2000 {
		lines.WriteString(encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(fmt.Appendf(nil, `{"sub": "%05d", "iat": 1700000000}`, i)) +
			"." + encode(fmt.Appendf(nil, "%032d", 1<<60+i*i)) + "\n")
	}
	for cut := 0; cut < 130; cut += 8 / Rounds(8) {
		found := 0
		text, allowance := []byte(lines.String()[cut:]), detectors.Allowance{Seen: smallText}
		New().DetectBoundedWithin(&allowance, len(text), text, true, func(detectors.Match) { found++ }, func(reason string) {
			t.Errorf("cut at %d: %s", cut, reason)
		})
		if found < 1999 {
			t.Errorf("cut at %d: found %d", cut, found)
		}
	}
}

// TestPriceOfWhatHasBegun cuts a text inside of a JSON serialization that is escaped: to see that, it is undone, which counts, and not
// where nothing is left to spend.
func TestPriceOfWhatHasBegun(t *testing.T) {
	text := []byte(strings.Repeat(`{\"payload\":\"eyJ..\",`, 100))
	for _, budget := range []int{0, 1 << 20} {
		told := 0
		s := New().scan(text, false, &bounds{budget: budget, skipped: func(string) { told++ }})
		begun := s.begunAt()
		spent := budget - s.budget
		s.release()
		if spent > 0 != (budget > 0) || told > 0 != (budget == 0) || budget > 0 && begun == len(text) {
			t.Errorf("of %d: spent %d, begun at %d of %d, told %d times", budget, spent, begun, len(text), told)
		}
	}
}
