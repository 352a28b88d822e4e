package reading

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// longValue returns the value of a member of JSON that has no token in it.
func longValue(r *rand.Rand) string {
	bytes := make([]byte, []int{3, 1000, 40_000, 200_000}[r.IntN(4)])
	for i := range bytes {
		bytes[i] = byte(r.Uint32())
	}
	switch r.IntN(4) {
	case 0:
		return `"` + hex.EncodeToString(bytes) + `"`
	case 1:
		return `"` + base64.StdEncoding.EncodeToString(bytes) + `"`
	case 2:
		return "[" + strings.Repeat(`"some values", `, len(bytes)/500) + "17]"
	}
	return `"` + strings.Repeat("words and more of them ", len(bytes)/20) + `"`
}

// heldObjects returns JSON with long values, in which some objects are serializations of tokens, their members far from each other.
func heldObjects(r *rand.Rand, size int) string {
	var b strings.Builder
	b.WriteString(`{"log":{"entries":[`)
	for n := 0; b.Len() < size; n++ {
		var members []string
		for range r.IntN(4) {
			members = append(members, `"value":`+longValue(r))
		}
		if r.IntN(2) == 0 {
			payload := fmt.Sprintf(`{"sub":"%d","exp":1900000000}`, r.IntN(1e9))
			members = append(members, `"protected":"eyJhbGciOiJIUzI1NiJ9"`, `"signature":"`+strings.Repeat("c2ln", 10)+`c2k"`,
				`"payload":"`+base64.RawURLEncoding.EncodeToString([]byte(payload))+`"`)
		}
		r.Shuffle(len(members), func(i, k int) { members[i], members[k] = members[k], members[i] })
		b.WriteString("{" + strings.Join(members, ", ") + "},\n")
	}
	return b.String() + "{}]}}\n"
}

// TestHeldObjects compares what is told of serializations that begin far in front of their header, in a text that is shown in parts,
// with what is told of it as a whole.
func TestHeldObjects(t *testing.T) {
	told := 0
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 26))
		text := heldObjects(r, 1<<20)
		chunk := 100_000 + r.Int64N(300_000)
		want := places(gather(t, text, func(found func(Sighting) error) (int64, error) {
			return Bytes(t.Context(), []byte(text), whole{encoding.New()}, found)
		}))
		told += len(want)
		for name, read := range map[string]func(func(Sighting) error) (int64, error){
			"bytes": func(found func(Sighting) error) (int64, error) {
				return Bytes(t.Context(), []byte(text), encoding.New(), found)
			},
			"stream": func(found func(Sighting) error) (int64, error) {
				return Stream(t.Context(), iotest.HalfReader(strings.NewReader(text)), encoding.New(), found)
			},
			"parallel": func(found func(Sighting) error) (int64, error) {
				return Parallel(t.Context(), strings.NewReader(text), int64(len(text)), chunk, 2, encoding.New(), found, func(int64) {})
			},
		} {
			if diff := cmp.Diff(want, places(gather(t, text, read))); diff != "" {
				t.Errorf("seed %d, %s, chunks of %d (-want +got):\n%s", seed, name, chunk, diff)
			}
		}
	}
	if told < 30 {
		t.Errorf("%d tokens make no test", told)
	}
}

// A judgedOnce counts what it is shown and judges.
type judgedOnce struct {
	*encoding.Detector
	shown, judged int
}

func (c *judgedOnce) Skim(text []byte, from int, atEOF bool) (judged, lines int, clean bool) {
	c.judged += len(text) - from
	return c.Detector.Skim(text, from, atEOF)
}

func (c *judgedOnce) DetectWithin(allowance *detectors.Allowance, fresh int, text []byte, atEOF bool, yield func(detectors.Match)) int {
	c.shown += len(text)
	return c.Detector.DetectWithin(allowance, fresh, text, atEOF, yield)
}

// TestHeldObjectsAreJudgedOnce shows nothing of an object that has no candidate to the detector, however large it is, and judges it once.
func TestHeldObjectsAreJudgedOnce(t *testing.T) {
	text := []byte(`{"a":[` + strings.Repeat(`"`+strings.Repeat("some words ", 2000)+`", `, 300) + `"end"]}`)
	for name, read := range map[string]func(d detectors.Detector) (int64, error){
		"bytes":  func(d detectors.Detector) (int64, error) { return Bytes(t.Context(), text, d, nil) },
		"stream": func(d detectors.Detector) (int64, error) { return Stream(t.Context(), bytes.NewReader(text), d, nil) },
	} {
		c := &judgedOnce{Detector: encoding.New()}
		if _, err := read(c); err != nil {
			t.Fatal(err)
		}
		if c.shown > len(text)/100 || c.judged < len(text) || c.judged > len(text)*11/10 {
			t.Errorf("%s: of %d bytes %d are shown and %d judged", name, len(text), c.shown, c.judged)
		}
	}
}
