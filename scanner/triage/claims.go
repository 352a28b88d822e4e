package triage

import "github.com/jwtleak/jwtleak/detectors/jwt"

// ShowableClaim reports whether the value of a claim is shown by default, and what of it: registered and authorization
// claims are, what may tell of a person is not.
func ShowableClaim(_ *jwt.Token, name string, value any) (any, bool) {
	switch name {
	case "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "scp", "roles", "groups", "permissions", "azp", "client_id", "tid":
		return value, true
	default:
		return nil, false
	}
}
