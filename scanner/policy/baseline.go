package policy

import (
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A Baseline is the findings of an earlier report: known, and accepted until they are gone.
type Baseline struct {
	// Scan is the one that found them.
	Scan     finding.Scan
	findings []finding.Finding
	met      map[string]bool // by fingerprint: whether this scan met it too
}

// NewBaseline returns the baseline of a report's findings.
func NewBaseline(report finding.Report) *Baseline {
	b := &Baseline{Scan: report.Scan, findings: report.Findings, met: make(map[string]bool, len(report.Findings))}
	for i := range b.findings {
		b.met[b.findings[i].Fingerprint] = false
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

// Gone returns the ids, sorted, of the known findings that were not met though one of their places would have been read:
// what a scan was not asked for is not gone.
func (b *Baseline) Gone(read func(finding.Occurrence) bool) []string {
	var gone []string
	for i := range b.findings {
		f := &b.findings[i]
		if !b.met[f.Fingerprint] && slices.ContainsFunc(f.Occurrences, read) {
			gone = append(gone, f.ID)
		}
	}
	slices.Sort(gone)
	return gone
}
