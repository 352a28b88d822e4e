package triage

import (
	"math"
	"time"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// Facts are what severity and exposure need of a token: small and comparable, since a scan keeps them for each of
// perhaps millions of tokens.
type Facts struct {
	notBefore int64 // in Unix seconds; unknownTime where it is not known
	expires   int64
	status    statusCode
	kind      kind
	grave     bool // has a risk of severity high, no-expiry aside
	thousands bool // exp is in milliseconds: read as the seconds that RFC 7519 asks for it lies far ahead
}

// unknownTime stands for a time that the token doesn't say.
const unknownTime = math.MinInt64

// statusCode is a finding.Status in a byte: its place in finding.Statuses.
type statusCode uint8

const (
	codeLive statusCode = iota
	codeNoExpiry
	codeNotYetValid
	codeUnknown
	codeExpired
)

// kind is what a token is good for to whoever reads it.
type kind uint8

const (
	bearer       kind = iota // a credential to whoever has it
	keyBound                 // a credential only together with a key (RFC 7800)
	madePublic               // a credential that every client has, on purpose
	noCredential             // signed, but opens nothing
	sample                   // published
)

// Expires returns when the token expires; zero where that is not known, or RFC 3339 has no form for it.
func (f Facts) Expires() time.Time {
	if f.expires == unknownTime {
		return time.Time{}
	}
	if at := time.Unix(f.expires, 0).UTC(); at.Year() >= 0 && at.Year() <= 9999 {
		return at
	}
	return time.Time{}
}

// Status returns the token's status.
func (f Facts) Status() finding.Status {
	switch f.status {
	case codeLive:
		return finding.Live
	case codeNoExpiry:
		return finding.NoExpiry
	case codeNotYetValid:
		return finding.NotYetValid
	case codeExpired:
		return finding.Expired
	default:
		return finding.Unknown
	}
}

func codeOf(status finding.Status) statusCode {
	switch status {
	case finding.Live:
		return codeLive
	case finding.NoExpiry:
		return codeNoExpiry
	case finding.NotYetValid:
		return codeNotYetValid
	case finding.Expired:
		return codeExpired
	default:
		return codeUnknown
	}
}

func newFacts(t *jwt.Token, status finding.Status, kind kind, grave bool) Facts {
	return Facts{
		notBefore: unixOf(t.NotBefore),
		expires:   unixOf(t.ExpiresAt),
		status:    codeOf(status),
		kind:      kind,
		grave:     grave,
		thousands: t.ExpiresAt.Form == jwt.DateMilliseconds,
	}
}

func unixOf(date jwt.NumericDate) int64 {
	if !date.Known() {
		return unknownTime
	}
	return date.Time.Unix()
}
