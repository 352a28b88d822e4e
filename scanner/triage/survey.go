package triage

import (
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// A survey is a token with what one pass over its claims and header has seen, so that the many questions asked of a
// token cost a bit test where the answer is no.
type survey struct {
	*jwt.Token
	marks  marks
	scoped [scopeNumbers]any // the claims that say what the holder may do, by their number
	host   string            // of iss, as splitIssuer has it
	path   string            // of iss, from the first '/' on
	tells  bool              // some claim holds something of a person
}

// marks are the claims and header parameters that a token has.
type marks uint64

const (
	markPersonal      marks = 1 << iota // a claim that tells of a person
	markPerson                          // a claim that only sessions of persons have
	markScopes                          // a claim that says what the holder may do
	markNestedScopes                    // the same, inside an object
	markActor                           // act or may_act
	markConfirmation                    // cnf
	markEvents                          // events: a security event token
	markKubernetes                      // kubernetes.io and the like
	markRole                            // role
	markTokenUse                        // token_use
	markType                            // typ, a claim and not the header parameter
	markPurpose                         // purpose, type, action, token_type
	markLicence                         // a claim that only licences have
	markCredential                      // vc, vp, vct, _sd
	markUser                            // user, user_metadata, profile: an object that may hold personal claims
	markClientID                        // client_id, azp, cid, appid
	markFlag                            // admin, is_admin and the like
	markProduct                         // a claim that products write, each its own
	markShape                           // one of those by which a product is known without its address
	markPrivate                         // a claim name that is a URI
	markKeyInHeader                     // jku, x5u, jwk
	markCertificates                    // x5c
	markSignedRequest                   // nonce or url, as header parameters
	markSigner                          // signer
	markContentType                     // cty
	markZitadel                         // urn:zitadel:iam:...
	markStatement                       // one of those by which a statement is known that has no events, purpose or typ
)

func (s *survey) has(m marks) bool { return s.marks&m != 0 }

// look makes the survey of s.Token.
func (s *survey) look() {
	names := claimNames()
	for name, value := range s.Claims {
		about := nameOfClaim(names, name)
		s.marks |= about.marks
		if about.marks&(markScopes|markNestedScopes) != 0 {
			s.scoped[about.number] = value
		}
		if about.marks&(markPersonal|markUser|markPrivate) != 0 && !s.tells {
			s.tells = tellsOfPerson(name, about.marks, value)
		}
	}
	if !hasPlainHeader(s.Token) {
		s.marks |= marksOfHeader(s.Token)
	}
	s.host, s.path = splitIssuer(s.Issuer)
}

// hasPlainHeader reports whether the header has nothing but alg, typ and kid, as most have.
func hasPlainHeader(t *jwt.Token) bool {
	read := 0
	for _, parameter := range [...]string{t.Algorithm, t.Type, t.KeyID} {
		if parameter != "" {
			read++
		}
	}
	return len(t.Header) == read
}

func marksOfHeader(t *jwt.Token) (seen marks) {
	for name := range t.Header {
		switch name {
		case "jku", "x5u", "jwk":
			seen |= markKeyInHeader
		case "x5c":
			seen |= markCertificates
		case "nonce", "url":
			seen |= markSignedRequest
		case "signer":
			seen |= markSigner
		case "cty":
			seen |= markContentType
		}
	}
	return seen
}

// splitIssuer returns the host and the path of an issuer that is an https URL, or a bare host name with a dot. Issuers are
// compared as they are written (RFC 9207, section 2.4; OpenID Connect Core, section 3.1.3.7), so one that is not written as an
// address of a known service is, letter by letter, has no host here: not one with user information, a port, a final dot,
// capital letters, letters of other scripts, escapes, a query or whatever else looks like another's address to a person or to
// one of many parsers. The path is that of any URL, http too, since products that run anywhere are known by it; what has no
// scheme is an address only if it is written as one throughout.
func splitIssuer(issuer string) (host, path string) {
	address, secure := strings.CutPrefix(issuer, "https://")
	isURL := secure
	if !isURL {
		address, isURL = strings.CutPrefix(issuer, "http://")
	}
	end, dots, plain := 0, 0, secure || !isURL
	for ; end < len(address) && address[end] != '/'; end++ {
		switch c := address[end]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_':
		case c == '.' && end > 0 && address[end-1] != '.':
			dots++
		case 'A' <= c && c <= 'Z', c == ':', c == '[', c == ']', c == '.':
			plain = false // an address, but none of a known service
		default:
			return "", ""
		}
	}
	if !isURL && dots == 0 {
		return "", ""
	}
	host, path = address[:end], address[end:]
	for i := range len(path) {
		switch c := path[i]; {
		case c <= ' ', c >= 0x7f, c == '\\', c == '?', c == '#':
			return "", "" // RFC 8414, section 2: an issuer has no query or fragment
		case strings.IndexByte("%;@\"<>^`{|}", c) >= 0: // of these RFC 3986 lets a path hold the first three
			plain = false
		}
	}
	if !plain || host == "" || host[0] == '-' || host[len(host)-1] == '.' || strings.Contains(path, "//") || strings.Contains(path, "/.") {
		if !isURL {
			return "", "" // without a scheme nothing else says that it is an address
		}
		host = ""
	}
	return host, path
}

// text returns a claim that is a string, or "".
func (s *survey) text(name string) string {
	value, _ := s.Claims[name].(string)
	return value
}

// within returns a string of an object that is a claim, or "": within("a", "b", "c") is claims.a.b.c.
func (s *survey) within(names ...string) string {
	object := s.Claims
	for _, name := range names[:len(names)-1] {
		object, _ = object[name].(map[string]any)
	}
	value, _ := object[names[len(names)-1]].(string)
	return value
}

// present reports whether a claim is there, whatever its value.
func (s *survey) present(name string) bool {
	_, ok := s.Claims[name]
	return ok
}

// heading returns a header parameter that is a string, or "".
func (s *survey) heading(name string) string {
	value, _ := s.Header[name].(string)
	return value
}

// audience reports whether one of the audiences is one of those given.
func (s *survey) audience(names ...string) bool {
	for _, audience := range s.Audience {
		for _, name := range names {
			if audience == name {
				return true
			}
		}
	}
	return false
}

// onlyAudience returns the audience where there is one, or "".
func (s *survey) onlyAudience() string {
	if len(s.Audience) != 1 {
		return ""
	}
	return s.Audience[0]
}

// onlyClaims reports whether the token has no claims but those given.
func (s *survey) onlyClaims(names ...string) bool {
	if len(s.Claims) > len(names) {
		return false
	}
	for name := range s.Claims {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}
