package triage

import (
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// issuerTest is an example of a token as the issuer writes it, and what must be found out of it.
type issuerTest struct {
	id, use        string
	holder         string
	header, claims object
	// stop are parts of the text that says how it is stopped.
	stop []string
}

func issuerTests() []issuerTest {
	return append(append(append(workloadTests(), cloudTests()...), providerTests()...), append(append(applicationTests(), platformTests()...), statementTests()...)...)
}

func workloadTests() []issuerTest {
	return []issuerTest{
		{"kubernetes-legacy", "service account token", "workload sub", `{"alg":"RS256","kid":"k"}`,
			`{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"shop","kubernetes.io/serviceaccount/secret.name":"robot-token-x7k2p",
			"kubernetes.io/serviceaccount/service-account.name":"robot","kubernetes.io/serviceaccount/service-account.uid":"u","sub":"system:serviceaccount:shop:robot"}`,
			[]string{"kubectl -n shop delete secret robot-token-x7k2p", "service account robot"}},
		{"kubernetes-bound", "service account token", "workload sub", `{"alg":"RS256","kid":"k"}`,
			`{"iss":"https://kubernetes.default.svc.cluster.local","aud":["https://kubernetes.default.svc.cluster.local"],"exp":1795438800,"iat":1795435200,
			"kubernetes.io":{"namespace":"shop","pod":{"name":"robot-0","uid":"p"},"serviceaccount":{"name":"robot","uid":"u"},"warnafter":1795438807},
			"sub":"system:serviceaccount:shop:robot"}`,
			[]string{"kubectl -n shop delete pod robot-0", "service account robot"}},
		{"kubernetes-bound", "service account token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://oidc.eks.eu-west-1.amazonaws.com/id/AB12CD","sub":"system:serviceaccount:shop:robot","kubernetes.io":{"namespace":"shop","serviceaccount":{"name":"robot"}}}`,
			[]string{"EKS, OIDC id AB12CD, in eu-west-1", "kubectl -n shop delete serviceaccount robot"}},
		{"kubernetes-bound", "service account token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://container.googleapis.com/v1/projects/my-project/locations/europe-west1/clusters/main","sub":"system:serviceaccount:shop:robot",
			"kubernetes.io":{"namespace":"shop","secret":{"name":"robot-token"},"serviceaccount":{"name":"robot"}}}`,
			[]string{"GKE main in project my-project, europe-west1", "kubectl -n shop delete secret robot-token"}},
		{"kubernetes-bound", "service account token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://westeurope.oic.prod-aks.azure.com/00000000-0000-0000-0000-000000000001/id/","sub":"system:serviceaccount:shop:robot",
			"kubernetes.io":{"namespace":"shop","node":{"name":"node-1"},"serviceaccount":{"name":"robot"}}}`,
			[]string{"AKS in westeurope", "kubectl delete node node-1"}},
		{"spiffe", "workload identity token", "workload sub", `{"alg":"ES256","kid":"k","typ":"JWT"}`,
			`{"sub":"spiffe://shop.example/ns/a/sa/robot","aud":["spiffe://shop.example/db"],"exp":1795435500}`,
			[]string{"spire-server entry show -spiffeID spiffe://shop.example/ns/a/sa/robot"}},
		{"nomad", "workload identity token", "workload nomad_job_id", `{"alg":"RS256","kid":"k"}`,
			`{"aud":"vault.io","nomad_namespace":"default","nomad_job_id":"cache","nomad_task":"redis","nomad_allocation_id":"a","sub":"global:default:cache:redis"}`,
			[]string{"nomad job stop -namespace default cache"}},
		{"vault", "ID token", "unknown ", `{"alg":"RS256","kid":"k"}`,
			`{"iss":"https://vault.shop.example:8200/v1/identity/oidc","sub":"entity-7","aud":"c","namespace":"root","exp":1795438800}`,
			[]string{"vault write identity/oidc/key/NAME/rotate verification_ttl=0. ", "identity/entity/id/entity-7 disabled=true"}},
		{"vault-wrapping", "one-time token", "unknown ", `{"alg":"ES512","typ":"JWT"}`,
			`{"accessor":"acc7","addr":"https://vault.shop.example","exp":1795438800,"iat":1795435200,"jti":"s.x","type":"wrapping"}`,
			[]string{"vault token revoke -accessor acc7"}},
		{"argocd", "API key", "workload sub", `{"alg":"HS256","typ":"JWT"}`,
			`{"iss":"argocd","sub":"deployer:apiKey","nbf":1795431600,"iat":1795431600,"jti":"id-7"}`, []string{"argocd account delete-token --account deployer id-7"}},
		{"argocd", "API key", "workload sub", `{"alg":"HS256","typ":"JWT"}`,
			`{"iss":"argocd","sub":"proj:shop:sync","nbf":1795431600,"iat":1795431600,"jti":"id-7"}`, []string{"argocd proj role delete-token shop sync 1795431600"}},
		{"argocd", "session token", "person sub", `{"alg":"HS256","typ":"JWT"}`,
			`{"iss":"argocd","sub":"admin:login","exp":1795438800,"iat":1795431600}`, []string{"password of admin"}},

		{"github-actions", "workload identity token", "workload sub", `{"alg":"RS256","kid":"k","x5t":"x"}`,
			`{"iss":"https://token.actions.githubusercontent.com","sub":"repo:org/shop:ref:refs/heads/main","aud":"sts.amazonaws.com","repository":"org/shop","run_id":"77","actor":"a"}`,
			[]string{"Can't be revoked", "repository org/shop, workflow run 77"}},
		{"github-actions", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://token.actions.githubusercontent.com","sub":"repo:org/shop:ref:refs/heads/main","aud":"sigstore","repository":"org/shop"}`, []string{"transparency log"}},
		{"github-actions", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://token.actions.githubusercontent.com/an-enterprise","sub":"repo:org/shop:environment:production","repository":"org/shop"}`, []string{"repository org/shop"}},
		{"github-actions-runtime", "access token", "workload iss", `{"alg":"RS256"}`,
			`{"iss":"https://vstoken.actions.githubusercontent.com","scp":"Actions.GenericRead:0 Actions.Results:1:2","aud":"x"}`, []string{"cancel the run"}},
		{"github-app", "client assertion", "workload iss", `{"alg":"RS256","typ":"JWT"}`, `{"iss":"Iv23liAbCdEf","iat":1795435140,"exp":1795435740}`, []string{"private key"}},
		{"github-app", "client assertion", "workload iss", `{"alg":"RS256"}`, `{"iss":123456,"iat":1795435140,"exp":1795435740}`, nil},
		{"github-app", "client assertion", "workload iss", `{"alg":"RS256"}`, `{"iss":"123456","iat":1795435140,"exp":1795435740}`, nil},
		{"gitlab-ci", "workload identity token", "workload project_path", `{"alg":"RS256","kid":"k"}`,
			`{"iss":"https://gitlab.com","sub":"project_path:org/shop:ref_type:branch:ref:main","project_path":"org/shop","job_id":"9","pipeline_id":"8","user_email":"a@b.example"}`,
			[]string{"project org/shop, job 9"}},
		{"gitlab-ci", "workload identity token", "workload project_path", `{"alg":"RS256"}`,
			`{"iss":"https://git.shop.example","sub":"job_9","project_path":"org/shop","job_id":"9"}`, []string{"project org/shop, job 9"}},
		{"gitlab-job", "access token", "workload sub", `{"alg":"RS256","typ":"JWT","kid":"k"}`,
			`{"iss":"gitlab.com","sub":"gid://gitlab/Ci::Build/77","aud":"gitlab-authz-token","version":"0.1.0","jti":"j","iat":1795435200,"exp":1795442400}`,
			[]string{"job 77"}},
		{"gitlab-job", "access token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"git.shop.example","sub":"gid://gitlab/Ci::Build/77","aud":"gitlab-authz-token"}`, []string{"job 77"}},
		{"gitlab", "ID token", "person sub", `{"alg":"RS256"}`, `{"iss":"https://gitlab.com","sub":"7","aud":"c","auth_time":1}`, nil},
		{"azure-devops", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://vstoken.dev.azure.com/00000000-0000-0000-0000-000000000001","sub":"sc://org/shop/to-azure","aud":"api://AzureADTokenExchange"}`,
			[]string{"service connection to-azure in project shop of organization org"}},
		{"azure-devops", "access token", "workload nameid", `{"alg":"RS256"}`,
			`{"iss":"app.vstoken.visualstudio.com","nameid":"b","scp":"app_token","aud":"app.vstoken.visualstudio.com|vso:1"}`, []string{"_apis/tokenadmin/revocationrules"}},
		{"bitbucket-pipelines", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://api.bitbucket.org/2.0/workspaces/org/pipelines-config/identity/oidc","sub":"{r}:{s}","repositoryUuid":"{r}","pipelineUuid":"{p}"}`, []string{"repository r, pipeline p."}},
		{"circleci", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://oidc.circleci.com/org/o7","sub":"org/o7/project/p/user/u","oidc.circleci.com/project-id":"p7"}`, []string{"organization o7, project p7"}},
		{"buildkite", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://agent.buildkite.com","sub":"organization:org:pipeline:p","organization_slug":"org","pipeline_slug":"p"}`, []string{"organization org, pipeline p"}},
		{"terraform-cloud", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://app.terraform.io","sub":"organization:o:project:p:workspace:w:run_phase:plan","terraform_organization_name":"o","terraform_workspace_name":"w","terraform_run_id":"run-1"}`,
			[]string{"organization o, workspace w, run run-1"}},
		{"terraform-cloud", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://tfe.shop.example","sub":"s","terraform_run_phase":"plan","terraform_workspace_name":"w"}`, []string{"workspace w"}},
		{"spacelift", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://acc.app.spacelift.io","sub":"space:root","spaceId":"root"}`, []string{"account acc, space root"}},
		{"pulumi", "workload identity token", "workload sub", `{"alg":"RS256"}`, `{"iss":"https://api.pulumi.com/oidc","sub":"pulumi:deploy:org:o","org":"o"}`, []string{"organization o"}},
		{"fly-io", "workload identity token", "workload sub", `{"alg":"RS256"}`, `{"iss":"https://oidc.fly.io/o","sub":"o:a:m","app_name":"a"}`, []string{"organization o, app a"}},
		{"vercel", "workload identity token", "workload sub", `{"alg":"RS256"}`,
			`{"iss":"https://oidc.vercel.com/team","sub":"owner:team:project:p:environment:production","owner":"team","project":"p"}`, []string{"team team, project p"}},
	}
}

func cloudTests() []issuerTest {
	return []issuerTest{
		{"microsoft-entra", "access token", "person scp", `{"alg":"RS256","typ":"JWT","kid":"k"}`,
			`{"iss":"https://login.microsoftonline.com/t7/v2.0","aud":"api","azp":"app","oid":"o7","scp":"User.Read","sub":"s","tid":"t7","ver":"2.0"}`,
			[]string{"https://graph.microsoft.com/v1.0/users/o7/revokeSignInSessions", "tenant t7"}},
		{"microsoft-entra", "access token", "workload idtyp", `{"alg":"RS256"}`,
			`{"iss":"https://sts.windows.net/t7/","aud":"https://graph.microsoft.com","appid":"app7","idtyp":"app","oid":"o7","sub":"o7","tid":"t7","ver":"1.0"}`,
			[]string{"az ad app credential reset --id app7"}},
		{"microsoft-entra", "access token", "workload oid", `{"alg":"RS256"}`,
			`{"iss":"https://sts.windows.net/t7/","aud":"https://graph.microsoft.com","appid":"app7","roles":["Mail.Read"],"oid":"o7","sub":"o7","tid":"t7","ver":"1.0"}`, nil},
		{"microsoft-entra", "access token", "workload xms_mirid", `{"alg":"RS256"}`,
			`{"iss":"https://sts.windows.net/t7/","aud":"https://vault.azure.net","appid":"app7","xms_mirid":"/subscriptions/x","oid":"o7","sub":"o7","tid":"t7","ver":"1.0"}`, nil},
		{"microsoft-entra", "ID token", "person sub", `{"alg":"RS256"}`,
			`{"iss":"https://login.microsoftonline.com/t7/v2.0","aud":"app","nonce":"n","oid":"o7","sub":"s","tid":"t7","ver":"2.0"}`, nil},
		{"microsoft-entra-external", "access token", "unknown ", `{"alg":"RS256"}`, `{"iss":"https://shop.b2clogin.com/t7/v2.0/","aud":"api","azp":"app","scp":"read","sub":"s","tfp":"B2C_1_signin"}`, nil},
		{"microsoft-entra-external", "ID token", "person nonce", `{"alg":"RS256"}`, `{"iss":"https://t7.ciamlogin.com/t7/v2.0","aud":"app","nonce":"n","sub":"s"}`, nil},
		{"microsoft-account", "ID token", "person sub", `{"alg":"RS256"}`, `{"iss":"https://login.live.com","aud":"app","sub":"s"}`, nil},
		{"adfs", "access token", "unknown ", `{"alg":"RS256"}`, `{"iss":"http://sts.shop.example/adfs/services/trust","aud":"microsoft:identityserver:app","apptype":"Public","appid":"a"}`, []string{"Update-AdfsCertificate"}},
		{"azure-app-service", "session token", "person sub", `{"alg":"HS256","typ":"JWT"}`, `{"iss":"https://shop.azurewebsites.net/","aud":"https://shop.azurewebsites.net/","stable_sid":"sid:1","sub":"sid:2","idp":"google","ver":"3"}`, nil},
		{"google", "ID token", "person sub", `{"alg":"RS256","kid":"k"}`, `{"iss":"https://accounts.google.com","azp":"c.apps.googleusercontent.com","aud":"c.apps.googleusercontent.com","sub":"1","email":"a@b.example"}`, nil},
		{"google", "ID token", "person sub", `{"alg":"RS256"}`, `{"iss":"accounts.google.com","aud":"c.apps.googleusercontent.com","sub":"1"}`, nil},
		{"google", "ID token", "workload email", `{"alg":"RS256"}`, `{"iss":"https://accounts.google.com","aud":"https://api.example","sub":"1","email":"robot@p.iam.gserviceaccount.com"}`,
			[]string{"gcloud iam service-accounts disable robot@p.iam.gserviceaccount.com"}},
		{"google-service-account", "client assertion", "workload iss", `{"alg":"RS256","kid":"key7"}`,
			`{"iss":"robot@p.iam.gserviceaccount.com","scope":"https://www.googleapis.com/auth/devstorage.read_only","aud":"https://oauth2.googleapis.com/token","iat":1795435200,"exp":1795438800}`,
			[]string{"gcloud iam service-accounts keys delete key7 --iam-account=robot@p.iam.gserviceaccount.com"}},
		{"google-service-account", "access token", "workload iss", `{"alg":"RS256","kid":"key7"}`,
			`{"iss":"robot@p.iam.gserviceaccount.com","sub":"robot@p.iam.gserviceaccount.com","aud":"https://pubsub.googleapis.com/","iat":1795435200,"exp":1795438800}`, nil},
		{"google-service-account", "client assertion", "delegated sub", `{"alg":"RS256","kid":"key7"}`,
			`{"iss":"robot@p.iam.gserviceaccount.com","sub":"boss@b.example","scope":"https://mail.google.com/","aud":"https://oauth2.googleapis.com/token"}`, nil},
		{"google-compute", "workload identity token", "workload google", `{"alg":"RS256"}`,
			`{"iss":"https://accounts.google.com","aud":"https://api.example","sub":"1","google":{"compute_engine":{"instance_id":"1","instance_name":"vm-1","project_id":"p7"}}}`, []string{"instance vm-1 of project p7"}},
		{"google-iap", "session token", "person sub", `{"alg":"ES256"}`, `{"iss":"https://cloud.google.com/iap","aud":"/projects/1/apps/p","sub":"accounts.google.com:1","email":"a@b.example"}`, nil},
		{"firebase", "ID token", "person sub", `{"alg":"RS256"}`, `{"iss":"https://securetoken.google.com/shop-1","aud":"shop-1","user_id":"u7","sub":"u7","firebase":{"sign_in_provider":"password"}}`, []string{"user u7 in project shop-1"}},
		{"firebase-custom", "one-time token", "person uid", `{"alg":"RS256","kid":"key7"}`,
			`{"iss":"robot@p.iam.gserviceaccount.com","sub":"robot@p.iam.gserviceaccount.com","aud":"https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit","uid":"u7"}`, []string{"user u7", "keys delete key7"}},
		{"firebase-session", "session token", "person sub", `{"alg":"RS256"}`, `{"iss":"https://session.firebase.google.com/shop-1","aud":"shop-1","sub":"u7"}`, []string{"user u7 in project shop-1"}},
		{"firebase-app-check", "access token", "workload sub", `{"alg":"RS256"}`, `{"iss":"https://firebaseappcheck.googleapis.com/123","aud":["projects/123"],"sub":"1:123:web:a"}`, nil},
		{"aws-cognito", "access token", "person sub", `{"alg":"RS256","kid":"k"}`,
			`{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool7","sub":"s","token_use":"access","scope":"aws.cognito.signin.user.admin","client_id":"c","username":"user7"}`,
			[]string{"--region eu-west-1 --user-pool-id eu-west-1_Pool7 --username user7"}},
		{"aws-cognito", "ID token", "person sub", `{"alg":"RS256"}`, `{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool7","sub":"s","token_use":"id","aud":"c","cognito:username":"user7"}`, []string{"--username user7"}},
		{"aws-cognito", "access token", "workload client_id", `{"alg":"RS256"}`, `{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool7","sub":"c7","token_use":"access","client_id":"c7"}`, []string{"app client c7 in pool eu-west-1_Pool7"}},
		{"aws-cognito-identity", "workload identity token", "workload iss", `{"alg":"RS512"}`, `{"iss":"https://cognito-identity.amazonaws.com","sub":"eu-west-1:id7","aud":"eu-west-1:pool"}`, []string{"--identity-ids-to-delete eu-west-1:id7"}},
		{"aws-sts", "workload identity token", "workload sub", `{"alg":"ES384"}`, `{"iss":"https://00000000-0000-0000-0000-000000000001.tokens.sts.global.api.aws","sub":"arn:aws:iam::123456789012:role/robot","aud":"x"}`, nil},
		{"aws-load-balancer", "session token", "person sub", `{"alg":"ES256","signer":"arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/b","iss":"https://idp.example","client":"c","exp":1795435300}`,
			`{"sub":"s","email":"a@b.example","iss":"https://idp.example","exp":1795435300}`, nil},
		{"apple", "ID token", "person sub", `{"alg":"RS256","kid":"k"}`, `{"iss":"https://appleid.apple.com","aud":"app.example","sub":"1","email":"a@privaterelay.appleid.com"}`, nil},
		{"apple-client-secret", "client assertion", "workload aud", `{"alg":"ES256","kid":"KEY1234567"}`, `{"iss":"TEAM123456","iat":1795435200,"exp":1810000000,"aud":"https://appleid.apple.com","sub":"app.example"}`, []string{"key KEY1234567 of team TEAM123456"}},
		{"app-store-connect", "client assertion", "workload aud", `{"alg":"ES256","kid":"KEY1234567"}`, `{"iss":"00000000-0000-0000-0000-000000000001","iat":1795435200,"exp":1795436400,"aud":"appstoreconnect-v1"}`, []string{"API key KEY1234567"}},
		{"apple-developer", "client assertion", "workload iss", `{"alg":"ES256","kid":"KEY1234567"}`, `{"iss":"TEAM123456","iat":1795435200}`, []string{"key KEY1234567 of team TEAM123456"}},
		{"sap-xsuaa", "access token", "workload grant_type", `{"alg":"RS256"}`, `{"iss":"https://shop.authentication.eu10.hana.ondemand.com/oauth/token","grant_type":"client_credentials","cid":"sb-app","zid":"z","scope":["uaa.resource"]}`, nil},
		{"databricks", "access token", "unknown ", `{"alg":"RS256"}`, `{"iss":"https://dbc-1.cloud.databricks.com/oidc","aud":"w","sub":"s7","scope":"all-apis"}`, []string{"service principal s7 (at dbc-1.cloud.databricks.com)"}},
		{"databricks", "access token", "person sub", `{"alg":"RS256"}`, `{"iss":"https://adb-1.2.azuredatabricks.net/oidc","aud":"w","sub":"a@b.example"}`, []string{"user a@b.example (at adb-1.2."}},
		{"cloudflare-access", "session token", "person sub", `{"alg":"RS256"}`, `{"iss":"https://team.cloudflareaccess.com","aud":["a"],"email":"a@b.example","sub":"s","type":"app","identity_nonce":"n"}`, []string{"with the email a@b.example,"}},
		{"cloudflare-access", "session token", "workload common_name", `{"alg":"RS256"}`, `{"iss":"https://team.cloudflareaccess.com","aud":["a"],"sub":"","type":"app","common_name":"c.access"}`,
			[]string{"Delete the service token c.access"}},
	}
}

func TestIssuers(t *testing.T) {
	proven := map[string]bool{}
	for _, test := range issuerTests() {
		t.Run(test.id+"/"+test.use+"/"+test.holder, func(t *testing.T) {
			j := testJudge().Token(token(t, test.header, test.claims))
			if j.Issuer == nil {
				t.Fatal("no issuer found")
			}
			proven[j.Issuer.ID] = true
			if j.Issuer.ID != test.id || j.Issuer.TokenUse != test.use {
				t.Errorf("%s, %s; want %s, %s", j.Issuer.ID, j.Issuer.TokenUse, test.id, test.use)
			}
			if got := j.Holder.Kind + " " + j.Holder.By; got != test.holder {
				t.Errorf("holder %q, want %q", got, test.holder)
			}
			for _, part := range test.stop {
				if !strings.Contains(j.Issuer.Revocation, part) {
					t.Errorf("revocation %q lacks %q", j.Issuer.Revocation, part)
				}
			}
			if j.Issuer.Revocation == "" || strings.ContainsAny(j.Issuer.Revocation, "{}\n") || strings.Contains(j.Issuer.Revocation, "  ") {
				t.Errorf("revocation is not fit to be shown: %q", j.Issuer.Revocation)
			}
			rule, ok := LookupIssuer(test.id)
			if !ok || !strings.Contains(", "+rule.TokenUses+", ", ", "+test.use+", ") {
				t.Errorf("the table doesn't say that %s makes a %s: %q", test.id, test.use, rule.TokenUses)
			}
			if rule.Credential == j.NoCredential {
				t.Errorf("the table says credential: %t, the judgement no credential: %t", rule.Credential, j.NoCredential)
			}
		})
	}
	for _, rule := range IssuerTable() {
		if !proven[rule.ID] {
			t.Errorf("no example of %s", rule.ID)
		}
	}
}

func TestIssuerTable(t *testing.T) {
	seen := map[string]bool{}
	issuers := 0
	for _, rule := range IssuerTable() {
		if seen[rule.ID] || rule.ID == "" || rule.Name == "" || rule.Proof == "" || rule.TokenUses == "" || rule.Revocation == "" {
			t.Errorf("%q is not whole, or there twice", rule.ID)
		}
		seen[rule.ID] = true
		if rule.Credential {
			issuers++
		}
	}
	if issuers < 25 {
		t.Errorf("%d issuers, want 25 at least", issuers)
	}
	if _, ok := LookupIssuer("no-such-issuer"); ok {
		t.Error("there is an issuer that isn't")
	}
}

// What looks like an issuer and isn't must not be named.
func TestNoIssuer(t *testing.T) {
	for _, claims := range []object{
		`{}`,
		`{"iss":""}`,
		`{"iss":"joe"}`,
		`{"iss":7}`,
		`{"iss":"https://login.microsoftonline.com.evil.example/t/v2.0"}`,
		`{"iss":"https://evil-auth0.com/"}`,
		`{"iss":"https://accounts.google.com@evil.example/"}`,
		`{"iss":"https://evil.example/https://accounts.google.com"}`,
		`{"iss":"https://evil.example?https://shop.okta.com"}`,
		`{"iss":"https://evil.example#.okta.com"}`,
		`{"iss":"https://evil.example\\.okta.com"}`,
		`{"iss":"ftp://shop.okta.com"}`,
		`{"iss":"https://token.actions.githubusercontent.com.evil.example"}`,
		`{"iss":"https://raw.githubusercontent.com"}`,
		`{"iss":"https://www.googleapis.com"}`,
		`{"iss":"https://s3.amazonaws.com/bucket"}`,
		`{"iss":"https://www.salesforce.com"}`,
		`{"iss":"robot@evil.gserviceaccount.com.example"}`,
		`{"iss":"supabase.evil.example","role":"anon"}`,
		`{"role":"anon"}`,
		`{"iss":"https://api.shop.example","license":"pro","scope":"read"}`,
		`{"iss":"https://api.shop.example","aud":"a","license":"pro"}`,
		`{"iss":"https://api.shop.example","type":"access"}`,
		`{"iss":"x","events":{}}`,
		`{"iss":"x","events":["a"]}`,
		`{"iss":"123456","iat":1795435140,"exp":1795438740}`,
		`{"iss":"0123456789abcdef0123456789abcdef","iat":1795435140,"exp":1795438740}`,
	} {
		if issuer := judged(t, claims).Issuer; issuer != nil {
			t.Errorf("%s: taken for %s", claims, issuer.ID)
		}
	}
}

func TestSupabaseRolesDiffer(t *testing.T) {
	const claims = `{"iss":"supabase","ref":"proj7","role":"ROLE","iat":1700000000,"exp":2015360000}`
	anon := judged(t, strings.ReplaceAll(claims, "ROLE", "anon"))
	service := judged(t, strings.ReplaceAll(claims, "ROLE", "service_role"))
	if got := service.Facts.Severity(PlaceFacts{openFile}); got != finding.Critical {
		t.Errorf("service_role in a file is %s, want critical", got)
	}
	if got := anon.Facts.Severity(PlaceFacts{openTip}); got.Rank() <= finding.High.Rank() {
		t.Errorf("anon at a tip is %s, as bad as a secret key", got)
	}
}
