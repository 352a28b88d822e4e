package encoding_test

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// notSigned are what may stand on the line behind a token, and is of the characters of a signature.
func notSigned(m mint) []string {
	return []string{
		hex.EncodeToString(m.bytes(20)), hex.EncodeToString(m.bytes(32)), strings.ToUpper(hex.EncodeToString(m.bytes(32))),
		hex.EncodeToString(m.bytes(64)), hex.EncodeToString(m.bytes(20)) + "\nend", hex.EncodeToString(m.bytes(32)) + "  archive.tar.gz",
		fold(hex.EncodeToString(m.bytes(100)), 64, "\n"), "550e8400-e29b-41d4-a716-446655440000\nsucceeded", "succeeded",
		"my-deployment-of-a-service-account-controller-in-production", "settings_error_encoding_error_handler_with_a_long_name",
		std(string(m.bytes(52))), fold(std(string(m.bytes(100))), 64, "\n"),
		"d+" + std(string(m.bytes(32)))[2:], std(string(m.bytes(64)))[:84] + "/w==",
		"should_reject_a_token_without_any_signature", "validateServiceAccountTokenWithoutSignature",
		"SHOULD_REJECT_A_TOKEN_WITHOUT_ANY_SIGNATURE\nend", base32.StdEncoding.EncodeToString(m.bytes(27))[:43],
		"session-" + hex.EncodeToString(m.bytes(39)), segment(m.header("HS256", "")), segment([]byte(`{"sub":"` + m.word() + `","exp":19000000}`)),
	}
}

// TestHashBehind puts hashes and names on the line behind a token that has no signature, or some of one: none is taken for it.
func TestHashBehind(t *testing.T) {
	lines := func(in func([]byte) string) func(string) string {
		return func(text string) string {
			all := strings.Split(text, "\n")
			for i := range all {
				all[i] = in([]byte(all[i]))
			}
			return strings.Join(all, "\n")
		}
	}
	wraps := map[string]func(string) string{
		"plain":                func(text string) string { return text },
		"base64":               std,
		"base64 in lines":      func(text string) string { return fold(std(text), 76, "\n") },
		"base64 of each line":  lines(base64.RawStdEncoding.EncodeToString),
		"hex":                  func(text string) string { return hex.EncodeToString([]byte(text)) },
		"hex of each line":     lines(hex.EncodeToString),
		"in a string of JSON":  jsonSome,
		"escaped full stops":   func(text string) string { return strings.ReplaceAll(text, ".", `\u002e`) },
		"percent":              percentSome,
		"percent in the token": func(text string) string { return strings.ReplaceAll(text, ".", "%2E") },
		"UTF-16":               func(text string) string { return utf16Text(text, false) },
		"quoted":               func(text string) string { return "> " + strings.ReplaceAll(text, "\n", "\n> ") },
	}
	for round := range encoding.Rounds(8) {
		m := mint{rand.New(rand.NewPCG(91, uint64(round)))}
		for _, alg := range []string{"HS256", "RS256", "ES512", "EdDSA", "none"} {
			signed := segment(m.header(alg, "")) + "." + segment([]byte(`{"sub":"`+m.word()+`"}`)) + "."
			for _, signature := range []string{"", segment(m.bytes(15)) + "_-Z"} {
				want := signed + signature
				if signature == "" && alg != "none" {
					want = ""
				}
				for _, behind := range notSigned(m) {
					for name, wrap := range wraps {
						found := detect("a line\n" + wrap("token="+signed+signature+"\n"+behind+"\n") + "\nan end\n")
						if len(found) > 0 && (len(found) > 1 || found[0].Token != want) || len(found) == 0 && want != "" {
							t.Fatalf("%s, round %d, alg %s, %d characters of a signature, in front of %d: found %d, or another",
								name, round, alg, len(signature), len(behind), len(found))
						}
					}
				}
			}
		}
	}
}

// TestHeaderInFront has a header alone on the line in front of what is no token for a placeholder: the two headers and the claims are none,
// either.
func TestHeaderInFront(t *testing.T) {
	m := mint{rand.New(rand.NewPCG(99, 1))}
	for _, alg := range []string{"HS256", "RS256", "ES384"} {
		header, claims := segment(m.header(alg, "")), segment([]byte(`{"sub":"`+m.word()+`","exp":1900000000}`))
		for _, placeholder := range []string{"your-256-bit-secret", "xxxxxxxxxxxx", "REDACTED"} {
			text := "a line\n" + header + ".\n" + header + "." + claims + "." + placeholder + "\nan end\n"
			if found := detect(text); len(found) != 0 {
				t.Errorf("%s in front of %s: found %d", alg, placeholder, len(found))
			}
		}
	}
}

// TestLiteralBehind has a token without a signature in a string literal, and others behind it that nothing joins to it: a column of a
// table, a list. The next one is its signature where it is one by all that can be seen.
func TestLiteralBehind(t *testing.T) {
	for round := range encoding.Rounds(20) {
		m := mint{rand.New(rand.NewPCG(96, uint64(round)))}
		for i, alg := range []string{"HS256", "RS256", "ES384", "EdDSA", "unknown"} {
			signed := segment(m.header(alg, "")) + "." + segment([]byte(`{"sub":"`+m.word()+`"}`)) + "."
			for _, behind := range append(notSigned(m), "The signature is omitted", "none", segment(m.bytes(20)), segment(m.bytes(30))) {
				if strings.Contains(behind, "\n") {
					continue
				}
				for _, form := range []string{"\"%s\"\n\"%s\"\n", "- \"%s\"\n- \"%s\"\n", "  - '%s'\n  - '%s'\n", "\"a\",\"%s\"\r\n\"%s\",\"b\"\r\n", `["%s", "%s"]`} {
					if found := detect(fmt.Sprintf(form, signed, behind)); len(found) > 0 {
						t.Fatalf("round %d, alg %s, %q, in front of %d: found %d", round, alg, form, len(behind), len(found))
					}
				}
			}
			signature := segment(m.bytes([]int{32, 256, 96, 114, 71}[i]))
			for _, form := range []string{"(\"%s\"\n \"%s\")", "\"%s\" \"%s\";", "\"%s\" \\\n\"%s\";"} {
				if !contains(detect(fmt.Sprintf(form, signed, signature)), signed+signature) {
					t.Errorf("round %d, alg %s, %q: lost", round, alg, form)
				}
			}
		}
	}
}

// TestPaddedOnNextLine has tokens in the standard alphabet, with padding, broken at the last full stop: they are such where the segments in
// front tell so.
func TestPaddedOnNextLine(t *testing.T) {
	for round := range encoding.Rounds(20) {
		m := mint{rand.New(rand.NewPCG(97, uint64(round)))}
		header, payload, signature := std(`{"alg":"HS512"}`), std(`{"sub":"`+filler(m.Rand, 3+3*m.IntN(9))+`"}`), "+/"+std(string(m.bytes(64)))[2:]
		token := segment([]byte(`{"alg":"HS512"}`)) + "." + strings.TrimRight(payload, "=") + ".-_" + strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(signature[2:]), "=")
		if !strings.Contains(payload, "=") {
			t.Fatalf("round %d: the payload is not padded", round)
		}
		if !contains(detect("a line\n"+header+"."+payload+".\n"+signature+"\nan end\n"), token) {
			t.Errorf("round %d: lost", round)
		}
		signed, padded := segment([]byte(`{"alg":"HS512"}`))+"."+segment([]byte(`{"sub":"a"}`))+".", "-_"+segment(m.bytes(64))[2:]
		if !contains(detect("a line\n"+signed+"\n"+padded+"==\nan end\n"), signed+padded) {
			t.Errorf("round %d: lost in the alphabet of URLs", round)
		}
	}
}

// TestSignatureOnNextLines breaks tokens of each algorithm at the last full stop: what has the length of the signature is it, in a line
// or several, whatever stands behind that.
func TestSignatureOnNextLines(t *testing.T) {
	for round := range encoding.Rounds(40) {
		m := mint{rand.New(rand.NewPCG(92, uint64(round)))}
		for i, alg := range []string{"HS256", "HS384", "ES256", "ES384", "ES512", "EdDSA", "RS256", "unknown"} {
			size := []int{32, 48, 64, 96, 132, 114, 384, 71}[i]
			header, payload, signature := segment([]byte(`{"alg":"`+alg+`"}`)), segment([]byte(`{"sub":"`+filler(m.Rand, 5+m.IntN(9))+`"}`)), segment(m.bytes(size))
			token := strings.Join([]string{header, payload, signature}, ".")
			forms := map[string]string{
				"on one line":         header + "." + payload + ".\n" + signature,
				"on lines of its own": strings.ReplaceAll(token, ".", ".\n"),
				"behind a margin":     "> " + strings.ReplaceAll(token, ".", "\n> ."),
				"a literal":           `"` + header + "." + payload + `." +` + "\n\t\"" + signature + `"`,
				"with a hash, a literal": `"` + header + "." + payload + `." \` + "\n\"" + signature[:20] + `" \` + "\n\"" + signature[20:] + `"` +
					"\n" + hex.EncodeToString(m.bytes(32)),
			}
			if alg != "unknown" { // otherwise nothing tells how many lines it has
				forms["in several lines"] = header + "." + payload + ".\n" + fold(signature, 40, "\n")
			}
			width := len(header) + len(payload) + 2
			forms["of a wrap"], forms["of a narrow wrap"] = fold(token, width, "\n"), fold(token, (width+1)/2, "\n")
			for name, form := range forms {
				for _, behind := range []string{"\n", "\n\nan end\n", "\nsucceeded in it\n", "\n" + `{"a":1}` + "\n"} {
					if (name == "of a wrap" || name == "of a narrow wrap") && len(behind) > 1 && behind[1] != '\n' && alg == "unknown" {
						continue
					}
					if !contains(detect("a line\n"+form+behind), token) {
						t.Errorf("%s, alg %s, in front of %d characters: lost", name, alg, len(behind))
					}
				}
			}
		}
	}
}

// TestShortSignatureInLines has base64 in lines of a token with a part of its signature, which a line breaks or none.
func TestShortSignatureInLines(t *testing.T) {
	for round := range encoding.Rounds(200) {
		m := mint{rand.New(rand.NewPCG(93, uint64(round)))}
		token := m.token()
		token = token[:strings.LastIndexByte(token, '.')+1+20]
		text := filler(m.Rand, m.IntN(200)) + "\ntoken: " + token + "\n" + filler(m.Rand, m.IntN(200))
		if !contains(detect("words\n"+fold(std(text), 64+m.IntN(13), "\n")+"\nwords\n"), token) {
			t.Errorf("round %d: lost", round)
		}
	}
}

// TestSegmentALine has a token of which each segment is a line: the third is the signature, whatever its length.
func TestSegmentALine(t *testing.T) {
	m := mint{rand.New(rand.NewPCG(94, 1))}
	for _, size := range []int{33, 40, 70, 72, 200} {
		token := segment([]byte(`{"alg":"ES256"}`)) + "." + segment([]byte(`{"sub":"`+m.word()+`"}`)) + "." + segment(m.bytes(size))
		for _, behind := range []string{"\n", "\n\nan end\n", "\nsucceeded in it\n", "\n" + hex.EncodeToString(m.bytes(32)) + "\n"} {
			if !contains(detect("a line\n"+strings.ReplaceAll(token, ".", ".\n")+behind), token) {
				t.Errorf("%d bytes, in front of %d characters: lost", size, len(behind))
			}
		}
	}
}

// TestDetachedInLines has the signature of a JWS with a detached payload on several lines.
func TestDetachedInLines(t *testing.T) {
	for round := range encoding.Rounds(100) {
		m := mint{rand.New(rand.NewPCG(95, uint64(round)))}
		alg := m.IntN(5) // the last has a size that the algorithm does not make
		detached := segment([]byte(`{"alg":"`+[]string{"PS256", "ES512", "EdDSA", "HS256", "HS256"}[alg]+`"}`)) + ".." + segment(m.bytes([]int{256, 132, 64, 32, 250}[alg]))
		width := 24 + m.IntN(40)
		for name, form := range map[string]string{
			"lines":           fold(detached, width, "\n"),
			"folded in YAML":  "key: >-\n  " + fold(detached, width, "\n  ") + "\nother: 1",
			"literals":        `"` + fold(detached, width, "\" +\n\t\"") + `"`,
			"continued":       `'` + fold(detached, width, "\\\n") + `'`,
			"base64 in lines": fold(std(detached), width, "\n"),
			"lines in JSON":   jsonSome(fold("signature: "+detached, width, "\n")),
		} {
			if alg == 4 && name == "lines in JSON" {
				continue // how long the first line is is not seen
			}
			if found := detect("a line\n" + form + "\n\nan end\n"); len(found) != 1 || alg < 4 && found[0].Token != detached {
				t.Errorf("%s of %d characters: found %d, or another", name, width, len(found))
			}
		}
	}
}

// TestItemBehindUnsigned has a token that is whole without a signature in a literal, and something else in the next one.
func TestItemBehindUnsigned(t *testing.T) {
	for round := range encoding.Rounds(20) {
		m := mint{rand.New(rand.NewPCG(93, uint64(round)))}
		token := segment(m.header("none", "")) + "." + segment([]byte(`{"sub":"`+m.word()+`"}`)) + "."
		for _, joint := range []string{`", "`, `" + "`, `" "`, "\"\n- \""} {
			found := detect(`["` + token + joint + segment(m.bytes(20+m.IntN(200))) + `"]`)
			if len(found) != 1 || found[0].Token != token {
				t.Errorf("round %d, %q between: %d tokens found, or another", round, joint, len(found))
			}
		}
	}
}

// TestSignatureOfUnknownSize has one of an algorithm that nothing is known of on lines of its own.
func TestSignatureOfUnknownSize(t *testing.T) {
	for round := range encoding.Rounds(20) {
		m := mint{rand.New(rand.NewPCG(94, uint64(round)))}
		signed := segment(m.header("ML-DSA-44", "")) + "." + segment([]byte(`{"sub":"`+m.word()+`"}`)) + "."
		signature := segment(m.bytes(90 + m.IntN(3000)))
		found := detect("a line\n" + signed + "\n" + fold(signature, []int{60, 64, 72, 76}[m.IntN(4)], "\n") + "\nand so on, and on\n")
		if len(found) != 1 || found[0].Token != signed+signature {
			t.Errorf("round %d: %d tokens found, or another", round, len(found))
		}
	}
}
