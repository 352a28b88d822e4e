package encoding

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

// inLines returns base64 of a text, so many times over, each time in lines of a width.
func inLines(text string, width, times int) string {
	for range times {
		encoded := base64.StdEncoding.EncodeToString([]byte(text))
		var lines strings.Builder
		for ; len(encoded) > width; encoded = encoded[width:] {
			lines.WriteString(encoded[:width] + "\n")
		}
		text = lines.String() + encoded + "\n"
	}
	return text
}

// log returns lines of a log of about a length.
func log(length int) string {
	var lines strings.Builder
	for i := 0; lines.Len() < length; i++ {
		fmt.Fprintf(&lines, "2026-05-03T00:%02d:%02dZ INFO [worker-%d] done path=/api/v1/orders/%d status=200\n", i/60%60, i%60, i%37, i*i)
	}
	return lines.String()
}

// TestLegible has a token anywhere in text that is base64 in lines, many times over: what is passed over has none.
func TestLegible(t *testing.T) {
	const length = 40 << 10
	for round := range Rounds(96) {
		at := round * 4001 % length
		text := log(length)
		text = text[:at] + "\n" + sampleUnsigned + "\n" + text[at:]
		for times := 1; times <= 3; times++ {
			found := 0
			New().Detect([]byte(inLines(text, 64+round%13, times)), true, func(m detectors.Match) {
				if m.Token == sampleUnsigned {
					found++
				}
			})
			if found != 1 {
				t.Errorf("base64 %d times, the token at %d: found %d", times, at, found)
			}
		}
	}
}

// TestAlike joins lines that are alike as it does others.
func TestAlike(t *testing.T) {
	for _, feed := range []string{"\n", "\r\n"} {
		for width := 20; width < 100; width++ {
			encoded := strings.ReplaceAll(inLines(log(8<<10), width, 1), "\n", feed)
			for _, end := range []string{"", "+" + feed, ":" + feed, "= ", feed + "x"} {
				text := []byte(encoded + end)
				var p piece
				p.lines(text, 0, len(text))
				for i := range p.text {
					if at := p.place(i); text[at] != p.text[i] || i > 0 && at <= p.place(i-1) {
						t.Fatalf("lines of %d: a byte is at another place", width)
					}
				}
				if joined := strings.ReplaceAll(encoded, feed, ""); !strings.HasPrefix(string(p.text), joined) || p.alike < 8 {
					t.Errorf("lines of %d, then %q: %d of %d bytes were joined, %d lines alike", width, end, len(p.text), len(joined), p.alike)
				}
			}
		}
	}
}

// TestLegibleIsCheap undoes base64 of base64 in lines, at each level about once.
func TestLegibleIsCheap(t *testing.T) {
	text := []byte(inLines(log(256<<10), 76, 4))
	const given = 1 << 40
	bounds := &bounds{budget: given, granted: len(text), skipped: func(string) {}}
	New().detect(text, true, func(detectors.Match) {}, bounds)
	if spent := given - bounds.budget; spent > 8*len(text) {
		t.Errorf("it cost %d for %d bytes", spent, len(text))
	}
}
