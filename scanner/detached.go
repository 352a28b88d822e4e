package scanner

import (
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// detached are the JWS with a detached payload that were met, which are counted and named, and are no findings.
type detached struct {
	finding.Detached
	// sighted has those that a source sighted, which it tells by Attribute.
	sighted map[finding.Fingerprint]struct{}
}

// metDetached takes in one place of a JWS with a detached payload. What a source knows of tokens, it knows of these alike: a repository
// counts them by path and commit, and not by version.
func (e *engine) metDetached(compact string, occurrence finding.Occurrence, text *source.Text) error {
	if text.Known != nil || text.Sighted != nil {
		fingerprint := finding.NewFingerprint(compact)
		if text.Known != nil && text.Known(fingerprint) {
			return nil
		}
		if text.Sighted != nil {
			text.Sighted(fingerprint, occurrence)
			e.mu.Lock()
			defer e.mu.Unlock()
			if e.detached.sighted == nil {
				e.detached.sighted = map[finding.Fingerprint]struct{}{}
			}
			e.detached.sighted[fingerprint] = struct{}{}
			return e.failed
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.detached.Add(occurrence)
	return e.failed
}

// attribute takes in the places of a JWS with a detached payload in a repository, and reports whether it is one.
func (d *detached) attribute(fingerprint finding.Fingerprint, occurrences []finding.Occurrence) bool {
	if _, ok := d.sighted[fingerprint]; !ok {
		return false
	}
	for _, occurrence := range occurrences {
		d.Add(occurrence)
	}
	return true
}

// told returns what the report says of them, nil where there are none.
func (d *detached) told() *finding.Detached {
	if d.Count == 0 {
		return nil
	}
	return &d.Detached
}
