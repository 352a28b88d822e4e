package encoding_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

func TestRedact(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	token := mint{r}.token()
	short := token[:12] + "..."
	for text, want := range map[string]string{
		"":                           "",
		"nothing here":               "nothing here",
		"a/" + token + "/b.json":     "a/" + short + "/b.json",
		token + " " + token:          short + " " + short,
		"/x?t=" + percentSome(token): "/x?t=" + short,
	} {
		if got := encoding.Redact(text); got != want {
			t.Errorf("Redact of %s is %s", id(text), id(got))
		}
	}
	// However it is wrapped, nothing of the payload stays, and what stands around it does.
	for range encoding.Rounds(500) {
		for i, wrap := range wraps() {
			token := mint{r}.token()
			wrapped := wrap.do(r, token)
			redacted := encoding.Redact("before " + wrapped + " after")
			if contains(detect(redacted), token) || strings.Contains(redacted, wrapped[len(wrapped)/2:]) {
				t.Fatalf("%s#%d: %s is not redacted", wrap.name, i, id(token))
			}
			if !strings.HasPrefix(redacted, "before ") || !strings.HasSuffix(redacted, " after") {
				t.Fatalf("%s#%d: what is around %s is changed", wrap.name, i, id(token))
			}
		}
	}
}

func BenchmarkRedact(b *testing.B) {
	for name, text := range map[string]string{
		"path": "services/payments/src/main/resources/application.yaml", "issuer": "https://login.microsoftonline.com/common/v2.0",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				encoding.Redact(text)
			}
		})
	}
}
