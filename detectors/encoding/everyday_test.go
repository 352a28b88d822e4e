package encoding_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestEveryday finds all tokens in files as they are written every day, of some hundred kilobytes, that are wrapped all over: none is
// lost to the bound on the work.
func TestEveryday(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 1))
	bytesOf := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return string(b)
	}
	pem := func(label string, der string) string {
		return "-----BEGIN " + label + "-----\n" + fold(std(der), 64, "\n") + "\n-----END " + label + "-----\n"
	}
	// A certificate has text between what is random.
	certificate := func() string {
		return pem("CERTIFICATE", bytesOf(100)+strings.Repeat("O=A Company of Certificates, ", 3)+bytesOf(600)+strings.Repeat("http://ocsp.host.example/", 4)+bytesOf(300))
	}
	for _, test := range []struct {
		name  string
		count int
		entry func(token string) string
	}{
		{"Secrets with certificates", 100, func(token string) string {
			return fmt.Sprintf("- data:\n    ca.crt: %s\n    tls.crt: %s\n    token: %s\n  kind: Secret\n", std(certificate()), std(certificate()+certificate()), std(token))
		}},
		{"an LDIF", 800, func(token string) string {
			return "dn: cn=u\n" + fold("description:: "+std(`{"id": 712067078, "path": "/api/v1/users", "token": "`+token+`"}`), 76, "\n ") + "\n\n"
		}},
		{"a mailbox", 800, func(token string) string {
			return "From a@host.example\nContent-Transfer-Encoding: base64\n\n" + fold(std(`{"a": 1, "access_token": "`+token+`"}`), 76, "\n") + "\n\n"
		}},
		{"records with a body", 800, func(token string) string {
			return "2026-01-01T00:00:00Z msg=\n" + fold(std(`{"a": 1, "access_token": "`+token+`"}`), 76, "\n") + "\nok\n"
		}},
	} {
		var b strings.Builder
		want := map[string]bool{}
		for i := range test.count {
			value := base64.RawStdEncoding.EncodeToString([]byte(bytesOf(60)))
			if i%10 == 5 {
				value = mint{r}.token()
				want[value] = true
			}
			b.WriteString(test.entry(value))
		}
		count := len(want)
		encoding.New().DetectBounded([]byte(b.String()), true, func(m detectors.Match) { delete(want, m.Token) }, func(reason string) {
			t.Errorf("%s: %s", test.name, reason)
		})
		if len(want) > 0 {
			t.Errorf("%s: %d of %d tokens lost in %d bytes", test.name, len(want), count, b.Len())
		}
	}
}
