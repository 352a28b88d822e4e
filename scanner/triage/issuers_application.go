package triage

import (
	"strings"
	"time"
)

func applicationRule(id issuerID) IssuerRule {
	switch id {
	case supabaseKey:
		return IssuerRule{
			ID: "supabase", Name: "Supabase (API key)", Credential: true,
			Proof:      "iss is supabase or supabase-demo, with claim role; or role is anon or service_role and ref a project (twenty small letters)",
			TokenUses:  "service_role key, anon key, access token",
			Revocation: "A legacy API key can't be revoked by itself: Project Settings > API Keys: create publishable and secret keys, then disable the legacy ones. JWT Keys: to rotate and then revoke the legacy JWT secret ends the sessions that it signed too.",
		}
	case supabaseAuth:
		return IssuerRule{
			ID: "supabase-auth", Name: "Supabase (signed-in user)", Credential: true,
			Proof:      "iss is https://PROJECT.supabase.co/auth/v1, or path /auth/v1 with claims role and session_id",
			TokenUses:  access,
			Revocation: "Accepted until exp. End the user's sessions, which stops new ones: supabase.auth.admin.signOut, or delete them from auth.sessions.",
		}
	case artifactory:
		return IssuerRule{
			ID: "jfrog", Name: "JFrog Artifactory", Credential: true,
			Proof:      "iss begins with jfac@, jfrt@ or jffe@, or with /artifactory and a sub of such a form",
			TokenUses:  access,
			Revocation: "Administration > User Management > Access Tokens > Revoke, or DELETE /access/api/v1/tokens/ID. One made to expire within the revocable-expiry threshold can't be revoked.",
		}
	case registry:
		return IssuerRule{
			ID: "container-registry", Name: "Container registry", Credential: true,
			Proof:      "claim access is a list of type, name and actions (the token of the registry's authorization service)",
			TokenUses:  access,
			Revocation: "Can't be revoked and lives minutes; it was got with a password or access token: replace that.",
		}
	case atlassianConnect:
		return IssuerRule{
			ID: "atlassian-connect", Name: "Atlassian Connect", Credential: true,
			Proof:      "claim qsh, the hash of the query that it is for",
			TokenUses:  "client assertion",
			Revocation: "Lives minutes and is for one request. Re-install the app to replace the shared secret that signed it.",
		}
	case atlassian:
		return IssuerRule{
			ID: "atlassian", Name: "Atlassian", Credential: true,
			Proof:      "iss is https://auth.atlassian.com or https://id.atlassian.com",
			TokenUses:  access,
			Revocation: "An access token can't be revoked: wait for exp. The user can remove the app: id.atlassian.com > Connected apps; an API token: id.atlassian.com > Security > API tokens.",
		}
	case twilio:
		return IssuerRule{
			ID: "twilio", Name: "Twilio (access token)", Credential: true,
			Proof:      "header parameter cty begins with twilio-",
			TokenUses:  access,
			Revocation: "Delete the API key that signed it (iss) among the API keys and tokens of the console, or DELETE https://api.twilio.com/2010-04-01/Accounts/ACCOUNT/Keys/KEY.json",
		}
	case zoom:
		return IssuerRule{
			ID: "zoom", Name: "Zoom", Credential: true,
			Proof:      "iss begins with zm:",
			TokenUses:  "access token, refresh token",
			Revocation: "Revoke it: POST https://zoom.us/oauth/revoke with the client's credentials; or the user removes the app: marketplace.zoom.us > Manage > Added apps.",
		}
	case snowflake:
		return IssuerRule{
			ID: "snowflake", Name: "Snowflake (key-pair authentication)", Credential: true,
			Proof:      "iss is ACCOUNT.USER.SHA256:fingerprint of the key",
			TokenUses:  "client assertion",
			Revocation: "Lives an hour at most. Remove the public key from the user: ALTER USER USER UNSET RSA_PUBLIC_KEY, or RSA_PUBLIC_KEY_2 where DESC USER USER shows the fingerprint in iss for that.",
		}
	case docuSign:
		return IssuerRule{
			ID: "docusign", Name: "DocuSign", Credential: true,
			Proof:      "iss or aud is account.docusign.com or account-d.docusign.com",
			TokenUses:  "client assertion, access token",
			Revocation: "Can't be revoked. Remove the integration's RSA key: Settings > Apps and Keys > the app > RSA keypair; the user can withdraw consent among the connected apps of the profile.",
		}
	case box:
		return IssuerRule{
			ID: "box", Name: "Box (JWT assertion)", Credential: true,
			Proof:      "claim box_sub_type",
			TokenUses:  "client assertion",
			Revocation: "Lives a minute; it is exchanged for an access token. Remove the public key: Developer Console > the app > Configuration > Add and Manage Public Keys.",
		}
	case homeAssistant:
		return IssuerRule{
			ID: "home-assistant", Name: "Home Assistant (long-lived access token)", Credential: true,
			Proof:      "HS256 with no claims but iss (32 hex digits), iat and exp, ten years apart",
			TokenUses:  "API key",
			Revocation: "Profile > Security > Long-lived access tokens > delete.",
		}
	case n8n:
		return IssuerRule{
			ID: "n8n", Name: "n8n (API key)", Credential: true,
			Proof:      "iss is n8n and aud is public-api",
			TokenUses:  "API key",
			Revocation: "Settings > n8n API > delete the key.",
		}
	case directus:
		return IssuerRule{
			ID: "directus", Name: "Directus", Credential: true,
			Proof:      "iss is directus",
			TokenUses:  access,
			Revocation: "Lives minutes. Delete the user's sessions (table directus_sessions); rotate SECRET to end all.",
		}
	case liveKit:
		return IssuerRule{
			ID: "livekit", Name: "LiveKit", Credential: true,
			Proof:      "claim video is an object of grants (roomJoin, roomCreate, room, ...)",
			TokenUses:  access,
			Revocation: "Can't be revoked: wait for exp. Remove the participant; delete the API key that signed it (iss) from the project's settings.",
		}
	case ably:
		return IssuerRule{
			ID: "ably", Name: "Ably", Credential: true,
			Proof:      "claim x-ably-capability",
			TokenUses:  access,
			Revocation: "Revoke the API key that signed it (header kid): ably auth keys revoke KEY; or, where that key has revocable tokens on, the tokens of the client alone: ably auth revoke-token --client-id CLIENT",
		}
	default:
		return IssuerRule{
			ID: "pocketbase", Name: "PocketBase", Credential: true,
			Proof:      "claims collectionId, id and type",
			TokenUses:  session,
			Revocation: "Ends when the record's password or token key is changed; all of a collection's when its token secret is.",
		}
	}
}

// applicationHost goes by the addresses of hosted applications.
func applicationHost(s *survey, domain string) (identity, bool) {
	switch domain {
	case "supabase.co", "supabase.in":
		if s.path == "/auth/v1" {
			return supabaseSession(s)
		}
	case "atlassian.com":
		return identity{issuer: atlassian, holder: holderBy(person, "sub")}, s.host == "auth.atlassian.com" || s.host == "id.atlassian.com"
	case "docusign.com":
		return identity{issuer: docuSign, use: access, holder: holderBy(person, "sub")}, strings.HasPrefix(s.host, "account")
	}
	return identity{}, false
}

// supabaseAPIKey tells the keys that every client has from those that pass by every policy.
func supabaseAPIKey(s *survey) identity {
	project := s.text("ref")
	i := identity{issuer: supabaseKey, holder: holderBy(workload, "role")}
	switch role := s.text("role"); role {
	case "anon":
		if !isPlainKey(s) {
			i.use = access
			i.stop = fill("No anon key, which are made to be public: it says more than one does, perhaps another role. Take it for one of project "+
				"{PROJECT} that passes by the row level security policies: JWT Keys: rotate and then revoke the legacy JWT secret, which ends "+
				"the sessions that it signed too.", project)
			break
		}
		i.use, i.kind = "anon key", madePublic
		i.stop = fill("Made to be public: it opens what row level security lets everyone do. Check the policies of project {PROJECT} (a table "+
			"without any lies open); to replace it, Project Settings > API Keys: create a publishable key and disable the legacy keys.", project)
		if project == "" {
			i.stop = "Made to be public: it opens what row level security lets everyone do. Check that each table has policies; to replace it, " +
				"rotate the JWT secret."
		}
	case "service_role", "supabase_admin":
		i.use = "service_role key"
		i.stop = fill("Passes by every row level security policy of project {PROJECT}. Project Settings > API Keys: create secret keys and disable "+
			"the legacy ones; JWT Keys: to rotate and then revoke the legacy JWT secret ends the sessions that it signed too.", project)
	default:
		i.use = access
		if s.Subject != "" {
			i.holder = holderBy(person, "sub")
		}
	}
	return i
}

// isPlainKey reports whether a key has each of the claims that Supabase's keys have once, and no other.
func isPlainKey(s *survey) bool {
	return s.onlyClaims("iss", "ref", "role", "iat", "nbf", "exp", "aud") && len(s.Repeated)+len(s.RepeatedHeader) == 0
}

// isSupabaseKey knows a key by its claims where its issuer is not the usual one: the roles that only Supabase's keys have,
// and the reference of a project, which is twenty small letters.
func isSupabaseKey(s *survey) bool {
	switch s.text("role") {
	case "anon", "service_role":
		project := s.text("ref")
		return len(project) == 20 && strings.Trim(project, "abcdefghijklmnopqrstuvwxyz") == ""
	}
	return false
}

func supabaseSession(s *survey) (identity, bool) {
	if registered(s.host, 2) != "supabase.co" && (!s.present("role") || !s.present("session_id")) {
		return identity{}, false
	}
	return identity{issuer: supabaseAuth, holder: holderBy(person, "sub"), stop: fill("Accepted until exp. End the sessions of user {USER}, which "+
		"stops new ones: delete from auth.sessions where user_id is theirs.", s.Subject)}, true
}

// byLiteralPrefix goes by an issuer that begins with a word.
func byLiteralPrefix(s *survey) (identity, bool) {
	switch {
	case strings.HasPrefix(s.Issuer, "jfac@"), strings.HasPrefix(s.Issuer, "jfrt@"), strings.HasPrefix(s.Issuer, "jffe@"):
		return artifactoryToken(s), true
	case strings.HasPrefix(s.Issuer, "zm:"):
		return identity{issuer: zoom, use: access, holder: holderBy(person, "uid")}, true
	case strings.HasPrefix(s.Issuer, "spiffe://") && !strings.HasPrefix(s.Subject, "spiffe://"):
		return identity{}, false
	case strings.HasSuffix(s.Issuer, ".gserviceaccount.com") && strings.IndexByte(s.Issuer, '@') > 0:
		return googleServiceAccountToken(s), true
	case strings.Contains(s.Issuer, ".SHA256:"):
		account, _, _ := strings.Cut(s.Issuer, ".SHA256:")
		_, user, _ := strings.Cut(account, ".")
		return identity{issuer: snowflake, holder: holderBy(workload, "iss"), stop: fill("Lives an hour at most. Remove the public key from the user: "+
			"ALTER USER {USER} UNSET RSA_PUBLIC_KEY, or RSA_PUBLIC_KEY_2 where DESC USER {USER} shows the fingerprint in iss for that.", user, user)}, s.Subject != "" && strings.HasPrefix(s.Issuer, s.Subject)
	}
	return identity{}, false
}

func isArtifactoryUser(subject string) bool {
	return (strings.HasPrefix(subject, "jfac@") || strings.HasPrefix(subject, "jfrt@")) && strings.Contains(subject, "/users/")
}

func artifactoryToken(s *survey) identity {
	_, user, _ := strings.Cut(s.Subject, "/users/")
	i := identity{issuer: artifactory, stop: fill("Administration > User Management > Access Tokens > Revoke, or DELETE /access/api/v1/tokens/{ID} "+
		"(user {USER}). One made to expire within the revocable-expiry threshold can't be revoked.", s.ID, user)}
	if user != "" {
		i.holder = holderBy(person, "sub")
	}
	return i
}

// byClaims goes by claims that only one issuer writes, whatever its address.
func byClaims(s *survey) (identity, bool) {
	if strings.HasPrefix(s.Subject, "spiffe://") {
		return spiffeToken(s), true
	}
	if s.has(markShape) || strings.HasPrefix(s.Subject, "auth0|") || strings.HasPrefix(s.host, "clerk.") {
		if i, ok := workloadByClaims(s); ok {
			return i, true
		}
		if i, ok := gitlabToken(s); ok {
			return i, true
		}
		if i, ok := providerByShape(s); ok {
			return i, true
		}
		if i, ok := applicationByClaims(s); ok {
			return i, true
		}
		if i, ok := platformByClaims(s); ok {
			return i, true
		}
	}
	if strings.HasPrefix(s.Subject, "jf") && isArtifactoryUser(s.Subject) {
		return artifactoryToken(s), true
	}
	if i, ok := byAudience(s); ok {
		return i, true
	}
	return headerShape(s)
}

func spiffeToken(s *survey) identity {
	return identity{issuer: spiffe, holder: holderBy(workload, "sub"), stop: fill("A JWT-SVID can't be revoked and lives minutes: wait for exp. If "+
		"the workload is compromised, delete its registration entry, of which this shows the entry ID: spire-server entry show -spiffeID {ID}. If the "+
		"signing key is, rotate the trust domain's JWT key.", s.Subject)}
}

func workloadByClaims(s *survey) (identity, bool) {
	switch {
	case s.present("nomad_namespace") && s.present("nomad_job_id"):
		return nomadToken(s), true
	case s.present("terraform_run_phase") && s.present("terraform_workspace_name"):
		return terraformToken(s), true
	case s.text("type") == "wrapping" && s.present("accessor"):
		return identity{issuer: vaultWrapping, stop: fill("Whoever unwraps it first gets the secret inside. Revoke it: vault token revoke -accessor "+
			"{ACCESSOR}. If it has been unwrapped by another, replace the secret inside.", s.text("accessor"))}, true
	}
	return identity{}, false
}

func applicationByClaims(s *survey) (identity, bool) {
	switch {
	case isSupabaseKey(s):
		return supabaseAPIKey(s), true
	case s.present("qsh"):
		return identity{issuer: atlassianConnect, holder: holderBy(workload, "qsh")}, true
	case s.present("box_sub_type"):
		return identity{issuer: box, holder: holderBy(workload, "box_sub_type"), stop: fill("Lives a minute; it is exchanged for an access token. "+
			"Remove public key {KEY}: Developer Console > the app > Configuration > Add and Manage Public Keys.", s.KeyID)}, true
	case s.present("x-ably-capability"):
		return identity{issuer: ably, stop: fill("Revoke the API key that signed it: ably auth keys revoke {KEY}; or, where that key has revocable "+
			"tokens on, the tokens of the client alone: ably auth revoke-token --client-id {CLIENT}", s.KeyID, s.text("x-ably-clientId"))}, true
	case s.present("collectionId") && s.present("type") && s.present("id"):
		return identity{issuer: pocketBase, holder: holderBy(person, "collectionId")}, true
	}
	if video, ok := s.Claims["video"].(map[string]any); ok && isLiveKit(video) {
		return identity{issuer: liveKit, stop: fill("Can't be revoked: wait for exp. Remove participant {PARTICIPANT}; delete the API key {KEY} that "+
			"signed it from the project's settings.", s.Subject, s.Issuer)}, true
	}
	if grants, ok := s.Claims["access"].([]any); ok && isRegistryAccess(grants) {
		return identity{issuer: registry}, true
	}
	return identity{}, false
}

func isLiveKit(video map[string]any) bool {
	for _, name := range [...]string{"roomJoin", "roomCreate", "roomAdmin", "roomList", "roomRecord", "room"} {
		if _, ok := video[name]; ok {
			return true
		}
	}
	return false
}

func isRegistryAccess(grants []any) bool {
	if len(grants) == 0 {
		return false
	}
	grant, _ := grants[0].(map[string]any)
	_, hasType := grant["type"].(string)
	_, hasName := grant["name"].(string)
	_, hasActions := grant["actions"].([]any)
	return hasType && hasName && hasActions
}

// headerShape knows issuers by header parameters, or by having no more than a few claims of a certain form.
func headerShape(s *survey) (identity, bool) {
	switch {
	case s.has(markContentType) && strings.HasPrefix(s.heading("cty"), "twilio-"):
		return identity{issuer: twilio, stop: fill("Delete API key {KEY} that signed it among the API keys and tokens of the console, or DELETE "+
			"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Keys/{KEY}.json", s.Issuer, s.Subject, s.Issuer)}, true
	case strings.HasPrefix(s.KeyID, "vpaas-magic-cookie-"):
		return jitsiToken(s), true
	case isAtlasAccount(s.Subject), s.has(markClientID) && (isAtlasAccount(s.text("client_id")) || isAtlasAccount(s.text("cid"))):
		return identity{issuer: mongoDBAtlas, holder: holderBy(workload, "sub")}, true
	case isAppleDeveloper(s):
		return identity{issuer: appleDeveloper, holder: holderBy(workload, "iss"),
			stop: fill("Can't be revoked; without exp the service accepts it for an hour from iat. Revoke the key {KEY} of team {TEAM} that signed "+
				"it: developer.apple.com > Certificates, Identifiers & Profiles > Keys.", s.KeyID, s.Issuer)}, true
	case isGitHubApp(s):
		return identity{issuer: githubApp, holder: holderBy(workload, "iss")}, true
	case isHomeAssistant(s):
		return identity{issuer: homeAssistant, holder: holderBy(person, "iss")}, true
	}
	return identity{}, false
}

// isHomeAssistant: no claim names the product, so all of the form has to fit.
func isHomeAssistant(s *survey) bool {
	if s.Algorithm != "HS256" || len(s.Issuer) != 32 || strings.Trim(s.Issuer, "0123456789abcdef") != "" || !s.onlyClaims("iss", "iat", "exp") {
		return false
	}
	life, ok := lifetime(s.Token)
	return ok && life >= 3649*24*time.Hour && life <= 3654*24*time.Hour
}
