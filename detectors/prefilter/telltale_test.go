package prefilter

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
)

// forms are what a text may be written in, in long runs.
var forms = map[string]func(text string) string{
	"base64":              func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
	"base64url":           func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) },
	"base64 of UTF-16":    func(text string) string { return base64.StdEncoding.EncodeToString([]byte(wideText(text))) },
	"base64 in lines":     func(text string) string { return inLines(base64.StdEncoding.EncodeToString([]byte(text)), 19, "\n") },
	"in narrow lines":     func(text string) string { return inLines(base64.StdEncoding.EncodeToString([]byte(text)), 4, "\r\n") },
	"in escaped lines":    func(text string) string { return inLines(base64.StdEncoding.EncodeToString([]byte(text)), 16, `\n`) },
	"hexadecimal":         func(text string) string { return hex.EncodeToString([]byte(text)) },
	"HEXADECIMAL":         func(text string) string { return strings.ToUpper(hex.EncodeToString([]byte(text))) },
	"hexadecimal in rows": func(text string) string { return inLines(hex.EncodeToString([]byte(text)), 8, "\n") },
	"65-79-4a":            func(text string) string { return inLines(hex.EncodeToString([]byte(text)), 2, "-") },
	"UTF-16":              wideText,
	"percent":             func(text string) string { return eachByte(text, "%%%02x") },
	"percent twice":       func(text string) string { return eachByte(text, "%%25%02X") },
	`\u0065`:              func(text string) string { return eachByte(text, `\u%04x`) },
	`\x65`:                func(text string) string { return eachByte(text, `\x%02x`) },
	`\145`:                func(text string) string { return eachByte(text, `\%03o`) },
	"&#101;":              func(text string) string { return eachByte(text, "&#%d;") },
	"&#x65;":              func(text string) string { return eachByte(text, "&#x%x;") },
	"=65":                 func(text string) string { return eachByte(text, "=%02X") },
}

func wideText(text string) string {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	return string(wide)
}

func inLines(text string, width int, feed string) string {
	var lines []string
	for ; len(text) > width; text = text[width:] {
		lines = append(lines, text[:width])
	}
	return strings.Join(append(lines, text), feed)
}

func eachByte(text, format string) string {
	var written strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&written, format, text[i])
	}
	return written.String()
}

// TestTelltaleOfEachForm looks at runs in each form, wherever they begin, and wherever what is looked at begins in them, if there are
// 64 bytes of them.
func TestTelltaleOfEachForm(t *testing.T) {
	r, tells := rand.New(rand.NewPCG(5, 9)), NewTelltales(isPrintable)
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
	for name, form := range forms {
		for range 500 {
			inner := make([]byte, 100)
			for i := range inner {
				inner[i] = letters[r.IntN(len(letters))]
			}
			run := form(strings.Repeat("~", r.IntN(3)) + string(inner))
			text := append(bytes.Repeat([]byte("some words "), 20), run...)
			from := len(text) - len(run)
			text = append(text, bytes.Repeat([]byte(" and others"), 20)...)
			if at := from + r.IntN(len(run)-sieved); !tells.In(text, at) {
				t.Errorf("%s: none is seen at %d of %q", name, at-from, run)
			}
		}
	}
}

// TestNoTelltale looks at runs that no token is in, of kinds that sources have most of.
func TestNoTelltale(t *testing.T) {
	tells := NewTelltales(isPrintable)
	for _, run := range []string{
		"GoogleCloudDocumentaiUiv1beta3ResyncDatasetMetadataDatasetResyncStatus",
		"github.com/Azure/azure-sdk-for-go/services/resourcemover/mgmt/2021-01-01/resourcemover",
		"//docs.aws.amazon.com/goto/WebAPI/kendra-2019-02-03/ListFeaturedResultsSets\nfunc",
		"MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
		"//\n//\n// --------------------------------------------------------------------\n//\n//",
		"=====================================================================================",
		"c799312b3466bb951152a0b4f524aa6d45195e16da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"sha512-qdqfCkzyC2yRT9eVH+lUKMyQ4qVPbLkPyGsXvX4MfqVdS5u6pSy+zA0tkX1UkZB3A4tDRg==",
	} {
		text := []byte(strings.Repeat("some words ", 20) + run + strings.Repeat(" and others", 20))
		for at := 220; at < 220+len(run); at++ {
			if tells.In(text, at) {
				t.Errorf("one is seen at %d of %q", at-220, run)
				break
			}
		}
	}
}

// TestTelltaleVectors compares the vectors of this machine with going byte by byte, in texts of what classes are made of.
func TestTelltaleVectors(t *testing.T) {
	fast, slow := NewTelltales(isPrintable), NewTelltales(isPrintable)
	if fast.vectors == noVectors {
		t.Skip("this machine has no vectors: there is nothing to compare")
	}
	slow.vectors = noVectors
	r, told := rand.New(rand.NewPCG(1, 6)), 0
	for range 20000 {
		var text [2 * sieved]byte
		for i := range text {
			if text[i] = byte(r.IntN(1 << 8)); r.IntN(4) > 0 {
				text[i] = "Zz0A%-\n=ey\\\x00"[r.IntN(12)]
			}
		}
		var want telltaleMarks
		slow.mark(&text, &want)
		if want.tell() {
			told++
		}
		for vectors := noVectors + 1; vectors <= fast.vectors; vectors++ {
			one := *fast
			one.vectors = vectors
			var got telltaleMarks
			if one.mark(&text, &got); got != want {
				t.Fatalf("vectors %d mark %x, want %x, in %q", vectors, got, want, text)
			}
		}
	}
	if told == 0 {
		t.Error("none has a telltale: the test is of no use")
	}
}

func BenchmarkTelltales(b *testing.B) {
	text := []byte(strings.Repeat("//docs.aws.amazon.com/goto/WebAPI/kendra-2019-02-03/List", 3))
	for i, name := range []string{"none", "narrowest", "widest"} {
		tells := NewTelltales(isPrintable)
		if i > int(tells.vectors) {
			break
		}
		tells.vectors = vectors(i)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(sieved)
			b.ReportAllocs()
			for b.Loop() {
				if tells.In(text, sieved) {
					b.Fatal("a name has a telltale")
				}
			}
		})
	}
}
