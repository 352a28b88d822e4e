package report_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// at is when the corpus is judged.
func at() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// sign makes a token of the corpus, signed with a key that is used nowhere else.
func sign(t testing.TB, header, claims string) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(header)) + "." + encode([]byte(claims))
	mac := hmac.New(sha256.New, []byte("a key of the tests of reports"))
	mac.Write([]byte(signed))
	return signed + "." + encode(mac.Sum(nil))
}

// hostile is text as a stranger may put it into claims, paths and names.
const hostile = "\x1b[31mred\x1b]0;title\x07 \r\n=cmd|'/C calc'!A0 <script>alert(1)</script> | `x` [l](javascript:1) ![i](http://e.example/x) " +
	"@everyone \u202egnp.exe\u2066 \u200b\u00ad \u009b2J \x00\x7f \xff\xfe \ufffe &amp; ]]> -->"

// A corpus is a fixed scan, told as events, with the tokens it must not repeat.
type corpus struct {
	tool   finding.Tool
	scan   finding.Scan
	events []finding.Event // without Ended
	tokens []string
}

func ptr[T any](v T) *T { return &v }

// newCorpus tells of one token of each status, a sample, a hostile one and one with 400 occurrences.
func newCorpus(t testing.TB) corpus {
	t.Helper()
	c := corpus{
		tool: finding.Tool{Name: "jwtleak", Version: "1.2.3"},
		scan: finding.Scan{
			StartedAt: at().Add(-3 * time.Second), FinishedAt: at().Add(-time.Second), EvaluatedAt: at(),
			Targets:  []finding.Target{{Kind: "git", Path: "."}, {Kind: "dir", Path: "logs"}, {Kind: "stdin", Path: "-"}},
			Stats:    finding.Stats{Files: 1234, Bytes: 56_789_012, Blobs: 4321, Commits: 765, Containers: 3, LeftOut: 12},
			Gone:     []string{"00112233445566aa", "ffeeddccbbaa9988"},
			Narrowed: []string{"--exclude a[b]{c}" + hostile, "--status live"},
		},
	}
	c.scan.Detached = &finding.Detached{Count: 12, Places: []finding.Occurrence{
		fileOccurrence("logs/"+hostile, 1), fileOccurrence("logs/app.log", 77), gitOccurrence("a/b.md", 3, finding.Attribution{}), gitOccurrence("a/c.md", 4, finding.Attribution{}),
	}}
	c.live(t)
	c.expired(t)
	c.noExpiry(t)
	c.notYetValid(t)
	c.encrypted(t)
	c.sample(t)
	c.hostile(t)
	c.everywhere(t)
	c.events = append(c.events,
		finding.Problem{Path: "logs/broken.gz", Reason: "gzip: invalid checksum"},
		finding.Problem{Path: "logs/broken.gz", Reason: "gzip: invalid checksum"},
		finding.Problem{Path: "a\x1b[2Jb\xff", Reason: "open: " + hostile + c.tokens[0]},
	)
	return c
}

func (c *corpus) ended() finding.Ended {
	return finding.Ended{Scan: c.scan}
}

// all returns all events, Ended last.
func (c *corpus) all() []finding.Event {
	return append(append([]finding.Event(nil), c.events...), c.ended())
}

// found tells of a token; the finding's ids and redacted form are filled in.
func (c *corpus) found(t testing.TB, header, claims string, f finding.Finding) string {
	t.Helper()
	token := sign(t, header, claims)
	c.tokens = append(c.tokens, token)
	fingerprint := finding.NewFingerprint(token)
	f.ID, f.Fingerprint, f.Redacted, f.Raw = fingerprint.ID(), fingerprint.String(), token[:12]+"...", token
	if f.Rule == "" {
		f.Rule = "jws"
	}
	f.Token.Header, f.Token.Claims = object(t, header), object(t, claims)
	f.OccurrenceCount = len(f.Occurrences)
	c.events = append(c.events, finding.Found{Finding: f})
	return f.ID
}

func object(t testing.TB, text string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var decoded map[string]any
	if err := decoder.Decode(&decoded); err != nil {
		t.Fatalf("the corpus: %v", err)
	}
	return decoded
}

func (c *corpus) live(t testing.TB) {
	exp := at().Add(23 * time.Hour)
	iat := at().Add(-time.Hour)
	id := c.found(t, `{"alg":"RS256","typ":"JWT","kid":"k1"}`,
		`{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:prod:deployer","exp":1772460000}`,
		finding.Finding{
			Severity: finding.High, Status: finding.Live,
			Token: finding.Token{
				Algorithm: "RS256", Type: "JWT", KeyID: "k1", Issuer: "kubernetes/serviceaccount",
				Subject: "system:serviceaccount:prod:deployer", Audience: []string{"https://kubernetes.default.svc"},
				IssuedAt: &iat, ExpiresAt: &exp, LifetimeSeconds: ptr[int64](24 * 3600), ExpiresInSeconds: ptr[int64](23 * 3600),
			},
			Risks: []finding.Risk{
				{ID: "no-token-id", Title: "It can't be revoked by itself", Severity: finding.Medium, References: []string{"RFC 7519 section 4.1.7"}},
				{ID: "broad-scope", Title: "It grants much", Severity: finding.High, References: []string{"OWASP-NHI5:2025"}},
			},
			IssuerKnown: &finding.Issuer{
				ID: "kubernetes", Name: "Kubernetes service account", TokenUse: "access",
				Revocation: "Delete the secret or the service account; a bound token ends with its pod.",
			},
			Holder:      finding.Holder{Kind: "workload", By: "sub"},
			Occurrences: []finding.Occurrence{gitOccurrence("deploy/prod.yaml", 12, finding.Attribution{})},
		})
	introduced := finding.Attribution{
		Commit: "0123456789abcdef0123456789abcdef01234567", Author: "A. Committer", AuthorEmail: "a@committer.example",
		AuthoredAt: at().Add(-10 * 24 * time.Hour), Reachable: true, AtTip: true, Tips: []string{"refs/heads/main"},
	}
	removed := introduced
	removed.AtTip, removed.Tips, removed.RemovedBy = false, nil, "fedcba9876543210fedcba9876543210fedcba98"
	c.events = append(c.events, finding.Updated{
		ID: id, Severity: finding.Critical, Repository: ".",
		Exposure: &finding.Exposure{
			FirstSeen: introduced.AuthoredAt, LastSeen: introduced.AuthoredAt, SeenBy: "commit", LiveWhenSeen: true,
			WindowSeconds: ptr[int64](11 * 24 * 3600),
		},
		Occurrences: []finding.Occurrence{
			gitOccurrence("deploy/prod.yaml", 12, introduced), gitOccurrence("deploy/old name.yaml", 7, removed),
		},
	}, finding.Met{ID: id, Occurrence: fileOccurrence("logs/app.zip", 99)})
}

func gitOccurrence(path string, line int64, attribution finding.Attribution) finding.Occurrence {
	return finding.Occurrence{
		Place: finding.GitPlace{
			Target: ".", Repository: ".", Path: path, Object: strings.Repeat("ab", 20), ObjectType: "blob", Attribution: attribution,
		},
		Line: line, Column: 9, CharacterColumn: 9, Offset: line * 40, SeenAt: attribution.AuthoredAt, SeenBy: finding.SeenByCommit,
	}
}

func fileOccurrence(path string, line int64) finding.Occurrence {
	return finding.Occurrence{
		Place: finding.FilePlace{Target: "logs", Path: path}, Line: line, Column: 1, CharacterColumn: 1, Offset: line * 100,
		SeenAt: at().Add(-time.Duration(line) * time.Minute), SeenBy: finding.SeenByFile,
	}
}

func (c *corpus) expired(t testing.TB) {
	exp := at().Add(-800 * 24 * time.Hour)
	occurrence := fileOccurrence("logs/app.zip", 3)
	occurrence.Container, occurrence.Encodings = []string{"inner.tar", "a\xffb.log"}, []string{"base64"}
	c.found(t, `{"alg":"HS256"}`, `{"iss":"https://issuer.example","sub":"4711","exp":1}`, finding.Finding{
		Severity: finding.Low, Status: finding.Expired,
		Token: finding.Token{
			Algorithm: "HS256", Issuer: "https://issuer.example", Subject: "4711",
			ExpiresAt: &exp, ExpiresInSeconds: ptr[int64](-800 * 24 * 3600), OtherClaims: []string{"shoe_size"},
		},
		Holder: finding.Holder{Kind: "person", By: "sub"}, Occurrences: []finding.Occurrence{occurrence},
	})
}

func (c *corpus) noExpiry(t testing.TB) {
	c.found(t, `{"alg":"HS256","kid":"2025"}`, `{"role":"service_role"}`, finding.Finding{
		Severity: finding.Critical, Status: finding.NoExpiry,
		Token:       finding.Token{Algorithm: "HS256", KeyID: "2025", Scopes: []string{"service_role"}},
		Risks:       []finding.Risk{{ID: "no-expiry", Title: "It never expires", Severity: finding.High, References: []string{"CWE-613", "OWASP-NHI7:2025", "NIST SP 800-63B"}}},
		Occurrences: []finding.Occurrence{{Place: finding.StdinPlace{}, Line: 1, Column: 17, CharacterColumn: 17, Offset: 16}},
	})
}

func (c *corpus) notYetValid(t testing.TB) {
	nbf, exp := at().Add(48*time.Hour), at().Add(96*time.Hour)
	c.found(t, `{"alg":"ES256"}`, `{"iss":"https://issuer.example","nbf":2,"exp":3}`, finding.Finding{
		Severity: finding.Medium, Status: finding.NotYetValid,
		Token: finding.Token{
			Algorithm: "ES256", Issuer: "https://issuer.example", NotBefore: &nbf, ExpiresAt: &exp, ExpiresInSeconds: ptr[int64](96 * 3600),
		},
		Suppressed: &finding.Suppression{By: finding.SuppressedByIgnoreFile, Reason: "known until the summer " + hostile + c.tokens[0]},
		Holder:     finding.Holder{Kind: "delegated", By: "act"}, Occurrences: []finding.Occurrence{fileOccurrence("logs/b c#d?.log", 5)},
	})
}

func (c *corpus) encrypted(t testing.TB) {
	token := sign(t, `{"alg":"dir","enc":"A256GCM"}`, `{}`)
	segments := strings.Split(token, ".")
	token = segments[0] + "..AAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBB.CCCCCCCCCCCCCCCCCCCCCC"
	fingerprint := finding.NewFingerprint(token)
	c.tokens = append(c.tokens, token)
	c.events = append(c.events, finding.Found{Finding: finding.Finding{
		ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Rule: "jwe", Severity: finding.Medium, Status: finding.Unknown,
		Redacted: token[:12] + "...", Raw: token, Token: finding.Token{Algorithm: "dir", Header: object(t, `{"alg":"dir","enc":"A256GCM"}`)},
		Occurrences: []finding.Occurrence{{
			Place: finding.GitPlace{Target: ".", Repository: ".", Object: strings.Repeat("cd", 20), ObjectType: "commit"},
			Line:  3, Column: 1, CharacterColumn: 1, Offset: 180,
		}}, OccurrenceCount: 1,
	}})
}

func (c *corpus) sample(t testing.TB) {
	c.found(t, `{"alg":"HS256","typ":"JWT"}`, `{"sub":"1234567890","name":"J. Doe","iat":1516239022}`, finding.Finding{
		Severity: finding.Info, Status: finding.NoExpiry, Sample: true,
		Token:       finding.Token{Algorithm: "HS256", Type: "JWT", Subject: "1234567890"},
		Occurrences: []finding.Occurrence{fileOccurrence("logs/README.md", 1)},
	})
}

// hostile tells of a token whose every string is out to do harm, or is a token itself.
func (c *corpus) hostile(t testing.TB) {
	other := c.tokens[0]
	exp := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	id := c.found(t, `{"alg":"=HYPERLINK(\"http://e.example\")","nested":[{"a":{"b":["`+other+`"]}}],"big":1e400}`,
		`{"note":"see `+other+` there","`+other+`":1}`, finding.Finding{
			Severity: finding.High, Status: finding.Live,
			Token: finding.Token{
				Algorithm: `=HYPERLINK("http://e.example")`, KeyID: hostile, Issuer: hostile, Subject: "+" + strings.Repeat("long ", 2000),
				Audience: []string{other, hostile}, TokenID: "@SUM(1)", Scopes: []string{hostile}, ExpiresAt: &exp,
				ExpiresInSeconds: ptr[int64](251_000_000_000), OtherClaims: []string{"x" + other, "\t=1"},
			},
			Risks:  []finding.Risk{{ID: "long-lived", Title: "It lives long", Severity: finding.Medium, References: []string{"CWE-613", "OWASP-NHI7:2025"}}},
			Holder: finding.Holder{Kind: "unknown"},
			Occurrences: []finding.Occurrence{{
				Place: finding.FilePlace{Target: "logs", Path: "logs/" + hostile}, Line: 1, Column: 1, CharacterColumn: 1, Container: []string{hostile, other},
			}},
		})
	c.events = append(c.events,
		finding.Met{ID: id, Occurrence: finding.Occurrence{
			Place: finding.FilePlace{Target: "logs", Path: "logs/" + other + ".txt"}, Line: 1 << 40, Column: 1 << 40, CharacterColumn: 1 << 40, Offset: 1 << 50,
		}},
		finding.Met{ID: id, Occurrence: finding.Occurrence{
			Place: finding.GitPlace{
				Target: ".", Repository: "sub/" + hostile, Path: "../../etc/\xe9t\xe9\xff", Object: strings.Repeat("ef", 20), ObjectType: "blob",
				Attribution: finding.Attribution{
					Commit: strings.Repeat("12", 20), Author: hostile + other, AuthorEmail: "<" + hostile + ">",
					AuthoredAt: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC), Tips: []string{"refs/heads/" + other},
				},
			},
			Line: 2, Column: 2, CharacterColumn: 2, Offset: 2,
		}})
}

// everywhere tells of a token in 400 places, in no order, some of them twice.
func (c *corpus) everywhere(t testing.TB) {
	id := c.found(t, `{"alg":"RS256"}`, `{"iss":"https://issuer.example","sub":"everywhere"}`, finding.Finding{
		Severity: finding.Medium, Status: finding.Live,
		Token:       finding.Token{Algorithm: "RS256", Issuer: "https://issuer.example", Subject: "everywhere", ExpiresInSeconds: ptr[int64](90)},
		Occurrences: []finding.Occurrence{fileOccurrence("logs/0200.log", 200)},
	})
	for _, n := range rand.New(rand.NewPCG(1, 2)).Perm(450) {
		line := int64(n%400) + 1
		c.events = append(c.events, finding.Met{ID: id, Occurrence: fileOccurrence(fmt.Sprintf("logs/%04d.log", line), line)})
	}
}
