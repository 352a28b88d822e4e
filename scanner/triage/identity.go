package triage

import (
	"strings"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// An identity is what a matcher has found out of a token: who made it, what kind it is, and what stops it.
type identity struct {
	issuer issuerID
	use    string         // the kind of token; empty for the issuer's own, or only one
	stop   string         // how it is revoked, with the token's own names; empty for the issuer's general text
	holder finding.Holder // zero where the general claims decide
	kind   kind
}

// known returns the identity as a finding carries it; nil for the zero identity.
func (i identity) known() *finding.Issuer {
	if i.issuer == issuerNone {
		return nil
	}
	issuer := toldIssuers()[i.issuer]
	if i.use != "" {
		issuer.TokenUse = i.use
	}
	if i.stop != "" {
		issuer.Revocation = i.stop
	}
	return &issuer
}

// toldIssuers are the issuers as findings carry them where nothing more is known of a token.
var toldIssuers = sync.OnceValue(func() *[issuerCount]finding.Issuer {
	var told [issuerCount]finding.Issuer
	for id := issuerNone + 1; id < issuerCount; id++ {
		rule := id.rule()
		use, _, _ := strings.Cut(rule.TokenUses, ", ")
		told[id] = finding.Issuer{ID: rule.ID, Name: rule.Name, TokenUse: use, Revocation: rule.Revocation, KindOnly: id.isKind()}
	}
	return &told
})

// isKind reports whether an entry of the table is a kind of token that anybody may make, and no issuer.
func (id issuerID) isKind() bool {
	return id >= logoutToken && id != walletPass && id != appStoreSigned
}

// fill puts names out of a token into a text of ours, each in place of the next "{}", or of "{PLACEHOLDER}", which stays,
// without braces, where the token has no such name or has one that could do harm.
//
// The token may be written by an enemy, and the text be pasted into a shell. So a name is used only where it consists of
// characters that no shell gives a meaning and doesn't begin like an option; it is never quoted, since quoting differs
// between shells.
func fill(text string, names ...string) string {
	var room [512]byte // more than any of our texts has
	filled := room[:0]
	for {
		before, rest, found := strings.Cut(text, "{")
		filled = append(filled, before...)
		if !found {
			return string(filled)
		}
		placeholder, after, _ := strings.Cut(rest, "}")
		if len(names) > 0 && finding.Harmless(names[0]) {
			placeholder = names[0]
		}
		filled = append(filled, placeholder...)
		names = names[min(1, len(names)):]
		text = after
	}
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// identify says who made the token, or what kind of signed statement it is. What a token declares itself to be comes
// first, then the address of its issuer, then claims and header parameters that only one issuer writes.
func identify(s *survey) identity {
	whole := len(s.Repeated)+len(s.RepeatedHeader) == 0 // one that says two things may be the worse of them
	if i, ok := statement(s); ok && whole && (i.kind != noCredential || !s.opensMore(i.issuer)) {
		return i
	}
	i, ok := identifyIssuer(s)
	if !ok {
		i, _ = byShape(s)
	}
	if !whole {
		i.kind = bearer
	}
	if s.has(markConfirmation) && i.kind == bearer && whole && s.bound() {
		i.kind = keyBound
	}
	return i
}

// identifyIssuer says who made the token, where the signature is of a kind that the issuer makes.
func identifyIssuer(s *survey) (identity, bool) {
	i, ok := claimedIssuer(s)
	if ok && i.issuer.signsWithKeyPair() && !isKeyPairAlgorithm(s.Algorithm) {
		return identity{}, false
	}
	return i, ok
}

// claimedIssuer goes by the claims and the header, of which anybody may write any.
func claimedIssuer(s *survey) (identity, bool) {
	if s.has(markKubernetes) {
		if i, ok := serviceAccount(s); ok {
			return i, true // of whichever cloud the cluster is
		}
	}
	if s.host != "" {
		if i, ok := byHost(s); ok {
			return i, true
		}
	}
	if i, ok := byPath(s); ok {
		return i, true
	}
	if s.Issuer != "" && !strings.HasPrefix(s.Issuer, "https://") && !strings.HasPrefix(s.Issuer, "http://") {
		if i, ok := byLiteral(s); ok {
			return i, true
		}
	}
	return byClaims(s)
}

// bound reports whether a confirmation claim names a key (RFC 7800, section 3.1; RFC 8705, section 3.1; RFC 9449,
// section 6.1), so that the token is of use only to who has that key. A member that is null or empty names none.
func (s *survey) bound() bool {
	confirmation, _ := s.Claims["cnf"].(map[string]any)
	for _, name := range [...]string{"jkt", "x5t#S256", "jwk", "jwe", "kid", "jku"} {
		switch value := confirmation[name].(type) {
		case string:
			if value != "" && name != "jwk" {
				return true
			}
		case map[string]any:
			if len(value) > 0 && name == "jwk" {
				return true
			}
		}
	}
	return false
}

// registered returns the last labels of a host, as many as asked for.
func registered(host string, labels int) string {
	end := len(host)
	for range labels {
		dot := strings.LastIndexByte(host[:end], '.')
		if dot < 0 {
			return host
		}
		end = dot
	}
	return host[end+1:]
}

// subdomain returns what stands before the last labels of a host.
func subdomain(host string, labels int) string {
	return strings.TrimSuffix(strings.TrimSuffix(host, registered(host, labels)), ".")
}

// segment returns the part of a path with that number, from 0: segment("/a/b", 1) is "b".
func segment(path string, number int) string {
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if number == 0 {
			return part
		}
		number--
	}
	return ""
}

// after returns the part of a path that follows one of that name.
func after(path, name string) string {
	_, rest, found := strings.Cut(path, "/"+name+"/")
	if !found {
		return ""
	}
	return segment(rest, 0)
}
