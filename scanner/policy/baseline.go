package policy

import (
	"maps"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A Baseline is the findings of an earlier report: known, and accepted until they are gone.
type Baseline struct {
	met map[string]bool // by fingerprint: whether this scan met it too
}

// NewBaseline returns the baseline of a report's findings.
func NewBaseline(findings []finding.Finding) *Baseline {
	b := &Baseline{met: make(map[string]bool, len(findings))}
	for i := range findings {
		b.met[findings[i].Fingerprint] = false
	}
	return b
}

// has reports whether a finding is known, and remembers that it was met.
func (b *Baseline) has(fingerprint string) bool {
	if b == nil {
		return false
	}
	if _, ok := b.met[fingerprint]; !ok {
		return false
	}
	b.met[fingerprint] = true
	return true
}

// Gone returns the ids, sorted, of the known findings that were not met.
func (b *Baseline) Gone() []string {
	var gone []string
	for _, fingerprint := range slices.Sorted(maps.Keys(b.met)) {
		if !b.met[fingerprint] {
			gone = append(gone, fingerprint[:min(16, len(fingerprint))])
		}
	}
	return gone
}
