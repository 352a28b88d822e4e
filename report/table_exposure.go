package report

import (
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// exposureWords says when a token lay open and what told that, whether it was live then, and for how long whoever read it
// there could use it; "" where nothing is known of it, or no more than when its file was written, and nothing follows from
// that. Of what opens nothing to who has it, or is made to be public, it says when alone.
func exposureWords(f finding.Finding) string {
	e := f.Exposure
	switch {
	case e == nil || e.FirstSeen.IsZero():
		return ""
	case finding.SeenBy(e.SeenBy) == finding.SeenByFile && (f.Status != finding.Expired || !e.LiveWhenSeen):
		return ""
	}
	words := seenVerb(e.SeenBy) + " " + e.FirstSeen.UTC().Format(time.RFC3339)
	if e.LastSeen.After(e.FirstSeen) {
		words = "first " + words + ", last seen " + e.LastSeen.UTC().Format(time.RFC3339)
	}
	switch {
	case f.Severity == finding.Info, f.Severity == finding.Low && f.Status != finding.Expired:
		return words
	case !e.LiveWhenSeen && f.Status == finding.Unknown:
		return words
	case !e.LiveWhenSeen:
		return words + ", not live then"
	case e.WindowSeconds == nil:
		return words + ", live then, and to be used from there without end"
	default:
		return words + ", live then" + usableWords(*e, ", to be used from there for ")
	}
}

// usableWords says for how long a token could be used from when it was first seen, behind words that lead to it.
func usableWords(e finding.Exposure, before string) string {
	if e.WindowSeconds == nil || *e.WindowSeconds <= 0 {
		return ""
	}
	return before + durationWords(*e.WindowSeconds)
}

// seenVerb says what told when a token was seen.
func seenVerb(by string) string {
	switch finding.SeenBy(by) {
	case finding.SeenByCommit:
		return "committed"
	case finding.SeenByLog:
		return "logged"
	case finding.SeenByEntry:
		return "archived"
	default:
		return "written"
	}
}
