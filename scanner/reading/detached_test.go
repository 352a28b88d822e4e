package reading

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestDetachedHoweverRead tells each JWS with a detached payload once, plain and in base64, however a text is cut.
func TestDetachedHoweverRead(t *testing.T) {
	r := rand.New(rand.NewPCG(50, 1))
	var b strings.Builder
	want, count := map[string]bool{}, 0
	for i := 0; b.Len() < 3<<20; i++ {
		token := testToken(fmt.Sprint(i))
		segments := strings.Split(token, ".")
		detached := segments[0] + ".." + segments[2]
		form := detached
		switch r.IntN(4) {
		case 0:
			form = base64.StdEncoding.EncodeToString([]byte(testWords(r, r.IntN(900)) + " " + detached + " " + testWords(r, r.IntN(900))))
		case 1:
			form = strings.ReplaceAll(detached, ".", "%2E")
		case 2:
			form = "Bearer " + token + "\nx-jws-signature: " + detached
		}
		b.WriteString(testWords(r, []int{30, 300, 3000, 30_000}[r.IntN(4)]) + "\n" + form + "\n")
		want[detached] = true
		count++
	}
	text := []byte(b.String())
	var first []string
	for name, read := range map[string]func(found func(Sighting) error) error{
		"whole": func(found func(Sighting) error) error {
			_, err := Bytes(t.Context(), text, encoding.New(), found)
			return err
		},
		"stream": func(found func(Sighting) error) error {
			_, err := Stream(t.Context(), bytes.NewReader(text), encoding.New(), found)
			return err
		},
		"in pieces": func(found func(Sighting) error) error {
			_, err := Parallel(t.Context(), bytes.NewReader(text), int64(len(text)), 100_003, 3, encoding.New(), found, func(int64) {})
			return err
		},
		"in small ones": func(found func(Sighting) error) error {
			_, err := Parallel(t.Context(), bytes.NewReader(text), int64(len(text)), 7001, 2, encoding.New(), found, func(int64) {})
			return err
		},
	} {
		var got []string
		if err := read(func(s Sighting) error {
			if s.Match.Rule != detectors.Detached {
				return nil
			}
			got = append(got, fmt.Sprint(s.Offset, s.Line, s.Column, s.Match.Encodings))
			if !want[s.Match.Token] {
				t.Errorf("%s: one at %d is none of those", name, s.Offset)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(got) != count {
			t.Errorf("%s: told %d of %d", name, len(got), count)
		}
		if first == nil {
			first = got
		}
		if !slices.Equal(got, first) {
			t.Errorf("%s: told at other places", name)
		}
	}
}
