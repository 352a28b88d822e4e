package triage

import (
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// leeway is how far the clock that dated a sighting may be behind the issuer's.
const leeway = 60

// Exposure says when the token lay open, given when it was first and last seen and what told that, and for how long
// whoever read it there could use it: from when it was first seen, or became valid if that is later, to its expiry. An iat
// after the first sighting shortens nothing: the token was there, so its iat or a clock is wrong, and no verifier has to
// refuse it for that (RFC 7519, section 4.1.6).
// Where it has no expiry, or none that can be read, there is no WindowSeconds.
func (f Facts) Exposure(first, last time.Time, by finding.SeenBy) finding.Exposure {
	exposure := finding.Exposure{FirstSeen: first.UTC(), LastSeen: last.UTC(), SeenBy: string(by)}
	begun := f.notBefore == unknownTime || subtract(f.notBefore, last.Unix()) <= leeway
	if f.expires == unknownTime {
		exposure.LiveWhenSeen = begun && f.status != codeUnknown
		return exposure
	}
	from := max(first.Unix(), f.notBefore)
	window := max(0, subtract(f.expires, from))
	exposure.WindowSeconds = &window
	exposure.LiveWhenSeen = begun && first.Unix() < f.expires && f.notBefore < f.expires
	return exposure
}

// subtract returns a - b, or the nearest int64 where that is none.
func subtract(a, b int64) int64 {
	difference := a - b
	switch {
	case b < 0 && difference < a:
		return 1<<63 - 1
	case b > 0 && difference > a:
		return -1 << 63
	default:
		return difference
	}
}
