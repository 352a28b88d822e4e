package encoding_test

import (
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestCiphertextInFront has JWE in JSON, their members in alphabetical order, in wrappings, whole and in blocks: the header, which all is
// known by, stands far behind the ciphertext.
func TestCiphertextInFront(t *testing.T) {
	m := mint{rand.New(rand.NewPCG(98, 1))}
	for _, size := range []int{3000, 12_000, 48_000, 90_000}[:encoding.Rounds(4)] {
		header, vector, text, tag := segment([]byte(`{"alg":"dir","enc":"A256GCM"}`)), segment(m.bytes(12)), segment(m.bytes(size)), segment(m.bytes(16))
		token := strings.Join([]string{header, "", vector, text, tag}, ".")
		for order, json := range inOrder(map[string]string{
			"alphabetical": `{"ciphertext":"` + text + `","header":{"kid":"a"},"iv":"` + vector + `","protected":"` + header + `","tag":"` + tag + `"}`,
			"tag first":    `{"tag":"` + tag + `", "ciphertext":"` + text + `", "iv":"` + vector + `", "protected":"` + header + `"}`,
		}) {
			for name, wrapped := range inOrder(map[string]string{
				"hexadecimal": hex.EncodeToString([]byte(json)), "hexadecimal in lines": fold(hex.EncodeToString([]byte(json)), 64, "\n"),
				"UTF-16LE": utf16Text(json, false), "UTF-16BE": utf16Text(json, true), "base64 of UTF-16": std(utf16Text(json, false)),
				"base64": std(json), "mail": fold(std(json), 76, "\r\n"), "quoted-printable": strings.ReplaceAll(quotedPrintable(json), "\r\n", "\n"),
			}) {
				if name == "quoted-printable" && (order != "alphabetical" && size > 12_000 || size > 48_000) {
					continue
				}
				text := strings.Repeat("words of it\n", 50) + wrapped + "\nwords\n"
				if strings.HasPrefix(name, "UTF-16") {
					text = wrapped
				}
				if !contains(detect(text), token) {
					t.Errorf("%s, %s, %d bytes: lost", name, order, size)
				}
				if !contains(inParts(text, 30_000), token) {
					t.Errorf("%s, %s, %d bytes in blocks: lost", name, order, size)
				}
			}
		}
	}
}

// inParts detects in blocks, what is held of one in front of the next.
func inParts(text string, block int) (found []detectors.Match) {
	d := encoding.New()
	for from, to := 0, min(block, len(text)); ; to = min(to+block, len(text)) {
		from += d.Detect([]byte(text[from:to]), to == len(text), func(m detectors.Match) { found = append(found, m) })
		if to == len(text) {
			return found
		}
	}
}
