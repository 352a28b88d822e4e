package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// wide writes text in UTF-16, characters of all scripts.
func wide(s string, big bool) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		if high, low := byte(unit>>8), byte(unit); big {
			b.Write([]byte{high, low})
		} else {
			b.Write([]byte{low, high})
		}
	}
	return b.String()
}

// TestByteOrder has tokens, signed and not, in UTF-16 of either order, at even and odd offsets, between characters of other scripts
// and in bytes that are no text.
func TestByteOrder(t *testing.T) {
	unsigned := segment([]byte(`{"alg":"none"}`)) + "." + segment([]byte(`{"sub":"1234567890"}`)) + "."
	for round := range 40 {
		r := rand.New(rand.NewPCG(61, uint64(round)))
		noise := func(size int) string {
			b := make([]byte, size)
			for i := range b {
				b[i] = byte(1 + r.IntN(255))
			}
			return string(b)
		}
		for _, token := range []string{mint{r}.token(), unsigned} {
			for _, text := range []struct{ front, behind string }{
				{"", ""}, {"the token: ", " the end"}, {"\ufeff", "\r\n"}, {"山田太郎は", " です"}, {"日本語 トークン:", "。おわり"}, {"“", "”"},
				{"Токен ", " конец"}, {"Zoë's: ", " für Zoë"}, {"x\x00", ""}, {"토큰은 ", " 입니다"}, {"令牌：", " 结束"},
			} {
				for _, outside := range []struct{ front, behind string }{
					{"", ""}, {"\x07", ""}, {noise(9) + "\x80", "\x00\x00" + noise(9)}, {noise(6) + "\x80", "\x00\x00" + noise(9)}, {"words: ", ""},
				} {
					for order, big := range map[string]bool{"utf-16le": false, "utf-16be": true} {
						front := outside.front + wide(text.front, big)
						found := detect(front + wide(token+text.behind, big) + outside.behind)
						if len(found) != 1 || found[0].Token != token || found[0].Encodings[0] != order || found[0].Start != len(front) || found[0].End != len(front)+2*len(token) {
							t.Errorf("%s, %d characters between %q and %q, in %q: found %d, or elsewhere, or in another order",
								order, len(token), text.front, text.behind, outside, len(found))
						}
					}
				}
			}
		}
	}
}

// TestByteOrderInBlocks has a log in UTF-16 that is shown in blocks, none of which but the first and the last has anything but
// characters of ASCII.
func TestByteOrderInBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(62, 1))
	var log strings.Builder
	lines := 0
	for ; log.Len() < 100_000; lines++ {
		fmt.Fprintf(&log, "2026-05-01 12:30:05 %s %s %s\r\n", filler(r, r.IntN(60)), mint{r}.token(), filler(r, r.IntN(9)))
	}
	d := encoding.New()
	for order, big := range map[string]bool{"utf-16le": false, "utf-16be": true} {
		for _, front := range []string{"", "\ufeff"} {
			text := []byte(wide(front+log.String(), big))
			count := 0
			for from, to := 0, 0; from < len(text); {
				to = min(max(to, from)+2000+r.IntN(9000), len(text))
				done, _, clean := d.Skim(text[from:to], 0, to == len(text))
				if !clean || to == len(text) {
					done = d.Detect(text[from:to], to == len(text), func(m detectors.Match) {
						if m.Encodings[0] == order {
							count++
						}
					})
				}
				from += done
			}
			if count != lines {
				t.Errorf("%s, behind %q: %d of %d in that order", order, front, count, lines)
			}
		}
	}
}

// TestOrderOfTheUnsigned has bytes behind an unsigned token that would be one character more of it in the other order.
func TestOrderOfTheUnsigned(t *testing.T) {
	token := segment([]byte(`{"alg":"none"}`)) + "." + segment([]byte(`{"sub":"1234567890"}`)) + "."
	for _, behind := range []string{"M%", "Mx", "a", "M\xff", "\n\x00M%"} {
		text := wide("\ufefftok "+token, false) + behind
		found := detect(text)
		if len(found) != 1 || found[0].Token != token || found[0].Start != len(wide("\ufefftok ", false)) || found[0].Encodings[0] != "utf-16le" {
			t.Errorf("in front of %q: found %d, or not as it is", behind, len(found))
		}
	}
}

// TestOrderBetweenRandomBytes has text in UTF-16 of either order between bytes of which the nearest is, or would be, a character of
// ASCII too: it is none that the text begins or ends with.
func TestOrderBetweenRandomBytes(t *testing.T) {
	for _, text := range []struct{ front, behind string }{{"Authorization: Bearer ", "\r\n"}, {"some text before ", " and after."}} {
		for round, beside := range []string{"}", "~", "`", ";", "^", "=", "%", "|"} {
			r := rand.New(rand.NewPCG(63, uint64(round)))
			token := mint{r}.token()
			for order, big := range map[string]bool{"utf-16le": false, "utf-16be": true} {
				for _, front := range []string{"\x91\x14\xfa", "\x91\x14\xfa\x07"} { // at odd and even offsets
					front += beside
					found := detect(front + wide(text.front+token+text.behind, big) + beside + "\x9c\xe4\x07")
					if len(found) != 1 || found[0].Token != token || found[0].Encodings[0] != order || found[0].Start != len(front)+2*len(text.front) {
						t.Errorf("%s, %q: found %d, or elsewhere, or in another order", order, front, len(found))
					}
				}
			}
		}
	}
}
