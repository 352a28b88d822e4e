package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// combineExposure returns what two accounts of when a token lay open say together. Neither is changed.
func combineExposure(a, b *finding.Exposure) *finding.Exposure {
	switch {
	case a == nil && b == nil:
		return nil
	case a == nil:
		return combineExposure(b, nil)
	case b == nil:
		whole := *a
		return &whole
	}
	whole := *a
	if c := a.FirstSeen.Compare(b.FirstSeen); c > 0 || c == 0 && seenByRank(b.SeenBy) < seenByRank(a.SeenBy) {
		whole.FirstSeen, whole.SeenBy = b.FirstSeen, b.SeenBy
	}
	if b.LastSeen.After(a.LastSeen) {
		whole.LastSeen = b.LastSeen
	}
	whole.LiveWhenSeen = a.LiveWhenSeen || b.LiveWhenSeen
	// The window runs from the first sighting to the expiry, so the earlier sighting's is the longer one.
	if a.WindowSeconds == nil || b.WindowSeconds != nil && *b.WindowSeconds > *a.WindowSeconds {
		whole.WindowSeconds = b.WindowSeconds
	}
	return &whole
}

// seenByRank orders what tells a time, the most telling first.
func seenByRank(by string) int {
	order := []finding.SeenBy{finding.SeenByCommit, finding.SeenByLog, finding.SeenByEntry, finding.SeenByFile}
	if rank := slices.Index(order, finding.SeenBy(by)); rank >= 0 {
		return rank
	}
	return len(order)
}

// exposureOf makes up for an exposure that was never told, as in a stream that was cut: what the times of the
// occurrences say by themselves.
func exposureOf(token finding.Token, occurrences []finding.Occurrence) *finding.Exposure {
	var whole *finding.Exposure
	for _, occurrence := range occurrences {
		if occurrence.SeenAt.IsZero() {
			continue
		}
		at := occurrence.SeenAt.UTC().Truncate(time.Second)
		one := finding.Exposure{FirstSeen: at, LastSeen: at, SeenBy: string(occurrence.SeenBy)}
		one.LiveWhenSeen = token.NotBefore == nil || !at.Before(*token.NotBefore)
		if token.ExpiresAt != nil {
			from := at.Unix()
			if token.NotBefore != nil {
				from = max(from, token.NotBefore.Unix())
			}
			left := max(0, token.ExpiresAt.Unix()-from)
			one.WindowSeconds = &left
			one.LiveWhenSeen = one.LiveWhenSeen && at.Before(*token.ExpiresAt)
		}
		whole = combineExposure(whole, &one)
	}
	return whole
}

// firstOf combines two accounts of one finding, told as if each were the first, whichever came first: the worse
// severity, else the one whose JSON is smaller.
func firstOf(a, b finding.Finding) finding.Finding {
	exposure := combineExposure(a.Exposure, b.Exposure)
	a.Exposure, b.Exposure = nil, nil
	aJSON, _ := json.Marshal(a) // one that can't be written compares as empty
	bJSON, _ := json.Marshal(b)
	if cmp.Or(a.Severity.Rank()-b.Severity.Rank(), bytes.Compare(aJSON, bJSON)) > 0 {
		a = b
	}
	a.Exposure = exposure
	return a
}
