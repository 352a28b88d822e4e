package triage

import (
	"cmp"
	"strings"
)

// platformRule: products that their users run themselves, and clouds for developers, known mostly by their claims.
func platformRule(id issuerID) IssuerRule {
	if id >= grafana {
		return developerRule(id)
	}
	switch id {
	case authentik:
		return IssuerRule{
			ID: "authentik", Name: "authentik", Credential: true, TokenUses: "access token, ID token",
			Proof:      "path of iss is /application/o/APPLICATION/",
			Revocation: "Revoke it: POST /application/o/revoke/ on your server with the client's credentials, or delete it among the user's OAuth Access Tokens (Directory > Users). Services that don't introspect accept it until exp.",
		}
	case zitadel:
		return IssuerRule{
			ID: "zitadel", Name: "ZITADEL", Credential: true, TokenUses: "access token, ID token",
			Proof:      "iss is below zitadel.cloud, or a claim begins with urn:zitadel:iam:",
			Revocation: "Revoke it: POST /oauth/v2/revoke on your instance with the client's credentials. Services that don't introspect accept it until exp; deactivate the user, or delete the service user's key, to stop new ones.",
		}
	case ory:
		return IssuerRule{
			ID: "ory", Name: "Ory Hydra", Credential: true, TokenUses: "access token, ID token",
			Proof:      "iss is below oryapis.com, or claims ext (an object), scp (a list) and client_id",
			Revocation: "Revoke it: POST /oauth2/revoke with the client's credentials, or all of a subject's: DELETE /admin/oauth2/auth/sessions/consent with subject=SUBJECT and all=true. Services that don't introspect accept it until exp.",
		}
	case logto:
		return IssuerRule{
			ID: "logto", Name: "Logto", Credential: true, TokenUses: "access token, ID token",
			Proof:      "iss is https://TENANT.logto.app/oidc",
			Revocation: "Can't be revoked: wait for exp. Suspend the user (Console > User management > the user > Suspend) or, for a machine-to-machine application, replace its secret, to stop new ones.",
		}
	case dex:
		return IssuerRule{
			ID: "dex", Name: "Dex", Credential: true, TokenUses: idToken,
			Proof:      "claim federated_claims is an object with connector_id and user_id",
			Revocation: "An ID token can't be revoked: wait for exp. Revoke the user's refresh tokens with Dex's gRPC API (RevokeRefresh).",
		}
	default:
		return IssuerRule{
			ID: "sigstore", Name: "Sigstore (signing identity)", Credential: true, TokenUses: idToken,
			Proof:      "iss is https://oauth2.sigstore.dev/auth",
			Revocation: "Can't be revoked and lives a minute. Who has it can get a certificate to sign as its holder: look in the transparency log for what was signed: rekor-cli search --email ADDRESS",
		}
	}
}

func developerRule(id issuerID) IssuerRule {
	switch id {
	case grafana:
		return IssuerRule{
			ID: "grafana", Name: "Grafana", Credential: true, TokenUses: "ID token, access token",
			Proof:      "claims namespace and authenticatedBy or delegatedPermissions",
			Revocation: "Can't be revoked and lives minutes: wait for exp. An access token was got for a Cloud Access Policy token: delete that under Administration > Users and access > Cloud access policies; an ID token tells of a signed-in user: end that user's sessions.",
		}
	case harbor:
		return IssuerRule{
			ID: "harbor", Name: "Harbor", Credential: true, TokenUses: "access token, API key",
			Proof:      "iss is harbor-token-issuer or harbor-token-defaultIssuer",
			Revocation: "An access token lives minutes and was got for a password or a robot's secret: replace that. A robot account of old is its own token: Projects > the project > Robot Accounts > Delete.",
		}
	case jitsi:
		return IssuerRule{
			ID: "jitsi", Name: "Jitsi", Credential: true, TokenUses: access,
			Proof:      "aud is jitsi with claim room, or kid begins with vpaas-magic-cookie-",
			Revocation: "Can't be revoked: wait for exp. Delete the API key that signed it (kid) in the JaaS console > API Keys, or change app_secret where Jitsi is your own.",
		}
	case stream:
		return IssuerRule{
			ID: "stream", Name: "Stream", Credential: true, TokenUses: "access token, API key",
			Proof:      "HS256 with claim server and nothing but dates, or claims resource, action and feed_id, or user_id and call_cids",
			Revocation: "A user's: stream-cli chat revoke-token --user USER, if it has iat; else: stream-cli chat revoke-all-tokens, which ends those of all users. A server's or a feed's: replace the API secret in the dashboard.",
		}
	case mongoDBAtlas:
		return IssuerRule{
			ID: "mongodb-atlas", Name: "MongoDB Atlas (service account)", Credential: true, TokenUses: access,
			Proof:      "sub, cid or client_id is mdb_sa_id_ and 24 hex digits",
			Revocation: "Lives an hour. Revoke it: POST https://cloud.mongodb.com/api/oauth/revoke with the service account's id and secret.",
		}
	case mongoDBApp:
		return IssuerRule{
			ID: "mongodb-app-services", Name: "MongoDB Atlas App Services", Credential: true, TokenUses: "access token, refresh token",
			Proof:      "claim baas_device_id or baas_domain_id",
			Revocation: "Revoke the user's sessions: App Users > the user > Revoke all sessions; an access token is accepted until exp, half an hour.",
		}
	case onePassword:
		return IssuerRule{
			ID: "1password-connect", Name: "1Password Connect", Credential: true, TokenUses: "API key",
			Proof:      "iss is com.1password.b5 and aud com.1password.connect",
			Revocation: "Opens the vaults that it names. Revoke it: op connect token delete TOKEN, or at its Connect server on 1password.com; then replace what lies in those vaults.",
		}
	case infisical:
		return IssuerRule{
			ID: "infisical", Name: "Infisical (machine identity)", Credential: true, TokenUses: access,
			Proof:      "claims identityAccessTokenId and identityId",
			Revocation: "Revoke it: POST /api/v1/auth/token/revoke on your instance with the token itself; then replace the client secret it was got for.",
		}
	case turso:
		return IssuerRule{
			ID: "turso", Name: "Turso (database token)", Credential: true, TokenUses: "API key",
			Proof:      "EdDSA with claims a (rw or ro) and id",
			Revocation: "Can't be revoked one by one: end all tokens of the group's databases: turso group tokens invalidate GROUP; of a database without a group: turso db tokens invalidate DATABASE",
		}
	case mercure:
		return IssuerRule{
			ID: "mercure", Name: "Mercure hub", Credential: true, TokenUses: access,
			Proof:      "claim mercure is an object with publish or subscribe",
			Revocation: "Can't be revoked: replace the hub's publisher or subscriber key (MERCURE_PUBLISHER_JWT_KEY, MERCURE_SUBSCRIBER_JWT_KEY).",
		}
	default:
		return IssuerRule{
			ID: "metabase", Name: "Metabase (embedding)", Credential: true, TokenUses: access,
			Proof:      "claim resource is an object with dashboard or question, beside params",
			Revocation: "Can't be revoked: regenerate the embedding secret key (Admin > Embedding), which ends all embedded links.",
		}
	}
}

// platformHost goes by the addresses of clouds.
func platformHost(s *survey, domain string) (identity, bool) {
	switch domain {
	case "zitadel.cloud":
		return zitadelToken(s), s.host != domain
	case "logto.app":
		return identity{issuer: logto, use: accessOrIDByAudience(s)}, strings.HasPrefix(s.path, "/oidc")
	case "oryapis.com":
		return oryToken(s), strings.HasSuffix(s.host, ".projects.oryapis.com")
	default:
		return identity{issuer: sigstore, holder: holderBy(person, "email"), stop: fill("Can't be revoked and lives a minute. Who has it can get a "+
			"certificate to sign as its holder: look in the transparency log for what was signed: rekor-cli search --email {ADDRESS}",
			s.text("email"))}, s.host == "oauth2.sigstore.dev"
	}
}

// authentikToken: the path names the application, and no product else has such.
func authentikToken(s *survey) (identity, bool) {
	rest, found := strings.CutPrefix(s.path, "/application/o/")
	application, more, _ := strings.Cut(rest, "/")
	return identity{issuer: authentik, use: accessOrID(s), stop: fill("Revoke it: POST /application/o/revoke/ on your server with the credentials of "+
		"client {CLIENT} (application {APPLICATION}), or delete it among the user's OAuth Access Tokens (Directory > Users). Services that don't introspect accept it until exp.",
		cmp.Or(s.text("azp"), s.onlyAudience()), application)}, found && application != "" && more == ""
}

func zitadelToken(s *survey) identity { return identity{issuer: zitadel, use: accessOrID(s)} }

func oryToken(s *survey) identity {
	return identity{issuer: ory, use: accessOrID(s), stop: fill("Revoke it: POST /oauth2/revoke with the credentials of client {CLIENT}, or all of a "+
		"subject's: DELETE /admin/oauth2/auth/sessions/consent with subject={SUBJECT} and all=true. Services that don't introspect accept it until exp.",
		s.text("client_id"), s.Subject)}
}

// harborToken: the registry's own, or, until Harbor 2.2, the secret of a robot account.
func harborToken(s *survey) identity {
	if s.Issuer == "harbor-token-defaultIssuer" {
		return identity{issuer: harbor, use: "API key", holder: holderBy(workload, "iss"),
			stop: "A robot account of old is its own token: Projects > the project > Robot Accounts > Delete."}
	}
	i := identity{issuer: harbor, use: access, holder: holderBy(person, "sub"), stop: "Can't be revoked and lives minutes; it was got for a " +
		"password or a robot's secret: replace that."}
	if strings.HasPrefix(s.Subject, "robot$") {
		i.holder = holderBy(workload, "sub")
	}
	return i
}

// platformByClaims knows products by claims that only they write.
func platformByClaims(s *survey) (identity, bool) {
	switch {
	case s.has(markZitadel):
		return zitadelToken(s), true
	case isOry(s):
		return oryToken(s), true
	case s.text("namespace") != "" && (s.text("authenticatedBy") != "" || s.present("delegatedPermissions")):
		return grafanaToken(s), true
	case s.present("baas_device_id"), s.present("baas_domain_id"):
		i := identity{issuer: mongoDBApp, use: access, holder: holderBy(person, "sub")}
		if s.text("typ") == "refresh" {
			i.use = refresh
		}
		return i, true
	case s.text("identityAccessTokenId") != "" && s.text("identityId") != "":
		return identity{issuer: infisical, holder: holderBy(workload, "identityId"), stop: fill("Revoke it: POST /api/v1/auth/token/revoke on your instance "+
			"with the token itself; then replace the client secret {SECRET} of identity {IDENTITY} that it was got for.",
			s.text("clientSecretId"), s.text("identityId"))}, true
	case s.audience("jitsi") && s.present("room"):
		return jitsiToken(s), true
	case s.Algorithm == "EdDSA" && (s.text("a") == "rw" || s.text("a") == "ro") && s.text("id") != "":
		return identity{issuer: turso, holder: holderBy(workload, "id")}, true
	}
	return platformByObject(s)
}

func platformByObject(s *survey) (identity, bool) {
	if claims, ok := s.Claims["federated_claims"].(map[string]any); ok && hasAny(claims, "connector_id") {
		return identity{issuer: dex, holder: holderBy(person, "sub")}, true
	}
	if hub, ok := s.Claims["mercure"].(map[string]any); ok && hasAny(hub, "publish", "subscribe") {
		return identity{issuer: mercure}, true
	}
	if resource, ok := s.Claims["resource"].(map[string]any); ok && hasAny(resource, "dashboard", "question") && isObject(s.Claims["params"]) {
		return identity{issuer: metabase}, true
	}
	return streamToken(s)
}

func isOry(s *survey) bool {
	_, isScopes := s.Claims["scp"].([]any)
	return isScopes && isObject(s.Claims["ext"]) && s.text("client_id") != ""
}

func grafanaToken(s *survey) identity {
	if s.present("delegatedPermissions") {
		return identity{issuer: grafana, use: access, holder: holderBy(workload, "sub")}
	}
	i := identity{issuer: grafana, use: idToken, holder: holderBy(person, "sub")}
	if strings.HasPrefix(s.Subject, "service-account:") {
		i.holder = holderBy(workload, "sub")
	}
	return i
}

func isAtlasAccount(name string) bool {
	id, found := strings.CutPrefix(name, "mdb_sa_id_")
	return found && len(id) == 24 && strings.Trim(id, "0123456789abcdef") == ""
}

func jitsiToken(s *survey) identity {
	return identity{issuer: jitsi, holder: holderBy(person, "context"), stop: fill("Can't be revoked: wait for exp. Delete the API key {KEY} that "+
		"signed it in the JaaS console > API Keys, or change app_secret where Jitsi is your own.", s.KeyID)}
}

// streamToken: a user's token of Stream has no mark but for calls and feeds; a server's has nothing else.
func streamToken(s *survey) (identity, bool) {
	if s.Algorithm != "HS256" {
		return identity{}, false
	}
	user := s.text("user_id")
	i := identity{issuer: stream, use: access}
	switch {
	case s.Claims["server"] == true && s.onlyClaims("server", "iat", "exp", "nbf"):
		return identity{issuer: stream, use: "API key", holder: holderBy(workload, "server"),
			stop: "A server's token opens everything: replace the API secret in the dashboard."}, true
	case s.text("resource") != "" && s.text("action") != "" && s.text("feed_id") != "":
		i.stop = "A feed's token can't be revoked: replace the API secret in the dashboard, which ends all tokens."
		return i, true
	case user != "" && isList(s.Claims["call_cids"]):
		i.holder = holderBy(person, "user_id")
	default:
		return identity{}, false
	}
	i.stop = fill("Have what was issued to the user before be refused, if it has iat: stream-cli chat revoke-token --user {USER}; else: "+
		"stream-cli chat revoke-all-tokens, which ends the tokens of all users.", user)
	return i, true
}
