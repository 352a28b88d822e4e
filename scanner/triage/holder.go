package triage

import (
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// The kinds of holder.
const (
	workload  = "workload"
	person    = "person"
	delegated = "delegated"
	unknown   = "unknown"
)

// holder says who may use the token and which claim tells. That one acts for another outweighs all; then what the
// issuer's own claims say, then what claims of any issuer say. What is told of workloads is told on purpose, so it
// outweighs what is told of persons: a service account may have a name and an address.
func (s *survey) holder(issuer identity) finding.Holder {
	if s.has(markActor) {
		for _, name := range [...]string{"act", "may_act"} {
			if isObject(s.Claims[name]) {
				return finding.Holder{Kind: delegated, By: name} // RFC 8693, sections 4.1 and 4.4: an object, of claims
			}
		}
	}
	if issuer.holder.Kind != "" && s.says(issuer.holder.By) {
		return issuer.holder
	}
	if by, ok := s.workload(); ok {
		return finding.Holder{Kind: workload, By: by}
	}
	if by, ok := s.person(); ok && (issuer.kind != noCredential || s.has(markPersonal)) {
		return finding.Holder{Kind: person, By: by}
	}
	if issuer.holder.Kind == workload && s.Issuer != "" {
		return finding.Holder{Kind: workload, By: "iss"} // that claim is left out; what proves the issuer tells it too
	}
	return finding.Holder{Kind: unknown}
}

// says reports whether a claim is there and is no empty string.
func (s *survey) says(name string) bool {
	value, ok := s.Claims[name]
	return ok && value != ""
}

// workload knows the claims by which any issuer says that no person is behind the token.
func (s *survey) workload() (by string, ok bool) {
	switch {
	case strings.HasPrefix(s.Subject, "system:serviceaccount:"), strings.HasPrefix(s.Subject, "spiffe://"),
		strings.HasSuffix(s.Subject, "@clients"), strings.HasSuffix(s.Subject, ".gserviceaccount.com"):
		return "sub", true
	}
	if s.has(markClientID) {
		switch {
		case s.text("gty") == "client-credentials", s.text("gty") == "client_credentials":
			return "gty", true
		case s.text("idtyp") == "app":
			return "idtyp", true
		}
		for _, name := range [...]string{"client_id", "azp", "cid", "appid", "clientId"} {
			if s.Subject != "" && s.text(name) == s.Subject {
				return "sub", true // RFC 9068, section 2.2: a token of the client itself has the client as its subject
			}
		}
	}
	if s.has(markProduct) {
		switch s.text("grant_type") {
		case "client_credentials", "client-credentials":
			return "grant_type", true
		}
	}
	if s.has(markPersonal) {
		for _, name := range [...]string{"preferred_username", "email"} {
			if isServiceAddress(s.text(name)) {
				return name, true
			}
		}
	}
	return "", false
}

// person knows the claims that only a person's sign-in brings about, the most telling first.
func (s *survey) person() (by string, ok bool) {
	if s.has(markPersonal) {
		for _, name := range [...]string{
			"email", "preferred_username", "upn", "unique_name", "name", "given_name", "family_name", "phone_number", "nickname",
			"birthdate", "first_name", "last_name", "firstName", "lastName", "full_name", "fullName", "picture",
		} {
			if value, ok := s.Claims[name]; ok && holdsPersonal(value) {
				return name, true
			}
		}
	}
	if s.has(markPerson) {
		for _, name := range [...]string{
			"amr", "auth_time", "cognito:username", "session_state", "sid", "at_hash", "c_hash", "acr", "nonce", "login_hint",
			"email_verified", "puid", "onprem_sid",
		} {
			if s.present(name) {
				return name, true
			}
		}
	}
	if isPersonalAddress(s.Subject) || strings.HasPrefix(s.Subject, "auth0|") || strings.Contains(s.Subject, "-oauth2|") {
		return "sub", true
	}
	if s.has(markUser) {
		for _, name := range [...]string{"user_metadata", "user", "profile"} {
			if object, ok := s.Claims[name].(map[string]any); ok && objectTellsOfPerson(object) {
				return name, true
			}
		}
	}
	return "", false
}
