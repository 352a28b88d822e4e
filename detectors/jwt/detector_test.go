package jwt

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jwtleak/jwtleak/detectors"
)

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// signed makes a JWS with a signature by HS256, whatever the header says.
func signed(header, payload string) string {
	signing := encode(header) + "." + encode(payload)
	mac := hmac.New(sha256.New, []byte("a key of the tests"))
	mac.Write([]byte(signing))
	return signing + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

const (
	hs256  = `{"alg":"HS256","typ":"JWT"}`
	claims = `{"iss":"https://issuer.example","sub":"1234567890","exp":1700000000,"name":"Ünal ?? ~~~ >>>"}`
)

// encrypted makes something with the shape of a JWE.
func encrypted(header string, key int) string {
	part := func(n int) string { return encode(strings.Repeat("\x9f\x31\xe2", n)[:n]) }
	return strings.Join([]string{encode(header), part(key), part(12), part(61), part(16)}, ".")
}

// id names a token in a message without repeating it.
func id(token string) string {
	sum := sha256.Sum256([]byte(token))
	return fmt.Sprintf("%x, %d characters", sum[:8], len(token))
}

func detect(text string) (matches []detectors.Match) {
	Detector{}.Detect([]byte(text), true, func(m detectors.Match) { matches = append(matches, m) })
	return matches
}

func padded(token string) string {
	segments := strings.Split(token, ".")
	for i, segment := range segments {
		segments[i] = segment + strings.Repeat("=", (4-len(segment)%4)%4)
	}
	return strings.Join(segments, ".")
}

var standard = strings.NewReplacer("-", "+", "_", "/")

// forms are headers and payloads of all kinds, all of them tokens.
func forms() map[string]string {
	direct := `{"alg":"dir","enc":"A128GCM"}`
	wide := `{"alg":"HS256","x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`
	forms := map[string]string{
		"plain":                    signed(hs256, claims),
		"other order":              signed(`{"typ":"JWT","alg":"HS256"}`, claims),
		"empty key first":          signed(`{"":1,"alg":"HS256"}`, claims),
		"control in key":           signed(`{"\u0000":1,"alg":"HS256"}`, claims),
		"non-ASCII key first":      signed(`{"é":1,"alg":"HS256"}`, claims),
		"high key first":           signed("{\"\xf0\x9f\x98\x80\":1,\"alg\":\"HS256\"}", claims),
		"escaped key":              signed(`{"\u0061lg":"HS256"}`, claims),
		"unknown alg":              signed(`{"alg":"XYZ"}`, claims),
		"nested":                   signed(`{"jwk":{"alg":"x","kty":"oct"},"alg":"HS256"}`, claims),
		"braces in strings":        signed(`{"a":"}{\"{","alg":"HS256","b":["{",{"c":"]"}]}`, claims),
		"deep":                     signed(wide, claims),
		"deep payload":             signed(hs256, `{"x":`+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+`}`),
		"duplicate keys":           signed(`{"alg":1,"alg":"HS256"}`, `{"exp":1,"exp":2}`),
		"large number":             signed(`{"alg":"HS256","x":1e400}`, `{"exp":1e400}`),
		"wrong types":              signed(`{"alg":"HS256","typ":7,"kid":[]}`, `{"iss":1,"sub":[],"aud":{},"exp":"x","iat":true}`),
		"empty payload object":     signed(hs256, `{}`),
		"space around payload":     signed(hs256, " \n{\"a\":1}\n"),
		"none":                     encode(`{"alg":"none"}`) + "." + encode(claims) + ".",
		"NoNe":                     encode(`{"alg":"NoNe"}`) + "." + encode(claims) + ".",
		"none with signature":      signed(`{"alg":"none"}`, claims),
		"short signature":          encode(hs256) + "." + encode(claims) + ".sig",
		"non-canonical bits":       encode(hs256) + "." + encode(claims) + ".ab",
		"DER signature":            encode(`{"alg":"ES384"}`) + "." + encode(claims) + "." + encode("\x30\x65"+strings.Repeat("\x02\x31\x00", 40)[:101]),
		"long":                     signed(hs256, `{"data":"`+strings.Repeat("0123456789abcdef", 25<<10)+`"}`),
		"tag of high bits":         encode(direct) + ".dGVzdA.dGVzdA.dGVzdA.______",
		"signature of high bits":   encode(hs256) + "." + encode(claims) + "._____w",
		"enc in a JWS":             signed(`{"alg":"HS256","enc":"A128GCM"}`, claims),
		"JWE":                      encrypted(`{"alg":"RSA-OAEP","enc":"A256GCM"}`, 256),
		"JWE direct":               encrypted(direct, 0),
		"JWE with space":           encrypted("{ \"alg\" : \"dir\" , \"enc\" : \"A128GCM\" }", 0),
		"JWE with unknown enc":     encrypted(`{"alg":"dir","enc":"XYZ"}`, 0),
		"header over several rows": signed("{\r\n    \"typ\" : \"JWT\",\r\n    \"alg\" : \"HS256\"\r\n}\r\n", claims),
	}
	for _, space := range []string{" ", "\n", "\r", "\t", "\r\n", "  ", "\t\t\t", " \n\t\r", strings.Repeat(" ", 1000)} {
		forms[fmt.Sprintf("space after the brace, %.9q", space)] = signed("{"+space+hs256[1:], claims)
		forms[fmt.Sprintf("space before the brace, %.9q", space)] = signed(space+hs256, claims)
		forms[fmt.Sprintf("space on both sides, %.9q", space)] = signed(space+"{"+space+hs256[1:], claims)
	}
	for _, first := range " \n\r\t" {
		for _, second := range " \n\r\t" {
			forms[fmt.Sprintf("two kinds of space, %q %q", first, second)] = signed(string([]rune{first, second})+hs256, claims)
			forms[fmt.Sprintf("space, brace, space, %q %q", first, second)] = signed(string([]rune{first, '{', second})+hs256[1:], claims)
		}
	}
	return forms
}

// TestPublished finds the samples of the RFCs, which nothing here has made.
func TestPublished(t *testing.T) {
	const payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
	const es256 = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
	for name, test := range map[string][2]string{
		"RFC 7515, A.1": {"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + payload + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "HS256"},
		"RFC 7515, A.5": {"eyJhbGciOiJub25lIn0." + payload + ".", "none"},
		"RFC 7515, A.7": {`{ "payload":"` + payload + `", "protected":"eyJhbGciOiJFUzI1NiJ9",
			"header":{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"}, "signature":"` + es256 + `" }`, "ES256"},
	} {
		matches := detect("The sample: " + test[0])
		if len(matches) != 1 {
			t.Errorf("%s: found %d", name, len(matches))
			continue
		}
		token, err := Decode(matches[0].Token)
		if err != nil || token.Algorithm != test[1] || token.Issuer != "joe" || token.ExpiresAt.Time.Unix() != 1300819380 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, alg := range []string{"HS256", "RS256"} { // what libraries' tests are full of: a signature cut by a character
		cut := encode(`{"alg":"`+alg+`"}`) + "." + payload + "." + strings.Repeat("A", 341)
		if matches := detect(cut); len(matches) != 1 || matches[0].Token != cut[:len(cut)-1] && alg == "RS256" {
			t.Errorf("%s: found %d", alg, len(matches))
		}
	}
}

// surroundings are what a token may stand in: what is in front, and what is behind.
func surroundings() [][2]string {
	return [][2]string{
		{"", ""}, {"", "."}, {"x", "\n"}, {"jwt_", "\\n"}, {"Bearer%20", "%0A"}, {"Authorization: Bearer ", "\r\n"},
		{`"`, `"`}, {"'", "';"}, {"<t>", "</t>"}, {"token=", "&next=1"}, {"(", ")"}, {"[", "],"}, {"a.b.", ". Then"}, {"..", ".."},
		{"eyJ", " "}, {"eyJh", " "}, {"eyJeyJe", " "}, {"abcdefgh", "!"}, {"/", ":"}, {"\xff", "\xff"}, {"{\"t\":\"", "\\\"}"}, {"==", "\x00"},
		{"eyJhbGciOiJI", "|"}, {"eyI.", "*"}, {"-", "?"}, {"_", "#"}, {"a+b/c", "~"}, {"eyJhIjp7ImEiOls", "”"},
	}
}

func TestForms(t *testing.T) {
	for name, token := range forms() {
		if _, err := Decode(token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		surroundings := surroundings()
		if len(token) > 2000 {
			surroundings = surroundings[:6]
		}
		for _, around := range surroundings {
			for form, written := range map[string]string{
				"": token, "padded": padded(token), "standard": standard.Replace(token), "padded standard": standard.Replace(padded(token)),
			} {
				matches := detect(around[0] + written + around[1])
				if len(matches) != 1 || matches[0].Token != token {
					t.Errorf("%s %s in %q: found %d", name, form, around, len(matches))
					continue
				}
				if got := matches[0]; got.Start != len(around[0]) {
					t.Errorf("%s %s in %q: start is %d", name, form, around, got.Start)
				}
			}
		}
	}
}

func TestNoToken(t *testing.T) {
	token := signed(hs256, claims)
	header, payload, signature := encode(hs256), encode(claims), token[strings.LastIndexByte(token, '.')+1:]
	deep := `{"alg":"HS256","x":` + strings.Repeat("[", 10001) + strings.Repeat("]", 10001) + `}`
	for name, text := range map[string]string{
		"header alone":       header,
		"header and dot":     header + ".",
		"ellipsis":           header + "...",
		"ellipsis later":     header + "." + payload + "...",
		"unicode ellipsis":   header + "." + payload + ".…",
		"ellipsis last":      header + "." + payload + "." + strings.Repeat("A", 20) + "...",
		"last one, unicode":  header + "." + payload + "." + strings.Repeat("A", 20) + "…",
		"in a signature":     header + "." + payload + ".SflKxwRJSM***4fwpM",
		"redacted signature": header + "." + payload + ".SflKxwRJSM[REDACTED]",
		"ellipsis in a JWE":  encode(`{"alg":"dir","enc":"A128GCM"}`) + "..dGVzdA.dGVzdA.dGVzdA...",
		"two segments":       header + "." + payload,
		"word of no bytes":   header + "." + payload + ".signature",
		"one character":      header + "." + payload + ".a",
		"placeholder, words": header + "." + payload + ".your-signature-here",
		"placeholder, large": header + "." + payload + ".SIGNATURE_HERE",
		"placeholder, camel": header + "." + payload + ".yourSignatureGoesHere",
		"placeholder, one":   header + "." + payload + ".redacted",
		"placeholder, of it": header + "." + payload + ".your-256-bit-secret",
		"placeholder, x":     header + "." + payload + ".xxxxxx",
		"as many x":          header + "." + payload + "." + strings.Repeat("x", 43),
		"placeholder in JWE": encode(`{"alg":"dir","enc":"A128GCM"}`) + "..dGVzdA.ciphertext.tag",
		"placeholder, JSON":  `{"protected":"` + header + `","payload":"` + payload + `","signature":"your-signature"}`,
		"header no UTF-8":    signed("{\"alg\":\"HS256\",\"kid\":\"\xff\xfe\"}", claims),
		"payload no UTF-8":   signed(hs256, "{\"sub\":\"\xff\"}"),
		"empty signature":    header + "." + payload + ".",
		"detached payload":   header + ".." + signature,
		"placeholder":        "<header>.<payload>.<signature> xxxxx.yyyyy.zzzzz",
		"code":               "settings.error_encoding_error_handler keyID.keyLength.eyJ ewolf.eyI.eyK.eyL.ew0.ewk.eyA",
		"no alg":             signed(`{"typ":"JWT"}`, claims),
		"alg of wrong type":  signed(`{"alg":5}`, claims),
		"alg empty":          signed(`{"alg":""}`, claims),
		"last alg empty":     signed(`{"alg":"HS256","alg":"\u0061","al\u0067":""}`, claims),
		"alg empty in JSON":  `{"protected":"` + encode(`{"alg":""}`) + `","payload":"` + payload + `","signature":"` + signature + `"}`,
		"alg empty, aside":   `{"header":{"alg":""},"payload":"` + payload + `","signature":"` + signature + `"}`,
		"JWE, enc empty":     encrypted(`{"alg":"dir","enc":""}`, 0),
		"alg inside":         signed(`{"x":{"alg":"HS256"}}`, claims),
		"ALG":                signed(`{"ALG":"HS256"}`, claims),
		"last alg no string": signed(`{"alg":"HS256","alg":1}`, claims),
		"payload no object":  signed(hs256, `["a"]`),
		"payload no JSON":    signed(hs256, `{"a":}`),
		"payload random":     header + "." + signature + "." + signature,
		"garbage behind it":  signed(hs256+"x", claims),
		"two objects":        signed(hs256+"[]", claims),
		"header an array":    signed(`[`+hs256+`]`, claims),
		"BOM":                signed("\ufeff"+`["a"]`, claims),
		"too deep":           signed(deep, claims),
		"JWE without enc":    encrypted(`{"alg":"dir"}`, 0),
		"JWE without alg":    encrypted(`{"enc":"A128GCM"}`, 0),
		"JWE, nothing in it": encode(`{"alg":"dir","enc":"A128GCM"}`) + "....",
		"JWE, four segments": strings.Join(strings.Split(encrypted(`{"alg":"dir","enc":"A128GCM"}`, 9), ".")[:4], "."),
		"source map":         "//# sourceMappingURL=data:application/json;base64," + encode(`{"version":3,"sources":["a.js"]}`) + ".eyJ.eyJ",
	} {
		if matches := detect(text); len(matches) != 0 {
			t.Errorf("%s: found %d", name, len(matches))
		}
		if matches := detect(text + " " + token); len(matches) != 1 || matches[0].Token != token {
			t.Errorf("%s: the neighbour is lost", name)
		}
		if _, err := Decode(text); err == nil {
			t.Errorf("%s: decoded", name)
		}
	}
}

// TestSignatureEnds glues things to the signature.
func TestSignatureEnds(t *testing.T) {
	token := signed(hs256, claims)
	other := signed(`{"alg":"HS256","kid":"2"}`, claims)
	foreign := encode(`{"alg":"XYZ"}`) + "." + encode(claims) + ".signatures"
	none := encode(`{"alg":"none"}`) + "." + encode(claims) + "."
	jwe := encrypted(`{"alg":"dir","enc":"A128GCM"}`, 0)
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"a path":                    {token + "/next", []string{token}},
		"a word":                    {token + "alice", []string{token}},
		"a date":                    {token + "2024-01-01T00:00:00Z", []string{token}},
		"emphasis":                  {"_" + token + "_", []string{token}},
		"itself":                    {token + token, []string{token, token}},
		"another":                   {token + other, []string{token, other}},
		"itself after a full stop":  {token + "." + token, []string{token, token}},
		"another, size unknown":     {foreign + other, []string{foreign, other}},
		"three, size unknown":       {foreign + foreign + other + ".", []string{foreign, foreign, other}},
		"a JWE":                     {token + jwe + token, []string{token, jwe, token}},
		"a JWE, size unknown":       {foreign + jwe, []string{foreign, jwe}},
		"none and another":          {none + other, []string{none, other}},
		"a file name":               {token + ".json", []string{token}},
		"a path, size unknown":      {foreign + "/x", []string{foreign}},
		"four segments":             {token + ".abc", []string{token}},
		"five segments without enc": {token + ".abc.def", []string{token}},
	} {
		var got []string
		for _, match := range detect(test.text) {
			got = append(got, match.Token)
			if text := test.text[match.Start:match.End]; text != match.Token {
				t.Errorf("%s: the bounds are those of %s", name, id(text))
			}
		}
		if strings.Join(got, " ") != strings.Join(test.want, " ") {
			t.Errorf("%s: found %d of %d", name, len(got), len(test.want))
		}
	}
}

func TestDisclosures(t *testing.T) {
	token, binding := signed(`{"alg":"HS256","typ":"dc+sd-jwt"}`, claims), signed(`{"alg":"HS256","typ":"kb+jwt"}`, `{"nonce":"1"}`)
	disclosure := "~" + encode(`["2GLC42sKQveCfGfryNRN9w", "given_name", "John"]`)
	element := "~" + encode(`["lklxF5jMYlGTPUovMNIvCA", "US"]`)
	for name, test := range map[string]struct {
		text  string
		want  []string
		count int
	}{
		"issued":            {token + disclosure + element + "~", []string{token}, 2},
		"none":              {token + "~", []string{token}, 0},
		"presented":         {token + disclosure + element + "~" + binding, []string{token, binding}, 2},
		"bound, none":       {token + "~" + binding + ".", []string{token, binding}, 0},
		"not ended":         {token + disclosure, []string{token}, 0},
		"no disclosure":     {token + "~" + encode(`{"a":1}`) + "~", []string{token}, 0},
		"too many members":  {token + "~" + encode(`["a","b","c","d"]`) + "~", []string{token}, 0},
		"salt is no string": {token + "~" + encode(`[1,"b"]`) + "~", []string{token}, 0},
	} {
		matches := detect("x=" + test.text + "&")
		if len(matches) != len(test.want) {
			t.Errorf("%s: found %d of %d", name, len(matches), len(test.want))
			continue
		}
		for i, match := range matches {
			if match.Token != test.want[i] || i == 0 && match.Disclosures != test.count {
				t.Errorf("%s: %s with %d disclosures", name, id(match.Token), match.Disclosures)
			}
		}
		if decoded, err := Decode(strings.TrimSuffix(test.text, binding)); err != nil || decoded.Disclosures != test.count || decoded.Compact != token {
			t.Errorf("%s: Decode: %v", name, err)
		}
	}
}

// pieces are what random texts are made of.
func pieces() []string {
	pieces := []string{
		"eyJ", "eyJh", ".", "..", "=", "~", " ", "\n", "ICAg", "IHsi", "ewog", `"`, "A", "e", "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.",
		encode(`{"a":{"b":{"c":"`), encode(`{"a":[`), encode(`{"alg":"dir","enc":"A128GCM"}`) + ".", encode(`{"a":1}`) + ".", "W10~",
	}
	for name, token := range forms() {
		if len(token) < 2000 && !strings.HasPrefix(name, "two") {
			pieces = append(pieces, token, padded(token))
		}
	}
	return pieces
}

func randomText(random *rand.Rand, pieces []string) []byte {
	var text bytes.Buffer
	for range 1 + random.IntN(12) {
		text.WriteString(pieces[random.IntN(len(pieces))])
	}
	return text.Bytes()
}

// inBlocks detects in blocks, as a caller does.
func inBlocks(t *testing.T, text []byte, size func() int) (matches []detectors.Match) {
	t.Helper()
	for base, end := 0, 0; ; {
		end = min(end+size(), len(text))
		block := bytes.Clone(text[base:end])
		last := 0
		done := Detector{}.Detect(block, end == len(text), func(m detectors.Match) {
			m.Start, m.End, last = m.Start+base, m.End+base, m.End
			matches = append(matches, m)
		})
		clear(block)
		if done < last || done > len(block) || len(block)-done > detectors.MaxHeld || end == len(text) && done != len(block) {
			t.Fatalf("done is %d of %d, a match ends at %d", done, len(block), last)
		}
		if base += done; end == len(text) {
			return matches
		}
	}
}

func compareBlocks(t *testing.T, text []byte, size func() int) {
	t.Helper()
	whole, blocks := detect(string(text)), inBlocks(t, text, size)
	if len(whole) != len(blocks) {
		t.Fatalf("found %d in one block, %d in many (%s)", len(whole), len(blocks), id(string(text)))
	}
	for i := range whole {
		if fmt.Sprint(whole[i]) != fmt.Sprint(blocks[i]) {
			t.Fatalf("match %d is another in blocks: %d-%d %s, %d-%d %s", i, whole[i].Start, whole[i].End, id(whole[i].Token),
				blocks[i].Start, blocks[i].End, id(blocks[i].Token))
		}
	}
}

func TestBlocks(t *testing.T) {
	random, pieces := rand.New(rand.NewPCG(3, 4)), pieces()
	for _, test := range serializations() {
		pieces = append(pieces, test.text)
	}
	slices.Sort(pieces)
	for range 1000 {
		most := 1 << random.IntN(11)
		text := randomText(random, pieces)
		compareBlocks(t, text, func() int { return 1 + random.IntN(most) })
		text = changed(random, text)
		compareBlocks(t, text, func() int { return 1 + random.IntN(most) })
	}
}

// changed returns text with a few characters left out, doubled or made others.
func changed(random *rand.Rand, text []byte) []byte {
	for range 1 + random.IntN(8) {
		i := random.IntN(len(text))
		n := min(1+random.IntN(6), len(text)-i)
		switch random.IntN(3) {
		case 0:
			text = slices.Delete(text, i, min(i+n, len(text)-1))
		case 1:
			text = slices.Insert(text, i, text[i:i+n]...)
		default:
			const others = "eyJ.{}[]\",:\\ a1~="
			text[i] = others[random.IntN(len(others))]
		}
	}
	return text
}

// TestLongest finds the longest token there may be at the worst place, and none that is longer.
func TestLongest(t *testing.T) {
	for _, more := range []int{0, 1} {
		token := encode(`{"alg":"XYZ"}`) + "." + encode(`{"x":"`+strings.Repeat("a", 2<<20)+`"}`) + "."
		token += strings.Repeat("A", detectors.MaxHeld+more-len(token))
		text := []byte(strings.Repeat(".", 1000) + token + " " + signed(hs256, claims))
		matches := inBlocks(t, text, func() int { return 1 << 20 })
		if want := 2 - more; len(matches) != want {
			t.Errorf("%d beyond: found %d, want %d", more, len(matches), want)
		}
	}
}

func TestIsComplete(t *testing.T) {
	tail := "." + encode(claims) + "."
	for name, test := range map[string]struct {
		token string
		want  bool
	}{
		"HS256":       {signed(hs256, claims), true},
		"HS256, cut":  {strings.TrimRight(signed(hs256, claims)[:120], "."), false},
		"ES256, half": {encode(`{"alg":"ES256"}`) + tail + strings.Repeat("A", 43), false},
		"ES256":       {encode(`{"alg":"ES256"}`) + tail + strings.Repeat("A", 86), true},
		"RS256":       {encode(`{"alg":"RS256"}`) + tail + strings.Repeat("A", 342), true}, // though there are longer keys
		"RS256, cut":  {encode(`{"alg":"RS256"}`) + tail + strings.Repeat("A", 340), false},
		"RS256, half": {encode(`{"alg":"RS256"}`) + tail + strings.Repeat("A", 171), false}, // half of what is usual
		"EdDSA":       {encode(`{"alg":"EdDSA"}`) + tail + strings.Repeat("A", 86), true},
		"unknown":     {encode(`{"alg":"XX"}`) + tail + strings.Repeat("A", 43), false},
		"none":        {encode(`{"alg":"none"}`) + tail, false},
	} {
		if IsComplete(test.token) != test.want {
			t.Errorf("%s: want %v", name, test.want)
		}
	}
}

// decodesAlone checks a token with the standard library alone.
func decodesAlone(t *testing.T, match detectors.Match) {
	t.Helper()
	segments := strings.Split(match.Token, ".")
	if want := map[detectors.Rule]int{detectors.JWS: 3, detectors.JWE: 5}[match.Rule]; len(segments) != want {
		t.Fatalf("%s: %d segments", id(match.Token), len(segments))
	}
	objects := 1
	if match.Rule == detectors.JWS {
		objects = 2
	}
	var header map[string]any
	for i, segment := range segments {
		text, err := base64.RawURLEncoding.DecodeString(segment)
		if err != nil {
			t.Fatalf("%s: segment %d is no base64url", id(match.Token), i)
		}
		if i < objects {
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.UseNumber()
			var members map[string]any
			if decoder.Decode(&members) != nil || !json.Valid(text) || !utf8.Valid(text) {
				t.Fatalf("%s: segment %d is no object", id(match.Token), i)
			}
			if i == 0 {
				header = members
			}
		}
	}
	alg, _ := header["alg"].(string)
	if _, isString := header["alg"].(string); !isString {
		t.Fatalf("%s: no alg", id(match.Token))
	}
	if _, isString := header["enc"].(string); match.Rule == detectors.JWE && !isString {
		t.Fatalf("%s: no enc", id(match.Token))
	}
	if segments[len(segments)-1] == "" && !strings.EqualFold(alg, "none") {
		t.Fatalf("%s: not signed", id(match.Token))
	}
}

func FuzzDetect(f *testing.F) {
	for _, token := range forms() {
		if len(token) < 2000 {
			f.Add([]byte("x"+token+"."), uint16(7))
		}
	}
	for _, test := range serializations() {
		f.Add([]byte(test.text), uint16(50))
	}
	for _, p := range printings {
		segments := strings.Split(signed(hs256, claims), ".")
		f.Add([]byte(p.front+fmt.Sprintf(p.member, "payload", segments[1])+p.between+fmt.Sprintf(p.member, "protected", segments[0])+p.between+
			fmt.Sprintf(p.member, "signature", segments[2])+p.behind), uint16(50))
	}
	random, pieces := rand.New(rand.NewPCG(5, 6)), pieces()
	for range 50 {
		f.Add(randomText(random, pieces), uint16(random.IntN(100)))
	}
	f.Fuzz(func(t *testing.T, text []byte, size uint16) {
		end := 0
		for _, match := range detect(string(text)) {
			decodesAlone(t, match)
			if match.Start < end && match.End != end || match.End > len(text) || match.Start >= match.End {
				t.Fatalf("bounds %d-%d after %d", match.Start, match.End, end)
			}
			end = match.End
			decoded, err := Decode(match.Token)
			if err != nil || decoded.Compact != match.Token || decoded.Rule != match.Rule {
				t.Fatalf("%s: %v", id(match.Token), err)
			}
		}
		compareBlocks(t, text, func() int { return 1 + int(size)%(len(text)+1) })
	})
}

func BenchmarkDetect(b *testing.B) {
	random := rand.New(rand.NewPCG(7, 8))
	var log, dense bytes.Buffer
	for log.Len() < 4<<20 {
		fmt.Fprintf(&log, "2024-05-06T07:08:09.123Z INFO request served method=GET path=/api/v1/users/%d status=200 KeyID=%d\n", random.IntN(1e6), random.IntN(100))
		if random.IntN(2000) == 0 {
			log.WriteString("Authorization: Bearer " + signed(hs256, claims) + "\n")
		}
	}
	for dense.Len() < 4<<20 {
		dense.WriteString(signed(hs256, fmt.Sprintf(`{"sub":"%d","exp":1700000000}`, random.IntN(1e9))) + "\n")
	}
	run := make([]byte, 4<<20)
	for i := range run {
		run[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[random.IntN(64)]
	}
	fill := func(piece string) []byte { return bytes.Repeat([]byte(piece), 4<<20/len(piece)) }
	levels := encode(`{"a":{"b":{"c":`)
	for name, text := range map[string][]byte{
		"log": log.Bytes(), "dense": dense.Bytes(), "base64": run, "eyJ": fill("eyJ"), "eyJ.": fill("eyJ."),
		"levels": fill(levels), "levels.": append(fill(levels), '.'), "strings": fill(encode(`{"x{":"{x{", `)), "arrays": fill(encode(`{"a":[`) + encode("[[[")),
		"string":  append([]byte(encode(`{"a`)+"A"+encode(`{"a`)+"A"+encode(`{"a`)+"A"+encode(`{"a`)), fill("a")...),
		"headers": fill(encode(hs256) + "."), "headers glued": fill(encode(hs256)), "jwe": fill(encode(`{"alg":"dir","enc":"A128GCM"}`) + "."),
		"unsigned": fill(encode(hs256) + "." + encode(`{"a":1}`) + ".."), "space": fill("ICAg"), "space brace": fill("ICAgICAgIHsi"),
		"tildes": fill(encode(hs256) + "." + encode(`{}`) + ".a~WyJhIiwxXQ~WyJhIiwxXQ"),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Detector{}.Detect(text, true, func(detectors.Match) {})
			}
		})
	}
}

// A token that another one follows without anything between has no character of a signature that encodes nothing.
func TestGluedSignatureEncodes(t *testing.T) {
	first := encode(`{"alg":"PS999"}`) + "." + encode(`{"sub":"glued"}`) + "."
	second := signed(hs256, claims)
	for length, want := range map[int]int{44: 44, 45: 44, 46: 46, 65: 64, 5: 0, 41: 0, 42: 42} {
		found := detect(first + strings.Repeat("A", length) + second)
		if count := min(want, 1) + 1; len(found) != count {
			t.Errorf("%d characters: %d tokens, want %d", length, len(found), count)
		}
		for _, match := range found {
			decodesAlone(t, match)
			if size := len(match.Token) - len(first); match.Start == 0 && (size != want || match.End != len(first)+want) {
				t.Errorf("%d characters: a signature of %d, to %d, want %d", length, size, match.End, want)
			}
		}
	}
}
