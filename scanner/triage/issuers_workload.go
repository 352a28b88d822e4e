package triage

import "strings"

func workloadRule(id issuerID) IssuerRule {
	switch id {
	case kubernetesLegacy:
		return IssuerRule{
			ID: "kubernetes-legacy", Name: "Kubernetes service account (legacy)", Credential: true,
			Proof:      "iss is kubernetes/serviceaccount; claims kubernetes.io/serviceaccount/...",
			TokenUses:  "service account token",
			Revocation: "Never expires. Delete the secret that holds it: kubectl -n NAMESPACE delete secret SECRET. The API server refuses it from then on.",
		}
	case kubernetesBound:
		return IssuerRule{
			ID: "kubernetes-bound", Name: "Kubernetes service account (bound)", Credential: true,
			Proof:      "claim kubernetes.io with namespace and serviceaccount",
			TokenUses:  "service account token",
			Revocation: "Bound to an object: delete that, and the API server refuses the token: kubectl -n NAMESPACE delete pod POD. Services outside the cluster accept it until exp.",
		}
	case spiffe:
		return IssuerRule{
			ID: "spiffe", Name: "SPIFFE (JWT-SVID)", Credential: true,
			Proof:      "sub is a SPIFFE ID (spiffe://trust-domain/path)",
			TokenUses:  workloadID,
			Revocation: "A JWT-SVID can't be revoked and lives minutes: wait for exp. If the workload is compromised, delete its registration entry: spire-server entry delete -entryID ENTRY. If the signing key is, rotate the trust domain's JWT key.",
		}
	case nomad:
		return IssuerRule{
			ID: "nomad", Name: "HashiCorp Nomad", Credential: true,
			Proof:      "claims nomad_namespace and nomad_job_id",
			TokenUses:  workloadID,
			Revocation: "Valid while its allocation runs, for Nomad itself: nomad job stop -namespace NAMESPACE JOB. Others accept it until exp, or until its key is gone: nomad operator root keyring rotate (with -now where it asks for it), then nomad operator root keyring remove KEY.",
		}
	case vault:
		return IssuerRule{
			ID: "vault", Name: "HashiCorp Vault", Credential: true,
			Proof:      "path of iss is /v1/identity/oidc or /v1/.../identity/oidc/provider/NAME",
			TokenUses:  idToken,
			Revocation: "An identity token can't be revoked. End those that its key has signed since the key's last rotation: vault write identity/oidc/key/NAME/rotate verification_ttl=0. Older ones are accepted until exp, or until the verification_ttl of theirs is over.",
		}
	case vaultWrapping:
		return IssuerRule{
			ID: "vault-wrapping", Name: "HashiCorp Vault (response wrapping)", Credential: true,
			Proof:      "claims type (wrapping), accessor and addr",
			TokenUses:  "one-time token",
			Revocation: "Whoever unwraps it first gets the secret inside. Revoke it by its accessor: vault token revoke -accessor ACCESSOR. If it has been unwrapped by another, replace the secret inside.",
		}
	default:
		return IssuerRule{
			ID: "argocd", Name: "Argo CD", Credential: true,
			Proof:      "iss is argocd",
			TokenUses:  "API key, session token",
			Revocation: "Delete the token: argocd account delete-token --account ACCOUNT ID, or argocd proj role delete-token PROJECT ROLE ISSUED-AT. Sessions end when server.secretkey in the secret argocd-secret is replaced.",
		}
	}
}

// serviceAccount goes by the claims of Kubernetes, whoever runs the cluster.
func serviceAccount(s *survey) (identity, bool) {
	bound, _ := s.Claims["kubernetes.io"].(map[string]any)
	if namespace, _ := bound["namespace"].(string); namespace != "" {
		return boundServiceAccount(s, bound, namespace), true
	}
	if s.text("kubernetes.io/serviceaccount/namespace") != "" {
		return legacyServiceAccount(s), true
	}
	return identity{}, false
}

// legacyServiceAccount: the token of a secret of type kubernetes.io/service-account-token.
func legacyServiceAccount(s *survey) identity {
	return identity{
		issuer: kubernetesLegacy,
		holder: holderBy(workload, "sub"),
		stop: fill("Never expires. Delete the secret that holds it: kubectl -n {NAMESPACE} delete secret {SECRET}. "+
			"The API server refuses it from then on. See first that it is a secret of service account {SERVICEACCOUNT}.",
			s.text("kubernetes.io/serviceaccount/namespace"), s.text("kubernetes.io/serviceaccount/secret.name"),
			s.text("kubernetes.io/serviceaccount/service-account.name")),
	}
}

// boundServiceAccount: a projected token, or one of `kubectl create token`. What it is bound to is a member of its claim
// kubernetes.io.
func boundServiceAccount(s *survey, bound map[string]any, namespace string) identity {
	account, pod, secret, node := nameIn(bound, "serviceaccount"), nameIn(bound, "pod"), nameIn(bound, "secret"), nameIn(bound, "node")
	i := identity{issuer: kubernetesBound, holder: holderBy(workload, "sub")}
	switch {
	case pod != "":
		i.stop = fill("Bound to a pod: delete that, and the API server refuses it (service account {SERVICEACCOUNT}): "+
			"kubectl -n {NAMESPACE} delete pod {POD}. "+acceptedOutside, account, namespace, pod)
	case secret != "":
		i.stop = fill("Bound to a secret: delete that, and the API server refuses it (service account {SERVICEACCOUNT}): "+
			"kubectl -n {NAMESPACE} delete secret {SECRET}. "+acceptedOutside, account, namespace, secret)
	case node != "":
		i.stop = fill("Bound to a node: replace that, and the API server refuses it (namespace {NAMESPACE}, service account "+
			"{SERVICEACCOUNT}): kubectl drain {NODE}, then kubectl delete node {NODE}. "+acceptedOutside, namespace, account, node, node)
	default:
		i.stop = fill("Bound to nothing but its service account: it ends with that alone: kubectl -n {NAMESPACE} delete "+
			"serviceaccount {SERVICEACCOUNT}, then create it anew. "+acceptedOutside, namespace, account)
	}
	if cluster := clusterOf(s); cluster != "" {
		i.stop += " " + cluster
	}
	return i
}

// nameIn returns the name of an object within another, or "".
func nameIn(object map[string]any, member string) string {
	inner, _ := object[member].(map[string]any)
	name, _ := inner["name"].(string)
	return name
}

const acceptedOutside = "Services outside the cluster accept it until exp."

// clusterOf names the cluster, where the issuer's address is one of a cloud's.
func clusterOf(s *survey) string {
	switch {
	case strings.HasPrefix(s.host, "oidc.eks."):
		return fill("Cluster: EKS, OIDC id {ID}, in {REGION}.", after(s.path, "id"), segment(strings.ReplaceAll(s.host, ".", "/"), 2))
	case s.host == "container.googleapis.com":
		return fill("Cluster: GKE {CLUSTER} in project {PROJECT}, {LOCATION}.",
			after(s.path, "clusters"), after(s.path, "projects"), after(s.path, "locations"))
	case strings.HasSuffix(s.host, ".oic.prod-aks.azure.com"):
		return fill("Cluster: AKS in {REGION}, tenant {TENANT}.", strings.TrimSuffix(s.host, ".oic.prod-aks.azure.com"), segment(s.path, 0))
	}
	return ""
}

// vaultStop names no server: who would run a command of Vault against the one that iss names gives it an operator's token.
func vaultStop(s *survey) string {
	return fill("An identity token can't be revoked. End those that its key has signed since the key's last rotation: vault write "+
		"identity/oidc/key/NAME/rotate verification_ttl=0. Older ones are accepted until exp, or until the verification_ttl of theirs is over. To stop new ones, "+
		"disable the entity: vault write identity/entity/id/{ENTITY} disabled=true", s.Subject)
}

func nomadToken(s *survey) identity {
	return identity{
		issuer: nomad, holder: holderBy(workload, "nomad_job_id"),
		stop: fill("Nomad itself accepts it while its allocation runs: nomad job stop -namespace {NAMESPACE} {JOB}. Others accept it "+
			"until exp, or until its key is gone: nomad operator root keyring rotate (with -now where it asks for it), then nomad operator root keyring "+
			"remove {KEY}.", s.text("nomad_namespace"), s.text("nomad_job_id"), s.KeyID),
	}
}

// argoCDToken: the subject is `account:apiKey`, `account:login`, or `proj:project:role`.
func argoCDToken(s *survey) identity {
	i := identity{issuer: argoCD, use: session, holder: holderBy(person, "sub")}
	rest, isProject := strings.CutPrefix(s.Subject, "proj:")
	if project, role, ok := strings.Cut(rest, ":"); isProject && ok {
		i.use, i.holder = "API key", holderBy(workload, "sub")
		i.stop = fill("Delete the role's token: argocd proj role delete-token {PROJECT} {ROLE} {ISSUED-AT}", project, role, issuedAt(s))
		return i
	}
	if account, ok := strings.CutSuffix(s.Subject, ":apiKey"); ok {
		i.use, i.holder = "API key", holderBy(workload, "sub")
		i.stop = fill("Delete the account's token: argocd account delete-token --account {ACCOUNT} {ID}", account, s.ID)
		return i
	}
	account := strings.TrimSuffix(s.Subject, ":login")
	i.stop = fill("Change the password of {ACCOUNT}, which ends its sessions: argocd account update-password --account {ACCOUNT}.",
		account, account)
	return i
}
