package triage

import (
	"slices"
	"strings"
	"time"
)

func statementRule(id issuerID) IssuerRule {
	switch id {
	case refreshToken:
		return IssuerRule{
			ID: "refresh-token", Name: "Refresh token", Credential: true,
			Proof: "claim typ, type, token_type or token_use says so", TokenUses: refresh,
			Revocation: "Revoke it at the issuer's revocation endpoint (RFC 7009), or end the session it belongs to.",
		}
	case accessToken:
		return IssuerRule{
			ID: "oauth-access-token", Name: "OAuth 2.0 access token (RFC 9068)", Credential: true,
			Proof: "header parameter typ is at+jwt", TokenUses: access,
			Revocation: "Ask the authorization server (iss) to revoke it (RFC 7009); services that don't introspect accept it until exp.",
		}
	case clientAssertion:
		return IssuerRule{
			ID: "client-assertion", Name: "OAuth 2.0 client assertion (RFC 7523)", Credential: true,
			Proof: "iss and sub are the same client, and aud is a token endpoint; or header parameter typ is client-authentication+jwt", TokenUses: "client assertion",
			Revocation: "Can't be revoked: wait for exp. The client's key signed it and is not in it; if it is one of many, replace the key at the authorization server.",
		}
	case passwordReset:
		return IssuerRule{
			ID: "one-time-link", Name: "One-time link (password reset, sign-in)", Credential: true,
			Proof: "a claim for its purpose says so", TokenUses: "one-time token",
			Revocation: "Whoever uses it first takes over the account. Use it up or request a new one, and see whether the password was changed since.",
		}
	}
	rule := IssuerRule{Revocation: "Nothing to revoke: it opens nothing to who has it."}
	rule.ID, rule.Name, rule.TokenUses, rule.Proof = statementNames(id)
	switch id {
	case verifiableCredential:
		rule.Revocation = "Of no use without its holder's key, but readable: it may tell of a person. Its issuer can revoke it by its status list."
	case dpopProof:
		rule.Revocation = "Of no use but for one request, within minutes, together with its token. Nothing to revoke."
	case licence:
		rule.Revocation = "Opens a product, not data. Ask the vendor to replace it if it must not be shared."
	case webPush:
		rule.Revocation = "Can't be revoked and lives a day at most; of use only together with a subscription's address. Replacing the VAPID key ends all subscriptions."
	case verificationMail:
		rule.Revocation = "Confirms an address, once. Nothing to revoke; an unconfirmed account can ask for a new one."
	case walletPass:
		rule.Revocation = "Puts a pass into a wallet. Set the pass to inactive or expired if it must not be shared."
	}
	return rule
}

// statementNames are those of signed statements that are no credential.
func statementNames(id issuerID) (short, name, use, proof string) {
	switch id {
	case logoutToken:
		return "logout-token", "OpenID Connect logout token", "logout token", "claim events names a back-channel logout"
	case securityEvent:
		return "security-event", "Security event token (RFC 8417)", "security event", "claim events is an object of URIs, each with an object, beside iss, jti and iat, without exp"
	case dpopProof:
		return "dpop-proof", "DPoP proof (RFC 9449)", "proof of possession", "claims htm, htu, jti and iat, with header parameter typ dpop+jwt or about no subject"
	case federationStatement:
		return "federation-statement", "OpenID Federation statement", "entity statement", "header parameter typ is entity-statement+jwt, trust-mark+jwt, resolve-response+jwt, ...; with the keys, metadata or mark that it states"
	case verifiableCredential:
		return "verifiable-credential", "Verifiable credential, presented with a key", "verifiable credential", "a type and a credentialSubject, in claim vc or beside typ vc+jwt; or vct, _sd or disclosures, with typ vc+sd-jwt or dc+sd-jwt, or with a key in cnf"
	case presentation:
		return "presentation", "Presentation of a verifiable credential", "presentation", "claim vp with verifiableCredential; or aud, iat, nonce and sd_hash without iss; or a proof of a key that its typ names"
	case authorizationRequest:
		return "authorization-request", "OAuth 2.0 authorization request (RFC 9101)", "request object", "claims response_type and client_id, about no subject"
	case introspectionResponse:
		return "introspection-response", "OAuth 2.0 introspection response (RFC 9701)", "introspection response", "header parameter typ is token-introspection+jwt, with claim token_introspection"
	case statusList:
		return "status-list", "Token status list", "status list", "header parameter typ is statuslist+jwt, with claim status_list"
	case passport:
		return "passport", "PASSporT, the identity of a telephone call (RFC 8225)", "caller identity", "claims iat, orig and dest, which name numbers or addresses"
	case acmeRequest:
		return "acme-request", "ACME request (RFC 8555)", "signed request", "header parameters nonce, url, and jwk or the account's kid, with no claims but ACME's"
	case softwareStatement:
		return "software-statement", "OAuth 2.0 software statement (RFC 7591)", "software statement", "claim software_id"
	case webPush:
		return "web-push", "Web Push, the application server's identity (VAPID, RFC 8292)", "push identity", "aud is a push service; sub is a contact (mailto: or https:)"
	case licence:
		return "licence", "Licence key", "licence key", "claims that only licences have (license, licensee, license_id, ...), and none of a session"
	case verificationMail:
		return "verification-mail", "Link of a verification mail", "verification link", "a claim for its purpose says so (verify_email, email_verification, ...), or says verification beside an email"
	case attestation:
		return "attestation", "Device attestation", "attestation", "claims apkPackageName and ctsProfileMatch with header parameter x5c; or a typ of an attestation, with the key attested"
	case appStoreSigned:
		return "app-store-signed", "App Store signed transaction or notification", "signed record", "header parameter x5c, with claims bundleId and transactionId, or notificationType"
	default:
		return "wallet-pass", "Google Wallet pass", "wallet pass", "claim typ is savetowallet, aud is google, with a payload"
	}
}

// statement knows the signed tokens that open nothing to who has them, or not by themselves. One claim or header parameter
// proves none: whoever writes a session may call it what they like. A token is a statement where it has what the
// specification of its kind asks for, and nothing that says what its holder may do: a verifier that doesn't look at typ
// takes one that has for a credential.
func statement(s *survey) (identity, bool) {
	grants := s.grants()
	if s.Type != "" {
		if id := statementOfType(s.Type); id != issuerNone && isWhole(s, id) && (!grants || mayAsk(s, id)) {
			return opensNothing(s, id), true
		}
	}
	if s.has(markEvents|markCredential) && !grants {
		if id := statementOfForm(s); id != issuerNone {
			return opensNothing(s, id), true
		}
	}
	if s.has(markPurpose | markType) {
		if i, ok := purposeOf(s); ok && (i.kind != noCredential || !grants) {
			return i, true
		}
	}
	if s.has(markSigner) && isKeyPairAlgorithm(s.Algorithm) && isLoadBalancer(s.heading("signer")) {
		return identity{issuer: awsLoadBalancer, holder: holderBy(person, "sub")}, true
	}
	return statementByShape(s, grants)
}

// grants reports whether a claim says what the holder may do.
func (s *survey) grants() bool { return s.has(markScopes | markNestedScopes | markFlag) }

// mayAsk reports whether a statement has scopes that it asks for, or tells of, and doesn't have itself.
func mayAsk(s *survey, id issuerID) bool {
	if s.has(markFlag) {
		return false
	}
	switch id {
	case authorizationRequest, softwareStatement:
		return true
	case verifiableCredential:
		return s.bound() // the roles of who has the key
	}
	return false
}

// opensMore reports whether a token that is taken for a statement of that kind is a credential for all that: it has what
// access tokens have, or a rule proves who issued it. Such an issuer has its own words for what it makes, and whoever may
// add claims there turns no credential into a statement by one more; a statement of it has nothing but its kind's claims.
func (s *survey) opensMore(id issuerID) bool {
	if id != authorizationRequest && id != softwareStatement && len(s.Audience) > 0 && s.ExpiresAt.Known() &&
		(s.grants() || s.has(markClientID)) {
		return true
	}
	i, known := claimedIssuer(s) // a signature that doesn't fit makes a credential no statement
	return known && i.kind != noCredential && !hasOwnClaims(s, id)
}

// opensNothing is a statement that is no credential. That its holder is a person is left to the general claims.
func opensNothing(_ *survey, id issuerID) identity { return identity{issuer: id, kind: noCredential} }

// statementOfType goes by the media type in typ (RFC 7515, section 4.1.9: application/ may be left out).
func statementOfType(typ string) issuerID {
	if len(typ) > 64 {
		return issuerNone
	}
	if typ == "JWT" || typ == "jwt" {
		return issuerNone
	}
	switch strings.TrimPrefix(strings.ToLower(typ), "application/") {
	case "logout+jwt":
		return logoutToken
	case "secevent+jwt":
		return securityEvent
	case "dpop+jwt":
		return dpopProof
	case "entity-statement+jwt", "trust-mark+jwt", "trust-mark-delegation+jwt", "trust-mark-status-response+jwt",
		"resolve-response+jwt", "explicit-registration-response+jwt", "jwk-set+jwt", "trust-chain+json":
		return federationStatement
	case "vc+jwt", "vc+sd-jwt", "dc+sd-jwt", "vc+ld+jwt", "vc+ld+json+jwt", "vc-ld+jwt", "vc-ld+sd-jwt", "sd-jwt", "sd+jwt", "example+sd-jwt":
		return verifiableCredential
	case "vp+jwt", "kb+jwt", "vp+sd-jwt", "vp+ld+jwt", "openid4vci-proof+jwt", "oauth-client-attestation-pop+jwt":
		return presentation
	case "oauth-authz-req+jwt":
		return authorizationRequest
	case "token-introspection+jwt":
		return introspectionResponse
	case "statuslist+jwt":
		return statusList
	case "passport":
		return passport
	case "license", "licence", "license+jwt", "licence+jwt", "license-key":
		return licence
	case "oauth-client-attestation+jwt", "wallet-attestation+jwt", "key-attestation+jwt", "keyattestation+jwt":
		return attestation
	}
	return issuerNone
}

// purposeOf goes by the claims in which applications say what a token of theirs is for.
func purposeOf(s *survey) (identity, bool) {
	for _, name := range [...]string{"purpose", "typ", "type", "token_type", "tokenType", "token_use", "action", "usage", "intent"} {
		if name == "type" && !s.has(markPurpose) && !s.has(markTokenUse) {
			break // typ is the only one that is there
		}
		text := s.text(name)
		if text == "" || len(text) > 64 {
			continue
		}
		switch word := squeezed(text); word {
		case "verifyemail", "emailverification", "verificationemail", "emailverify", "confirmemail", "emailconfirmation", "emailconfirm":
			return identity{issuer: verificationMail, kind: noCredential}, true
		case "verifyaccount", "accountverification", "activation", "activateaccount", "accountactivation", "verification", "unsubscribe":
			// What is verified by a link is an address; a session may be of the type "verification".
			return identity{issuer: verificationMail, kind: noCredential}, s.text("email") != ""
		case "resetpassword", "passwordreset", "forgotpassword", "passwordrecovery", "recovery", "magiclink", "passwordlesslogin":
			return identity{issuer: passwordReset}, true
		case "license", "licence", "licensekey":
			return opensNothing(s, licence), s.has(markLicence) && !s.hasSession() && isLicence(s)
		}
	}
	return identity{}, false
}

// squeezed returns the letters of a word, in lower case: verify_email, verify-email and verifyEmail are one.
func squeezed(word string) string {
	letters := make([]byte, 0, 64)
	for i := range len(word) {
		if c := word[i]; 'a' <= c && c <= 'z' {
			letters = append(letters, c)
		} else if 'A' <= c && c <= 'Z' {
			letters = append(letters, c-'A'+'a')
		}
	}
	return string(letters)
}

// statementByShape goes by header parameters and claims that stand for a statement only together.
func statementByShape(s *survey, grants bool) (identity, bool) {
	if grants && (!s.has(markStatement) || !s.present("software_id") && !s.present("response_type")) {
		return identity{}, false
	}
	id := issuerNone
	switch {
	case s.has(markSignedRequest) && isACMERequest(s):
		id = acmeRequest
	case !s.has(markProduct) || s.has(markFlag):
	case s.has(markCertificates) && isAppStoreRecord(s):
		id = appStoreSigned
	case !s.has(markStatement):
	case s.present("apkPackageName") && isWhole(s, attestation):
		id = attestation
	case s.present("software_id") && isSoftwareStatement(s):
		id = softwareStatement
	case s.present("htm") && isDPoPProof(s) && s.Subject == "" && s.Issuer == "":
		id = dpopProof
	case s.present("response_type") && isAuthorizationRequest(s):
		id = authorizationRequest
	case s.present("orig") && isCallersIdentity(s):
		id = passport
	}
	if id == issuerNone {
		if grants {
			return identity{}, false
		}
		return webPushIdentity(s)
	}
	return opensNothing(s, id), true
}

func isLoadBalancer(signer string) bool {
	return strings.HasPrefix(signer, "arn:aws") && strings.Contains(signer, ":elasticloadbalancing:")
}

// webPushIdentity: RFC 8292, section 2. There is no iss; the audience is the push service. One that is not known must be
// called so: an API may have clients that name a contact.
func webPushIdentity(s *survey) (identity, bool) {
	if s.Algorithm != "ES256" || s.Issuer != "" || len(s.Audience) != 1 || s.Claims == nil {
		return identity{}, false
	}
	host, _ := splitIssuer(s.Audience[0])
	switch registered(host, 2) {
	case "googleapis.com", "mozilla.com", "windows.com", "apple.com":
		isPush := host == "fcm.googleapis.com" || strings.HasSuffix(host, ".push.services.mozilla.com") ||
			strings.HasSuffix(host, ".notify.windows.com") || host == "web.push.apple.com"
		return opensNothing(s, webPush), isPush
	}
	isOrigin := strings.HasPrefix(s.Audience[0], "https://") && strings.Count(s.Audience[0], "/") == 2
	return opensNothing(s, webPush), isOrigin && slices.Contains(strings.Split(host, "."), "push") && strings.HasPrefix(s.Subject, "mailto:") &&
		s.onlyClaims("aud", "exp", "sub", "iat")
}

// byShape knows kinds of credential, where the issuer is not known: their names come from standards.
func byShape(s *survey) (identity, bool) {
	if s.Type != "" && s.Type != "JWT" {
		switch strings.TrimPrefix(strings.ToLower(s.Type[:min(len(s.Type), 64)]), "application/") {
		case "at+jwt":
			return identity{issuer: accessToken}, true
		case "client-authentication+jwt":
			return identity{issuer: clientAssertion, holder: holderBy(workload, "sub")}, true
		}
	}
	if s.has(markPurpose | markType | markTokenUse) {
		for _, name := range [...]string{"typ", "type", "token_type", "tokenType", "token_use", "usage"} {
			switch text := s.text(name); squeezed(text[:min(len(text), 64)]) {
			case "refresh", "refreshtoken":
				return identity{issuer: refreshToken}, true
			}
		}
	}
	if s.Issuer != "" && s.Issuer == s.Subject && isTokenEndpoint(s.Audience) {
		return identity{issuer: clientAssertion, holder: holderBy(workload, "sub")}, true
	}
	// A session may tell of its holder's licence, so one that has anything of a session or of authorization is none.
	if s.has(markLicence) && !s.hasSession() && isLicence(s) {
		return opensNothing(s, licence), true
	}
	return identity{}, false
}

// hasSession reports whether a token has anything of a session or of authorization.
func (s *survey) hasSession() bool {
	return s.grants() || s.has(markPerson|markClientID|markActor) || len(s.Audience) > 0
}

// isLicence reports whether the claims of licences make the token one: those that speak of a key or of who holds the
// licence do by themselves; that a subject has a licence doesn't, nor does anything that ends within a day.
func isLicence(s *survey) bool {
	if life, ok := lifetime(s.Token); ok && life <= 24*time.Hour {
		return false
	}
	for _, name := range [...]string{"licensee", "license_key", "licenseKey", "lexp", "lic_exp"} {
		if s.present(name) {
			return true
		}
	}
	return s.Subject == ""
}

// isTokenEndpoint: RFC 7523, section 3: the audience of a client's assertion is the authorization server's token endpoint.
func isTokenEndpoint(audience []string) bool {
	for _, name := range audience {
		if strings.HasPrefix(name, "https://") && (strings.HasSuffix(name, "/token") || strings.HasSuffix(name, "/token/")) {
			return true
		}
	}
	return false
}
