package reading

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// Skim implements detectors.Skimmer.
func (words) Skim(text []byte, from int, _ bool) (judged, lines int, clean bool) {
	if at := bytes.IndexByte(text[from:], '<'); at >= 0 {
		return from + at, bytes.Count(text[from:from+at], []byte("\n")), false
	}
	return len(text), bytes.Count(text[from:], []byte("\n")), true
}

// Settled implements detectors.Skimmer.
func (words) Settled(text []byte) (done int) { return len(text) }

// DetectWithin implements detectors.Skimmer.
func (w words) DetectWithin(_ *detectors.Allowance, _ int, text []byte, atEOF bool, yield func(detectors.Match)) int {
	return w.Detect(text, atEOF, yield)
}

// A whole detector is shown all of a text.
type whole struct{ detectors.Detector }

// logOf makes a log of about a size with what a detector of tokens and their wrappings may have to hold back.
func logOf(random *rand.Rand, size int) string {
	word := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	token := func() string {
		payload := fmt.Sprintf(`{"sub":"%s","exp":1900000000}`, word(random.IntN(3000)))
		return "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + "." + word(32)
	}
	var b strings.Builder
	for b.Len() < size {
		switch random.IntN(400) {
		case 0:
			b.WriteString("Authorization: Bearer " + token())
		case 1:
			fmt.Fprintf(&b, "\"%s\"\n", base64.StdEncoding.EncodeToString([]byte(word(random.IntN(9000))+" "+token()+" "+word(50))))
		case 2:
			parts := strings.Split(token(), ".")
			fmt.Fprintf(&b, `{"x":{"y":[%s]},"payload":"%s","protected":"%s","signature":"%s"}`, strings.Repeat("1,", random.IntN(20000))+"0", parts[1], parts[0], parts[2])
		case 3:
			b.WriteString(strings.Repeat("\x00", random.IntN(100_000)))
		case 4:
			b.WriteString(strings.ReplaceAll(token(), ".", "%2E"))
		case 5:
			b.WriteString(strings.Repeat(word(40)+"\n", random.IntN(200)))
		case 6:
			b.WriteString(`{"open":`)
		default:
			fmt.Fprintf(&b, "2026-05-03T04:05:06Z INFO {\"request\":%d,\"path\":\"/api/%s\"}\n", random.IntN(1e6), word(6))
		}
	}
	return b.String()
}

// TestPartsTellTheSame compares what is told of texts that are shown in parts with what is told of them as a whole.
func TestPartsTellTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for round := range 6 {
		text := logOf(random, 1<<20)
		chunk := 100_000 + random.Int64N(300_000)
		want := gather(t, text, func(found func(Sighting) error) (int64, error) {
			return Bytes(t.Context(), []byte(text), whole{encoding.New()}, found)
		})
		for name, read := range map[string]func(func(Sighting) error) (int64, error){
			"bytes": func(found func(Sighting) error) (int64, error) {
				return Bytes(t.Context(), []byte(text), encoding.New(), found)
			},
			"stream": func(found func(Sighting) error) (int64, error) {
				return Stream(t.Context(), iotest.DataErrReader(strings.NewReader(text)), encoding.New(), found)
			},
			"parallel": func(found func(Sighting) error) (int64, error) {
				return Parallel(t.Context(), strings.NewReader(text), int64(len(text)), chunk, 2, encoding.New(), found, func(int64) {})
			},
			"bytes by bytes": func(found func(Sighting) error) (int64, error) {
				return Stream(t.Context(), iotest.HalfReader(strings.NewReader(text)), encoding.New(), found)
			},
		} {
			if diff := cmp.Diff(places(want), places(gather(t, text, read))); diff != "" {
				t.Errorf("round %d, %s, chunks of %d (-want +got):\n%s", round, name, chunk, diff)
			}
		}
		if len(want) < 5 {
			t.Fatalf("%d tokens make no test", len(want))
		}
	}
}

// places returns what is told of tokens but for the tokens themselves.
func places(sightings []Sighting) (places []string) {
	for _, s := range sightings {
		places = append(places, fmt.Sprintf("%d-%d %d:%d %d %v", s.Offset, s.Offset+int64(s.Match.End), s.Line, s.Column, len(s.LineStart), s.Match.Encodings))
	}
	return places
}

func TestTheRestOfALineIsToldBehindAWindow(t *testing.T) {
	line := `{"log":"<a>` + strings.Repeat("b", 2000) + `","time":"2026-05-03T04:05:06Z"}`
	text := strings.Repeat("x", windowSize-100) + "\n" + line + "\n" + strings.Repeat("y", windowSize)
	told := 0
	_, err := Bytes(t.Context(), []byte(text), words{}, func(s Sighting) error {
		told++
		if want := line[strings.Index(line, ">")+1:]; string(s.LineRest) != want {
			t.Errorf("%d bytes of the rest of the line, want %d", len(s.LineRest), len(want))
		}
		return nil
	})
	if told != 1 || err != nil {
		t.Errorf("%d told, %v", told, err)
	}
}

var _ detectors.Skimmer = words{}

// A holder needs the last of a text again, whatever it is, and counts what it is shown.
type holder struct{ held, shown int }

func (h *holder) Skim(_ []byte, from int, _ bool) (judged, lines int, clean bool) {
	return from, 0, false
}

func (h *holder) Settled(text []byte) (done int) { return len(text) }

func (h *holder) Detect(text []byte, _ bool, _ func(detectors.Match)) (done int) {
	h.shown += len(text)
	return max(0, len(text)-h.held)
}

func (h *holder) DetectWithin(_ *detectors.Allowance, _ int, text []byte, atEOF bool, yield func(detectors.Match)) int {
	return h.Detect(text, atEOF, yield)
}

// TestLittleIsShownAgain shows what is held back for hundreds of kilobytes again with much more of the text.
func TestLittleIsShownAgain(t *testing.T) {
	text := bytes.Repeat([]byte("a line of text\n"), 1<<20)
	for _, held := range []int{1 << 10, 100 << 10, 400 << 10, 1 << 20} {
		h := &holder{held: held}
		if _, err := Stream(t.Context(), bytes.NewReader(text), h, func(Sighting) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if percent := 100 * h.shown / len(text); percent > 140 {
			t.Errorf("%d bytes are held: %d percent of the text were shown", held, percent)
		} else {
			t.Logf("%d bytes are held: %d percent of the text were shown", held, percent)
		}
		h.shown = 0
		const chunk = 4 << 20
		if _, err := Parallel(t.Context(), bytes.NewReader(text), int64(len(text)), chunk, 1, h, func(Sighting) error { return nil }, func(int64) {}); err != nil {
			t.Fatal(err)
		}
		if percent := 100 * h.shown / len(text); percent > 200 {
			t.Errorf("%d bytes are held: %d percent of the text were shown in pieces", held, percent)
		} else {
			t.Logf("%d bytes are held: %d percent of the text were shown in pieces", held, percent)
		}
	}
}
