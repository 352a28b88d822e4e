package reading

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// What stands around a token is told from wherever the token was read, as much as there is in front of it.
func TestWhatStandsAroundATokenIsTold(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for _, size := range []int{10, 1000, 3 * blockSize} {
		text := randomText(random, size)
		check := func(way string, isWhole bool) func(Sighting) error {
			return func(s Sighting) error {
				before, after := s.Before(make([]byte, maxFront)), s.After(make([]byte, maxFront))
				end := int(s.Offset) + s.Match.End
				if want := text[max(0, int(s.Offset)-maxFront):s.Offset]; string(before) != want {
					t.Fatalf("%s: %d bytes in front of the token at %d, want %d", way, len(before), s.Offset, len(want))
				}
				want := text[end:min(len(text), end+maxFront)]
				if !strings.HasPrefix(want, string(after)) || isWhole && len(after) != len(want) {
					t.Fatalf("%s: behind the token at %d stands %.40q, want %.40q", way, s.Offset, after, want)
				}
				return nil
			}
		}
		if _, err := Bytes(t.Context(), []byte(text), words{}, check("bytes", true)); err != nil {
			t.Fatal(err)
		}
		if _, err := Stream(t.Context(), strings.NewReader(text), words{}, check("stream", false)); err != nil {
			t.Fatal(err)
		}
		reader := bytes.NewReader([]byte(text))
		if _, err := Parallel(t.Context(), reader, int64(len(text)), leastChunk/8, 2, words{}, check("parallel", true), func(int64) {}); err != nil {
			t.Fatal(err)
		}
	}
}
