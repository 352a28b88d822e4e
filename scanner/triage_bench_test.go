package scanner

import (
	"bytes"
	"crypto/sha512"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	jwtlib "github.com/golang-jwt/jwt/v5"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/report"
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
// triage adds to the scan: judging each token, and dating its line. Without it, what was judged and dated before is taken
// from a list, so that both scans report the same: as JSONL, which takes the least time of the formats that have the tokens'
// claims, or nothing at all. It counts the processor's time, of all goroutines, and of each takes the least, which whatever
// else the machine does disturbs least.
func BenchmarkTriage(b *testing.B) {
	path := filepath.Join(b.TempDir(), "log")
	if err := os.WriteFile(path, bytes.Join(distinctTokens(b, 100_000), nil), 0o600); err != nil {
		b.Fatal(err)
	}
	options := Options{
		Sources: []source.Source{fs.New(path, fs.Options{Target: path})}, Detector: encoding.New(), Limits: container.DefaultLimits(),
		Judge: triage.Judge{At: time.Unix(1795435200, 0)}, Jobs: 1, Now: time.Now,
	}
	for _, format := range []string{"jsonl", "nothing"} {
		engineOf := func() *engine {
			if format == "nothing" {
				return newEngine(options, noSink{})
			}
			sink, err := report.New(format, io.Discard, report.Options{})
			if err != nil {
				b.Fatal(err)
			}
			return newEngine(options, sink)
		}
		b.Run(format, func(b *testing.B) {
			known := recordTriage(b, engineOf())
			with, without := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			for b.Loop() {
				without = min(without, timed(b, known.replayed(engineOf())))
				with = min(with, timed(b, engineOf()))
			}
			b.ReportMetric(with.Seconds()*1000, "with-ms")
			b.ReportMetric(without.Seconds()*1000, "without-ms")
			b.ReportMetric(100*(with-without).Seconds()/without.Seconds(), "added-%")
		})
	}
}

// A triageRecord is what triage said in one scan, in order.
type triageRecord struct {
	judgements []triage.Judgement
	times      []time.Time
}

func recordTriage(b *testing.B, e *engine) *triageRecord {
	b.Helper()
	record := &triageRecord{}
	judge, logTime := e.judge, e.logTime
	e.judge = func(t *jwt.Token) triage.Judgement {
		judgement := judge(t)
		record.judgements = append(record.judgements, judgement)
		return judgement
	}
	e.logTime = func(line []byte, modified, now time.Time) (time.Time, bool) {
		at, ok := logTime(line, modified, now)
		record.times = append(record.times, at)
		return at, ok
	}
	timed(b, e)
	if len(record.judgements) != 100_000 || len(record.times) != 100_000 {
		b.Fatalf("%d judgements, %d times", len(record.judgements), len(record.times))
	}
	return record
}

// replayed has an engine take what was recorded.
func (r *triageRecord) replayed(e *engine) *engine {
	judged, dated := 0, 0
	e.judge = func(*jwt.Token) triage.Judgement {
		judged++
		return r.judgements[judged-1]
	}
	e.logTime = func([]byte, time.Time, time.Time) (time.Time, bool) {
		dated++
		return r.times[dated-1], true
	}
	return e
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
