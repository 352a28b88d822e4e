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
	scoped [16]any // the claims that say what the holder may do, by their number
	host   string  // of iss, lower case, without port; empty where iss is no https URL and no bare host
	path   string  // of iss, from the first '/' on
	tells  bool    // some claim holds something of a person
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
	markProduct                         // a claim by which a product is known without its address
	markPrivate                         // a claim name that is a URI
	markKeyInHeader                     // jku, x5u, jwk
	markCertificates                    // x5c
	markSignedRequest                   // nonce or url, as header parameters
	markSigner                          // signer
	markZitadel                         // urn:zitadel:iam:...
)

func (s *survey) has(m marks) bool { return s.marks&m != 0 }

// look makes the survey of s.Token.
func (s *survey) look() {
	for name, value := range s.Claims {
		mark := markOf(name)
		s.marks |= mark
		if mark&markScopes != 0 {
			s.scoped[scopeClaim(name)] = value
		}
		if mark&(markPersonal|markUser|markPrivate) != 0 && !s.tells {
			s.tells = tellsOfPerson(name, mark, value)
		}
	}
	if !s.hasPlainHeader() {
		s.lookAtHeader()
	}
	s.host, s.path = splitIssuer(s.Issuer)
}

// hasPlainHeader reports whether the header has nothing but alg, typ and kid, as most have.
func (s *survey) hasPlainHeader() bool {
	read := 0
	for _, parameter := range [...]string{s.Algorithm, s.Type, s.KeyID} {
		if parameter != "" {
			read++
		}
	}
	return len(s.Header) == read
}

func (s *survey) lookAtHeader() {
	for name := range s.Header {
		switch name {
		case "jku", "x5u", "jwk":
			s.marks |= markKeyInHeader
		case "x5c":
			s.marks |= markCertificates
		case "nonce", "url":
			s.marks |= markSignedRequest
		case "signer":
			s.marks |= markSigner
		}
	}
}

// markOf says what the name of a claim alone tells.
func markOf(name string) marks {
	switch name {
	case "iss", "sub", "aud", "exp", "nbf", "iat", "jti":
		return 0
	case "email", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "upn", "unique_name",
		"phone_number", "phone", "mobile", "address", "birthdate", "birthday", "dob", "gender", "picture", "profile",
		"first_name", "last_name", "firstName", "lastName", "firstname", "lastname", "fullName", "full_name", "fullname",
		"emailAddress", "email_address", "emails", "phoneNumber", "mail", "ssn", "passport", "national_id", "ipaddr",
		"displayName", "display_name":
		return markPersonal | markUser
	case "auth_time", "amr", "acr", "at_hash", "c_hash", "nonce", "sid", "session_state", "email_verified", "login_hint",
		"cognito:username", "auth_provider", "puid", "onprem_sid":
		return markPerson
	case "scope", "scp", "scopes", "roles", "groups", "permissions", "perms", "authorities", "wids", "entitlements",
		"cognito:groups", "cognito:roles", "privileges", "rights", "abilities":
		return markScopes
	case "role":
		return markScopes | markRole
	case "realm_access", "resource_access", "access", "app_metadata", "authorization", "mercure", "https://hasura.io/jwt/claims",
		"x-hasura-default-role", "x-hasura-allowed-roles":
		return markNestedScopes | markProduct
	case "act", "may_act":
		return markActor
	case "cnf":
		return markConfirmation
	case "events":
		return markEvents
	case "token_use":
		return markTokenUse | markProduct
	case "typ":
		return markType
	case "purpose", "type", "action", "token_type", "tokenType", "usage", "intent":
		return markPurpose | markProduct
	case "license", "licence", "licensee", "license_key", "licenseKey", "license_id", "licenseId", "licenceId", "lic", "lexp",
		"lic_exp", "license_type", "licenseType":
		return markLicence
	case "vc", "vp", "vct", "_sd", "_sd_alg", "sd_hash":
		return markCredential
	case "user", "user_metadata":
		return markUser | markProduct
	case "client_id", "azp", "cid", "appid", "clientId", "gty", "idtyp":
		return markClientID | markProduct
	case "admin", "is_admin", "isAdmin", "superuser", "is_superuser", "isSuperuser", "root", "is_staff":
		return markFlag
	case "kubernetes.io", "kubernetes.io/serviceaccount/namespace", "kubernetes.io/serviceaccount/secret.name",
		"kubernetes.io/serviceaccount/service-account.name", "kubernetes.io/serviceaccount/service-account.uid":
		return markKubernetes
	}
	return markOfProduct(name)
}

// markOfProduct marks the claims by which a product is known without its address.
func markOfProduct(name string) marks {
	switch name {
	case "nomad_namespace", "nomad_job_id", "project_path", "pipeline_id", "terraform_run_phase", "terraform_workspace_name",
		"applicationId", "authenticationType", "identity_nonce", "qsh", "baas_device_id", "collectionId", "grants", "video",
		"x-ably-capability", "apptype", "zid", "grant_type", "session_id", "ref", "ver", "federated_claims", "accessor",
		"apkPackageName", "ctsProfileMatch", "bundleId", "transactionId", "notificationType", "software_id", "nameid",
		"box_sub_type", "stable_sid", "resourceId", "skypeid", "uid", "xms_mirid", "identity", "origin", "code", "cty",
		"vault", "namespace", "slug", "lid", "application_id", "tokenId", "userId", "google", "firebase", "ext_attr",
		"repository", "build_number", "organization_slug", "spaceId", "callerType", "tid", "oid", "jwt_type", "pdt",
		"drn", "tenantId", "resource", "params", "room", "context", "htm", "htu", "txn", "mky", "orig", "dest",
		"ext", "authenticatedBy", "delegatedPermissions", "baas_domain_id", "identityAccessTokenId", "feed_id", "server", "call_cids", "a":
		return markProduct
	}
	if strings.HasPrefix(name, "urn:zitadel:iam:") {
		return markProduct | markZitadel
	}
	if strings.HasPrefix(name, "http") && strings.Contains(name, "://") {
		return markPrivate | markProduct
	}
	return 0
}

// splitIssuer returns the host, in lower case, and the path of an issuer that is an https URL (or http, or a bare host
// name with a dot), and nothing of one that is anything else. One with user information has no host: what stands in
// front of the '@' is there to mislead.
func splitIssuer(issuer string) (host, path string) {
	host, isURL := strings.CutPrefix(issuer, "https://")
	if !isURL {
		host, isURL = strings.CutPrefix(issuer, "http://")
	}
	dots, colon := 0, -1
	for i := 0; i < len(host); i++ {
		switch host[i] {
		case '/', '?', '#', '\\':
			host, path = host[:i], host[i:]
		case '@', ' ':
			return "", ""
		case ':':
			colon = i
		case '.':
			dots++
		}
	}
	if !isURL && dots == 0 {
		return "", ""
	}
	if colon >= 0 {
		host = host[:colon]
	}
	return strings.ToLower(strings.TrimSuffix(host, ".")), path
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
