package encoding

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

func encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// TestClearRuns tells runs of base64 that have nothing in them from those that have, or may have.
func TestClearRuns(t *testing.T) {
	const words = "a word or two, and some more of them " // of which no needle is
	token := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
	twice := encode(encode(words))
	header := `{"alg":"HS256","typ":"JWT"}`
	for name, test := range map[string]struct {
		text string
		want int
	}{
		"once":                       {"x: " + encode(words) + "\n", 1},
		"twice":                      {"x: " + twice + "\n", 1},
		"ten times":                  {"x: " + encodedTimes(words, 10) + "\n", 1},
		"eleven times":               {"x: " + encodedTimes(words, 11) + "\n", 0},
		"one a line":                 {"x:\n" + strings.Repeat(twice+"\n", 9), 9},
		"with blanks between":        {"x: " + strings.Repeat(twice+" ", 9), 9},
		"in JSON":                    {strings.Repeat(`{"d":"`+twice+"\"}\n", 9), 9},
		"in text in base64":          {"x: " + encode(words+twice+" "+words) + "\n", 1},
		"with a token":               {"x: " + encode(encode(words+token)) + "\n", 0},
		"with one inside":            {"x: " + encode(words+encode(words+token)+" "+words) + "\n", 0},
		"with an escape":             {"x: " + encode(words+strings.ReplaceAll(token, "e", "%65")) + "\n", 0},
		"with hexadecimal":           {"x: " + encode(words+fmt.Sprintf("%x", token)) + "\n", 0},
		"of text beyond ASCII":       {"x: " + encode(words+"\xc3\xa9") + "\n", 0},
		"of a header":                {"x: " + encode(header) + "\n", 0},
		"where a header is broken":   {"x:\n" + strings.Join(inLinesOf(encode("some words {}, then "+words+`e`), 60), "\n") + "\n", 0},
		"behind an escape":           {`x: \n` + twice + "\n", 0},
		"in front of an escape":      {"x: " + twice + "%0A\n", 0},
		"in lines of a width":        {"x:\n" + strings.Join(inLinesOf(encode(words+words+words), 76), "\n") + "\n", 1},
		"in lines, twice":            {"x:\n" + strings.Join(inLinesOf(encodedTimes(words+words+words, 2), 76), "\n") + "\n", 1},
		"in lines, with a token":     {"x:\n" + strings.Join(inLinesOf(encodedTimes(words+token+words, 2), 76), "\n") + "\n", 0},
		"where a line goes on so":    {"x:\n" + encode(words + "and")[:56] + "\nshort\n", 0},
		"in literals, the last":      {`x = "` + encode(words + "and")[:56] + `" + "` + encode(words), 1},
		"at the end":                 {"x: " + twice, 1},
		"that has its end elsewhere": {"x: " + strings.TrimRight(twice, "="), 1},
		"of hexadecimal":             {"x: " + strings.Repeat("3d", 40) + "\n", 0},
	} {
		d := New()
		s := d.scan([]byte(test.text), true, newBounds(len(test.text), true, func(string) {}))
		c, count := clearing{scan: s, text: s.text, atEOF: true}, 0
		for from := 0; from < len(s.text); count++ {
			run := c.next(from, len(s.text))
			if run.start < 0 {
				break
			}
			from, c.done = run.end, run.end
		}
		s.release()
		if count != test.want {
			t.Errorf("%s: %d clear runs, want %d", name, count, test.want)
		}
	}
}

// TestAmongClearRuns finds a token however it is wrapped among runs that have nothing in them, and broken at any place over two of their
// lines.
func TestAmongClearRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(83, 1))
	line := func() string {
		return fmt.Sprintf("worker-%d: request completed in %d ms for user %d", r.IntN(50), r.IntN(500), r.IntN(1e6))
	}
	const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXI"
	for times := 1; times <= 4; times++ {
		for width := 28; width < 120; width++ {
			var text strings.Builder
			around := func() {
				for range 3 {
					text.WriteString(encodedTimes(line(), times) + "\n")
				}
			}
			around()
			text.WriteString("\n" + strings.Join(inLinesOf(encodedTimes(line()+" "+token+" "+line(), times), width), "\n") + "\n\n")
			around()
			found := 0
			New().Detect([]byte(text.String()), true, func(match detectors.Match) {
				if match.Token == token {
					found++
				}
			})
			if found != 1 {
				t.Errorf("%d times, in lines of %d: found %d times", times, width, found)
			}
		}
	}
}

// TestManyLinesAreNotUndone looks for clear runs in more lines of one width than such a run has: no more than the first of them, or the last,
// is undone to see that.
func TestManyLinesAreNotUndone(t *testing.T) {
	for _, feed := range []string{"\n", "\r\n"} {
		for _, width := range []int{28, 64, 76, 200} {
			lines := strings.Join(inLinesOf(encode(strings.Repeat("some words of a text. ", 1000)), width), feed)
			s := New().scan([]byte("x:\n"+lines), true, newBounds(len(lines), true, func(string) {}))
			c := clearing{scan: s, text: s.text, atEOF: true}
			c.next(0, len(s.text))
			undone := len(s.levels[1].clear)
			s.release()
			if undone > 2*width || c.large == 0 {
				t.Errorf("lines of %d with %q: %d bytes undone, %d were too large", width, feed, undone, c.large)
			}
		}
	}
}
