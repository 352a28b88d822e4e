package triage

import (
	"strings"
	"sync"
)

// A claimName is what the name of a claim alone tells.
type claimName struct {
	marks  marks
	number scopeNumber
	shown  bool // it says which client, tenant, session kind or workload the token is of
}

// claimNames are those that are known.
var claimNames = sync.OnceValue(func() *dictionary[claimName] {
	lists := append(shownNames(), hiddenNames()...)
	for number, name := range scopeNames() {
		about := claimName{marks: markScopes, number: scopeNumber(number)}
		switch {
		case scopeNumber(number) > lastScopeClaim:
			about.marks = markNestedScopes | markProduct | markShape
		case name == "role":
			about.marks, about.shown = markScopes|markRole, true
		}
		lists = append(lists, wordList[claimName]{about, []string{name}})
	}
	return newDictionary(lists...)
})

// nameOf returns what the name of a claim tells.
func nameOf(name string) claimName { return nameOfClaim(claimNames(), name) }

// nameOfClaim is nameOf for who asks often, and has claimNames at hand.
func nameOfClaim(names *dictionary[claimName], name string) claimName {
	number := names.number(name)
	switch {
	case number != 0:
		return names.about[number]
	case strings.HasPrefix(name, "urn:zitadel:iam:"):
		return claimName{marks: markProduct | markShape | markZitadel}
	case strings.HasPrefix(name, "http") && strings.Contains(name, "://"):
		return claimName{marks: markPrivate | markProduct | markShape}
	}
	return claimName{}
}

// lastPart returns what a claim that is named by a URI is called at its end.
func lastPart(name string) string { return name[strings.LastIndexAny(name, "/#:")+1:] }

// shownNames are those that a report shows, scopes aside.
func shownNames() []wordList[claimName] {
	return []wordList[claimName]{
		{claimName{marks: markClientID | markProduct, shown: true}, []string{"azp", "client_id", "clientId", "appid", "idtyp"}},
		{claimName{marks: markClientID | markProduct | markShape, shown: true}, []string{"cid", "gty"}},
		{claimName{marks: markPurpose | markProduct, shown: true}, []string{"token_type", "type", "purpose", "usage", "action"}},
		{claimName{marks: markTokenUse | markProduct, shown: true}, []string{"token_use"}},
		{claimName{marks: markType, shown: true}, []string{"typ"}},
		{claimName{marks: markPerson, shown: true}, []string{"acr", "amr", "auth_time"}},
		{claimName{marks: markProduct, shown: true}, []string{
			"grant_type", "tid", "ver", "xms_mirid", "zid", "resource", "repository", "pipeline_id", "organization_slug", "build_number",
			"terraform_workspace_name", "nomad_job_id", "spaceId", "callerType",
		}},
		{claimName{marks: markProduct | markShape, shown: true}, []string{
			"ref", "project_path", "terraform_run_phase", "nomad_namespace",
		}},
		{claimName{shown: true}, []string{
			"azpacr", "appidacr", "org_id", "organization", "aal", "rat", "provider", "is_anonymous", "rules",
			"repository_owner", "repository_visibility", "ref_type", "workflow", "workflow_ref", "job_workflow_ref", "environment",
			"event_name", "run_id", "run_number", "run_attempt", "runner_environment", "project_id", "namespace_path", "namespace_id",
			"pipeline_source", "job_id", "ci_config_ref_uri", "ref_protected", "pipeline_slug", "build_branch",
			"terraform_organization_name", "terraform_run_id", "nomad_task", "nomad_allocation_id", "repositoryUuid", "pipelineUuid",
			"workspaceUuid", "app_name", "owner", "project",
		}},
	}
}

// hiddenNames are those that tell something all the same.
func hiddenNames() []wordList[claimName] {
	return []wordList[claimName]{
		{claimName{}, []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}},
		{claimName{marks: markPersonal | markUser}, []string{
			"email", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "upn", "unique_name",
			"phone_number", "phone", "mobile", "address", "birthdate", "birthday", "dob", "gender", "picture", "profile",
			"first_name", "last_name", "firstName", "lastName", "firstname", "lastname", "fullName", "full_name", "fullname",
			"emailAddress", "email_address", "emails", "phoneNumber", "mail", "ssn", "passport", "national_id", "ipaddr",
			"displayName", "display_name",
		}},
		{claimName{marks: markUser | markProduct}, []string{"user", "user_metadata"}},
		{claimName{marks: markPerson}, []string{
			"at_hash", "c_hash", "nonce", "sid", "session_state", "email_verified", "login_hint", "cognito:username", "auth_provider",
			"puid", "onprem_sid",
		}},
		{claimName{marks: markNestedScopes | markProduct, number: otherNested}, []string{"authorization"}},
		{claimName{marks: markActor}, []string{"act", "may_act"}},
		{claimName{marks: markConfirmation}, []string{"cnf"}},
		{claimName{marks: markEvents}, []string{"events"}},
		{claimName{marks: markPurpose | markProduct}, []string{"tokenType", "intent"}},
		{claimName{marks: markLicence}, []string{
			"license", "licence", "licensee", "license_key", "licenseKey", "license_id", "licenseId", "licenceId", "lic", "lexp",
			"lic_exp", "license_type", "licenseType",
		}},
		{claimName{marks: markCredential}, []string{"vc", "vp", "vct", "_sd", "_sd_alg", "sd_hash"}},
		{claimName{marks: markFlag}, []string{
			"admin", "is_admin", "isAdmin", "superuser", "is_superuser", "isSuperuser", "root", "is_staff",
		}},
		{claimName{marks: markKubernetes}, []string{
			"kubernetes.io", "kubernetes.io/serviceaccount/namespace", "kubernetes.io/serviceaccount/secret.name",
			"kubernetes.io/serviceaccount/service-account.name", "kubernetes.io/serviceaccount/service-account.uid",
		}},
		{claimName{marks: markProduct}, []string{
			"authenticationType", "identity_nonce", "grants", "apptype", "session_id", "ctsProfileMatch", "bundleId",
			"transactionId", "notificationType", "nameid", "stable_sid", "resourceId", "skypeid", "uid", "identity", "origin",
			"code", "cty", "vault", "namespace", "slug", "lid", "application_id", "tokenId", "userId", "google", "firebase", "ext_attr",
			"oid", "jwt_type", "pdt", "tenantId", "context", "htu", "txn", "mky", "dest",
		}},
		{claimName{marks: markProduct | markStatement}, []string{"apkPackageName", "software_id", "htm", "response_type", "orig"}},
		{claimName{marks: markProduct | markShape}, []string{
			"accessor", "applicationId", "drn", "qsh", "box_sub_type", "x-ably-capability", "collectionId", "video", "ext",
			"authenticatedBy", "delegatedPermissions", "baas_device_id", "baas_domain_id", "identityAccessTokenId", "room", "a",
			"federated_claims", "params", "server", "feed_id", "call_cids",
		}},
	}
}
