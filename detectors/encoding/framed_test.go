package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// framedText returns base64 in lines of a width, each between two texts.
func framedText(s, front, back, end string, width int) string {
	var lines strings.Builder
	for ; len(s) > width; s = s[width:] {
		lines.WriteString(front + s[:width] + back + end)
	}
	lines.WriteString(front + s + back + end)
	return lines.String()
}

// frames are what narrow lines may have besides.
var frames = [][2]string{
	{"  ", ""}, {"\t", ""}, {"        ", ""}, {"# ", ""}, {"// ", ""}, {"> ", ""}, {"* ", ""}, {" * ", ""}, {"; ", ""}, {"+ ", ""},
	{"    \"", "\" +"}, {"\"", "\"\\"}, {"  '", "'"},
}

// TestFramed looks for tokens in base64 several times over in lines that are narrow and have something besides, of all widths.
func TestFramed(t *testing.T) {
	for width := 4; width <= 46; width++ {
		for i, frame := range frames {
			r := rand.New(rand.NewPCG(uint64(width), uint64(i)))
			token := mint{r}.token()
			text, times := std(filler(r, r.IntN(200))+"\ntoken: "+token+"\n"+filler(r, 40+r.IntN(300))), 1
			for ; times < 1+r.IntN(3); times++ {
				if r.IntN(2) == 0 {
					text = fold(text, 64, "\n")
				}
				text = std(text)
			}
			end := []string{"\n", "\r\n"}[r.IntN(2)]
			whole := framedText(text, frame[0], frame[1], end, width)
			if r.IntN(3) > 0 {
				whole = filler(r, r.IntN(3000)) + end + whole + "the end" + end + filler(r, r.IntN(3000))
			}
			name := fmt.Sprintf("%d of a width of %d, between %q and %q", times, width, frame[0], frame[1])
			if !contains(detect(whole), token) {
				t.Errorf("%s: not found", name)
			}
			if !isCandidate(whole) {
				t.Errorf("%s: no candidate", name)
			}
		}
	}
}

// TestSoftBreaksAreNoFrame looks for tokens in base64 in narrow lines with soft breaks of quoted-printable, which each stand where what is
// besides does.
func TestSoftBreaksAreNoFrame(t *testing.T) {
	for _, width := range []int{8, 10, 11, 13, 15, 16, 17, 18, 19, 20, 22, 24, 25, 26, 30, 40} {
		r := rand.New(rand.NewPCG(uint64(width), 3))
		token := mint{r}.token()
		text := filler(r, 300) + "\n" + fold(std(filler(r, 60)+" "+token+" "+filler(r, 200)), width, "=\n") + "\nthe end\n"
		if !contains(detect(text), token) {
			t.Errorf("of a width of %d: not found", width)
		}
	}
}

// TestFramedInOthers looks for the same inside other wrappings.
func TestFramedInOthers(t *testing.T) {
	for i, frame := range frames {
		r := rand.New(rand.NewPCG(77, uint64(i)))
		token := mint{r}.token()
		text := framedText(std(std(filler(r, 100)+" "+token)), frame[0], frame[1], "\n", 25+r.IntN(20)) // as many as tell UTF-16
		for name, outer := range map[string]string{
			"base64": std("data:\n" + text), "base64 in lines": fold(std(text), 76, "\n"), "UTF-16": "\xff\xfe" + utf16Text(text, false),
			"framed": framedText(std(text), "    ", "", "\n", 30),
		} {
			if !contains(detect(outer), token) {
				t.Errorf("between %q and %q, in %s: not found", frame[0], frame[1], name)
			}
		}
	}
}
