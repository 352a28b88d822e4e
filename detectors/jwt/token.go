package jwt

import (
	"time"

	"github.com/jwtleak/jwtleak/detectors"
)

// A Token is what a JWS or JWE in compact serialization says, read without verifying it.
type Token struct {
	Rule detectors.Rule
	// Compact is the canonical token itself. It is a credential: no output may carry it unless the user asks.
	Compact string

	// Header is the JOSE header (RFC 7515, section 4). Numbers are json.Number. The last of duplicate keys wins.
	Header map[string]any
	// Claims is the JWT claims set (RFC 7519, section 4); nil for a JWE. Numbers are json.Number.
	Claims map[string]any

	// Repeated are the values of claims that stand more than once, but for the last of each, which is in Claims, and what
	// claims are to who takes the first of members that stand more than once in an object; nil where none does.
	// RepeatedHeader is the same for the header.
	Repeated, RepeatedHeader map[string][]any

	Algorithm string // alg
	Type      string // typ
	KeyID     string // kid

	Issuer   string   // iss
	Subject  string   // sub
	Audience []string // aud, one string or an array of them
	ID       string   // jti

	IssuedAt  NumericDate // iat, the earliest of several
	NotBefore NumericDate // nbf, the earliest of several
	ExpiresAt NumericDate // exp, the latest of several

	// Disclosures is the number of SD-JWT disclosures that followed the token where it was found.
	Disclosures int
}

// A NumericDate is a date claim (RFC 7519, section 2), as it stands in the token.
type NumericDate struct {
	Time time.Time // UTC; zero where Form is Absent, Unreadable or Never
	Form DateForm
}

// A DateForm says how a date claim was written.
type DateForm uint8

// The forms of a date claim. Only Seconds is what RFC 7519 asks for.
const (
	DateAbsent       DateForm = iota // no such claim
	DateSeconds                      // a JSON number of seconds, perhaps with a fraction
	DateMilliseconds                 // a JSON number of 13 digits, or a string of as many: milliseconds
	DateString                       // a string of digits
	DateUnreadable                   // there, and none of these
	DateNever                        // an exp of 0, by which some mean that there is none
)

// Known reports whether the date could be read.
func (d NumericDate) Known() bool {
	return d.Form != DateAbsent && d.Form != DateUnreadable && d.Form != DateNever
}
