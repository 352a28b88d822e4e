package encoding_test

import (
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// dumpsOf are texts in dumps and in lists of numbers, by name.
func dumpsOf(text string) map[string]string {
	rows := func(margin, format, between string, row int) string {
		return margin + list(text, format, between, "\n"+margin, row) + "\n"
	}
	return map[string]string{
		"xxd":              dump(text, "%08x: ", 16, 2, "  "),
		"xxd -g1 -c32":     dump(text, "%08x: ", 32, 1, "  "),
		"hexdump -C":       hex.Dump([]byte(text)),
		"od":               dump(text, "%07o ", 16, 1, "  >"),
		"tcpdump":          dump(text, "\t0x%04x:  ", 16, 2, "  "),
		"xxd -i":           "unsigned char text[] = {\n" + rows("  ", "0x%02x", ", ", 12) + "};\n",
		"close":            "{" + each(text, "0x%02x", ",") + "};\n",
		"blanks":           each(text, "%02x", " ") + "\n",
		"blanks in rows":   rows(" ", "%02x", " ", 16),
		"colons":           each(text, "%02x", ":") + "\n",
		"Buffer":           `{"type":"Buffer","data":[` + each(text, "%d", ",") + "]}\n",
		"Buffer, indented": `{"type": "Buffer", "data": [` + "\n  " + each(text, "%d", ",\n  ") + "\n]}\n",
		"colons in rows":   rows("    ", "%02x", ":", 15),
		"Wireshark":        "char peer0_0[] = { /* Packet 4 */\n" + list(text, "0x%02x", ", ", " \n", 8) + " };\n",
		"GDB":              examined(text),
		"od -c":            columns(text, characterCell),
		"od -b":            columns(text, func(c byte) string { return fmt.Sprintf(" %03o", c) }),
		"hexdump":          words(text),
		"registry":         "[HKEY_CURRENT_USER\\Example]\r\n\"Value\"=hex(7):" + list(wide(text, false), "%02x", ",", "\\\r\n  ", 25) + "\r\n",
		"registry, bytes":  "[HKEY_CURRENT_USER\\Example]\r\n\"Value\"=hex:" + list(text, "%02x", ",", "\\\r\n  ", 25) + "\r\n",
	}
}

// columns are how od shows a text, each byte in four of them.
func columns(text string, cell func(c byte) string) string {
	var b strings.Builder
	for at := 0; at < len(text); at += 16 {
		fmt.Fprintf(&b, "%07o", at)
		for _, c := range []byte(text[at:min(at+16, len(text))]) {
			b.WriteString(cell(c))
		}
		b.WriteByte('\n')
	}
	return fmt.Sprintf("%s%07o\n", b.String(), len(text))
}

func characterCell(c byte) string {
	switch {
	case c == '\n':
		return `  \n`
	case c == '\r':
		return `  \r`
	case c < ' ' || c > '~':
		return fmt.Sprintf(" %03o", c)
	}
	return "   " + string(c)
}

// words are how hexdump shows it.
func words(text string) string {
	var b strings.Builder
	text += strings.Repeat("\x00", len(text)%2)
	for at := 0; at < len(text); at += 16 {
		fmt.Fprintf(&b, "%07x", at)
		for line := text[at:min(at+16, len(text))]; line != ""; line = line[2:] {
			fmt.Fprintf(&b, " %02x%02x", line[1], line[0])
		}
		b.WriteByte('\n')
	}
	return fmt.Sprintf("%s%07x\n", b.String(), len(text))
}

// examined is how GDB shows a text in bytes.
func examined(text string) string {
	var b strings.Builder
	for at := 0; at < len(text); at += 8 {
		fmt.Fprintf(&b, "0x%x:\t%s\n", 0x5555_0000+at, each(text[at:min(at+8, len(text))], "0x%02x", "\t"))
	}
	return b.String()
}

// TestManyInDump has dumps and lists of numbers that have many tokens: what is undone at a time ends in one of them.
func TestManyInDump(t *testing.T) {
	lost := map[string]int{}
	const rounds, most = 30, 12
	for round := range rounds {
		r := rand.New(rand.NewPCG(81, uint64(round)))
		var text strings.Builder
		want := map[string]bool{}
		for range 1 + r.IntN(most) {
			token := mint{r}.token()
			for !strings.HasPrefix(token, "eyJ") {
				token = mint{r}.token()
			}
			want[token] = true
			text.WriteString("GET / HTTP/1.1\r\n" + filler(r, r.IntN(400)) + "\r\nAuthorization: Bearer " + token + "\r\nAccept: */*\r\n\r\n")
		}
		for name, text := range dumpsOf(text.String()) {
			left := maps.Clone(want)
			encoding.New().DetectBounded([]byte("a line\n"+text+"the end\n"), true,
				func(m detectors.Match) { delete(left, m.Token) }, func(reason string) { t.Errorf("%s: told %s", name, reason) })
			lost[name] += len(left)
		}
	}
	for name, n := range lost {
		// Both needles of a token may be broken by the ends of rows.
		if most := map[string]int{"xxd -i": 3, "blanks in rows": 3, "colons in rows": 3}[name]; n > most {
			t.Errorf("%s: %d lost", name, n)
		}
	}
}

// TestManyInDumpBlocks detects them in two blocks.
func TestManyInDumpBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 1))
	var text strings.Builder
	for range 4 {
		text.WriteString("Authorization: Bearer " + (mint{r}).token() + "\r\n" + filler(r, r.IntN(200)) + "\r\n\r\n")
	}
	texts := dumpsOf(text.String())
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text := []byte("a line\n" + texts[name] + "the end\n")
		var whole []string
		encoding.New().Detect(text, true, func(m detectors.Match) { whole = append(whole, fmt.Sprint(m.Start, m.Token)) })
		for cut := 0; cut < len(text); cut += (1 + r.IntN(60)) * 8 / encoding.Rounds(8) {
			if n := len(inTwo(text, cut)); n != len(whole) {
				t.Errorf("%s, cut at %d: %d tokens, whole: %d", name, cut, n, len(whole))
			}
		}
	}
}

// TestManyInDumpInside has the same in dumps that are quoted, encoded or in UTF-16.
func TestManyInDumpInside(t *testing.T) {
	lost, all := map[string]int{}, 0
	for round := range encoding.Rounds(30) {
		r := rand.New(rand.NewPCG(83, uint64(round)))
		var text strings.Builder
		want := map[string]bool{}
		for range 1 + r.IntN(12) {
			token := mint{r}.token()
			want[token] = true
			text.WriteString("GET / HTTP/1.1\r\n" + filler(r, r.IntN(400)) + "\r\nAuthorization: Bearer " + token + "\r\nAccept: */*\r\n\r\n")
		}
		all += len(want)
		for name, text := range dumpsInside(text.String()) {
			left := maps.Clone(want)
			for _, match := range detect("a line\n" + text + "the end\n") {
				delete(left, match.Token)
			}
			lost[name] += len(left)
		}
	}
	for name, n := range lost {
		if n > 0 {
			t.Errorf("%s: %d lost of %d", name, n, all)
		}
	}
}
