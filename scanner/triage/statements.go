package triage

import "strings"

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
		return "logout-token", "OpenID Connect logout token", "logout token", "header parameter typ is logout+jwt, or claim events names a back-channel logout"
	case securityEvent:
		return "security-event", "Security event token (RFC 8417)", "security event", "header parameter typ is secevent+jwt, or claim events"
	case dpopProof:
		return "dpop-proof", "DPoP proof (RFC 9449)", "proof of possession", "header parameter typ is dpop+jwt"
	case federationStatement:
		return "federation-statement", "OpenID Federation statement", "entity statement", "header parameter typ is entity-statement+jwt, trust-mark+jwt, resolve-response+jwt, ..."
	case verifiableCredential:
		return "verifiable-credential", "Verifiable credential, presented with a key", "verifiable credential", "header parameter typ is vc+jwt, vc+sd-jwt or dc+sd-jwt, or claim vc or vct, or disclosures"
	case presentation:
		return "presentation", "Presentation of a verifiable credential", "presentation", "header parameter typ is vp+jwt or kb+jwt, or claim vp"
	case authorizationRequest:
		return "authorization-request", "OAuth 2.0 authorization request (RFC 9101)", "request object", "header parameter typ is oauth-authz-req+jwt, or claims response_type and client_id"
	case introspectionResponse:
		return "introspection-response", "OAuth 2.0 introspection response (RFC 9701)", "introspection response", "header parameter typ is token-introspection+jwt"
	case statusList:
		return "status-list", "Token status list", "status list", "header parameter typ is statuslist+jwt"
	case passport:
		return "passport", "PASSporT, the identity of a telephone call (RFC 8225)", "caller identity", "header parameter typ is passport"
	case acmeRequest:
		return "acme-request", "ACME request (RFC 8555)", "signed request", "header parameters nonce and url"
	case softwareStatement:
		return "software-statement", "OAuth 2.0 software statement (RFC 7591)", "software statement", "claim software_id"
	case webPush:
		return "web-push", "Web Push, the application server's identity (VAPID, RFC 8292)", "push identity", "aud is a push service; sub is a contact (mailto: or https:)"
	case licence:
		return "licence", "Licence key", "licence key", "claims that only licences have (license, licensee, license_id, ...), or a typ that says so"
	case verificationMail:
		return "verification-mail", "Link of a verification mail", "verification link", "a claim for its purpose says so (verify_email, email_verification, ...)"
	case attestation:
		return "attestation", "Device attestation", "attestation", "claims apkPackageName and ctsProfileMatch, or header parameter typ of an attestation"
	case appStoreSigned:
		return "app-store-signed", "App Store signed transaction or notification", "signed record", "header parameter x5c, with claims bundleId and transactionId, or notificationType"
	default:
		return "wallet-pass", "Google Wallet pass", "wallet pass", "typ is savetowallet"
	}
}

// statement knows the signed tokens that open nothing to who has them, or not by themselves. What the header's typ
// declares (RFC 8725, section 3.11) outweighs all claims.
func statement(s *survey) (identity, bool) {
	if s.Type != "" {
		if id := statementOfType(s.Type); id != issuerNone {
			return opensNothing(s, id), true
		}
	}
	if s.has(markEvents) {
		if events, ok := s.Claims["events"].(map[string]any); ok && len(events) > 0 {
			if _, ok := events["http://schemas.openid.net/event/backchannel-logout"]; ok {
				return opensNothing(s, logoutToken), true
			}
			return opensNothing(s, securityEvent), true
		}
	}
	if s.has(markCredential) {
		switch {
		case s.present("sd_hash") || s.present("vp"):
			return opensNothing(s, presentation), true
		case s.present("vc"), s.present("vct"), s.has(markConfirmation) && s.present("_sd"):
			return opensNothing(s, verifiableCredential), true
		}
	}
	if s.has(markPurpose | markType) {
		if i, ok := purposeOf(s); ok {
			return i, true
		}
	}
	return statementByShape(s)
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
		text := s.text(name)
		if text == "" || len(text) > 64 {
			continue
		}
		switch squeezed(text) {
		case "verifyemail", "emailverification", "verificationemail", "emailverify", "confirmemail", "emailconfirmation", "emailconfirm",
			"verifyaccount", "accountverification", "activation", "activateaccount", "accountactivation", "verification", "unsubscribe":
			return identity{issuer: verificationMail, kind: noCredential}, true
		case "resetpassword", "passwordreset", "forgotpassword", "passwordrecovery", "recovery", "magiclink", "passwordlesslogin":
			return identity{issuer: passwordReset}, true
		case "license", "licence", "licensekey":
			return opensNothing(s, licence), true
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
func statementByShape(s *survey) (identity, bool) {
	hasCertificates := s.has(markCertificates)
	switch {
	case s.has(markSignedRequest) && s.heading("nonce") != "" && s.heading("url") != "":
		return opensNothing(s, acmeRequest), true
	case s.has(markSigner) && strings.HasPrefix(s.heading("signer"), "arn:aws") && strings.Contains(s.heading("signer"), ":elasticloadbalancing:"):
		return identity{issuer: awsLoadBalancer, holder: holderBy(person, "sub")}, true
	case !s.has(markProduct):
		return webPushIdentity(s)
	case hasCertificates && s.present("bundleId") && (s.present("transactionId") || s.present("originalTransactionId")),
		hasCertificates && s.present("notificationType"):
		return opensNothing(s, appStoreSigned), true
	case s.present("apkPackageName") && s.present("ctsProfileMatch"):
		return opensNothing(s, attestation), true
	case s.present("software_id") && !s.present("scope"):
		return opensNothing(s, softwareStatement), true
	case s.present("htm") && s.present("htu"):
		return opensNothing(s, dpopProof), true
	case s.present("client_id") && s.present("response_type"):
		return opensNothing(s, authorizationRequest), true
	case s.present("orig") && s.present("dest"):
		return opensNothing(s, passport), true
	}
	return webPushIdentity(s)
}

// webPushIdentity: RFC 8292, section 2. There is no iss; the audience is the push service.
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
	return opensNothing(s, webPush), strings.HasPrefix(s.Subject, "mailto:")
}

// byShape knows kinds of credential, where the issuer is not known: their names come from standards.
func byShape(s *survey) (identity, bool) {
	switch strings.TrimPrefix(s.Type, "application/") {
	case "at+jwt", "at+JWT", "AT+JWT":
		return identity{issuer: accessToken}, true
	case "client-authentication+jwt":
		return identity{issuer: clientAssertion, holder: holderBy(workload, "sub")}, true
	}
	if s.has(markPurpose | markType | markTokenUse) {
		for _, name := range [...]string{"typ", "type", "token_type", "tokenType", "token_use", "usage"} {
			switch s.text(name) {
			case "refresh", "Refresh", "REFRESH", "refresh_token", "refreshToken", "refresh-token", "RefreshToken", "Offline":
				return identity{issuer: refreshToken}, true
			}
		}
	}
	if s.Issuer != "" && s.Issuer == s.Subject && isTokenEndpoint(s.Audience) {
		return identity{issuer: clientAssertion, holder: holderBy(workload, "sub")}, true
	}
	// A session may tell of its holder's licence, so one that has anything of a session or of authorization is none.
	if s.has(markLicence) && !s.has(markScopes|markNestedScopes|markPerson|markClientID|markActor|markFlag) && len(s.Audience) == 0 {
		return opensNothing(s, licence), true
	}
	return identity{}, false
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
