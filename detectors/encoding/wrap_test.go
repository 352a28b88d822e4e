package encoding_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"mime/quotedprintable"
	"net/url"
	"strings"
)

// A wrap writes text in another way. Each is made with the standard library, or plainly by hand, so that it knows
// nothing of what undoes it.
type wrap struct {
	name string // as detectors.Match.Encodings has it
	do   func(r *rand.Rand, text string) string
}

func wraps() []wrap {
	return []wrap{
		{"base64", func(_ *rand.Rand, s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
		{"base64", func(_ *rand.Rand, s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) }},
		{"base64", func(r *rand.Rand, s string) string {
			return base64.StdEncoding.EncodeToString([]byte(filler(r, r.IntN(40)) + " " + s + " " + filler(r, r.IntN(40))))
		}},
		{"base64", func(_ *rand.Rand, s string) string {
			return fold(base64.StdEncoding.EncodeToString([]byte(s)), 76, "\r\n")
		}},
		{"base64", func(r *rand.Rand, s string) string {
			return fold(base64.StdEncoding.EncodeToString([]byte(filler(r, r.IntN(40))+" "+s)), 64, "\n")
		}},
		{"base64", func(r *rand.Rand, s string) string {
			return fold(base64.StdEncoding.EncodeToString([]byte(filler(r, r.IntN(40))+" "+s)), 16+4*r.IntN(15), "\n")
		}},
		{"base64", func(r *rand.Rand, s string) string {
			return fold(base64.StdEncoding.EncodeToString([]byte(s)), 16+4*r.IntN(15), "\r\n")
		}},
		{"base64url", func(_ *rand.Rand, s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) }},
		{"base64url", func(_ *rand.Rand, s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }},
		{"percent", func(_ *rand.Rand, s string) string { return percentSome(s) }},
		{"percent", func(_ *rand.Rand, s string) string { return eachByte(s, "%%%02X") }},
		{"json-escape", func(_ *rand.Rand, s string) string { return jsonSome(s) }},
		{"json-escape", func(_ *rand.Rand, s string) string { return eachByte(s, `\u%04x`) }},
		{"json-escape", func(_ *rand.Rand, s string) string { return eachByte(s, `\x%02x`) }},
		{"json-escape", func(r *rand.Rand, s string) string { return sprinkle(r, s, `\u%04x`) }},
		{"html-entity", func(_ *rand.Rand, s string) string {
			return strings.NewReplacer(".", "&#46;", "\x00", "&#0;").Replace(html.EscapeString(s))
		}},
		{"html-entity", func(_ *rand.Rand, s string) string { return eachByte(s, "&#%d;") }},
		{"html-entity", func(_ *rand.Rand, s string) string { return eachByte(s, "&#x%x;") }},
		{"quoted-printable", func(_ *rand.Rand, s string) string { return quotedPrintable(s) }},
		{"utf-16le", func(_ *rand.Rand, s string) string { return utf16Text(s, false) }},
		{"utf-16be", func(_ *rand.Rand, s string) string { return utf16Text(s, true) }},
		{"hex", func(_ *rand.Rand, s string) string { return hex.EncodeToString([]byte(s)) }},
		{"hex", func(_ *rand.Rand, s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) }},
		{"base64", func(r *rand.Rand, s string) string {
			return fold(base64.StdEncoding.EncodeToString([]byte(s)), 60+r.IntN(17), "\n    ")
		}},
		{"percent", func(_ *rand.Rand, s string) string { return percentSome(percentSome(s)) }},
		{"percent", func(_ *rand.Rand, s string) string { return strings.ReplaceAll(percentSome("t= "+s), "%20", "+") }},
		{"json-escape", func(_ *rand.Rand, s string) string { return eachByte(s, `\%03o`) }},
		{"json-escape", func(_ *rand.Rand, s string) string { return jsonSome(jsonSome(s)) }},
		{"html-entity", func(_ *rand.Rand, s string) string {
			return strings.NewReplacer(".", "&period;", "_", "&lowbar;", "-", "&#45;", "\x00", "&#0;").Replace(html.EscapeString(s))
		}},
		{"utf-16le", func(r *rand.Rand, s string) string {
			return "\xff\xfe" + utf16Text(filler(r, r.IntN(20))+" "+s+"\r\n", false)
		}},
		{"hex", func(r *rand.Rand, s string) string {
			return `\\x` + hex.EncodeToString([]byte(filler(r, r.IntN(40))+" "+s))
		}},
		{"hex", func(r *rand.Rand, s string) string { return fold(hex.EncodeToString([]byte(s)), 60+2*r.IntN(10), "\n") }},
		{"line-wrap", func(r *rand.Rand, s string) string { return foldSolid(s, 40+r.IntN(50), "\\\n") }},
		{"line-wrap", func(r *rand.Rand, s string) string { return foldSolid(s, 16+r.IntN(92), "\n") }},
		{"line-wrap", func(r *rand.Rand, s string) string { return foldSolid(s, narrow(s)+r.IntN(60), "\r\n    ") }},
		{"string-concat", func(r *rand.Rand, s string) string {
			return `"` + foldSolid(s, narrow(s)+r.IntN(60), "\" +\n\t\"") + `"`
		}},
		{"string-concat", func(r *rand.Rand, s string) string {
			return `'` + foldSolid(s, narrow(s)+r.IntN(60), "'\n    '") + `'`
		}},
		{"string-concat", func(r *rand.Rand, s string) string {
			if !isSolid(s) {
				return s
			}
			operator := []string{"+", ".", "||", "&", "+\n\t"}[r.IntN(5)]
			return `"` + strings.ReplaceAll(s, ".", `" `+operator+` '.' `+operator+` "`) + `"`
		}},
		{"base64", func(r *rand.Rand, s string) string {
			return fold(base64.StdEncoding.EncodeToString([]byte(filler(r, r.IntN(40))+" "+s)), 10+r.IntN(60), []string{"\n", "\r\n"}[r.IntN(2)])
		}},
		{"hex", func(r *rand.Rand, s string) string {
			return fold(hex.EncodeToString([]byte(filler(r, r.IntN(40))+" "+s)), 10+r.IntN(80), []string{"\n", "\r\n"}[r.IntN(2)])
		}},
		{"json-escape", func(_ *rand.Rand, s string) string { return `"` + escapeSome(s, `\x%02x`) + `"` }},
		{"json-escape", func(_ *rand.Rand, s string) string { return `"` + escapeSome(s, `\u%04x`) + `"` }},
		{"percent", func(_ *rand.Rand, s string) string { return "a=1&t=" + url.QueryEscape(s) + "&z=1" }},
		{"percent", func(_ *rand.Rand, s string) string { return eachByte(s, "%%25%02X") }},
	}
}

const fillerChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;=/-_(){}[]"

// filler is text of no meaning.
func filler(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = fillerChars[r.IntN(len(fillerChars))]
	}
	return string(b)
}

// fold breaks a text into lines of one width.
func fold(s string, width int, with string) string {
	var b strings.Builder
	for ; len(s) > width; s = s[width:] {
		b.WriteString(s[:width])
		b.WriteString(with)
	}
	return b.String() + s
}

// foldSolid breaks only where there is no blank in a line anyway.
func foldSolid(s string, width int, with string) string {
	if !isSolid(s) {
		return s
	}
	return fold(s, width, with)
}

func isSolid(s string) bool { return !strings.ContainsAny(s, " \n\"'\x00") }

// narrow returns how narrow a text may be broken where each line has a margin or quotes: of what is wrapped, and leaves no
// long run then, not all is found.
func narrow(s string) int {
	switch {
	case strings.HasPrefix(s, "ey") && strings.Contains(s, ".") && !strings.ContainsAny(s, `\%&`):
		return 24
	case strings.HasPrefix(s, "%65%7"), strings.HasPrefix(s, "%2565%257"), strings.HasPrefix(s, "&#x65;&#x7"):
		return 30
	}
	return 48
}

func percentSome(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; strings.IndexByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func eachByte(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func sprinkle(r *rand.Rand, s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; r.IntN(3) == 0 || strings.IndexByte("\\\"\r\n\x00", c) >= 0 {
			fmt.Fprintf(&b, format, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// escapeSome escapes what may not stand in a literal, and the signs of a token.
func escapeSome(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || strings.IndexByte(`"\._-`, c) >= 0 {
			fmt.Fprintf(&b, format, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func jsonSome(s string) string {
	b, _ := json.Marshal(s)
	return strings.NewReplacer(".", `\u002e`, "/", `\/`).Replace(string(b[1 : len(b)-1]))
}

func quotedPrintable(s string) string {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func utf16Text(s string, big bool) string {
	var b []byte
	for i := range len(s) {
		if big {
			b = append(b, 0, s[i])
		} else {
			b = append(b, s[i], 0)
		}
	}
	return string(b)
}

// A mint makes tokens.
type mint struct{ *rand.Rand }

func segment(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// token makes a signed token with random claims.
func (m mint) token() string {
	alg := []string{"HS256", "HS384", "HS512"}[m.IntN(3)]
	headers := []string{`{"alg":"%s","typ":"JWT"}`, `{"typ":"JWT","alg":"%s"}`, `{"kid":"a1","alg":"%s"}`, `{ "alg": "%s" }`, "{\n  \"alg\": \"%s\"\n}"}
	header := fmt.Sprintf(headers[m.IntN(len(headers))], alg)
	claims, _ := json.Marshal(map[string]any{"sub": m.word(), "iss": "https://" + m.word() + ".example", "iat": 1500000000 + m.IntN(1e8), "x": m.word()})
	signed := segment([]byte(header)) + "." + segment(claims)
	mac := hmac.New(sha256.New, []byte("test key"))
	switch alg {
	case "HS384":
		mac = hmac.New(sha512.New384, []byte("test key"))
	case "HS512":
		mac = hmac.New(sha512.New, []byte("test key"))
	}
	mac.Write([]byte(signed))
	return signed + "." + segment(mac.Sum(nil))
}

// any makes a token of any kind: with headers long and short, signed with any algorithm, encrypted, not signed at all.
func (m mint) any() string {
	switch m.IntN(4) {
	case 0:
		return m.token()
	case 1:
		return m.encrypted()
	}
	type algorithm struct {
		name string
		size int
	}
	by := []algorithm{{"HS256", 32}, {"ES256", 64}, {"ES384", 96}, {"ES512", 132}, {"EdDSA", 64}, {"RS256", 256}, {"PS512", 512}}[m.IntN(7)]
	claims, _ := json.Marshal(map[string]any{"sub": m.word(), "iat": 1500000000 + m.IntN(1e8), "scope": filler(m.Rand, m.IntN(20)*m.IntN(60))})
	return segment(m.header(by.name, "")) + "." + segment(claims) + "." + segment(m.bytes(by.size))
}

func (m mint) encrypted() string {
	header := m.header("RSA-OAEP", "A256GCM")
	return strings.Join([]string{segment(header), segment(m.bytes(256)), segment(m.bytes(12)), segment(m.bytes(64 + m.IntN(500))), segment(m.bytes(16))}, ".")
}

// header makes a header, every fourth of them with a key identifier, an address or certificates of up to some kilobytes.
func (m mint) header(alg, enc string) []byte {
	header := map[string]any{"alg": alg, "typ": "JWT"}
	if enc != "" {
		header["enc"] = enc
	}
	switch m.IntN(12) {
	case 0:
		header["kid"] = strings.Repeat(m.word(), 1+m.IntN(30))
	case 1:
		header["jku"] = "https://" + m.word() + ".example/" + strings.Repeat(m.word()+"/", 1+m.IntN(8))
	case 2:
		header["x5c"] = []string{base64.StdEncoding.EncodeToString(m.bytes(300 + m.IntN(900))), base64.StdEncoding.EncodeToString(m.bytes(300))}
	}
	if m.IntN(5) == 0 {
		text, _ := json.MarshalIndent(header, "", "  ")
		return text
	}
	text, _ := json.Marshal(header)
	return text
}

func (m mint) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(m.Uint32())
	}
	return b
}

func (m mint) word() string {
	b := make([]byte, 1+m.IntN(60))
	for i := range b {
		b[i] = byte('a' + m.IntN(26))
	}
	return string(b)
}
