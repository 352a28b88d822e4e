package scanner

import (
	"bytes"
	"slices"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// A ledger knows every distinct token that was met. What it keeps of one is small and of fixed size, since there may be
// millions: the token itself and what it says are not kept.
type ledger struct {
	entries map[finding.Fingerprint]*entry
	names   interned // of issuers and of kinds of holder
}

// An entry is what the ledger keeps of a token.
type entry struct {
	facts       triage.Facts
	first, last int64 // when it was seen, in Unix seconds
	occurrences int64
	issuer      int32
	holder      int32
	place       triage.PlaceFacts // the worst of the places
	seenBy      finding.SeenBy    // what told first
	severity    finding.Severity  // as last told
	seen        bool              // first and last hold something
	changed     bool              // since it was told
	hidden      bool              // not told: its status is not asked for
	accepted    bool              // beforehand, by the user: does not fail the scan
	open        bool              // met on a line that does not allow it
	provisional bool              // the occurrence told with the finding is one that Attribute replaces
}

// sighted takes in where and when a token was met.
func (en *entry) sighted(occurrence finding.Occurrence) {
	if place := en.place.With(triage.PlaceOf(occurrence)); place != en.place {
		en.place, en.changed = place, true
	}
	en.open = en.open || !occurrence.Allowed
	if occurrence.SeenAt.IsZero() {
		return
	}
	at := occurrence.SeenAt.Unix()
	if !en.seen || at < en.first {
		en.first, en.seenBy, en.changed = at, occurrence.SeenBy, true
	}
	if !en.seen || at > en.last {
		en.last, en.changed = at, true
	}
	en.seen = true
}

// allowed returns what accepts a token that every line it was met on allows, or nil.
func (en *entry) allowed() *finding.Suppression {
	if en.open || en.accepted || en.provisional {
		return nil
	}
	return &finding.Suppression{By: finding.SuppressedByComment, Reason: AllowComment + " on its line"}
}

// judged returns the entry's severity and exposure as they stand now.
func (en *entry) judged() (finding.Severity, *finding.Exposure) {
	severity := en.facts.Severity(en.place)
	if !en.seen {
		return severity, nil
	}
	exposure := en.facts.Exposure(time.Unix(en.first, 0).UTC(), time.Unix(en.last, 0).UTC(), en.seenBy)
	return severity, &exposure
}

// sorted returns the fingerprints of all entries in order.
func (l *ledger) sorted() []finding.Fingerprint {
	fingerprints := make([]finding.Fingerprint, 0, len(l.entries))
	for fingerprint := range l.entries {
		fingerprints = append(fingerprints, fingerprint)
	}
	slices.SortFunc(fingerprints, func(a, b finding.Fingerprint) int { return bytes.Compare(a[:], b[:]) })
	return fingerprints
}

// An interned list gives each distinct string a small number.
type interned struct {
	numbers map[string]int32
	strings []string
}

// maxNames bounds the distinct issuers that a summary tells apart; all further ones are counted together.
const maxNames = 10_000

// otherNames is what the summary counts those past maxNames as.
const otherNames = "(others)"

func (i *interned) number(s string) int32 {
	if n, ok := i.numbers[s]; ok {
		return n
	}
	if len(i.strings) >= maxNames && s != otherNames {
		return i.number(otherNames)
	}
	if i.numbers == nil {
		i.numbers = map[string]int32{}
	}
	n := int32(len(i.strings))
	i.numbers[s], i.strings = n, append(i.strings, s)
	return n
}
