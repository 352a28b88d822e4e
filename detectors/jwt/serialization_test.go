package jwt

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

// A serialized is a JSON serialization, and the tokens in it.
type serialized struct {
	text string
	want []string
}

func serializations() map[string]serialized {
	one, two := signed(hs256, claims), signed(`{"alg":"HS256","kid":"2"}`, claims)
	a, b := strings.Split(one, "."), strings.Split(two, ".")
	jwe := strings.Split(encrypted(`{"alg":"A128KW","enc":"A128GCM"}`, 24), ".")
	enc := encode(`{"enc":"A128GCM"}`)
	joint := func(header string) string {
		return strings.Join([]string{encode(header), jwe[1], jwe[2], jwe[3], jwe[4]}, ".")
	}
	return map[string]serialized{
		"flattened": {fmt.Sprintf(`{"payload":%q,"protected":%q,"header":{"kid":"{\"x]"},"signature":%q}`, a[1], a[0], a[2]), []string{one}},
		"flattened, other order": {fmt.Sprintf(`{"header":{"kid":"x"},"signature":%q, "protected" : %q ,
			"payload":%q, "more":[{}]}`, a[2], a[0], a[1]), []string{one}},
		"general": {fmt.Sprintf(`{"payload":%q,"signatures":[{"protected":%q,"header":{"kid":"x"},"signature":%q},{"protected":%q,"signature":%q}]}`,
			a[1], a[0], a[2], b[0], b[2]), []string{one, two}},
		"general, other order": {fmt.Sprintf(`{ "signatures" : [ {"signature":%q,"protected":%q}, {"protected":%q,"signature":%q}],"payload":%q}`,
			a[2], a[0], b[0], b[2], a[1]), []string{one, two}},
		"alg unprotected": {fmt.Sprintf(`{"payload":%q,"header":{"alg":"HS256","typ":"JWT"},"signature":%q}`, a[1], a[2]), []string{one}},
		"JWE flattened": {fmt.Sprintf(`{"protected":%q,"encrypted_key":%q,"iv":%q,"ciphertext":%q,"tag":%q,"aad":"eyJ4IjoxfQ"}`,
			jwe[0], jwe[1], jwe[2], jwe[3], jwe[4]), []string{strings.Join(jwe, ".")}},
		"JWE sorted": {fmt.Sprintf(`{"ciphertext":%q,"encrypted_key":%q,"iv":%q,"protected":%q,"tag":%q}`,
			jwe[3], jwe[1], jwe[2], jwe[0], jwe[4]), []string{strings.Join(jwe, ".")}},
		"JWE general": {fmt.Sprintf(`{"protected":%q,"unprotected":{"jku":"u"},"recipients":[{"header":{"alg":"RSA1_5"},"encrypted_key":%q},`+
			`{"header":{"alg":"A128KW","kid":"7"},"encrypted_key":%q}],"iv":%q,"ciphertext":%q,"tag":%q}`,
			enc, jwe[1], jwe[1], jwe[2], jwe[3], jwe[4]),
			[]string{joint(`{"alg":"RSA1_5","enc":"A128GCM","jku":"u"}`), joint(`{"alg":"A128KW","enc":"A128GCM","jku":"u","kid":"7"}`)}},
		"dict of Python": {fmt.Sprintf(`{'payload': '%s', 'header': {'kid': "it's", 'a': 'say "b"', 'c': 'it\'s', 'x': [None, True, -1.5]}, 'protected': '%s', 'signature': '%s'}`,
			a[1], a[0], a[2]), []string{one}},
		"bytes of Python": {fmt.Sprintf(`{b'protected': b'%s', b'payload': b'%s', b'signature': b'%s'}`, a[0], a[1], a[2]), []string{one}},
		"general dict": {fmt.Sprintf(`{'signatures': [{'protected': '%s', 'signature': '%s'}, {'signature': '%s', 'protected': '%s'}], 'payload': '%s'}`,
			a[0], a[2], b[2], b[0], a[1]), []string{one, two}},
		"object of JavaScript": {fmt.Sprintf("{\n  payload: '%s',\n  signatures: [\n    {\n      protected: '%s',\n      signature: '%s',\n    },\n  ],\n}", a[1], a[0], a[2]), []string{one}},
		"hash of Ruby":         {fmt.Sprintf(`{"payload"=>%q, "protected"=>%q, "n"=>nil, "signature"=>%q}`, a[1], a[0], a[2]), []string{one}},
		"symbols of Ruby":      {fmt.Sprintf(`{:payload=>%q, :kind=>:jws, :protected=>%q, :signature=>%q}`, a[1], a[0], a[2]), []string{one}},
		"JWE in a dict": {fmt.Sprintf(`{'ciphertext': '%s', 'encrypted_key': '%s', 'iv': '%s', 'protected': '%s', 'tag': '%s'}`,
			jwe[3], jwe[1], jwe[2], jwe[0], jwe[4]), []string{strings.Join(jwe, ".")}},
		"dict, no alg":   {fmt.Sprintf(`{'payload': '%s', 'signature': '%s'}`, a[1], a[2]), nil},
		"dict, detached": {fmt.Sprintf(`{'protected': '%s', 'signature': '%s'}`, a[0], a[2]), nil},
		"detached":       {fmt.Sprintf(`{"protected":%q,"signature":%q}`, a[0], a[2]), nil},
		"unsigned":       {fmt.Sprintf(`{"payload":%q,"protected":%q}`, a[1], a[0]), nil},
		"no alg":         {fmt.Sprintf(`{"payload":%q,"signature":%q}`, a[1], a[2]), nil},
		"no enc":         {fmt.Sprintf(`{"protected":%q,"iv":%q,"ciphertext":%q,"tag":%q}`, a[0], jwe[2], jwe[3], jwe[4]), nil},
		"wrong types":    {fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":1}`, a[1], a[0]), nil},
	}
}

func TestSerializations(t *testing.T) {
	token := signed(hs256, `{"neighbour":true}`)
	random := rand.New(rand.NewPCG(9, 10))
	for name, test := range serializations() {
		for _, around := range [][2]string{{"", ""}, {`{"log":[`, `]}`}, {token + " ", "\n" + token}, {`{"a":1}` + "\n", "{"}} {
			text := around[0] + test.text + around[1]
			var got []string
			for _, match := range detect(text) {
				if match.Token == token {
					continue
				}
				got = append(got, match.Token)
				if text[match.Start:match.End] != test.text {
					t.Errorf("%s in %q: bounds are %d-%d", name, around[0], match.Start, match.End)
				}
				decodesAlone(t, match)
			}
			if strings.Join(got, " ") != strings.Join(test.want, " ") {
				t.Errorf("%s in %q: found %d of %d", name, around, len(got), len(test.want))
			}
			for range 8 {
				most := 1 + random.IntN(len(text))
				compareBlocks(t, []byte(text), func() int { return 1 + random.IntN(most) })
			}
		}
		isLiteral := strings.ContainsAny(test.text, "'>")
		if test.want != nil && !isLiteral && !json.Valid([]byte(test.text)) {
			t.Errorf("%s: no JSON", name)
		}
	}
}

// TestManySerializations finds all of many objects that are whole, one behind the other or in a list, in lines that have others besides:
// what is looked at for one is not looked at again for the next, and so none is given up.
func TestManySerializations(t *testing.T) {
	const many = 1000
	for name, form := range map[string]struct{ object, front, between, behind string }{
		"flattened, a line each":       {`{"payload": "%s", "protected": "%s", "signature": "%s"}`, "", "\n", "\n"},
		"flattened, in a list":         {`{"protected":"%[2]s","payload":"%[1]s","signature":"%[3]s"}`, "[", ",", "]"},
		"flattened, in a member":       {`{"id":0,"jws":{"payload":"%s","protected":"%s","signature":"%s"},"payload":"eyJpZCI6MX0="}`, "", "\n", "\n"},
		"general, a line each":         {`{"payload": "%s", "signatures": [{"protected": "%s", "header": {"kid": "a"}, "signature": "%s"}]}`, "", "\n", "\n"},
		"general, in a list":           {`{"signatures":[{"protected":"%[2]s","signature":"%[3]s"}],"payload":"%[1]s"}`, "{\"all\":[", ",\n", "]}"},
		"between others with payloads": {`{"ts":1,"payload":"eyJpZCI6MX0="}` + "\n" + `{"ts":2,"payload":"eyJpZCI6Mn0="}` + "\n" + `{"payload":"%s","protected":"%s","signature":"%s"}`, "", "\n", "\n"},
	} {
		want, text := map[string]bool{}, strings.Builder{}
		text.WriteString(form.front)
		for i := range many {
			header, payload := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)), base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"sub":"%d"}`, i))
			signature := fmt.Sprintf("%042dA", i)
			if i > 0 {
				text.WriteString(form.between)
			}
			fmt.Fprintf(&text, form.object, payload, header, signature)
			want[header+"."+payload+"."+signature] = true
		}
		text.WriteString(form.behind)
		given := 0
		for _, window := range []int{1 << 12, text.Len()} {
			found := map[string]bool{}
			parts := PartsOf([]byte(text.String()), func(string) { given++ })
			for from := 0; from < text.Len(); {
				to := min(from+window, text.Len())
				done := parts.Detect(from, to, to == text.Len(), func(m detectors.Match) { found[m.Token] = true })
				if window *= 2; done > from {
					from, window = done, 1<<12
				}
				if to == text.Len() {
					break
				}
			}
			for token := range want {
				if !found[token] {
					delete(want, token)
				}
			}
			if len(want) != many || given > 0 {
				t.Fatalf("%s: found %d of %d, and gave up %d times", name, len(want), many, given)
			}
		}
	}
}

// TestSpent counts the bytes that are looked at for serializations that are none: few times what there are.
func TestSpent(t *testing.T) {
	const header, dict, many = `{"protected":"eyJhbGciOiJIUzI1NiJ9"`, `{'protected':'eyJhbGciOiJIUzI1NiJ9'`, 2000
	for _, test := range []struct {
		name, text string
		most       int // times the text
	}{
		{"objects without a payload", strings.Repeat(header+"},", many), 2},
		{"signatures of one that goes on", `{"payload":"e30","signatures":[` + strings.Repeat(header+"},", many), 4},
		{"signatures of one that is none", `{"payload":1,"signatures":[` + strings.Repeat(header+"},", many) + "1]}", 7},
		{"objects in each other", strings.Repeat(header+`,"a":`, many), 3},
		{"objects too deep in each other", strings.Repeat(header+`,"a":`, 10*many), 3},
		{"objects in what is no JSON", strings.Repeat(header+`,"a":`, many) + "]", 3},
		{"dicts without a payload", strings.Repeat(dict+"},", many), 9},
		{"dicts in a log", strings.Repeat("INFO got "+dict+",'payload':'e30','signature':1}\n", many), 9},
		{"dicts in each other", strings.Repeat(dict+`,'a':`, many), 9},
		{"a dict without end", strings.Repeat("{"+dict[1:]+`,`, many), 9},
	} {
		parts := PartsOf([]byte(test.text), func(string) {})
		parts.Detect(0, len(test.text), true, func(detectors.Match) { t.Errorf("%s: found one", test.name) })
		if spent := parts.Spent(); spent > test.most*len(test.text) {
			t.Errorf("%s: spent %d for %d bytes", test.name, spent, len(test.text))
		}
	}
}

// TestLiteralsInLog reads all that a log has of them, of tokens and of others, in a list and in lines of their own.
func TestLiteralsInLog(t *testing.T) {
	const many = 2000
	parts := strings.Split(signed(hs256, claims), ".")
	dict := fmt.Sprintf(`{'payload': '%s', 'protected': '%s', 'signature': '%s'}`, parts[1], parts[0], parts[2])
	other := fmt.Sprintf(`{'payload': '%s', 'protected': 'eyJhbGciOiJIUzI1NiJ9', 'valid': True}`, parts[1])
	text, found := strings.Repeat("INFO got "+other+"\n"+other+"\nINFO sent "+dict+"\n", many)+"["+strings.Repeat(dict+", ", many)+"]", 0
	NewDetector().DetectBounded([]byte(text), true, func(detectors.Match) { found++ }, func(reason string) { t.Error(reason) })
	if found != 2*many {
		t.Errorf("found %d of %d", found, 2*many)
	}
}

// TestSpentInParts reads on where an object goes on behind a part, in the next one that is longer.
func TestSpentInParts(t *testing.T) {
	const count = 16
	text := strings.Repeat(`{"protected":"eyJhbGciOiJIUzI1NiJ9","a":`, 2000)
	parts, from := PartsOf([]byte(text), func(string) {}), 0
	for to := range count {
		from = parts.Detect(from, (to+1)*len(text)/count, to == count-1, func(detectors.Match) { t.Error("found one") })
	}
	if spent := parts.Spent(); spent > 3*len(text) {
		t.Errorf("spent %d for %d bytes", spent, len(text))
	}
}

// TestMemberNames reads a serialization whose members are written as no one does, but encoding/json reads them.
func TestMemberNames(t *testing.T) {
	token := signed(hs256, claims)
	parts := strings.Split(token, ".")
	for _, payload := range []string{"payload", "PayLoad", `p\u0061yload`} {
		text := fmt.Sprintf(`{"protected":%q,"%s":%q,"signature":%q}`, parts[0], payload, parts[1], parts[2])
		if found := detect(text); len(found) != 1 || found[0].Token != token {
			t.Errorf("%s: found %d", payload, len(found))
		}
	}
}

// TestWithinSerialization has tokens in the members of a JSON serialization, in front of its header and behind.
func TestWithinSerialization(t *testing.T) {
	const header, payload, signature = "eyJhbGciOiJIUzI1NiJ9", "eyJpc3MiOiJqb2UifQ", "c2lnbmVkc2lnbmVkc2lnbmVkc2lnbmVkc2lnbmVkc2k"
	const other = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmVkc2lnbmVkc2lnbmVkc2lnbmVkc2lnbmVkc2k"
	const token = header + "." + payload + "." + signature
	const protected, rest = `"protected":"` + header + `"`, `"payload":"` + payload + `","signature":"` + signature + `"`
	for _, text := range []string{
		`{"note":"` + other + `",` + rest + `,` + protected + `}`,
		`{"note":"` + other + `.",` + rest + `,` + protected + `}`,
		`{` + rest + `,"note":"Bearer ` + other + `",` + protected + `}`,
		`{` + protected + `,` + rest + `,"note":"` + other + `"}`,
		`{'protected': '` + header + `', 'payload': '` + payload + `', 'signature': '` + signature + `', 'note': '` + other + `'}`,
	} {
		var found []string
		Detector{}.Detect([]byte(text), true, func(m detectors.Match) { found = append(found, m.Token) })
		slices.Sort(found)
		if !slices.Equal(found, []string{token, other}) {
			t.Errorf("found %d in %.60s", len(found), text)
		}
	}
}

// TestBehindSerializationWithin has the header of a serialization behind another one that is the value of a member of it.
func TestBehindSerializationWithin(t *testing.T) {
	inner := signed(hs256, `{"sub":"inner"}`)
	one, within := strings.Split(signed(hs256, claims), "."), strings.Split(inner, ".")
	flat := fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, within[1], within[0], within[2])
	general := fmt.Sprintf(`{"payload":%q,"signatures":[{"protected":%q,"signature":%q}]}`, within[1], within[0], within[2])
	jwe := encrypted(`{"alg":"A128KW","enc":"A128GCM"}`, 24)
	parts := strings.Split(jwe, ".")
	for _, other := range []string{flat, general, "[" + flat + "]", `{"x":` + general + `,"y":[1]}`} {
		for outer, text := range map[string]string{
			jwe:                    fmt.Sprintf(`{"iv":%q,"ciphertext":%q,"tag":%q,"proof":%s,"protected":%q,"encrypted_key":%q}`, parts[2], parts[3], parts[4], other, parts[0], parts[1]),
			strings.Join(one, "."): fmt.Sprintf(`{"signature":%q,"proof":%s,"protected":%q,"payload":%q}`, one[2], other, one[0], one[1]),
		} {
			for _, text := range []string{text, `{"outer": ` + text + `}`, "[" + text + "]"} {
				var found []string
				Detector{}.Detect([]byte(text), true, func(m detectors.Match) { found = append(found, m.Token) })
				if len(found) != 2 || !slices.Contains(found, outer) || !slices.Contains(found, inner) {
					t.Errorf("found %d, not the two, in %.80s", len(found), text)
				}
			}
		}
	}
}

// TestHeldOfRows holds of many members of one name in a row no more than may be of one serialization with what follows.
func TestHeldOfRows(t *testing.T) {
	const window, most = 4 << 10, 300
	for _, unit := range []string{`{"signatures":[{"protected":"eyJhbGciOiJIUzI1NiJ9",`, "protected: eyJhbGciOiJIUzI1NiJ9\n", `[{"protected":"eyJhbGciOiJIUzI1NiJ9"},`} {
		parts := PartsOf([]byte(strings.Repeat(unit, 2*window/len(unit))), func(string) {})
		if done := parts.Detect(0, window, false, func(detectors.Match) { t.Error("found one") }); done < window-most {
			t.Errorf("%.20s: done with %d of %d", unit, done, window)
		}
	}
}
