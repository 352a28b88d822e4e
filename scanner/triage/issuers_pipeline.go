package triage

import (
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// noRevocation is the same for the identity tokens of all pipelines: they are made to be exchanged once, and short.
const noRevocation = "Can't be revoked: wait for exp. Cancel the job if it still runs, look at what was obtained with it where it is " +
	"trusted (audience), and narrow that trust"

func pipelineRule(id issuerID) IssuerRule {
	switch id {
	case githubActions:
		return pipelineIdentity("github-actions", "GitHub Actions (OIDC)", "iss is https://token.actions.githubusercontent.com, perhaps with an enterprise's name")
	case githubActionsRuntime:
		return IssuerRule{
			ID: "github-actions-runtime", Name: "GitHub Actions (runtime service)", Credential: true,
			Proof:      "iss is https://vstoken.actions.githubusercontent.com or https://pipelines.actions.githubusercontent.com",
			TokenUses:  access,
			Revocation: "Can't be revoked. It is the job's own access to caches, artifacts and logs and ends with it: cancel the run, then delete caches and artifacts that may have been replaced.",
		}
	case githubApp:
		return IssuerRule{
			ID: "github-app", Name: "GitHub App", Credential: true,
			Proof:      "RS256 with no claims but iss, iat and exp; iss is a client id (Iv1., Iv23) or a number of three digits or more; no kid, and a lifetime of eleven minutes at most",
			TokenUses:  "client assertion",
			Revocation: "Lives ten minutes at most: wait for exp, then look for installation tokens made with it in the audit log. If it may have been one of many, delete the private key: Settings > Developer settings > GitHub Apps > the app > Private keys.",
		}
	case gitlabCI:
		return pipelineIdentity("gitlab-ci", "GitLab CI (job identity)", "claims project_path with pipeline_id or job_id")
	case gitlabJob:
		return IssuerRule{
			ID: "gitlab-job", Name: "GitLab CI (job token)", Credential: true,
			Proof:      "aud is gitlab-authz-token and sub is gid://gitlab/Ci::Build/JOB (CI_JOB_TOKEN, behind its prefix)",
			TokenUses:  access,
			Revocation: "GitLab accepts it while its job runs: cancel the job, then look at what was done with it. It opens what the user who started the job may, in the projects that let it in.",
		}
	case gitlab:
		return IssuerRule{
			ID: "gitlab", Name: "GitLab (sign-in)", Credential: true,
			Proof:      "iss is https://gitlab.com, without the claims of a job",
			TokenUses:  "ID token, access token",
			Revocation: "An ID token can't be revoked; it proves one sign-in. Revoke the application's access, among the authorized applications of the user's settings.",
		}
	case azureDevOps:
		return IssuerRule{
			ID: "azure-devops", Name: "Azure DevOps", Credential: true,
			Proof:      "iss is https://vstoken.dev.azure.com/... or app.vstoken.visualstudio.com",
			TokenUses:  "workload identity token, access token",
			Revocation: "Can't be revoked one by one. A job's own ends with it: cancel the run. An administrator can have all session tokens refused that are older than a rule: POST https://vssps.dev.azure.com/ORGANIZATION/_apis/tokenadmin/revocationrules",
		}
	case bitbucketPipelines:
		return pipelineIdentity("bitbucket-pipelines", "Bitbucket Pipelines (OIDC)", "iss is https://api.bitbucket.org/2.0/workspaces/WORKSPACE/pipelines-config/identity/oidc")
	case circleCI:
		return pipelineIdentity("circleci", "CircleCI (OIDC)", "iss is https://oidc.circleci.com/org/ORGANIZATION")
	case buildkite:
		return pipelineIdentity("buildkite", "Buildkite (OIDC)", "iss is https://agent.buildkite.com")
	case terraformCloud:
		return pipelineIdentity("terraform-cloud", "HCP Terraform (workload identity)", "iss is https://app.terraform.io, or claims terraform_run_phase and terraform_workspace_name")
	case spacelift:
		return pipelineIdentity("spacelift", "Spacelift (OIDC)", "iss is https://ACCOUNT.app.spacelift.io")
	case pulumi:
		return pipelineIdentity("pulumi", "Pulumi Cloud (OIDC)", "iss is https://api.pulumi.com/oidc")
	case flyIO:
		return pipelineIdentity("fly-io", "Fly.io (OIDC)", "iss is https://oidc.fly.io/ORGANIZATION")
	default:
		return pipelineIdentity("vercel", "Vercel (OIDC)", "iss is https://oidc.vercel.com, perhaps with a team's name")
	}
}

func pipelineIdentity(id, name, proof string) IssuerRule {
	return IssuerRule{ID: id, Name: name, Proof: proof, TokenUses: workloadID, Revocation: noRevocation + ".", Credential: true}
}

// pipelineHost goes by the address of the service that runs the pipeline.
func pipelineHost(s *survey, domain string) (identity, bool) {
	switch domain {
	case "githubusercontent.com":
		return githubHost(s)
	case "gitlab.com":
		return gitlabToken(s)
	case "visualstudio.com":
		if strings.HasSuffix(s.host, ".vstoken.visualstudio.com") || s.host == "vstoken.visualstudio.com" || s.host == "app.vssps.visualstudio.com" {
			return azureDevOpsToken(s), true
		}
	case "bitbucket.org":
		if strings.Contains(s.path, "/pipelines-config/identity/oidc") {
			return job(s, bitbucketPipelines, "repository {REPOSITORY}, pipeline {PIPELINE}", inBraces(s.text("repositoryUuid")), inBraces(s.text("pipelineUuid"))), true
		}
	case "circleci.com":
		if s.host == "oidc.circleci.com" {
			return job(s, circleCI, "organization {ORGANIZATION}, project {PROJECT}", after(s.path, "org"), s.text("oidc.circleci.com/project-id")), true
		}
	case "buildkite.com":
		if s.host == "agent.buildkite.com" {
			return job(s, buildkite, "organization {ORGANIZATION}, pipeline {PIPELINE}", s.text("organization_slug"), s.text("pipeline_slug")), true
		}
	case "terraform.io":
		return terraformToken(s), s.host == "app.terraform.io"
	case "spacelift.io":
		return job(s, spacelift, "account {ACCOUNT}, space {SPACE}", subdomain(s.host, 3), s.text("spaceId")), strings.HasSuffix(s.host, ".app.spacelift.io")
	case "pulumi.com":
		return job(s, pulumi, "organization {ORGANIZATION}", s.text("org")), strings.HasPrefix(s.path, "/oidc")
	case "fly.io":
		return job(s, flyIO, "organization {ORGANIZATION}, app {APP}", segment(s.path, 0), s.text("app_name")), s.host == "oidc.fly.io"
	case "vercel.com":
		return job(s, vercel, "team {TEAM}, project {PROJECT}", s.text("owner"), s.text("project")), s.host == "oidc.vercel.com"
	}
	return identity{}, false
}

// inBraces returns a UUID of Bitbucket's, which are written in braces, without them.
func inBraces(uuid string) string { return strings.TrimSuffix(strings.TrimPrefix(uuid, "{"), "}") }

// job is the identity token of a pipeline's job; what says in the service's own words which.
func job(s *survey, id issuerID, what string, names ...string) identity {
	i := identity{issuer: id, holder: holderBy(workload, "iss")}
	if s.Subject != "" {
		i.holder.By = "sub"
	}
	i.stop = noRevocation + " to what it should be: " + fill(what, names...) + "."
	if s.audience("sigstore") {
		i.stop += " It is for Sigstore: look in the transparency log for what was signed with it."
	}
	return i
}

func githubHost(s *survey) (identity, bool) {
	switch s.host {
	case "token.actions.githubusercontent.com":
		return job(s, githubActions, "repository {REPOSITORY}, workflow run {RUN}", s.text("repository"), s.text("run_id")), true
	case "vstoken.actions.githubusercontent.com", "pipelines.actions.githubusercontent.com":
		return identity{issuer: githubActionsRuntime, holder: holderBy(workload, "iss")}, true
	}
	return identity{}, false
}

// gitlabToken: job tokens say so by their claims, on gitlab.com and elsewhere alike.
func gitlabToken(s *survey) (identity, bool) {
	if s.present("project_path") && (s.present("pipeline_id") || s.present("job_id")) {
		i := job(s, gitlabCI, "project {PROJECT}, job {JOB}", s.text("project_path"), s.text("job_id"))
		i.holder.By = "project_path"
		return i, true
	}
	if i, ok := gitlabJobToken(s); ok {
		return i, true
	}
	if s.host != "gitlab.com" {
		return identity{}, false
	}
	return identity{issuer: gitlab, use: idToken, holder: holderBy(person, "sub")}, true
}

// gitlabJobToken: CI_JOB_TOKEN, where the instance has it be a JWT.
func gitlabJobToken(s *survey) (identity, bool) {
	number, isJob := strings.CutPrefix(s.Subject, "gid://gitlab/Ci::Build/")
	return identity{issuer: gitlabJob, holder: holderBy(workload, "sub"), stop: fill("GitLab accepts it while job {JOB} runs: cancel that, then "+
			"look at what was done with it. It opens what the user who started the job may, in the projects that let it in.", number)},
		isJob && s.audience(gitlabJobAudience)
}

const gitlabJobAudience = "gitlab-authz-token"

// azureDevOpsToken: the token of a service connection has the connection as its subject, the one of a job's own access
// the name id of a build service.
func azureDevOpsToken(s *survey) identity {
	if strings.HasPrefix(s.Subject, "sc://") {
		names := strings.SplitN(strings.TrimPrefix(s.Subject, "sc://"), "/", 3)
		names = append(names, "", "", "")
		return identity{
			issuer: azureDevOps, use: workloadID, holder: holderBy(workload, "sub"),
			stop: noRevocation + fill(" of service connection {CONNECTION} in project {PROJECT} of organization {ORGANIZATION}.", names[2], names[1], names[0]),
		}
	}
	i := identity{issuer: azureDevOps, use: access}
	if s.present("nameid") {
		i.holder = holderBy(workload, "nameid")
	}
	return i
}

func terraformToken(s *survey) identity {
	return job(s, terraformCloud, "organization {ORGANIZATION}, workspace {WORKSPACE}, run {RUN}",
		s.text("terraform_organization_name"), s.text("terraform_workspace_name"), s.text("terraform_run_id"))
}

// isGitHubApp: no claim names GitHub, so all of the form has to fit.
func isGitHubApp(s *survey) bool {
	if s.Algorithm != "RS256" || len(s.Claims) != 3 || s.IssuedAt.Form != jwt.DateSeconds || s.ExpiresAt.Form != jwt.DateSeconds {
		return false
	}
	if life, ok := lifetime(s.Token); !ok || life > 11*time.Minute || s.KeyID != "" {
		return false // GitHub asks for ten minutes at most, and advises to set iat a minute back
	}
	if strings.HasPrefix(s.Issuer, "Iv1.") || strings.HasPrefix(s.Issuer, "Iv23") {
		return true
	}
	switch number := s.Claims["iss"].(type) {
	case string:
		return isDigits(number) && len(number) >= 3 && len(number) <= 9
	case interface{ Int64() (int64, error) }: // json.Number
		value, err := number.Int64()
		return err == nil && value >= 100 && value < 1e9
	}
	return false
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
