package encoding_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// FuzzDetect checks that whatever is reported decodes, in order and in bounds, and that it is the same in two blocks.
func FuzzDetect(f *testing.F) {
	for _, form := range forms() {
		f.Add([]byte(form.text), 100)
	}
	for _, text := range negatives() {
		f.Add([]byte(text), 10)
	}
	f.Add([]byte(`t = "`+segment([]byte(`{"alg":"HS256"}`))+`\x2e`+segment([]byte(`{"iat":1e400}`))+`\x2eS"`), 30)
	for _, text := range hostile(600) {
		f.Add([]byte(text), 300)
	}
	f.Fuzz(func(t *testing.T, text []byte, cut int) {
		var whole []string
		last := 0
		encoding.New().Detect(text, true, func(m detectors.Match) {
			if m.Start < last || m.Start >= m.End || m.End > len(text) {
				t.Errorf("a match of %s is at %d to %d, behind one at %d", id(m.Token), m.Start, m.End, last)
			}
			last = m.Start
			if err := decodes(m.Token); err != nil {
				t.Errorf("%s, of %v: %v", id(m.Token), m.Encodings, err)
			}
			whole = append(whole, describe(m))
		})
		if len(text) == 0 {
			return
		}
		cut = int(uint(cut) % uint(len(text)))
		if split := inTwo(text, cut); !slices.Equal(split, whole) {
			t.Errorf("in two blocks, cut at %d: %q; whole: %q", cut, split, whole)
		}
	})
}

// inTwo detects in text in two blocks.
func inTwo(text []byte, cut int) (found []string) {
	yield := func(m detectors.Match) { found = append(found, describe(m)) }
	d := encoding.New()
	done := d.Detect(text[:cut], false, yield)
	d.Detect(text[done:], true, yield)
	return found
}

// decodes reads a token by the standard library alone.
func decodes(token string) error {
	segments := strings.Split(token, ".")
	if len(segments) != 3 && len(segments) != 5 {
		return fmt.Errorf("%d segments", len(segments))
	}
	for i, s := range segments {
		decoded, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			return fmt.Errorf("segment %d is no base64url", i)
		}
		var object map[string]any
		if i == 0 || i == 1 && len(segments) == 3 && (s != "" || segments[2] == "") { // without a payload it is detached
			decoder := json.NewDecoder(bytes.NewReader(decoded))
			decoder.UseNumber() // RFC 8259, section 6: 1e400 is a number, for all that no float64 is it
			if decoder.Decode(&object) != nil || !json.Valid(decoded) || !utf8.Valid(decoded) {
				return fmt.Errorf("segment %d is no object", i)
			}
		}
		if _, ok := object["alg"].(string); i == 0 && !ok {
			return fmt.Errorf("no alg")
		}
	}
	return nil
}

// TestBlocks detects in random chains in two blocks, at every edge.
func TestBlocks(t *testing.T) {
	all := wraps()
	rounds := 60
	if encoding.RaceDetector {
		rounds = len(all)
	}
	for round := range rounds {
		r := rand.New(rand.NewPCG(8, uint64(round)))
		token := mint{r}.token()
		wrapped := all[round%len(all)].do(r, token)
		text := []byte(filler(r, r.IntN(300)) + " " + wrapped + " " + filler(r, r.IntN(300)))
		var whole []string
		encoding.New().Detect(text, true, func(m detectors.Match) { whole = append(whole, describe(m)) })
		for cut := 0; cut < len(text); cut += 1 + r.IntN(20) {
			if split := inTwo(text, cut); !slices.Equal(split, whole) {
				t.Errorf("%s, cut at %d: %q, whole: %q", all[round%len(all)].name, cut, split, whole)
			}
		}
	}
}
