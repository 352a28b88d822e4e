package jwt

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/detectors"
)

func TestDecode(t *testing.T) {
	compact := signed(`{"alg":"HS256","typ":"JWT","kid":"k1","x":1.50}`,
		`{"iss":"i","sub":"s","aud":["a","b"],"jti":"j","iat":1700000000,"nbf":1700000000.25,"exp":"1700003600","big":12345678901234567890}`)
	token, err := Decode(compact)
	if err != nil {
		t.Fatal(err)
	}
	if token.Rule != detectors.JWS || token.Compact != compact || token.Algorithm != "HS256" || token.Type != "JWT" || token.KeyID != "k1" {
		t.Errorf("header is %v", token.Header)
	}
	if token.Issuer != "i" || token.Subject != "s" || strings.Join(token.Audience, " ") != "a b" || token.ID != "j" {
		t.Errorf("claims are %v", token.Claims)
	}
	if token.Header["x"] != json.Number("1.50") || token.Claims["big"] != json.Number("12345678901234567890") {
		t.Error("numbers are not as written")
	}
	if want := time.Unix(1700000000, 250e6).UTC(); !token.NotBefore.Time.Equal(want) || token.NotBefore.Form != DateSeconds {
		t.Errorf("not before is %v", token.NotBefore)
	}
	if want := time.Unix(1700003600, 0).UTC(); token.ExpiresAt != (NumericDate{want, DateString}) {
		t.Errorf("expiry is %v", token.ExpiresAt)
	}
	for name, written := range map[string]string{"padded": padded(compact), "standard": standard.Replace(compact)} {
		if again, err := Decode(written); err != nil || again.Compact != compact {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodeEncrypted(t *testing.T) {
	compact := encrypted(`{"alg":"dir","enc":"A128GCM"}`, 0)
	token, err := Decode(compact)
	if err != nil || token.Rule != detectors.JWE || token.Claims != nil || token.Compact != compact || token.ExpiresAt.Form != DateAbsent {
		t.Errorf("%v, %v", token, err)
	}
}

func TestDecodeWrongTypes(t *testing.T) {
	token, err := Decode(signed(`{"alg":"HS256","typ":1,"kid":{}}`, `{"iss":1,"sub":null,"aud":[1,"a"],"jti":[],"exp":{},"iat":null,"nbf":""}`))
	if err != nil {
		t.Fatal(err)
	}
	if token.Type != "" || token.KeyID != "" || token.Issuer != "" || token.Subject != "" || token.Audience != nil || token.ID != "" {
		t.Errorf("claims of other types were taken: %v", token.Claims)
	}
	for _, date := range []NumericDate{token.ExpiresAt, token.IssuedAt, token.NotBefore} {
		if date != (NumericDate{Form: DateUnreadable}) {
			t.Errorf("date is %v", date)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	header, payload := encode(hs256), encode(claims)
	for compact, want := range map[string]string{
		"": "segments", "a.b": "segments", "a.b.c.d": "segments", header + "." + payload: "segments",
		"a.b.c": "header: no base64url", "!." + payload + ".c": "header: no base64url", "e30." + payload + ".c": "header: no alg",
		"W10." + payload + ".c": "header: no JSON object", header + ".W10.c": "payload: no JSON object",
		header + "." + payload + ".": "signature: empty", header + "." + payload + ".a b": "signature: no base64url",
		encode("null") + "." + payload + ".c": "header: no JSON object", encode(hs256+"x") + "." + payload + ".c": "header: no JSON object",
		header + "..c2ln": "detached payload", encode(`{"alg":"ES256","b64":false,"crit":["b64"]}`) + "..c2ln": "detached payload",
		header + "..": "payload: no JSON object", header + "..a b": "signature: no base64url", "e30..c2ln": "header: no alg",
		encode(`{"alg":"a"}`) + ".a.b.c.d": "header: no enc", encode(`{"alg":"a","enc":"e"}`) + "..ab..d": "ciphertext: empty",
		encode(`{"alg":"a","enc":"e"}`) + "..a.ab.d": "vector: no base64url",
	} {
		_, err := Decode(compact)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %s", id(compact), err, want)
		} else if len(compact) > 20 && strings.Contains(err.Error(), compact[:8]) {
			t.Errorf("error repeats the text")
		}
	}
}

func TestDates(t *testing.T) {
	last, first := lastDate.Unix(), firstDate.Unix()
	for written, want := range map[string]struct {
		seconds, micros int64
		form            DateForm
	}{
		`1700000000`:                 {1700000000, 0, DateSeconds},
		`1700000000.123`:             {1700000000, 123000, DateSeconds},
		`1.7e9`:                      {1700000000, 0, DateSeconds},
		`0`:                          {form: DateNever},
		`0.0`:                        {form: DateNever},
		`0.5`:                        {0, 500000, DateSeconds},
		`-1`:                         {-1, 0, DateSeconds},
		`-1.5`:                       {-2, 500000, DateSeconds},
		`1483228827`:                 {1483228827, 0, DateSeconds}, // right after a leap second
		`999999999999`:               {last, 0, DateSeconds},
		`1700000000123`:              {1700000000, 123000, DateMilliseconds},
		`1000000000000`:              {1000000000, 0, DateMilliseconds},
		`9999999999999`:              {9999999999, 999000, DateMilliseconds},
		`10000000000000`:             {last, 0, DateSeconds},
		`1e18`:                       {last, 0, DateSeconds},
		`-1e18`:                      {first, 0, DateSeconds},
		`99999999999999999999999999`: {last, 0, DateSeconds},
		`"1700000000"`:               {1700000000, 0, DateString},
		`"1700000000123"`:            {1700000000, 123000, DateMilliseconds},
		`"00"`:                       {form: DateNever},
		`1e400`:                      {form: DateUnreadable},
		`"1e9"`:                      {form: DateUnreadable},
		`"-5"`:                       {form: DateUnreadable},
		`" 17"`:                      {form: DateUnreadable},
		`"2024-01-01"`:               {form: DateUnreadable},
		`""`:                         {form: DateUnreadable},
		`null`:                       {form: DateUnreadable},
		`true`:                       {form: DateUnreadable},
		`[1700000000]`:               {form: DateUnreadable},
	} {
		token, err := Decode(signed(hs256, `{"exp":`+written+`}`))
		if err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		expected := NumericDate{Form: want.form}
		if want.form != DateUnreadable && want.form != DateNever {
			expected.Time = time.Unix(want.seconds, want.micros*1000).UTC()
		}
		if token.ExpiresAt != expected {
			t.Errorf("%s is %v, want %v", written, token.ExpiresAt, expected)
		}
		if _, err := json.Marshal(token.ExpiresAt.Time); err != nil {
			t.Errorf("%s: %v", written, err)
		}
	}
}

func TestRedacted(t *testing.T) {
	if got := Redacted("e30.e30."); got != "e30..." {
		t.Errorf("Redacted = %q", got)
	}
	for name, token := range forms() {
		if got := Redacted(token); len(got) > redactedLen+3 || !strings.HasPrefix(token, got[:len(got)-3]) {
			t.Errorf("%s is not redacted", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, token := range forms() {
		if len(token) < 2000 {
			f.Add(token)
		}
	}
	f.Fuzz(func(t *testing.T, compact string) {
		token, err := Decode(compact)
		if err != nil {
			return
		}
		decodesAlone(t, detectors.Match{Rule: token.Rule, Token: token.Compact})
		again, err := Decode(token.Compact)
		if err != nil || again.Compact != token.Compact || again.ExpiresAt != token.ExpiresAt {
			t.Fatalf("%s: decoded again: %v", id(compact), err)
		}
	})
}
