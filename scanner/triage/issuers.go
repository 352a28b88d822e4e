package triage

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// An IssuerRule is one entry of the table of issuers and of the kinds of signed statements.
type IssuerRule struct {
	ID         string
	Name       string
	Proof      string // what in a token proves it
	TokenUses  string // the kinds of token it makes, separated by ", "
	Revocation string // in general; a finding has the token's own names in it
	// Credential is false for a signed statement that opens nothing to who has it.
	Credential bool
}

// issuerID numbers the issuers in the order of the table.
type issuerID uint8

const (
	issuerNone issuerID = iota

	// Kubernetes and what lies around it: issuers_workload.go.
	kubernetesLegacy
	kubernetesBound
	spiffe
	nomad
	vault
	vaultWrapping
	argoCD

	// Pipelines: issuers_pipeline.go.
	githubActions
	githubActionsRuntime
	githubApp
	gitlabCI
	gitlabJob
	gitlab
	azureDevOps
	bitbucketPipelines
	circleCI
	buildkite
	terraformCloud
	spacelift
	pulumi
	flyIO
	vercel

	// Clouds: issuers_cloud.go.
	entra
	entraB2C
	microsoftAccount
	adfs
	azureAppService
	google
	googleServiceAccount
	googleCompute
	googleIAP
	firebase
	firebaseCustom
	firebaseSession
	firebaseAppCheck
	cognito
	cognitoIdentity
	awsSTS
	awsLoadBalancer
	apple
	appleClient
	appStoreConnect
	appleDeveloper
	sapXSUAA
	databricks
	cloudflareAccess

	// Identity providers: issuers_provider.go.
	okta
	auth0
	keycloak
	oneLogin
	ping
	jumpCloud
	workOS
	clerk
	stytch
	descope
	frontegg
	fusionAuth
	salesforce
	salesforceClient
	loginGov
	slack
	discord
	line
	facebook
	linkedIn
	twitch
	yahoo
	payPal
	intuit

	// Applications: issuers_application.go.
	supabaseKey
	supabaseAuth
	artifactory
	registry
	atlassianConnect
	atlassian
	twilio
	zoom
	snowflake
	docuSign
	box
	homeAssistant
	n8n
	directus
	liveKit
	ably
	pocketBase

	// Platforms: issuers_platform.go.
	authentik
	zitadel
	ory
	logto
	dex
	sigstore
	grafana
	harbor
	jitsi
	stream
	mongoDBAtlas
	mongoDBApp
	onePassword
	infisical
	turso
	mercure
	metabase

	// Signed statements: statements.go.
	logoutToken
	securityEvent
	dpopProof
	federationStatement
	verifiableCredential
	presentation
	authorizationRequest
	introspectionResponse
	statusList
	passport
	acmeRequest
	clientAssertion
	softwareStatement
	webPush
	licence
	verificationMail
	passwordReset
	attestation
	appStoreSigned
	walletPass
	refreshToken
	accessToken

	issuerCount
)

// rule returns the entry. The table is code and not a variable, so that nobody can change it.
func (id issuerID) rule() IssuerRule {
	rule := id.ruleOfGroup()
	if id.signsWithKeyPair() {
		rule.Proof += "; signed with a private key, as RS256 or ES256"
	}
	return rule
}

func (id issuerID) ruleOfGroup() IssuerRule {
	switch {
	case id < githubActions:
		return workloadRule(id)
	case id < entra:
		return pipelineRule(id)
	case id < okta:
		return cloudRule(id)
	case id < supabaseKey:
		return providerRule(id)
	case id < authentik:
		return applicationRule(id)
	case id < logoutToken:
		return platformRule(id)
	default:
		return statementRule(id)
	}
}

// IssuerTable returns every issuer that is known by name, and every kind of signed statement.
func IssuerTable() []IssuerRule {
	table := make([]IssuerRule, 0, issuerCount-1)
	for id := issuerNone + 1; id < issuerCount; id++ {
		table = append(table, id.rule())
	}
	return table
}

// LookupIssuer returns the issuer of that id.
func LookupIssuer(id string) (IssuerRule, bool) {
	for number := issuerNone + 1; number < issuerCount; number++ {
		if rule := number.rule(); rule.ID == id {
			return rule, true
		}
	}
	return IssuerRule{}, false
}

// IsIssuer reports whether an issuer or kind of token that is known has that name or id.
func IsIssuer(name string) bool {
	return slices.ContainsFunc(IssuerTable(), func(rule IssuerRule) bool {
		return strings.EqualFold(name, rule.Name) || strings.EqualFold(name, rule.ID)
	})
}

// byHost goes by the registered domain of the issuer's address.
func byHost(s *survey) (identity, bool) {
	domain := registered(s.host, 2)
	if !strings.HasPrefix(s.Issuer, "https://") && !writesBareHosts(domain) {
		return identity{}, false
	}
	switch domainGroups().find(domain) {
	case pipelineDomain:
		return pipelineHost(s, domain)
	case microsoftDomain:
		return microsoftHost(s, domain)
	case googleDomain:
		return googleHost(s)
	case amazonDomain:
		return amazonHost(s)
	case cloudDomain:
		return cloudHost(s, domain)
	case applicationDomain:
		return applicationHost(s, domain)
	case platformDomain:
		return platformHost(s, domain)
	case oktaDomain:
		return oktaToken(s), true
	case providerDomain:
		return providerHost(s, domain)
	default:
		return signInHost(s)
	}
}

// writesBareHosts reports whether there are issuers in a domain that leave out https://.
func writesBareHosts(domain string) bool {
	switch domain {
	case "google.com", "visualstudio.com", "stytch.com", "docusign.com":
		return true
	}
	return false
}

// A domainGroup says who knows the addresses of a domain.
type domainGroup uint8

const (
	otherDomain domainGroup = iota
	pipelineDomain
	microsoftDomain
	googleDomain
	amazonDomain
	cloudDomain
	applicationDomain
	platformDomain
	oktaDomain
	providerDomain
)

// domainGroups are the domains that are known, but for those of which only one address is (signInHost).
var domainGroups = sync.OnceValue(func() *dictionary[domainGroup] {
	return newDictionary(
		wordList[domainGroup]{pipelineDomain, []string{
			"githubusercontent.com", "gitlab.com", "visualstudio.com", "bitbucket.org", "circleci.com", "buildkite.com",
			"terraform.io", "spacelift.io", "pulumi.com", "fly.io", "vercel.com",
		}},
		wordList[domainGroup]{microsoftDomain, []string{
			"microsoftonline.com", "microsoftonline.us", "microsoftonline.cn", "chinacloudapi.cn", "windows.net", "b2clogin.com",
			"ciamlogin.com", "live.com", "azurewebsites.net", "azure.com", "azuredatabricks.net",
		}},
		wordList[domainGroup]{googleDomain, []string{"google.com", "googleapis.com"}},
		wordList[domainGroup]{amazonDomain, []string{"amazonaws.com", "api.aws"}},
		wordList[domainGroup]{cloudDomain, []string{"apple.com", "ondemand.com", "databricks.com", "cloudflareaccess.com"}},
		wordList[domainGroup]{applicationDomain, []string{"supabase.co", "supabase.in", "atlassian.com", "docusign.com"}},
		wordList[domainGroup]{platformDomain, []string{"zitadel.cloud", "logto.app", "oryapis.com", "sigstore.dev"}},
		wordList[domainGroup]{oktaDomain, []string{"okta.com", "okta-emea.com", "okta-gov.com", "oktapreview.com", "okta.mil"}},
		wordList[domainGroup]{providerDomain, []string{
			"auth0.com", "onelogin.com", "pingone.com", "pingone.eu", "pingone.asia", "pingone.ca", "pingone.sg", "com.au",
			"jumpcloud.com", "workos.com", "accounts.dev", "stytch.com", "descope.com", "frontegg.com", "salesforce.com",
		}},
	)
})

// byPath goes by the path of the issuer's address, which self-hosted products keep wherever they run.
func byPath(s *survey) (identity, bool) {
	switch {
	case s.path == "" || s.path == "/":
		return identity{}, false
	case isKeycloak(s):
		return keycloakToken(s), true
	case strings.Contains(s.path, "/identity/oidc"):
		if strings.HasPrefix(s.path, "/v1/") {
			return identity{issuer: vault, stop: vaultStop(s)}, true
		}
	case s.path == "/adfs", strings.HasPrefix(s.path, "/adfs/"):
		return identity{issuer: adfs, use: accessOrID(s)}, true
	case s.path == "/auth/v1":
		return supabaseSession(s)
	case strings.HasPrefix(s.path, "/application/o/"):
		return authentikToken(s)
	}
	return identity{}, false
}

// byLiteral goes by an issuer that is a word and no address.
func byLiteral(s *survey) (identity, bool) {
	switch s.Issuer {
	case "kubernetes/serviceaccount":
		return legacyServiceAccount(s), true
	case "supabase", "supabase-demo":
		return supabaseAPIKey(s), s.text("role") != ""
	case "argocd":
		return argoCDToken(s), true
	case "n8n":
		return identity{issuer: n8n, holder: holderBy(person, "sub")}, s.audience("public-api")
	case "harbor-token-issuer", "harbor-token-defaultIssuer":
		return harborToken(s), true
	case "com.1password.b5":
		return identity{issuer: onePassword, holder: holderBy(workload, "sub")}, s.audience("com.1password.connect")
	case "directus":
		return identity{issuer: directus}, true
	case "accounts.google.com":
		return googleHost(s)
	}
	return byLiteralPrefix(s)
}

// accessOrID tells an ID token (OpenID Connect Core, section 2) from an access token by the claims that only the first
// has.
func accessOrID(s *survey) string {
	if s.present("nonce") || s.present("at_hash") || s.present("c_hash") {
		return idToken
	}
	return access
}

// holderBy is a holder of which a claim tells.
func holderBy(kind, claim string) finding.Holder { return finding.Holder{Kind: kind, By: claim} }

// issuedAt returns iat as the number that it was, or "".
func issuedAt(s *survey) string {
	if s.IssuedAt.Form != jwt.DateSeconds {
		return ""
	}
	return strconv.FormatInt(s.IssuedAt.Time.Unix(), 10)
}

// The kinds of token, in the words of the reports.
const (
	access     = "access token"
	idToken    = "ID token"
	refresh    = "refresh token"
	session    = "session token"
	workloadID = "workload identity token"
)
