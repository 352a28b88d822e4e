package triage

import "strings"

// statementOfForm goes by claims that have the form which their specification gives them, and not by their names alone:
// an application may call a number of its own vc, or the list of what its user may do events.
func statementOfForm(s *survey) issuerID {
	switch {
	case isLogout(s):
		return logoutToken
	case tellsOfEvents(s):
		return securityEvent
	case isKeyBinding(s):
		return presentation
	case isCredentialObject(s.Claims["vc"]), s.text("vct") != "" && isDisclosable(s), s.bound() && isList(s.Claims["_sd"]):
		return verifiableCredential
	case isPresentationObject(s.Claims["vp"]):
		return presentation
	}
	return issuerNone
}

// isWhole reports whether a token has what the specification of the statement that it calls itself asks for.
func isWhole(s *survey, id issuerID) bool {
	switch id {
	case logoutToken:
		return isLogout(s)
	case securityEvent:
		return tellsOfEvents(s)
	case dpopProof:
		return isDPoPProof(s)
	case federationStatement:
		return isFederationStatement(s)
	case verifiableCredential:
		return isCredential(s)
	case presentation:
		return isPresentation(s)
	case authorizationRequest:
		return isAuthorizationRequest(s)
	case introspectionResponse: // RFC 9701, section 5
		return isObject(s.Claims["token_introspection"]) && s.Issuer != "" && len(s.Audience) > 0
	case statusList: // draft-ietf-oauth-status-list, section 5.1
		list, _ := s.Claims["status_list"].(map[string]any)
		_, isText := list["lst"].(string)
		return isText && s.Subject != ""
	case passport:
		return isCallersIdentity(s)
	case licence:
		return s.has(markLicence) && !s.hasSession() && isLicence(s)
	case attestation:
		return isAttestation(s)
	}
	return false
}

// isLogout: OpenID Connect Back-Channel Logout, section 2.4. Without the event a token is none, whatever its typ.
func isLogout(s *survey) bool {
	events, _ := s.Claims["events"].(map[string]any)
	return isObject(events["http://schemas.openid.net/event/backchannel-logout"])
}

// tellsOfEvents: RFC 8417, section 2.2: it has iss, iat and jti; events are named by URIs, and each is an object. It
// happened and doesn't end: the section advises against exp, which keeps sessions apart.
func tellsOfEvents(s *survey) bool {
	if s.Issuer == "" || s.ID == "" || !s.IssuedAt.Known() || s.present("exp") {
		return false
	}
	events, _ := s.Claims["events"].(map[string]any)
	for name, event := range events {
		if !strings.Contains(name, ":") || !isObject(event) {
			return false
		}
	}
	return len(events) > 0
}

// isDPoPProof: RFC 9449, section 4.2.
func isDPoPProof(s *survey) bool {
	return s.text("htm") != "" && strings.Contains(s.text("htu"), "://") && s.ID != "" && s.IssuedAt.Known()
}

// isFederationStatement: OpenID Federation 1.0, sections 3, 7 and 8. All name who speaks and what of; an entity's keys, its
// metadata, a mark or a chain is what they say.
func isFederationStatement(s *survey) bool {
	if s.Issuer == "" || s.has(markPerson|markClientID) {
		return false
	}
	keys, _ := s.Claims["jwks"].(map[string]any)
	metadata, _ := s.Claims["metadata"].(map[string]any)
	for kind := range metadata {
		if isObject(metadata[kind]) {
			return true
		}
	}
	if isList(keys["keys"]) {
		return true
	}
	isMark := strings.Contains(strings.ToLower(s.Type), "trust-mark") &&
		(s.text("trust_mark_type") != "" || s.text("trust_mark") != "" || s.text("id") != "")
	return isMark || isList(s.Claims["keys"]) || isList(s.Claims["trust_chain"])
}

// isCredential: the W3C's data model 1.1 has the credential in vc, 2.0 has it as the claims themselves; SD-JWT VC says its
// type in vct. None is made for an audience, but for one that only a key opens.
func isCredential(s *survey) bool {
	if len(s.Audience) > 0 && !s.bound() {
		return false
	}
	return isCredentialObject(s.Claims["vc"]) || isCredentialObject(s.Claims) || s.text("vct") != "" ||
		isList(s.Claims["_sd"]) || s.Disclosures > 0
}

// isCredentialObject: W3C Verifiable Credentials Data Model 1.1, sections 4.3 and 4.4: both are there in any.
func isCredentialObject(value any) bool {
	credential, _ := value.(map[string]any)
	_, isText := credential["type"].(string)
	return (isText || isList(credential["type"])) && (isObject(credential["credentialSubject"]) || isList(credential["credentialSubject"]))
}

// isDisclosable reports whether claims are left to the holder to disclose, or a holder's key is named.
func isDisclosable(s *survey) bool { return isList(s.Claims["_sd"]) || s.bound() || s.Disclosures > 0 }

// isPresentation: RFC 9901, section 4.3, for what binds a key; OpenID4VCI, appendix F.1, and attestation-based client
// authentication for a proof of one; the W3C's data model for what holds credentials. The proofs have no claims but these.
func isPresentation(s *survey) bool {
	switch {
	case isPresentationObject(s.Claims["vp"]), isPresentationObject(s.Claims):
		return true
	case s.text("sd_hash") != "":
		return isKeyBinding(s)
	case len(s.Audience) == 0 || !s.IssuedAt.Known():
		return false
	}
	return s.onlyClaims("iss", "aud", "iat", "exp", "nbf", "jti", "nonce", "challenge") &&
		(s.ID != "" || s.KeyID != "" || s.has(markKeyInHeader|markCertificates))
}

// isKeyBinding: RFC 9901, section 4.3: the holder signs it for a verifier, so it names no issuer and no subject.
func isKeyBinding(s *survey) bool {
	return s.text("sd_hash") != "" && s.text("nonce") != "" && len(s.Audience) > 0 && s.IssuedAt.Known() && s.Issuer == "" &&
		s.Subject == ""
}

// isPresentationObject: W3C Verifiable Credentials Data Model 1.1, section 4.10.
func isPresentationObject(value any) bool {
	presentation, _ := value.(map[string]any)
	_, isText := presentation["type"].(string)
	_, holds := presentation["verifiableCredential"]
	return holds && (isText || isList(presentation["type"]))
}

// isCallersIdentity: RFC 8225, section 5.2.1.
func isCallersIdentity(s *survey) bool {
	origin, _ := s.Claims["orig"].(map[string]any)
	destination, _ := s.Claims["dest"].(map[string]any)
	return hasAny(origin, "tn", "uri") && hasAny(destination, "tn", "uri") && s.IssuedAt.Known()
}

// isAttestation: SafetyNet's has a certificate and what it found; those of a client or of a wallet are for a key
// (draft-ietf-oauth-attestation-based-client-auth, section 5; OpenID4VCI, appendix D).
func isAttestation(s *survey) bool {
	if s.present("apkPackageName") {
		_, isVerdict := s.Claims["ctsProfileMatch"].(bool)
		return s.has(markCertificates) && isVerdict && s.text("nonce") != "" && s.Subject == ""
	}
	return s.bound() || isList(s.Claims["attested_keys"])
}

// isACMERequest: RFC 8555, section 6.2: signed by an account's private key, which is in the header or named there by a URL.
// The payload is what is asked for, and has no claims.
func isACMERequest(s *survey) bool {
	if !strings.HasPrefix(s.heading("url"), "https://") || s.heading("nonce") == "" || isHMAC(s.Algorithm) || s.Type != "" ||
		!isObject(s.Header["jwk"]) && !strings.Contains(s.KeyID, "://") {
		return false
	}
	return s.onlyClaims("termsOfServiceAgreed", "contact", "onlyReturnExisting", "externalAccountBinding", "identifiers",
		"notBefore", "notAfter", "csr", "certificate", "reason", "status", "resource", "identifier", "payload", "protected",
		"signature", "replaces", "profile")
}

// isAppStoreRecord: all of them say when they were signed, or are notifications, of which each has its number.
func isAppStoreRecord(s *survey) bool {
	if s.Subject != "" || s.Issuer != "" {
		return false
	}
	return s.present("bundleId") && (s.present("transactionId") || s.present("originalTransactionId")) ||
		s.present("notificationType") && (s.present("notificationUUID") || s.present("data") || s.present("summary"))
}

// isSoftwareStatement: RFC 7591, section 2.3: it says of a client what its registration would, and is about no subject.
func isSoftwareStatement(s *survey) bool {
	if s.Subject != "" || s.present("scope") {
		return false
	}
	for _, name := range [...]string{
		"client_name", "client_uri", "redirect_uris", "grant_types", "response_types", "jwks_uri", "software_version",
		"software_client_name", "software_redirect_uris", "software_roles", "token_endpoint_auth_method",
	} {
		if s.present(name) {
			return true
		}
	}
	return false
}

// isAuthorizationRequest: RFC 9101, section 4: the parameters of a request, issued by the client, about no subject.
func isAuthorizationRequest(s *survey) bool {
	client := s.text("client_id")
	return client != "" && s.text("response_type") != "" && s.Subject == "" && (s.Issuer == "" || s.Issuer == client)
}

// hasOwnClaims reports whether a token has nothing but the claims that the specification of its kind gives it, so that it
// is that also where its issuer makes credentials too.
func hasOwnClaims(s *survey, id issuerID) bool {
	switch id {
	case logoutToken: // Keycloak writes the claim typ
		return len(s.Audience) > 0 && s.onlyClaims("iss", "sub", "aud", "iat", "nbf", "exp", "jti", "events", "sid", "typ")
	case securityEvent:
		return s.onlyClaims("iss", "aud", "iat", "jti", "events", "txn", "toe", "sub_id") // its subject is within
	case federationStatement:
		return s.onlyClaims("iss", "sub", "aud", "iat", "exp", "jti", "jwks", "metadata", "metadata_policy", "metadata_policy_crit",
			"authority_hints", "constraints", "crit", "trust_marks", "trust_mark_issuers", "trust_mark_owners", "source_endpoint",
			"trust_chain", "trust_anchor", "keys", "id", "trust_mark_type", "trust_mark", "ref", "logo_uri", "delegation", "status")
	case introspectionResponse:
		return s.onlyClaims("iss", "aud", "iat", "jti", "token_introspection")
	case statusList:
		return s.onlyClaims("iss", "sub", "iat", "exp", "ttl", "status_list", "aggregation_uri")
	case verifiableCredential: // its claims are its subject's, whatever they be; it is for no audience
		return len(s.Audience) == 0 && statementOfType(s.Type) == verifiableCredential
	case dpopProof:
		return s.onlyClaims("htm", "htu", "jti", "iat", "ath", "nonce", "exp", "nbf")
	case acmeRequest:
		return true // isACMERequest allows no other
	}
	return false
}

func isList(value any) bool {
	list, _ := value.([]any)
	return len(list) > 0
}

func isObject(value any) bool {
	_, ok := value.(map[string]any)
	return ok
}

func hasAny(object map[string]any, names ...string) bool {
	for _, name := range names {
		if _, ok := object[name]; ok {
			return true
		}
	}
	return false
}
