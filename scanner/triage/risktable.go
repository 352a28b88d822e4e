package triage

import (
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A RiskRule is one entry of the table of risks.
type RiskRule struct {
	ID         string
	Title      string
	Why        string
	Severity   finding.Severity
	References []string // as ReferenceURL takes them; each says what Why says
	Remedy     string
}

// riskCode numbers the risks in the order of the table: the worst first.
type riskCode uint8

const (
	riskNoExpiry riskCode = iota
	riskAlgNone
	riskBroadScope
	riskPublishedKey
	riskRefreshToken
	riskDuplicateClaim
	riskLongLived
	riskKeyInHeader
	riskMillisecondExpiry
	riskMalformedTime
	riskPersonalData
	riskWildcardAudience
	riskReused // of the places, which reports know: no judgement has it
	riskSeveralAudiences
	riskNoAudience
	riskNoIssuer
	riskNoTokenID
	riskSymmetricKey
	riskCount
)

// RiskTable returns every risk, the worst first.
func RiskTable() []RiskRule {
	table := make([]RiskRule, 0, riskCount)
	for code := range riskCount {
		table = append(table, code.rule())
	}
	return table
}

// LookupRisk returns the risk of that id.
func LookupRisk(id string) (RiskRule, bool) {
	for code := range riskCount {
		if rule := code.rule(); rule.ID == id {
			return rule, true
		}
	}
	return RiskRule{}, false
}

// DetectionTable returns what is detected, whatever its risks: the leak itself.
func DetectionTable() []RiskRule {
	return []RiskRule{
		{
			ID:    "jws",
			Title: "A signed token (JWS) lies in the open",
			Why: "A JSON Web Token is a bearer credential: whoever reads it can use it as its holder could, until it expires. " +
				"Its claims are signed, not encrypted, and can be read without any key.",
			Severity: finding.Critical,
			References: []string{
				"CWE-522", "CWE-312", "CWE-532", "CWE-540", "CWE-798", "OWASP-NHI2:2025", "RFC6750-1.2", "RFC6750-5.3",
			},
			Remedy: "Revoke the token, or rotate the key that signed it where it can't be revoked; then take it out of the place " +
				"it was found in, and see to it that no new one gets there: read credentials from a secret store, mask " +
				"Authorization headers and cookies in logs.",
		},
		{
			ID:    "jwe",
			Title: "An encrypted token (JWE) lies in the open",
			Why: "The claims of an encrypted token can't be read, but whoever has the token can present it to the service that can " +
				"decrypt it. When it expires can't be told from the outside.",
			Severity:   finding.High,
			References: []string{"CWE-522", "CWE-532", "CWE-540", "CWE-798", "OWASP-NHI2:2025", "RFC6750-1.2", "RFC6750-5.3"},
			Remedy: "Ask the service that issued it whether it is still valid and end the session; then take it out of the place it " +
				"was found in.",
		},
	}
}

// rule returns the entry. The table is code and not a variable, so that nobody can change it.
func (code riskCode) rule() RiskRule {
	rule := code.words()
	rule.References = code.references()
	return rule
}

func (code riskCode) references() []string {
	switch code {
	case riskNoExpiry:
		return []string{"CWE-613", "OWASP-NHI4:2025", "OWASP-NHI7:2025", "NIST-SP-800-63B-4-5.1", "RFC6750-5.3", "RFC9068-2.2"}
	case riskAlgNone:
		return []string{"CWE-347", "RFC8725-2.1", "RFC8725-3.2"}
	case riskBroadScope:
		return []string{"OWASP-NHI5:2025", "NIST-SP-800-207-2.1", "RFC9700-2.3"}
	case riskPublishedKey:
		return []string{"CWE-321", "CWE-1394", "OWASP-NHI2:2025"}
	case riskRefreshToken:
		return []string{"CWE-522", "OWASP-NHI7:2025", "NIST-SP-800-63B-4-5.1.2", "RFC6749-10.4", "RFC9700-4.14"}
	case riskDuplicateClaim:
		return []string{"CWE-436", "RFC7519-4", "RFC7515-4", "RFC8259-4"}
	case riskLongLived:
		return []string{"CWE-613", "OWASP-NHI7:2025", "NIST-SP-800-63B-4-5.2", "RFC6750-5.3"}
	case riskKeyInHeader:
		return []string{"CWE-347", "RFC8725-2.9", "RFC8725-3.8", "RFC8725-3.10"}
	case riskMillisecondExpiry:
		return []string{"CWE-613", "RFC7519-2", "RFC7519-4.1.4"}
	case riskMalformedTime:
		return []string{"CWE-436", "RFC7519-2", "RFC7519-4.1.4"}
	case riskPersonalData:
		return []string{"CWE-312", "CWE-359", "RFC7519-12"}
	case riskWildcardAudience:
		return []string{"OWASP-NHI9:2025", "RFC8725-2.7", "RFC8725-3.9", "RFC9700-2.3"}
	case riskReused:
		return finding.Reused().References
	case riskSeveralAudiences:
		return []string{"OWASP-NHI9:2025", "RFC9700-2.3"}
	case riskNoAudience:
		return []string{"RFC8725-2.7", "RFC8725-3.9", "RFC9068-2.2", "RFC9700-2.3"}
	case riskNoIssuer:
		return []string{"RFC9068-2.2"}
	case riskNoTokenID:
		return []string{"RFC7519-4.1.7", "RFC9068-2.2"}
	case riskSymmetricKey:
		return []string{"RFC8725-2.2", "RFC8725-3.5"}
	default:
		return nil
	}
}

// words returns the entry without its references.
func (code riskCode) words() RiskRule {
	switch code {
	case riskNoExpiry, riskAlgNone, riskBroadScope, riskPublishedKey, riskRefreshToken, riskDuplicateClaim:
		return code.highRule()
	case riskLongLived, riskKeyInHeader, riskMillisecondExpiry, riskMalformedTime, riskPersonalData, riskWildcardAudience,
		riskReused:
		return code.mediumRule()
	default:
		return code.lowRule()
	}
}

func (code riskCode) highRule() RiskRule {
	switch code {
	case riskNoExpiry:
		return RiskRule{
			ID:    "no-expiry",
			Title: "Never expires",
			Why: "There is no exp claim, or it is 0, which some verifiers take for none, so time alone never ends the token: it can be used until the key that signed it is " +
				"rotated, or somebody remembers to revoke it.",
			Severity: finding.High,
			Remedy:   "Issue tokens with an exp of minutes to an hour and let the client fetch a new one. Rotate the signing key to end this one.",
		}
	case riskAlgNone:
		return RiskRule{
			ID:    "alg-none",
			Title: "Not signed at all (alg none)",
			Why: "Nothing protects the claims. If any service accepts this token, anybody can write one with any claims, and needs " +
				"no leak for it.",
			Severity: finding.High,
			Remedy:   "Have the verifier accept a fixed list of algorithms without none; then find out why this token was issued.",
		}
	case riskBroadScope:
		return RiskRule{
			ID:       "broad-scope",
			Title:    "Grants administrative or unlimited access",
			Why:      "A scope, role or group in the token grants everything, or the power to grant: its leak is the leak of the whole service.",
			Severity: finding.High,
			Remedy:   "Give each holder a token with the least privileges that its task needs; keep administrative ones short and apart.",
		}
	case riskPublishedKey:
		return RiskRule{
			ID:    "published-key",
			Title: "Signed with a key that is published",
			Why: "The signature verifies with a secret from a public example or a product's default. Whoever knows it, and everybody " +
				"does, can write tokens with any claims that this issuer's services accept.",
			Severity: finding.High,
			Remedy:   "Replace the key with a random one of at least the length of the hash at once: every token ever signed with it can be forged.",
		}
	case riskDuplicateClaim:
		return RiskRule{
			ID:    "duplicate-claim",
			Title: "Says one thing twice (a claim or header repeated)",
			Why: "A claim or header parameter stands more than once, which RFC 7519 forbids, or a member of an object within one, of which " +
				"RFC 8259 says that nobody can tell what becomes of it. Some verifiers take the last, some the first: what the token " +
				"allows, and until when, depends on who reads it. It is judged here by the reading in which it lives longest and may most.",
			Severity: finding.High,
			Remedy:   "Have verifiers refuse tokens that repeat a name, and find out who writes such: an issuer's library doesn't.",
		}
	default:
		return RiskRule{
			ID:    "refresh-token",
			Title: "Gets new tokens (refresh token)",
			Why: "A refresh token is exchanged for new access tokens, over and over: its leak lasts as long as it does, however short " +
				"the access tokens live.",
			Severity: finding.High,
			Remedy:   "Revoke it at the issuer's revocation endpoint (RFC 7009) or end the session; rotate refresh tokens at each use, or bind them to a key.",
		}
	}
}

func (code riskCode) mediumRule() RiskRule {
	switch code {
	case riskLongLived:
		return RiskRule{
			ID:       "long-lived",
			Title:    "Lives longer than the limit",
			Why:      "From its issue to its expiry passes more time than --max-lifetime (24 h by default): more time to find it, and to use it.",
			Severity: finding.Medium,
			Remedy:   "Shorten the lifetime at the issuer; where a long one is needed, use a refresh token that can be revoked, or a token bound to a key.",
		}
	case riskKeyInHeader:
		return RiskRule{
			ID:    "key-in-header",
			Title: "Says itself where its key is (jku, x5u or jwk)",
			Why: "The header names or carries the key to verify with. A verifier that follows it lets whoever writes the token choose " +
				"the key, and can be steered to fetch any address.",
			Severity: finding.Medium,
			Remedy:   "Have the verifier take keys only from the issuer's configured key set, chosen by kid; ignore jku, x5u and jwk.",
		}
	case riskMillisecondExpiry:
		return RiskRule{
			ID:    "millisecond-expiry",
			Title: "Expires in milliseconds, so for most never",
			Why: "The exp claim is a number of milliseconds. Read as the seconds that RFC 7519 has, as most verifiers do, it lies tens of " +
				"thousands of years ahead: the token may be accepted long after its issuer takes it for expired.",
			Severity: finding.Medium,
			Remedy:   "Write exp in seconds; revoke the tokens issued so far, or rotate the key that signed them.",
		}
	case riskMalformedTime:
		return RiskRule{
			ID:    "malformed-time",
			Title: "Dates that are not what RFC 7519 asks for",
			Why: "A date is no JSON number of seconds, or the dates contradict each other. Verifiers differ on such a token: one " +
				"takes it for live that another never accepts.",
			Severity: finding.Medium,
			Remedy:   "Write iat, nbf and exp as numbers of seconds since 1970, in that order; have the verifier refuse all else.",
		}
	case riskPersonalData:
		return RiskRule{
			ID:       "personal-data",
			Title:    "Tells of a person",
			Why:      "Claims hold a name, an address or the like. They are encoded, not encrypted, and stay readable long after the token has expired.",
			Severity: finding.Medium,
			Remedy:   "Leave personal claims to the userinfo endpoint, or encrypt the token (JWE); treat the place where it was found as holding personal data.",
		}
	case riskReused:
		reused := finding.Reused()
		return RiskRule{
			ID:    reused.ID,
			Title: reused.Title,
			Why: "One and the same token is in more than one repository, so several services or pipelines share it: a leak of one is a " +
				"leak of all, whoever reads any of them has it, and it can't be replaced without touching each. (A repository and its " +
				"clone, scanned together, count as two.) It is told where the places of a token are together: in every format but jsonl, " +
				"whose events come before all places are known, and of which 'jwtleak report' makes the others. Like every risk that is " +
				"not high it changes no severity, and so not what --fail-on takes.",
			Severity: reused.Severity,
			Remedy:   "Revoke it once, take it out of every repository that the finding lists, and give each service a credential of its own.",
		}
	default:
		return RiskRule{
			ID:       "wildcard-audience",
			Title:    "Meant for any audience",
			Why:      "The audience has a wildcard, so every service behind the pattern may accept the token, not the one it was made for alone.",
			Severity: finding.Medium,
			Remedy:   "Name the one service the token is for in aud, and have every service refuse tokens that don't name it.",
		}
	}
}

func (code riskCode) lowRule() RiskRule {
	switch code {
	case riskSeveralAudiences:
		return RiskRule{
			ID:    "several-audiences",
			Title: "Serves for several services at once",
			Why: "The audience names more than one service, so one credential is reused between them: a leak at one is a leak at all, and " +
				"each can use it against the others.",
			Severity: finding.Low,
			Remedy:   "Get a token for each service, with that service alone in aud.",
		}
	case riskNoAudience:
		return RiskRule{
			ID:       "no-audience",
			Title:    "Names no audience",
			Why:      "There is no aud claim, so a service can't tell a token made for it from one made for another: a token stolen from one can be used at all.",
			Severity: finding.Low,
			Remedy:   "Name the one service the token is for in aud, and have every service refuse tokens that don't name it.",
		}
	case riskNoIssuer:
		return RiskRule{
			ID:       "no-issuer",
			Title:    "Names no issuer",
			Why:      "There is no iss claim, so nothing ties the token to the key that may sign it, and whoever finds it can't tell whom to ask to revoke it.",
			Severity: finding.Low,
			Remedy:   "Set iss, and have the verifier use the keys of that issuer alone.",
		}
	case riskNoTokenID:
		return RiskRule{
			ID:       "no-token-id",
			Title:    "Can't be revoked one by one",
			Why:      "There is no jti claim, so this token can't be put on a list of revoked ones, nor its replay be noticed, without all others of its holder.",
			Severity: finding.Low,
			Remedy:   "Set a unique jti, and keep a list of revoked ones until they expire.",
		}
	default:
		return RiskRule{
			ID:    "symmetric-key",
			Title: "Signed with a shared secret",
			Why: "An HMAC key both signs and verifies: each service that checks the token can forge it, and whoever has the token can " +
				"try to guess the key offline.",
			Severity: finding.Low,
			Remedy:   "Sign with a private key (ES256, EdDSA); while a shared secret stays, make it random and at least as long as the hash.",
		}
	}
}

// ReferenceURL returns the address of what a reference names, or "" for one of a form that it doesn't know.
func ReferenceURL(reference string) string {
	if number, ok := strings.CutPrefix(reference, "CWE-"); ok {
		return "https://cwe.mitre.org/data/definitions/" + number + ".html"
	}
	if _, ok := strings.CutPrefix(reference, "OWASP-NHI"); ok {
		return "https://owasp.org/www-project-non-human-identities-top-10/2025/top-10-2025"
	}
	if rest, ok := strings.CutPrefix(reference, "RFC"); ok {
		number, section, _ := strings.Cut(rest, "-")
		return "https://www.rfc-editor.org/rfc/rfc" + number + "#section-" + section
	}
	if strings.HasPrefix(reference, "NIST-SP-800-63B-4-") {
		return "https://doi.org/10.6028/NIST.SP.800-63B-4"
	}
	if strings.HasPrefix(reference, "NIST-SP-800-207-") {
		return "https://doi.org/10.6028/NIST.SP.800-207"
	}
	return ""
}
