package triage

import (
	"cmp"
	"strings"
	"sync"
)

// endSession is what can be done about the ID token of a sign-in service.
const endSession = "An ID token can't be revoked; it proves one sign-in to one application and lives about an hour. "

func providerRule(id issuerID) IssuerRule {
	if id >= loginGov {
		return signInRule(id)
	}
	switch id {
	case okta:
		return IssuerRule{
			ID: "okta", Name: "Okta", Credential: true,
			Proof:      "iss is an address below okta.com, okta-emea.com, okta-gov.com or oktapreview.com; elsewhere claims ver, cid and scp with a path of /oauth2/",
			TokenUses:  "access token, ID token",
			Revocation: "Revoke access and refresh tokens at the authorization server: POST ISSUER/v1/revoke (ISSUER/oauth2/v1/revoke if ISSUER has no path) with the client's credentials. Okta's own APIs refuse them then; yours accept them until exp unless they introspect. Directory > People > the user > Clear User Sessions ends the rest.",
		}
	case auth0:
		return IssuerRule{
			ID: "auth0", Name: "Auth0", Credential: true,
			Proof:      "iss is https://TENANT.auth0.com/; elsewhere claim gty, or a sub that begins with auth0|",
			TokenUses:  "access token, ID token",
			Revocation: "An access token can't be revoked: wait for exp. Revoke the refresh token (POST /oauth/revoke) or delete the grant; for a client's own token rotate its secret; if it is many, rotate the tenant's signing key (Settings > Signing Keys > Rotate & Revoke).",
		}
	case keycloak:
		return IssuerRule{
			ID: "keycloak", Name: "Keycloak", Credential: true,
			Proof:      "path of iss ends with /realms/REALM, and claims that Keycloak writes: typ (Bearer, ID, Refresh, ...), azp, sid, realm_access, ...",
			TokenUses:  "access token, ID token, refresh token, offline token",
			Revocation: "Admin console > the realm > Sessions > the user's session > Sign out; or Sessions > Action > Revocation > Set to now, which ends all tokens issued before (services learn of it only where they introspect).",
		}
	case oneLogin:
		return IssuerRule{
			ID: "onelogin", Name: "OneLogin", Credential: true,
			Proof:      "iss is https://TENANT.onelogin.com/oidc/2",
			TokenUses:  "access token, ID token",
			Revocation: "Revoke it: POST ISSUER/token/revocation with the client's credentials; end the user's own session, which stops new ones: PUT https://TENANT.onelogin.com/api/1/users/USER-ID/logout",
		}
	case ping:
		return IssuerRule{
			ID: "ping", Name: "PingOne", Credential: true,
			Proof:      "iss is https://auth.pingone.REGION/ENVIRONMENT/as",
			TokenUses:  "access token, ID token",
			Revocation: "A token for an API of your own that has a sid: POST ISSUER/revoke with the client's credentials; services that introspect refuse it then, others accept it until exp. One for PingOne's own API can't be revoked: wait for exp.",
		}
	case jumpCloud:
		return IssuerRule{
			ID: "jumpcloud", Name: "JumpCloud", Credential: true,
			Proof:      "iss is https://oauth.id.jumpcloud.com/",
			TokenUses:  "ID token, access token",
			Revocation: strings.TrimSpace(endSession),
		}
	case workOS:
		return IssuerRule{
			ID: "workos", Name: "WorkOS", Credential: true,
			Proof:      "iss is https://api.workos.com, perhaps with /user_management/CLIENT",
			TokenUses:  access,
			Revocation: "Lives minutes. End the session, which stops new ones: POST https://api.workos.com/user_management/sessions/revoke with its session id.",
		}
	case clerk:
		return IssuerRule{
			ID: "clerk", Name: "Clerk", Credential: true,
			Proof:      "iss is https://NAME.clerk.accounts.dev or https://clerk.DOMAIN, with a sid that begins with sess_ or a sub that begins with user_",
			TokenUses:  session,
			Revocation: "Lives a minute. Revoke the session, which stops new ones: POST https://api.clerk.com/v1/sessions/SESSION/revoke",
		}
	case stytch:
		return IssuerRule{
			ID: "stytch", Name: "Stytch", Credential: true,
			Proof:      "iss is stytch.com/PROJECT, or claim https://stytch.com/session",
			TokenUses:  session,
			Revocation: "Lives five minutes. Revoke the session, which stops new ones: POST https://api.stytch.com/v1/sessions/revoke (of an organization's member: /v1/b2b/sessions/revoke)",
		}
	case descope:
		return IssuerRule{
			ID: "descope", Name: "Descope", Credential: true,
			Proof:      "claim drn is DS, DSR or DSA, or iss is an address of descope.com",
			TokenUses:  "session token, refresh token",
			Revocation: "Log the user out everywhere: management API /v1/mgmt/user/logout; a session token itself is accepted until exp.",
		}
	case frontegg:
		return IssuerRule{
			ID: "frontegg", Name: "Frontegg", Credential: true,
			Proof:      "iss is https://TENANT.frontegg.com",
			TokenUses:  "access token",
			Revocation: "Can't be revoked: wait for exp. Log the user out of all sessions, or delete the API token it was made with, in the admin portal.",
		}
	case fusionAuth:
		return IssuerRule{
			ID: "fusionauth", Name: "FusionAuth", Credential: true,
			Proof:      "claims applicationId and authenticationType",
			TokenUses:  "access token",
			Revocation: "An access token can't be revoked: wait for exp. Revoke the user's refresh tokens (DELETE /api/jwt/refresh?userId=USER), which also tells services through the jwt.refresh-token.revoke webhook.",
		}
	case salesforce:
		return IssuerRule{
			ID: "salesforce", Name: "Salesforce", Credential: true,
			Proof:      "iss is https://login.salesforce.com, https://test.salesforce.com or below my.salesforce.com",
			TokenUses:  "access token, ID token",
			Revocation: "Revoke it: POST https://MYDOMAIN.my.salesforce.com/services/oauth2/revoke with the token (an access token in this form can be revoked too); an ID token can't be.",
		}
	default:
		return IssuerRule{
			ID: "salesforce-client", Name: "Salesforce (JWT bearer assertion)", Credential: true,
			Proof:      "aud is https://login.salesforce.com or https://test.salesforce.com",
			TokenUses:  "client assertion",
			Revocation: "Lives minutes; it is exchanged for an access token. Replace the certificate of the connected app or external client app whose key signed it.",
		}
	}
}

// signInRule: the services by which persons sign in elsewhere. Their ID tokens are alike.
func signInRule(id issuerID) IssuerRule {
	switch id {
	case loginGov:
		return signIn("login-gov", "Login.gov", "https://secure.login.gov/", "")
	case slack:
		return signIn("slack", "Slack", "https://slack.com", "The user can remove the app from the workspace's installed apps.")
	case discord:
		return signIn("discord", "Discord", "https://discord.com", "The user can remove the app: User Settings > Authorized Apps.")
	case line:
		return signIn("line", "LINE", "https://access.line.me", "Revoke the access token beside it: POST https://api.line.me/oauth2/v2.1/revoke")
	case facebook:
		return signIn("facebook", "Facebook", "https://www.facebook.com", "The user can remove the app: Settings > Apps and Websites.")
	case linkedIn:
		return signIn("linkedin", "LinkedIn", "https://www.linkedin.com", "The user can remove the app: Settings > Data privacy > Permitted services.")
	case twitch:
		return signIn("twitch", "Twitch", "https://id.twitch.tv/oauth2", "Revoke the access token beside it: POST https://id.twitch.tv/oauth2/revoke")
	case yahoo:
		return signIn("yahoo", "Yahoo", "https://api.login.yahoo.com", "The user can take the app's access away in the account's security settings.")
	case payPal:
		return signIn("paypal", "PayPal", "https://www.paypal.com or https://api.paypal.com", "The user can take the app's permission away in the account's settings.")
	default:
		return signIn("intuit", "Intuit", "https://oauth.platform.intuit.com/op/v1", "Revoke the tokens beside it: POST https://developer.api.intuit.com/v2/oauth2/tokens/revoke")
	}
}

func signIn(id, name, address, more string) IssuerRule {
	return IssuerRule{
		ID: id, Name: name, Proof: "iss is " + address, TokenUses: idToken, Credential: true,
		Revocation: strings.TrimSpace(endSession + more),
	}
}

// providerHost goes by the addresses of identity providers.
func providerHost(s *survey, domain string) (identity, bool) {
	switch domain {
	case "auth0.com":
		return auth0Token(s), true
	case "onelogin.com":
		return identity{issuer: oneLogin, use: accessOrID(s)}, strings.HasPrefix(s.path, "/oidc")
	case "pingone.com", "pingone.eu", "pingone.asia", "pingone.ca", "pingone.sg", "com.au":
		return identity{issuer: ping, use: accessOrID(s)}, s.host == "auth."+domain || s.host == "auth.pingone.com.au"
	case "jumpcloud.com":
		return identity{issuer: jumpCloud, use: accessOrIDByAudience(s)}, s.host == "oauth.id.jumpcloud.com"
	case "workos.com":
		return identity{issuer: workOS, holder: holderBy(person, "sub"), stop: fill("Lives minutes. End the session, which stops new ones: POST "+
			"https://api.workos.com/user_management/sessions/revoke with session id {SESSION}.", s.text("sid"))}, s.host == "api.workos.com"
	case "accounts.dev":
		return clerkToken(s), strings.HasSuffix(s.host, ".clerk.accounts.dev")
	case "stytch.com":
		return stytchToken(s), true
	case "descope.com":
		return descopeToken(s), true
	case "frontegg.com":
		return fronteggToken(s), s.host != "frontegg.com"
	case "salesforce.com":
		return salesforceToken(s)
	}
	return identity{}, false
}

// signInHost goes by the whole address, since these services have many others.
func signInHost(s *survey) (identity, bool) {
	id := signInHosts().find(s.host)
	return identity{issuer: id, holder: holderBy(person, "sub")}, id != issuerNone
}

var signInHosts = sync.OnceValue(func() *dictionary[issuerID] {
	return newDictionary(
		wordList[issuerID]{loginGov, []string{"secure.login.gov", "idp.int.identitysandbox.gov"}},
		wordList[issuerID]{slack, []string{"slack.com"}},
		wordList[issuerID]{discord, []string{"discord.com"}},
		wordList[issuerID]{line, []string{"access.line.me"}},
		wordList[issuerID]{facebook, []string{"www.facebook.com", "facebook.com", "limited.facebook.com"}},
		wordList[issuerID]{linkedIn, []string{"www.linkedin.com"}},
		wordList[issuerID]{twitch, []string{"id.twitch.tv"}},
		wordList[issuerID]{yahoo, []string{"api.login.yahoo.com"}},
		wordList[issuerID]{payPal, []string{"www.paypal.com", "api.paypal.com", "www.paypalobjects.com"}},
		wordList[issuerID]{intuit, []string{"oauth.platform.intuit.com"}},
	)
})

func oktaToken(s *survey) identity {
	i := identity{issuer: okta, use: access}
	client := s.text("cid")
	if isOktaIDToken(s) {
		i.use, i.holder = idToken, holderBy(person, "sub")
		i.stop = fill("Can't be revoked: what checks it accepts it until exp. Directory > People > {USER} > Clear User Sessions ends the session "+
			"that it tells of, and revokes the access and refresh tokens of it where that is ticked.", s.Subject)
		return i
	}
	switch {
	case s.text("uid") != "":
		i.holder = holderBy(person, "uid")
	case client != "" && client == s.Subject:
		i.holder = holderBy(workload, "cid")
	}
	server := strings.TrimSuffix(s.Issuer, "/")
	if domainGroups().find(registered(s.host, 2)) != oktaDomain {
		server = "" // no client's secret goes to an address that the token alone calls Okta's
	} else if !strings.Contains(s.path, "/oauth2") {
		server += "/oauth2" // the organization's own server has its endpoints there
	}
	if i.holder.Kind == workload {
		i.stop = fill("Revoke it at the authorization server: POST {ISSUER}/v1/revoke with the credentials of client {CLIENT}. Okta's own APIs "+
			"refuse it then; yours accept it until exp unless they introspect. It is the client's own: rotate its secret or key, at "+
			"Applications > {CLIENT} > General > Client Credentials.", server, client, client)
		return i
	}
	i.stop = fill("Revoke it at the authorization server: POST {ISSUER}/v1/revoke with the credentials of client {CLIENT}. Okta's own APIs "+
		"refuse it then; yours accept it until exp unless they introspect. Directory > People > {USER} > Clear User Sessions ends the rest.",
		server, client, s.Subject)
	return i
}

// isOktaIDToken tells an ID token, whose jti says so, or which names no client of its own and no scopes, but a sign-in.
func isOktaIDToken(s *survey) bool {
	if s.present("cid") || s.present("scp") {
		return false
	}
	return strings.HasPrefix(s.ID, "ID.") || s.present("idp") || s.present("nonce") || s.present("at_hash") || s.present("auth_time")
}

func auth0Token(s *survey) identity {
	i := identity{issuer: auth0, use: access}
	switch {
	case s.text("gty") == "client-credentials", strings.HasSuffix(s.Subject, "@clients"):
		i.holder = holderBy(workload, "sub")
		if s.text("gty") != "" {
			i.holder.By = "gty"
		}
		i.stop = fill("Can't be revoked: wait for exp. Rotate the secret of client {CLIENT}: Applications > the application > Settings > Danger Zone > Rotate.",
			strings.TrimSuffix(s.Subject, "@clients"))
	case !s.present("scope") && !s.present("azp") && !s.present("permissions"):
		i.use, i.holder = idToken, holderBy(person, "sub")
	default:
		i.holder = holderBy(person, "sub")
	}
	if i.holder.Kind == person {
		i.stop = fill("Can't be revoked: wait for exp. To stop new ones, revoke the refresh token (POST https://{TENANT}/oauth/revoke with the "+
			"credentials of client {CLIENT}) or delete the user's grant; if it is many, rotate the tenant's signing key (Settings > Signing Keys > "+
			"Rotate & Revoke).", auth0Tenant(s), cmp.Or(s.text("azp"), s.onlyAudience()))
	}
	return i
}

// auth0Tenant returns the tenant's own domain, or "" for one that the token alone calls Auth0's: no secret goes there.
func auth0Tenant(s *survey) string {
	if registered(s.host, 2) != "auth0.com" {
		return ""
	}
	return s.host
}

// isKeycloak asks for more than the path, which others have too: it ends with the realm's name, nothing of another product is
// in it, and there is a claim that Keycloak writes.
func isKeycloak(s *survey) bool {
	before, realm, found := strings.Cut(s.path, "/realms/")
	if !found || realm == "" || strings.Contains(strings.TrimSuffix(realm, "/"), "/") || strings.Contains(before, "oauth2") {
		return false
	}
	switch s.text("typ") {
	case "Bearer", "ID", "Refresh", "Offline", "Logout", "DPoP", "verify-email", "idp-verify-account-via-email", "reset-credentials", "execute-actions":
		return true
	}
	for _, name := range [...]string{"azp", "sid", "session_state", "realm_access", "resource_access", "preferred_username", "allowed-origins"} {
		if s.present(name) {
			return true
		}
	}
	return false
}

// keycloakToken: the claim typ says which kind it is.
func keycloakToken(s *survey) identity {
	i := identity{issuer: keycloak, use: access}
	switch s.text("typ") {
	case "ID":
		i.use = idToken
	case "Refresh":
		i.use = refresh
	case "Offline":
		i.use = "offline token"
	case "verify-email", "idp-verify-account-via-email":
		if !s.grants() {
			return identity{issuer: verificationMail, kind: noCredential, holder: holderBy(person, "sub")}
		}
	case "reset-credentials", "execute-actions":
		return identity{issuer: passwordReset, holder: holderBy(person, "sub")}
	}
	realm := after(s.path, "realms")
	if account := s.text("preferred_username"); strings.HasPrefix(account, "service-account-") {
		i.holder = holderBy(workload, "preferred_username")
		i.stop = fill("Can't be revoked one by one: regenerate the secret of client {CLIENT} (realm {REALM} > Clients > Credentials), and wait for exp.",
			strings.TrimPrefix(account, "service-account-"), realm)
		return i
	}
	session, inSession := s.Claims["sid"]
	if inSession {
		i.holder = holderBy(person, "sid")
	} else if session, inSession = s.Claims["session_state"]; inSession {
		i.holder = holderBy(person, "session_state")
	}
	id, _ := session.(string)
	if id == "" {
		i.stop = fill("Admin console > realm {REALM} > Sessions > Action > Revocation > Set to now ends all tokens issued before. Services that don't introspect "+
			"accept it until exp.", realm)
		return i
	}
	const what = ". Sessions > Action > Revocation > Set to now ends all tokens issued before. Services that don't introspect accept it until exp."
	if i.use == "offline token" {
		i.stop = fill("End its session: kcadm.sh delete sessions/{SESSION} -r {REALM} -q isOffline=true"+what, id, realm)
	} else {
		i.stop = fill("End its session: kcadm.sh delete sessions/{SESSION} -r {REALM}"+what, id, realm)
	}
	return i
}

func stytchToken(s *survey) identity {
	return identity{issuer: stytch, holder: holderBy(person, "sub"), stop: fill("Lives five minutes. Revoke the session {SESSION}, which stops new "+
		"ones: POST https://api.stytch.com/v1/sessions/revoke (of an organization's member: /v1/b2b/sessions/revoke)",
		s.within("https://stytch.com/session", "id"))}
}

func clerkToken(s *survey) identity {
	return identity{issuer: clerk, holder: holderBy(person, "sub"), stop: fill("Lives a minute. Revoke the session, which stops new ones: POST "+
		"https://api.clerk.com/v1/sessions/{SESSION}/revoke", s.text("sid"))}
}

func descopeToken(s *survey) identity {
	i := identity{issuer: descope, use: session, holder: holderBy(person, "sub"), stop: fill("Log user {USER} out everywhere: management API "+
		"/v1/mgmt/user/logout; a session token itself is accepted until exp.", s.Subject)}
	switch s.text("drn") {
	case "DSR":
		i.use = refresh
	case "":
		i.holder.Kind, i.holder.By = "", ""
	}
	return i
}

func fronteggToken(s *survey) identity {
	i := identity{issuer: frontegg, holder: holderBy(person, "sub")}
	switch s.text("type") {
	case "tenantApiToken", "tenantAccessToken":
		i.holder = holderBy(workload, "type")
	}
	return i
}

func salesforceToken(s *survey) (identity, bool) {
	switch {
	case s.host == "login.salesforce.com", s.host == "test.salesforce.com", strings.HasSuffix(s.host, ".my.salesforce.com"):
		i := identity{issuer: salesforce, use: accessOrIDByAudience(s)}
		if i.use == idToken {
			i.holder = holderBy(person, "sub")
		}
		return i, true
	}
	return identity{}, false
}

// providerByShape knows the providers behind an address of their customer's own.
func providerByShape(s *survey) (identity, bool) {
	switch {
	case s.present("cid") && s.present("ver") && s.present("scp") && strings.HasPrefix(s.path, "/oauth2"):
		return oktaToken(s), true
	case s.text("gty") != "" && s.present("azp"), strings.HasPrefix(s.Subject, "auth0|"):
		return auth0Token(s), true
	case s.present("applicationId") && s.present("authenticationType"):
		return identity{issuer: fusionAuth, holder: holderBy(person, "sub"), stop: fill("An access token can't be revoked: wait for exp. Revoke the "+
			"user's refresh tokens: DELETE /api/jwt/refresh?userId={USER}", s.Subject)}, true
	case strings.HasPrefix(s.host, "clerk.") && (strings.HasPrefix(s.text("sid"), "sess_") || strings.HasPrefix(s.Subject, "user_")):
		return clerkToken(s), true
	case s.present("https://stytch.com/session"):
		return stytchToken(s), true
	case s.text("drn") == "DS", s.text("drn") == "DSR", s.text("drn") == "DSA":
		return descopeToken(s), true
	}
	return identity{}, false
}

// byAudience knows the assertions by which a client gets a token; their issuer is the client.
func byAudience(s *survey) (identity, bool) {
	kind := issuerNone
	for _, audience := range s.Audience {
		if kind = audienceIssuers().find(audience); kind != issuerNone {
			break
		}
	}
	switch kind {
	case salesforceClient:
		return identity{issuer: salesforceClient, holder: holderBy(delegated, "sub"), stop: fill("Lives minutes; it is exchanged for an access "+
			"token of user {USER}. Replace the certificate of the connected app or external client app {APPLICATION} whose key signed it.",
			s.Subject, s.Issuer)}, true
	case docuSign:
		return identity{issuer: docuSign, holder: holderBy(delegated, "sub")}, true
	case appStoreConnect, appleClient:
		return appleByAudience(s)
	case gitlabJob:
		return gitlabJobToken(s)
	}
	return identity{}, false
}

var audienceIssuers = sync.OnceValue(func() *dictionary[issuerID] {
	return newDictionary(
		wordList[issuerID]{salesforceClient, []string{"https://login.salesforce.com", "https://test.salesforce.com"}},
		wordList[issuerID]{docuSign, []string{"account.docusign.com", "account-d.docusign.com"}},
		wordList[issuerID]{appStoreConnect, []string{"appstoreconnect-v1", "apple-developer-enterprise-v1"}},
		wordList[issuerID]{appleClient, []string{"https://appleid.apple.com"}},
		wordList[issuerID]{gitlabJob, []string{gitlabJobAudience}},
	)
})
