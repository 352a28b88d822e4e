package report

import (
	"cmp"
	"encoding/hex"
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// maxCount bounds counts that are read, and maxStat those of a scan, so that no sum of them overflows.
const (
	maxCount = 1 << 40
	maxStat  = 1 << 53
)

// maxNesting is how deep objects and lists of a header or claims may lie in each other, which is more than a scan tells: the
// indentation of what is deeper is many times its size.
const maxNesting = 64

// valid says what is wrong with an event that someone wrote: what no scan of ours tells, and the schema does not allow.
func valid(event finding.Event) error {
	switch event := event.(type) {
	case finding.Found:
		return validFinding(event.Finding)
	case finding.Met:
		return validOccurrence(event.Occurrence)
	case finding.Updated:
		if event.Severity != "" && !slices.Contains(finding.Severities(), event.Severity) {
			return errors.New("its severity is none")
		}
		return cmp.Or(validExposure(event.Exposure), validSuppression(event.Suppressed), validOccurrences(event.Occurrences))
	}
	return nil
}

func validFinding(f finding.Finding) error {
	sum, err := hex.DecodeString(f.Fingerprint)
	switch {
	case err != nil || len(sum) != len(finding.Fingerprint{}) || f.ID != finding.Fingerprint(sum).ID():
		return errors.New("its id and fingerprint do not fit")
	case f.OccurrenceCount < 0 || int64(f.OccurrenceCount) > maxCount:
		return errors.New("its occurrence_count can't be")
	case len(f.OtherPlaces)%hashSize != 0 || len(f.OtherPlaces)/hashSize > max(0, f.OccurrenceCount-len(f.Occurrences)):
		return errors.New("its other_places can't be")
	case !slices.Contains(finding.Severities(), f.Severity):
		return errors.New("its severity is none")
	case !slices.Contains(finding.Statuses(), f.Status):
		return errors.New("its status is none")
	case f.Rule != ruleJWS && f.Rule != ruleJWE:
		return errors.New("its rule is none")
	case utf8.RuneCountInString(f.Redacted) > len("0123456789ab..."):
		return errors.New("its redacted is too long")
	case !slices.Contains([]string{"workload", "person", "delegated", "unknown", ""}, f.Holder.Kind):
		return errors.New("its holder is of no kind")
	case isDeep(f.Token.Header, maxNesting) || isDeep(f.Token.Claims, maxNesting):
		return errors.New("its header or claims are nested too deep")
	case isNegative(f.Token.LifetimeSeconds) || f.Token.Disclosures < 0:
		return errors.New("its token can't be")
	case slices.ContainsFunc(f.Risks, func(risk finding.Risk) bool { return !slices.Contains(finding.Severities(), risk.Severity) }):
		return errors.New("the severity of a risk is none")
	}
	return cmp.Or(validExposure(f.Exposure), validSuppression(f.Suppressed), validOccurrences(f.Occurrences))
}

// isDeep reports whether a value has objects and lists in each other that are more than so many.
func isDeep(value any, most int) bool {
	switch value := value.(type) {
	case map[string]any:
		for _, member := range value {
			if most == 0 || isDeep(member, most-1) {
				return true
			}
		}
	case []any:
		return len(value) > 0 && most == 0 || slices.ContainsFunc(value, func(element any) bool { return isDeep(element, most-1) })
	}
	return false
}

func isNegative(n *int64) bool { return n != nil && *n < 0 }

func validSeenBy(by string) bool {
	return slices.Contains([]finding.SeenBy{finding.SeenByCommit, finding.SeenByLog, finding.SeenByEntry, finding.SeenByFile, ""}, finding.SeenBy(by))
}

func validExposure(e *finding.Exposure) error {
	if e != nil && (!validSeenBy(e.SeenBy) || isNegative(e.WindowSeconds)) {
		return errors.New("its exposure can't be")
	}
	return nil
}

func validSuppression(s *finding.Suppression) error {
	if s != nil && !slices.Contains([]finding.SuppressedBy{
		finding.SuppressedByBaseline, finding.SuppressedByIgnoreFile, finding.SuppressedByConfiguration, finding.SuppressedByComment,
	}, s.By) {
		return errors.New("nothing accepts it that there is")
	}
	return nil
}

func validOccurrences(occurrences []finding.Occurrence) error {
	for _, occurrence := range occurrences {
		if err := validOccurrence(occurrence); err != nil {
			return err
		}
	}
	return nil
}

func validOccurrence(o finding.Occurrence) error {
	if min(o.Line, o.Column, o.CharacterColumn, o.Offset) < 0 || !validSeenBy(string(o.SeenBy)) {
		return errors.New("a place of it can't be")
	}
	return nil
}

// makeValid drops what of a scan that someone wrote can't be, and says what that was.
func makeValid(scan *finding.Scan) error {
	var err error
	s := &scan.Stats
	for _, stat := range []*int64{&s.Files, &s.Bytes, &s.Blobs, &s.Commits, &s.Containers, &s.LeftOut} {
		if *stat < 0 || *stat > maxStat {
			*stat, err = 0, errors.New("one of its stats can't be")
		}
	}
	if code := scan.ExitCode; code != nil && (*code < 0 || *code > 255) {
		scan.ExitCode, err = nil, errors.New("its exit_code can't be")
	}
	targets := slices.DeleteFunc(scan.Targets, func(target finding.Target) bool {
		return !slices.Contains([]string{"git", "dir", "file", "stdin"}, target.Kind)
	})
	if len(targets) < len(scan.Targets) {
		scan.Targets, err = targets, errors.New("one of its targets is of no kind")
	}
	if scan.Detached != nil && !isValidDetached(scan.Detached) {
		scan.Detached, err = nil, errors.New("its detached can't be")
	}
	gone := slices.DeleteFunc(scan.Gone, func(id string) bool {
		sum, err := hex.DecodeString(id)
		return err != nil || 2*len(sum) != finding.IDLength
	})
	if len(gone) < len(scan.Gone) {
		scan.Gone, err = gone, errors.New("an id of what is gone is none")
	}
	return err
}

func isValidDetached(met *finding.Detached) bool {
	noPlace := func(o finding.Occurrence) bool { return o.Place == nil }
	return len(met.Places) > 0 && met.Count >= int64(len(met.Places)) && met.Count <= maxStat && len(met.Places) <= finding.MaxDetachedPlaces &&
		validOccurrences(met.Places) == nil && !slices.ContainsFunc(met.Places, noPlace)
}
