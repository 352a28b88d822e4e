package scanner

import (
	"bytes"
	"crypto/sha512"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	jwtlib "github.com/golang-jwt/jwt/v5"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// distinctTokens returns lines of a log, each with a token of its own: of an application's own, of Keycloak, of Kubernetes
// and of an issuer that nobody knows, in turn.
func distinctTokens(b *testing.B, count int) [][]byte {
	b.Helper()
	kinds := []jwtlib.MapClaims{
		{"role": "user", "iat": 1795431600, "exp": 1795438800},
		{
			"iss": "https://id.shop.example/realms/shop", "aud": "account", "typ": "Bearer", "azp": "web", "acr": "1", "exp": 1795438800,
			"iat": 1795431600, "realm_access": map[string]any{"roles": []string{"offline_access", "uma_authorization", "user"}},
			"scope": "openid email profile", "sid": "9f7f4d1c", "email_verified": true, "name": "A B", "email": "a@b.example",
		},
		{
			"iss": "https://kubernetes.default.svc", "aud": []string{"https://kubernetes.default.svc"}, "exp": 1795438800, "iat": 1795435200, "nbf": 1795435200,
			"kubernetes.io": map[string]any{"namespace": "shop", "serviceaccount": map[string]any{"name": "robot", "uid": "u"}},
		},
		{"iss": "https://login.shop.example/", "aud": "https://api.shop.example", "iat": 1795431600, "exp": 1795438800, "scope": "read write"},
	}
	lines := make([][]byte, count)
	for i := range lines {
		claims := kinds[i%len(kinds)]
		claims["sub"], claims["jti"] = fmt.Sprintf("system:serviceaccount:shop:%08d", i), fmt.Sprintf("%032x", i)
		signing := jwtlib.NewWithClaims(jwtlib.SigningMethodHS256, claims)
		if i%len(kinds) == 0 {
			lines[i] = logLine(b, i, signing, nil)
			continue
		}
		signing.Header["alg"], signing.Header["kid"] = "RS256", "1" // as those issuers have it
		signature := sha512.Sum512(fmt.Append(nil, i))
		lines[i] = logLine(b, i, signing, bytes.Repeat(signature[:], 4)) // of an RSA key's length; nothing here verifies it
	}
	return lines
}

// logLine returns a line of a log with a token, signed with a key of ours where no signature is given.
func logLine(b *testing.B, number int, token *jwtlib.Token, signature []byte) []byte {
	b.Helper()
	input, err := token.SigningString()
	if err == nil && signature == nil {
		signature, err = token.Method.Sign(input, []byte("a key for benchmarks alone"))
	}
	if err != nil {
		b.Fatal(err)
	}
	return fmt.Appendf(nil, "2026-11-23T12:00:00Z INFO request=%d path=/api/items status=200 authorization=%s.%s\n", number, input, token.EncodeSegment(signature))
}

// BenchmarkTriage scans a log of 100 000 distinct tokens by one goroutine, with triage and without, in turn, and prints what
// triage adds to the scan: judging each token, and dating its line. It counts the processor's time, of all goroutines, and of each takes the least,
// which whatever else the machine does disturbs least.
func BenchmarkTriage(b *testing.B) {
	path := filepath.Join(b.TempDir(), "log")
	if err := os.WriteFile(path, bytes.Join(distinctTokens(b, 100_000), nil), 0o600); err != nil {
		b.Fatal(err)
	}
	options := Options{
		Sources: []source.Source{fs.New(path, fs.Options{Target: path})}, Detector: encoding.New(), Limits: container.DefaultLimits(),
		Judge: triage.Judge{At: time.Unix(1795435200, 0)}, Jobs: 1, Now: time.Now,
	}
	with, without := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for b.Loop() {
		untriaged := newEngine(options, noSink{})
		untriaged.judge = func(*jwt.Token) triage.Judgement { return triage.Judgement{} }
		untriaged.logTime = func([]byte, time.Time, time.Time) (time.Time, bool) { return time.Time{}, false }
		without = min(without, timed(b, untriaged))
		with = min(with, timed(b, newEngine(options, noSink{})))
	}
	b.ReportMetric(with.Seconds()*1000, "with-ms")
	b.ReportMetric(without.Seconds()*1000, "without-ms")
	b.ReportMetric(100*(with-without).Seconds()/without.Seconds(), "added-%")
}

// timed returns how much of the processor's time a scan takes. It begins with no garbage of the one before.
func timed(b *testing.B, e *engine) time.Duration {
	b.Helper()
	runtime.GC()
	started := cpuTime()
	result, err := e.scan(b.Context())
	took := cpuTime() - started
	if err != nil || result.Summary.Findings != 100_000 {
		b.Fatalf("%d findings, %v", result.Summary.Findings, err)
	}
	return took
}

type noSink struct{}

func (noSink) Begin(finding.Tool, finding.Scan) error { return nil }
func (noSink) Event(finding.Event) error              { return nil }
