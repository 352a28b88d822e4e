package encoding

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

// inLines returns base64 of a text, so many times over, each time in lines of a width behind a margin.
func inLines(margin, text string, width, times int) string {
	for range times {
		encoded := base64.StdEncoding.EncodeToString([]byte(text))
		var lines strings.Builder
		for ; len(encoded) > width; encoded = encoded[width:] {
			lines.WriteString(margin + encoded[:width] + "\n")
		}
		text = lines.String() + margin + encoded + "\n"
	}
	return text
}

// someMargins are some that lines have.
var someMargins = []string{"", "    ", "\t", "# ", "// ", "> ", "> > ", " * ", "-- ", "; ", "| ", "+", "+    ", " #\t"}

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
	for round := range Rounds(168) {
		margin := someMargins[round%len(someMargins)]
		at := round * 4001 % length
		text := log(length)
		text = text[:at] + "\n" + sampleUnsigned + "\n" + text[at:]
		for times := 1; times <= 3; times++ {
			found := 0
			New().Detect([]byte(inLines(margin, text, 64+round%13, times)), true, func(m detectors.Match) {
				if m.Token == sampleUnsigned {
					found++
				}
			})
			if found != 1 {
				t.Errorf("base64 %d times behind %q, the token at %d: found %d", times, margin, at, found)
			}
		}
	}
}

// TestLegibleHeader finds a token whose header begins far in front of the end of what is legible, and goes on behind it.
func TestLegibleHeader(t *testing.T) {
	tail := "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"x"}`)) + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	for round := range Rounds(36) {
		margin := someMargins[round%len(someMargins)]
		header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":"` + strings.Repeat("k", 10+round*round*2) + `"}`))
		before := log(3000 + round*997)
		chars := strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(before[:len(before)-round%3])), "=") + header + tail
		var text strings.Builder
		for ; chars != ""; chars = chars[min(len(chars), 64):] {
			text.WriteString(margin + chars[:min(len(chars), 64)] + "\n")
		}
		for times := range 3 {
			found := 0
			New().Detect([]byte(inLines(margin, text.String(), 76, times)), true, func(m detectors.Match) {
				if m.Token == header+tail {
					found++
				}
			})
			if found != 1 {
				t.Errorf("base64 %d times behind %q, a header of %d characters: found %d", times, margin, len(header), found)
			}
		}
	}
}

// TestLegibleFromItsBeginning looks at no needle in lines of base64, narrow or not, that begin in the middle of one, and go on.
func TestLegibleFromItsBeginning(t *testing.T) {
	for _, margin := range []string{"", "    ", "\t", "# ", "> ", "// "} {
		for _, width := range []int{24, 76} {
			whole := inLines(margin, log(6<<10), width, 2)
			for cut := range width {
				s := New().scan([]byte(whole[len(margin)+cut:]), false, &bounds{budget: 1 << 40, granted: len(whole), skipped: func(string) {}})
				s.depth, s.goesOn = 1, true
				s.all()
				if s.hits > 0 || !s.isAllLegible() {
					t.Errorf("lines of %d behind %q, cut at %d: %d needles were looked at, legible is %v of %d", width, margin, cut, s.hits, s.legible, len(s.text))
				}
				s.release()
			}
		}
	}
}

// TestLegibleToItsEnd costs the same wherever in a line the part ends that was undone before: it is gone on with from there.
func TestLegibleToItsEnd(t *testing.T) {
	const given, times = 1 << 40, 2
	whole := inLines("", log(90<<10), 76, times)
	least := given
	for cut := range 77 {
		text := []byte(whole[cut:])
		bounds := &bounds{budget: given, granted: len(text), skipped: func(string) {}}
		New().detect(text, false, func(detectors.Match) {}, bounds)
		spent := 100 * (given - bounds.budget) / len(text)
		if least = min(least, spent); spent > least+3 {
			t.Errorf("cut at %d it cost %d for a hundred bytes, and %d elsewhere", cut, spent, least)
		}
	}
}

// TestAlike joins lines that are alike as it does others.
func TestAlike(t *testing.T) {
	for _, feed := range []string{"\n", "\r\n"} {
		for width := 20; width < 100; width++ {
			margin := someMargins[width%len(someMargins)]
			encoded := strings.ReplaceAll(inLines(margin, log(8<<10), width, 1), "\n", feed)
			for _, end := range []string{"", "+" + feed, ":" + feed, "= ", feed + "x"} {
				text := []byte(feed + encoded + end)
				var p piece
				p.lines(text, len(feed+margin), len(text))
				for limit := len(p.text) - 2*width; limit > 0 && end == "= "; limit -= 20*width + 1 {
					var part piece
					if part.lines(text, len(feed+margin), limit); string(part.text) != string(p.text[:limit]) || part.end != p.place(limit-1)+1 || part.place(limit-1) != p.place(limit-1) {
						t.Fatalf("lines of %d behind %q: of %d bytes %d were joined, up to %d", width, margin, limit, len(part.text), part.end)
					}
				}
				for i := range p.text {
					if at := p.place(i); text[at] != p.text[i] || i > 0 && at <= p.place(i-1) {
						t.Fatalf("lines of %d: a byte is at another place", width)
					}
				}
				if joined := strings.TrimPrefix(strings.ReplaceAll(encoded, feed+margin, ""), margin); !strings.HasPrefix(string(p.text), strings.TrimSpace(joined)) || p.alike < 8 {
					t.Errorf("lines of %d behind %q, then %q: %d of %d bytes were joined, %d lines alike", width, margin, end, len(p.text), len(joined), p.alike)
				}
			}
		}
	}
}

// TestMarginOfAll says of a margin that all lines have it only where each line goes on there when it is asked for alone.
func TestMarginOfAll(t *testing.T) {
	const width, lines = 24, 6
	r := rand.New(rand.NewPCG(7, 31))
	known := 0
	for range Rounds(20_000) {
		var margin, text []byte
		for range r.IntN(6) {
			margin = append(margin, " \t#/->*;|+\\:a1"[r.IntN(14)])
		}
		for range lines {
			text = append(text, margin...)
			for i := range width {
				text = append(text, "Ab09+/-_"[r.IntN(4+4*min(i, 1))])
			}
			text = append(text, '\n')
		}
		line := len(margin) + width + 1
		common, ok := marginOfAll(text, 2*line+len(margin), 3*line-1)
		if !ok {
			continue
		}
		known++
		for i := 2; i < lines-1; i++ {
			end := (i+1)*line - 1
			if next := jointBehind(text, end, marginSign(text, end), false); next.end != end+1+len(common) || next.literal {
				t.Fatalf("behind %q a line goes on at %d", margin, next.end-end-1)
			}
		}
	}
	if known == 0 {
		t.Error("no margin is one of all lines")
	}
}

// TestLegibleIsCheap undoes base64 of base64 in lines, at each level about once.
func TestLegibleIsCheap(t *testing.T) {
	for _, margin := range someMargins {
		text := []byte(inLines(margin, log(128<<10), 76, 4))
		const given = 1 << 40
		bounds := &bounds{budget: given, granted: len(text), skipped: func(string) {}}
		New().detect(text, true, func(detectors.Match) {}, bounds)
		if spent := given - bounds.budget; spent > 8*len(text) {
			t.Errorf("behind %q it cost %d for %d bytes", margin, spent, len(text))
		}
	}
}

// TestLegibleEscapes knows lines of base64 of text as such where their breaks are escaped, however often: no more is looked for in them.
func TestLegibleEscapes(t *testing.T) {
	nested := encodedTimes(strings.Repeat("a word or two, ", 2000), 2)
	for _, feed := range []string{`\n`, `\r\n`, `\\n`, `\u000a`, "%0A", "&#10;"} {
		for _, width := range []int{24, 64, 76} {
			text := []byte(strings.Join(inLinesOf(nested, width), feed))
			s := New().scan(text, true, newBounds(len(text), true, func(string) {}))
			s.top()
			if s.legible.start > 2*width || s.legible.end < len(text)-2*width {
				t.Errorf("%q in lines of %d: legible from %d to %d of %d", feed, width, s.legible.start, s.legible.end, len(text))
			}
			s.release()
		}
	}
}
