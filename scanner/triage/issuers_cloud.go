package triage

import (
	"cmp"
	"strings"
)

func cloudRule(id issuerID) IssuerRule {
	if id < google {
		return microsoftRule(id)
	}
	if id < cognito {
		return googleRule(id)
	}
	switch id {
	case cognito:
		return IssuerRule{
			ID: "aws-cognito", Name: "Amazon Cognito user pool", Credential: true,
			Proof:      "iss is https://cognito-idp.REGION.amazonaws.com/POOL",
			TokenUses:  "access token, ID token",
			Revocation: "End the user's refresh tokens, and access tokens for Cognito's own operations: aws cognito-idp admin-user-global-sign-out --user-pool-id POOL --username USER. Your API accepts the token until exp.",
		}
	case cognitoIdentity:
		return IssuerRule{
			ID: "aws-cognito-identity", Name: "Amazon Cognito identity pool", Credential: true,
			Proof:      "iss is https://cognito-identity.amazonaws.com",
			TokenUses:  workloadID,
			Revocation: "Can't be revoked; it is exchanged for credentials of the pool's role. Delete the identity: aws cognito-identity delete-identities --identity-ids-to-delete IDENTITY; revoke the role's sessions in the IAM console.",
		}
	case awsSTS:
		return IssuerRule{
			ID: "aws-sts", Name: "AWS outbound identity federation", Credential: true,
			Proof:      "iss is https://ID.tokens.sts.global.api.aws",
			TokenUses:  workloadID,
			Revocation: "Can't be revoked: wait for exp, minutes away. Narrow what the outside service trusts, or deny sts:GetWebIdentityToken to the role.",
		}
	case awsLoadBalancer:
		return IssuerRule{
			ID: "aws-load-balancer", Name: "AWS Application Load Balancer (user claims)", Credential: true,
			Proof:      "header parameter signer is the ARN of a load balancer",
			TokenUses:  session,
			Revocation: "Can't be revoked and lives two minutes. A service that trusts this header from anyone but the load balancer can be deceived: have it check signer and accept the load balancer's addresses alone.",
		}
	case apple:
		return IssuerRule{
			ID: "apple", Name: "Sign in with Apple", Credential: true,
			Proof:      "iss is https://appleid.apple.com",
			TokenUses:  idToken,
			Revocation: "An ID token can't be revoked; it proves one sign-in. Revoke the user's tokens: POST https://appleid.apple.com/auth/revoke.",
		}
	case appleClient:
		return IssuerRule{
			ID: "apple-client-secret", Name: "Sign in with Apple (client secret)", Credential: true,
			Proof:      "aud is https://appleid.apple.com and iss a team id",
			TokenUses:  "client assertion",
			Revocation: "Can't be revoked and lives up to six months. Revoke the key that signed it: developer.apple.com > Certificates, Identifiers & Profiles > Keys.",
		}
	case appStoreConnect:
		return IssuerRule{
			ID: "app-store-connect", Name: "App Store Connect API", Credential: true,
			Proof:      "aud is appstoreconnect-v1 or apple-developer-enterprise-v1",
			TokenUses:  "client assertion",
			Revocation: "Can't be revoked. Revoke the API key that signed it: App Store Connect > Users and Access > Integrations.",
		}
	case appleDeveloper:
		return IssuerRule{
			ID: "apple-developer", Name: "Apple developer key (push, DeviceCheck, MusicKit, MapKit)", Credential: true,
			Proof:      "ES256 with no claims but iss, iat, exp, sub and origin; iss and kid are Apple's ten characters",
			TokenUses:  "client assertion",
			Revocation: "Can't be revoked; without exp the service accepts it for an hour from iat. Revoke the key that signed it: developer.apple.com > Certificates, Identifiers & Profiles > Keys.",
		}
	case sapXSUAA:
		return IssuerRule{
			ID: "sap-xsuaa", Name: "SAP BTP (XSUAA)", Credential: true,
			Proof:      "iss is https://TENANT.authentication.REGION.hana.ondemand.com/oauth/token",
			TokenUses:  "access token, refresh token",
			Revocation: "An access token can't be revoked one by one. Replace the service instance's binding or key (with cf unbind-service and cf delete-service-key), or rotate the signing key of the subaccount's security settings.",
		}
	case databricks:
		return IssuerRule{
			ID: "databricks", Name: "Databricks", Credential: true,
			Proof:      "iss is https://WORKSPACE.cloud.databricks.com/oidc or https://adb-... .azuredatabricks.net/oidc",
			TokenUses:  "access token",
			Revocation: "Can't be revoked and lives an hour. Delete the service principal's OAuth secret, or deactivate the user, to stop new ones.",
		}
	default:
		return IssuerRule{
			ID: "cloudflare-access", Name: "Cloudflare Access", Credential: true,
			Proof:      "iss is https://TEAM.cloudflareaccess.com",
			TokenUses:  session,
			Revocation: "POST https://api.cloudflare.com/client/v4/accounts/ACCOUNT/access/organizations/revoke_user with the user's email, or for all of an application: .../access/apps/APPLICATION/revoke_tokens; in the dashboard, revoke the user's access among the users of Zero Trust. One of a service token: delete that.",
		}
	}
}

func microsoftRule(id issuerID) IssuerRule {
	switch id {
	case entra:
		return IssuerRule{
			ID: "microsoft-entra", Name: "Microsoft Entra ID", Credential: true,
			Proof:      "iss is https://login.microsoftonline.com/TENANT/v2.0 or https://sts.windows.net/TENANT/",
			TokenUses:  "access token, ID token",
			Revocation: "An access token can't be revoked, only services with continuous access evaluation end it early. End a user's refresh tokens: POST https://graph.microsoft.com/v1.0/users/USER/revokeSignInSessions; for an application, remove its secret or certificate.",
		}
	case entraB2C:
		return IssuerRule{
			ID: "microsoft-entra-external", Name: "Microsoft Entra External ID / Azure AD B2C", Credential: true,
			Proof:      "iss is https://TENANT.b2clogin.com/... or https://TENANT.ciamlogin.com/...",
			TokenUses:  "access token, ID token",
			Revocation: "Can't be revoked: wait for exp. End the user's refresh tokens: POST https://graph.microsoft.com/v1.0/users/USER/revokeSignInSessions",
		}
	case microsoftAccount:
		return IssuerRule{
			ID: "microsoft-account", Name: "Microsoft account", Credential: true,
			Proof:      "iss is https://login.live.com",
			TokenUses:  idToken,
			Revocation: "An ID token can't be revoked; it proves one sign-in. The user can sign out everywhere at account.microsoft.com > Security.",
		}
	case adfs:
		return IssuerRule{
			ID: "adfs", Name: "Active Directory Federation Services", Credential: true,
			Proof:      "path of iss begins with /adfs",
			TokenUses:  "access token, ID token",
			Revocation: "Can't be revoked: wait for exp. Disable the account to stop new ones; if the signing certificate leaked, roll it: Update-AdfsCertificate -CertificateType Token-Signing -Urgent",
		}
	default:
		return IssuerRule{
			ID: "azure-app-service", Name: "Azure App Service authentication", Credential: true,
			Proof:      "iss is https://SITE.azurewebsites.net/ with claim stable_sid or ver",
			TokenUses:  session,
			Revocation: "Can't be revoked one by one: set the site's application setting WEBSITE_AUTH_SIGNING_KEY to a new key, by which all its sessions end.",
		}
	}
}

func googleRule(id issuerID) IssuerRule {
	switch id {
	case google:
		return IssuerRule{
			ID: "google", Name: "Google (ID token)", Credential: true,
			Proof:      "iss is https://accounts.google.com",
			TokenUses:  idToken,
			Revocation: "An ID token can't be revoked and lives an hour. A person: remove the application at myaccount.google.com/connections. A service account: gcloud iam service-accounts disable ACCOUNT, if it may be used elsewhere too.",
		}
	case googleServiceAccount:
		return IssuerRule{
			ID: "google-service-account", Name: "Google service account (signed by its key)", Credential: true,
			Proof:      "iss is the address of a service account (...iam.gserviceaccount.com)",
			TokenUses:  "client assertion, access token",
			Revocation: "Can't be revoked and lives an hour. Delete the key that signed it: gcloud iam service-accounts keys delete KEY --iam-account=ACCOUNT",
		}
	case googleCompute:
		return IssuerRule{
			ID: "google-compute", Name: "Google Compute Engine (instance identity)", Credential: true,
			Proof:      "iss is https://accounts.google.com with claim google.compute_engine",
			TokenUses:  workloadID,
			Revocation: "Can't be revoked and lives an hour: whoever has it passes for the instance. Have verifiers check the audience, which should be theirs alone.",
		}
	case googleIAP:
		return IssuerRule{
			ID: "google-iap", Name: "Google Identity-Aware Proxy", Credential: true,
			Proof:      "iss is https://cloud.google.com/iap",
			TokenUses:  session,
			Revocation: "Can't be revoked and lives ten minutes. A service that is reached past the proxy would accept it: close that way.",
		}
	case firebase:
		return IssuerRule{
			ID: "firebase", Name: "Firebase Authentication", Credential: true,
			Proof:      "iss is https://securetoken.google.com/PROJECT",
			TokenUses:  idToken,
			Revocation: "Lives an hour. Revoke the user's refresh tokens (Admin SDK revokeRefreshTokens); the token itself is refused only where it is verified with checkRevoked.",
		}
	case firebaseCustom:
		return IssuerRule{
			ID: "firebase-custom", Name: "Firebase Authentication (custom token)", Credential: true,
			Proof:      "aud is https://identitytoolkit.googleapis.com/ and google.identity.identitytoolkit.v1.IdentityToolkit",
			TokenUses:  "one-time token",
			Revocation: "Signs in as its uid for an hour, any number of times. Disable that user, then delete the key that signed it: gcloud iam service-accounts keys delete KEY --iam-account=ACCOUNT",
		}
	case firebaseSession:
		return IssuerRule{
			ID: "firebase-session", Name: "Firebase Authentication (session cookie)", Credential: true,
			Proof:      "iss is https://session.firebase.google.com/PROJECT",
			TokenUses:  session,
			Revocation: "Lives up to two weeks. Revoke the user's refresh tokens (Admin SDK revokeRefreshTokens), and verify session cookies with checkRevoked.",
		}
	default:
		return IssuerRule{
			ID: "firebase-app-check", Name: "Firebase App Check", Credential: true,
			Proof:      "iss is https://firebaseappcheck.googleapis.com/PROJECT-NUMBER",
			TokenUses:  access,
			Revocation: "Can't be revoked and lives an hour: it lets a script pass for the app. Shorten the lifetime or turn on replay protection in the Firebase console > App Check.",
		}
	}
}

// microsoftHost goes by the addresses of Microsoft's services.
func microsoftHost(s *survey, domain string) (identity, bool) {
	switch domain {
	case "microsoftonline.com", "microsoftonline.us", "microsoftonline.cn", "chinacloudapi.cn":
		switch s.host {
		case "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn",
			"login.chinacloudapi.cn", "sts.chinacloudapi.cn":
			return entraToken(s), true
		}
	case "windows.net":
		switch s.host {
		case "sts.windows.net", "login.windows.net":
			return entraToken(s), true
		}
	case "b2clogin.com", "ciamlogin.com":
		return identity{issuer: entraB2C, use: accessOrIDByAudience(s)}, true
	case "live.com":
		return identity{issuer: microsoftAccount, holder: holderBy(person, "sub")}, s.host == "login.live.com"
	case "azurewebsites.net":
		return identity{issuer: azureAppService, holder: holderBy(person, "sub")}, s.present("stable_sid") || s.present("ver")
	case "azuredatabricks.net":
		return databricksToken(s), strings.HasPrefix(s.path, "/oidc")
	case "azure.com":
		if s.host == "vstoken.dev.azure.com" {
			return azureDevOpsToken(s), true
		}
	}
	return identity{}, false
}

// entraToken: version 1 and 2, for persons and applications. A token for an application alone has no scp.
func entraToken(s *survey) identity {
	i := identity{issuer: entra, use: access}
	application := cmp.Or(s.text("appid"), s.text("azp"))
	tenant := s.text("tid")
	isID := s.present("nonce") || s.present("at_hash") || s.present("c_hash") ||
		(!s.present("scp") && !s.present("roles") && application == "" && s.present("ver"))
	switch {
	case s.text("idtyp") == "app":
		i.holder = holderBy(workload, "idtyp")
	case s.present("xms_mirid"):
		i.holder = holderBy(workload, "xms_mirid")
	case s.present("scp"):
		i.holder = holderBy(person, "scp")
	case isID:
		i.use, i.holder = idToken, holderBy(person, "sub")
	case s.Subject != "" && s.Subject == s.text("oid"):
		i.holder = holderBy(workload, "oid")
	}
	if s.present("xms_mirid") {
		i.stop = fill("Can't be revoked: wait for exp. A managed identity has no secret to replace: whoever got this was on the resource that "+
			"has it. Take away its roles in tenant {TENANT} until then: az role assignment delete --assignee {OBJECT}.", tenant, s.text("oid"))
		return i
	}
	if i.holder.Kind == workload {
		i.stop = fill("Can't be revoked: wait for exp. Stop new ones: az ad app credential reset --id {APPLICATION} (tenant {TENANT}), "+
			"or disable the service principal: az ad sp update --id {OBJECT} --set accountEnabled=false", application, tenant, s.text("oid"))
		return i
	}
	i.stop = fill("Can't be revoked, only services with continuous access evaluation end it early. End the user's refresh tokens: POST "+
		"https://graph.microsoft.com/v1.0/users/{USER}/revokeSignInSessions (tenant {TENANT}).", s.text("oid"), tenant)
	return i
}

// accessOrIDByAudience: what issues both says which by the application being the audience or beside it.
func accessOrIDByAudience(s *survey) string {
	if s.present("scp") || s.present("azp") {
		return access
	}
	return idToken
}

// googleHost goes by the addresses of Google's services.
func googleHost(s *survey) (identity, bool) {
	project := segment(s.path, 0)
	switch s.host {
	case "accounts.google.com":
		return googleToken(s), true
	case "securetoken.google.com":
		return identity{issuer: firebase, holder: holderBy(person, "sub"), stop: fill("Lives an hour. Revoke the refresh tokens of user {USER} "+
			"in project {PROJECT} (Admin SDK revokeRefreshTokens); the token itself is refused only where it is verified with checkRevoked.",
			s.Subject, project)}, true
	case "session.firebase.google.com":
		return identity{issuer: firebaseSession, holder: holderBy(person, "sub"), stop: fill("Lives up to two weeks. Revoke the refresh tokens of "+
			"user {USER} in project {PROJECT} (Admin SDK revokeRefreshTokens), and verify session cookies with checkRevoked.",
			s.Subject, project)}, true
	case "firebaseappcheck.googleapis.com":
		return identity{issuer: firebaseAppCheck, holder: holderBy(workload, "sub")}, true
	case "cloud.google.com":
		return identity{issuer: googleIAP, holder: holderBy(person, "sub")}, s.path == "/iap"
	}
	return identity{}, false
}

func googleToken(s *survey) identity {
	if s.within("google", "compute_engine", "instance_id") != "" || s.within("google", "compute_engine", "instance_name") != "" {
		return identity{issuer: googleCompute, holder: holderBy(workload, "google"), stop: fill("Can't be revoked and lives an hour: whoever has it "+
			"passes for instance {INSTANCE} of project {PROJECT}. Have verifiers check the audience, which should be theirs alone.",
			s.within("google", "compute_engine", "instance_name"), s.within("google", "compute_engine", "project_id"))}
	}
	if address := s.text("email"); strings.HasSuffix(address, ".gserviceaccount.com") {
		return identity{issuer: google, holder: holderBy(workload, "email"), stop: fill("Can't be revoked and lives an hour. If the account may be "+
			"used by others: gcloud iam service-accounts disable {ACCOUNT}", address)}
	}
	return identity{issuer: google, holder: holderBy(person, "sub")}
}

// googleServiceAccountToken: signed by the account's own key, to be exchanged or, for Google's APIs, used as it is. One
// with another subject acts for a user of the domain.
func googleServiceAccountToken(s *survey) identity {
	account := s.Issuer
	i := identity{issuer: googleServiceAccount, use: access, holder: holderBy(workload, "iss")}
	if s.audience("https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit") {
		i.issuer, i.use, i.holder = firebaseCustom, "", holderBy(person, "uid")
		i.stop = fill("Signs in as user {USER} for an hour, any number of times. Disable that user, then delete the key that signed it: "+
			"gcloud iam service-accounts keys delete {KEY} --iam-account={ACCOUNT}", s.text("uid"), s.KeyID, account)
		return i
	}
	if isWalletPass(s) {
		return identity{issuer: walletPass, kind: noCredential}
	}
	if s.audience("https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/token", "https://www.googleapis.com/oauth2/v4/token") {
		i.use = "client assertion"
	}
	if s.Subject != "" && s.Subject != account {
		i.holder = holderBy(delegated, "sub")
	}
	i.stop = fill("Can't be revoked and lives an hour. Delete the key that signed it: gcloud iam service-accounts keys delete {KEY} "+
		"--iam-account={ACCOUNT}", s.KeyID, account)
	return i
}

// isWalletPass: the documents of Google Wallet ask for this audience and for what is to be saved. With any other audience it
// is the account's own assertion, whatever it calls itself.
func isWalletPass(s *survey) bool {
	switch s.text("typ") {
	case "savetowallet", "savetoandroidpay":
		return s.Claims["aud"] == "google" && isObject(s.Claims["payload"]) && !s.grants()
	}
	return false
}

// amazonHost goes by the addresses of AWS.
func amazonHost(s *survey) (identity, bool) {
	switch {
	case strings.HasPrefix(s.host, "cognito-idp.") && strings.Count(s.host, ".") == 3: // of a bucket of S3 anybody chooses the name
		return cognitoToken(s), true
	case s.host == "cognito-identity.amazonaws.com":
		return identity{issuer: cognitoIdentity, holder: holderBy(workload, "iss"), stop: fill("Can't be revoked; it is exchanged for credentials of "+
			"the pool's role. Delete the identity: aws cognito-identity delete-identities --identity-ids-to-delete {IDENTITY}; revoke the "+
			"role's sessions in the IAM console.", s.Subject)}, true
	case strings.HasSuffix(s.host, ".tokens.sts.global.api.aws"):
		return identity{issuer: awsSTS, holder: holderBy(workload, "sub")}, true
	}
	return identity{}, false
}

func cognitoToken(s *survey) identity {
	pool := segment(s.path, 0)
	region := segment(strings.ReplaceAll(s.host, ".", "/"), 1)
	i := identity{issuer: cognito, use: access, holder: holderBy(person, "sub")}
	if s.text("token_use") == "id" {
		i.use = idToken
	}
	user := cmp.Or(s.text("username"), s.text("cognito:username"))
	if client := s.text("client_id"); client != "" && s.Subject == client && user == "" {
		i.holder = holderBy(workload, "client_id")
		i.stop = fill("Can't be revoked: wait for exp. It was got with the secret of app client {CLIENT} in pool {POOL}, {REGION}: replace that, or the client.", client, pool, region)
		return i
	}
	i.stop = fill("End the user's refresh tokens, and access tokens for Cognito's own operations: aws cognito-idp admin-user-global-sign-out "+
		"--region {REGION} --user-pool-id {POOL} --username {USER}. Your API accepts this one until exp.", region, pool, user)
	return i
}

// cloudHost goes by the addresses of further platforms.
func cloudHost(s *survey, domain string) (identity, bool) {
	switch domain {
	case "apple.com":
		return identity{issuer: apple, holder: holderBy(person, "sub")}, s.host == "appleid.apple.com"
	case "ondemand.com":
		if _, region, _ := strings.Cut(s.host, ".authentication."); !strings.HasSuffix(region, ".hana.ondemand.com") || strings.Count(region, ".") != 3 {
			return identity{}, false
		}
		i := identity{issuer: sapXSUAA, use: access}
		if s.text("grant_type") == "client_credentials" {
			i.holder = holderBy(workload, "grant_type")
		} else if s.present("user_name") || s.present("user_id") {
			i.holder = holderBy(person, "user_name")
		}
		return i, true
	case "databricks.com":
		return databricksToken(s), strings.HasPrefix(s.path, "/oidc")
	default:
		i := identity{issuer: cloudflareAccess, holder: holderBy(person, "sub"), stop: fill("POST https://api.cloudflare.com/client/v4/accounts/"+
			"ACCOUNT/access/organizations/revoke_user with the email {USER}, or for all of an application: .../access/apps/APPLICATION/"+
			"revoke_tokens; in the dashboard, revoke the user's access among the users of Zero Trust.", s.text("email"))}
		if name := s.text("common_name"); name != "" {
			i.holder = holderBy(workload, "common_name")
			i.stop = fill("Delete the service token {CLIENT} that it was got with, which can get new ones else (Zero Trust > Access controls > Service "+
				"credentials), then end the application's sessions: POST https://api.cloudflare.com/client/v4/accounts/ACCOUNT/access/apps/APPLICATION/"+
				"revoke_tokens", name)
		}
		return i, s.host != "cloudflareaccess.com"
	}
}

// databricksToken: of a person, whose address is the subject, or of a service principal.
func databricksToken(s *survey) identity {
	i := identity{issuer: databricks, stop: fill("Can't be revoked and lives an hour. To stop new ones, delete the OAuth secret of service principal "+
		"{PRINCIPAL} (at {WORKSPACE}).", s.Subject, s.host)}
	if isPersonalAddress(s.Subject) {
		i.stop = fill("Can't be revoked and lives an hour. To stop new ones, deactivate user {USER} (at {WORKSPACE}).", s.Subject, s.host)
	}
	return i
}

// appleByAudience knows the tokens for Apple that a developer's key signs.
func appleByAudience(s *survey) (identity, bool) {
	switch {
	case s.audience("appstoreconnect-v1", "apple-developer-enterprise-v1"):
		return identity{issuer: appStoreConnect, holder: holderBy(workload, "aud"),
			stop: fill("Can't be revoked. Revoke the API key {KEY} that signed it: App Store Connect > Users and Access > Integrations.", s.KeyID)}, true
	case s.audience("https://appleid.apple.com") && isTeamID(s.Issuer):
		return identity{issuer: appleClient, holder: holderBy(workload, "aud"),
			stop: fill("Can't be revoked and lives up to six months. Revoke the key {KEY} of team {TEAM} that signed it: developer.apple.com > "+
				"Certificates, Identifiers & Profiles > Keys.", s.KeyID, s.Issuer)}, true
	}
	return identity{}, false
}

// isAppleDeveloper: no claim names Apple, so all of the form has to fit.
func isAppleDeveloper(s *survey) bool {
	return s.Algorithm == "ES256" && isTeamID(s.Issuer) && isTeamID(s.KeyID) && s.IssuedAt.Known() &&
		s.onlyClaims("iss", "iat", "exp", "sub", "origin")
}

// isTeamID reports whether a name is Apple's: ten capital letters and digits.
func isTeamID(name string) bool {
	for i := range len(name) {
		if c := name[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(name) == 10
}
