package triage

// signsWithKeyPair reports whether an issuer signs with private keys alone, as its documentation or the signing algorithms
// of its published metadata say: others verify its tokens with its public keys, and have no secret to share with it. A token
// that has an HMAC or no signature is none of its, whatever iss or its other claims say.
func (id issuerID) signsWithKeyPair() bool {
	switch id {
	case kubernetesLegacy, kubernetesBound,
		spiffe, // JWT-SVID, section 2.1: RS, PS and ES
		vault, nomad,
		githubActions, gitlabCI, gitlab, bitbucketPipelines, circleCI, buildkite, terraformCloud, spacelift, pulumi, flyIO, vercel,
		entra, entraB2C, microsoftAccount,
		google, googleServiceAccount, googleCompute, googleIAP, firebase, firebaseCustom, firebaseSession, firebaseAppCheck,
		cognito, cognitoIdentity, awsSTS, awsLoadBalancer,
		apple, appleClient, appStoreConnect,
		cloudflareAccess, okta, sigstore, loginGov, slack, discord, facebook, linkedIn, twitch, intuit:
		return true
	}
	return false
}

// isKeyPairAlgorithm knows the algorithms of signatures that a private key makes and a public one verifies: RFC 7518,
// section 3.1; RFC 8037, section 3.1; RFC 8812, section 3.2; RFC 9864, section 2.2.
func isKeyPairAlgorithm(algorithm string) bool {
	switch algorithm {
	case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448",
		"ML-DSA-44", "ML-DSA-65", "ML-DSA-87":
		return true
	}
	return false
}
