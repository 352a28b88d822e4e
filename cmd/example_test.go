package cmd

import (
	"crypto/sha512"
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

var update = flag.Bool("update", false, "rewrite the files that tests compare against")

// exampleKey signs the tokens of testdata/example. It opens nothing anywhere.
const exampleKey = "the key of the example, which opens nothing"

func exampleToken(t *testing.T, header, claims map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims(claims))
	for name, value := range header {
		token.Header[name] = value
	}
	signed, err := token.SignedString([]byte(exampleKey))
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// clusterToken has the signature of no key, but as long as an RSA key of 2048 bits makes it: what makes those is never twice
// the same.
func clusterToken(t *testing.T, header, claims map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims(claims))
	for name, value := range header {
		token.Header[name] = value
	}
	text, err := token.SigningString()
	if err != nil {
		t.Fatal(err)
	}
	var signature []byte
	for part := range byte(4) {
		sum := sha512.Sum512([]byte{part})
		signature = append(signature, sum[:]...)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// exampleFiles are the files of testdata/example, which the README has a newcomer scan. As of 2026-06-01T12:00:00Z one
// token is live, one never expires, one has expired, one is wrapped in base64, and one is a published sample.
func exampleFiles(t *testing.T) map[string]string {
	t.Helper()
	const june1 = 1780315200 // 2026-06-01T12:00:00Z
	live := exampleToken(t, map[string]any{"kid": "2026-05"}, map[string]any{
		"iss": "https://login.example.com/", "aud": "https://api.example.com", "sub": "batch-runner@clients",
		"azp": "batch-runner", "gty": "client-credentials", "scope": "orders:read orders:write", "iat": june1 - 1800, "exp": june1 + 5400,
	})
	forever := exampleToken(t, nil, map[string]any{
		"iss": "https://ci.example.com", "sub": "deploy-bot", "scope": "admin", "iat": june1 - 400*86400,
	})
	expired := exampleToken(t, nil, map[string]any{
		"iss": "https://login.example.com/", "aud": "https://www.example.com", "sub": "user-4711", "email": "someone@example.com",
		"iat": june1 - 12*86400, "exp": june1 - 12*86400 + 3600,
	})
	wrapped := clusterToken(t, map[string]any{"kid": "cluster-1"}, map[string]any{
		"iss": "kubernetes/serviceaccount", "sub": "system:serviceaccount:payments:worker",
		"kubernetes.io/serviceaccount/namespace": "payments", "kubernetes.io/serviceaccount/secret.name": "worker-token-x7k2p",
		"kubernetes.io/serviceaccount/service-account.name": "worker",
		"kubernetes.io/serviceaccount/service-account.uid":  "4f5a9c1e-0000-4000-8000-000000000001",
	})
	// RFC 7519, section 3.1.
	const sample = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" +
		".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ" +
		".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	return map[string]string{
		"logs/api.log": "2026-05-20T12:00:03Z INFO  request GET /orders/17 from 192.0.2.10\n" +
			"2026-05-20T12:00:04Z DEBUG cookie session=" + expired + "; Path=/\n" +
			"2026-06-01T11:31:12Z INFO  request POST /orders from 192.0.2.44\n" +
			"2026-06-01T11:31:12Z DEBUG header Authorization: Bearer " + live + "\n" +
			"2026-06-01T11:31:13Z INFO  201 Created in 18ms\n",
		"deploy/secret.yaml": "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata:\n  name: worker-token-x7k2p\n" +
			"  namespace: payments\ndata:\n  token: " + base64.StdEncoding.EncodeToString([]byte(wrapped)) + "\n",
		"web/settings.js": fmt.Sprintf("// used by the release job\nexport const deployToken = %q;\n", forever),
		"docs/tokens.md":  "A token looks like this (RFC 7519, section 3.1):\n\n    " + sample + "\n",
	}
}

// TestExampleFiles holds testdata/example to what makes it, so that no token in it comes from anywhere else.
func TestExampleFiles(t *testing.T) {
	root := filepath.Join("..", "testdata", "example")
	for name, want := range exampleFiles(t) {
		path := filepath.Join(root, filepath.FromSlash(name))
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if want != strings.ReplaceAll(string(got), "\r\n", "\n") {
			t.Errorf("%s is not what exampleFiles makes; run the test with -update", name)
		}
	}
}
