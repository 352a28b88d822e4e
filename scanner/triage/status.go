package triage

import (
	"time"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// status compares nbf and exp with the time of judgement (RFC 7519, sections 4.1.4 and 4.1.5): on exp the token is
// expired, on nbf it is valid. An iat in the future changes nothing: section 4.1.6 gives it no such meaning. Of a date that
// stands more than once the reading counts in which the token lives longest, and one that can't be read may be that.
func (j Judge) status(t *jwt.Token) finding.Status {
	exp, nbf := t.ExpiresAt, t.NotBefore
	switch {
	case t.Claims == nil || exp.Form == jwt.DateUnreadable:
		return finding.Unknown
	case exp.Known() && !j.At.Before(exp.Time):
		if t.Unclear("exp") {
			return finding.Unknown
		}
		return finding.Expired
	case nbf.Form == jwt.DateUnreadable:
		return finding.Unknown
	case nbf.Known() && j.At.Before(nbf.Time):
		if t.Unclear("nbf") {
			return finding.Unknown
		}
		return finding.NotYetValid
	case !exp.Known():
		return finding.NoExpiry
	default:
		return finding.Live
	}
}

// Began returns when the lifetime of a token began, iat or else nbf, and whether a lifetime can be said: it can't where
// exp is not known, or before that.
func Began(t *jwt.Token) (time.Time, bool) {
	start := t.IssuedAt
	if !start.Known() {
		start = t.NotBefore
	}
	if !start.Known() || !t.ExpiresAt.Known() || start.Time.After(t.ExpiresAt.Time) {
		return time.Time{}, false
	}
	return start.Time, true
}

// lifetime returns how long the token lives, and whether that can be said.
func lifetime(t *jwt.Token) (time.Duration, bool) {
	start, ok := Began(t)
	return t.ExpiresAt.Time.Sub(start), ok
}
