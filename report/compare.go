package report

import (
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A Selection says which findings to keep. An empty field keeps all.
type Selection struct {
	Statuses []finding.Status
	Severity finding.Severity // this one and worse
	Issuers  []string         // by a name that finding.Finding.NamesIssuer takes
	Claimed  []string         // the claim iss, whoever is proven; a finding of one of Issuers or Claimed is kept
	IDs      []string
}

// Keeps reports whether a finding is kept.
func (s Selection) Keeps(f finding.Finding) bool {
	return (len(s.Statuses) == 0 || slices.Contains(s.Statuses, f.Status)) &&
		(s.Severity == "" || f.Severity.Rank() <= s.Severity.Rank()) &&
		(len(s.Issuers)+len(s.Claimed) == 0 || slices.ContainsFunc(s.Issuers, f.NamesIssuer) || slices.Contains(s.Claimed, f.Token.Issuer)) &&
		(len(s.IDs) == 0 || slices.Contains(s.IDs, f.ID))
}

// Filter returns a report of those findings alone that keep says to keep. The report given is not changed.
func Filter(report finding.Report, keep func(finding.Finding) bool) finding.Report {
	kept := make([]finding.Finding, 0, len(report.Findings))
	for _, f := range report.Findings {
		if keep(f) {
			kept = append(kept, f)
		}
	}
	report.Findings = kept
	report.Summary = finding.Summarize(kept)
	return report
}

// A Comparison says what became of the tokens of an older report in a newer one, each list in its report's order.
type Comparison struct {
	New  []finding.Finding // in the newer report alone
	Both []finding.Finding // as the newer report has them
	Gone []finding.Finding // in the older report alone
}

// Compare compares two reports by the fingerprints of tokens: a token that moved, was rewrapped or is in more places is
// no new one.
func Compare(older, newer finding.Report) Comparison {
	var comparison Comparison
	before, now := fingerprints(older), fingerprints(newer)
	for _, f := range newer.Findings {
		if before[f.Fingerprint] {
			comparison.Both = append(comparison.Both, f)
		} else {
			comparison.New = append(comparison.New, f)
		}
	}
	for _, f := range older.Findings {
		if !now[f.Fingerprint] {
			comparison.Gone = append(comparison.Gone, f)
		}
	}
	return comparison
}

// NewSince returns the newer report with those findings alone that the older one has not.
func NewSince(older, newer finding.Report) finding.Report {
	before := fingerprints(older)
	return Filter(newer, func(f finding.Finding) bool { return !before[f.Fingerprint] })
}

// GoneSince returns the ids, sorted, of the older report's findings that the newer one has not.
func GoneSince(older, newer finding.Report) []string {
	var gone []string
	for _, f := range Compare(older, newer).Gone {
		gone = append(gone, f.ID)
	}
	slices.Sort(gone)
	return gone
}

// LooksForAll reports whether a newer report is complete and of a scan that was asked to read and tell all that an older
// one's was, as far as they say. Only then is gone what it has not. Nothing says so of two streams of standard input.
func LooksForAll(newer, older finding.Scan) bool {
	if !newer.Complete || len(older.Targets) == 0 {
		return false
	}
	now := rootedTargets(newer)
	for _, target := range rootedTargets(older) {
		same := slices.IndexFunc(now, func(other finding.Target) bool { return other.Path == target.Path })
		if isStream(target) || !liesInOneOf(now)(target) || same >= 0 && now[same].Kind != target.Kind {
			return false
		}
	}
	return !slices.ContainsFunc(newer.Narrowed, func(flag string) bool {
		return isFilter(flag) || !slices.Contains(older.Narrowed, flag)
	})
}

// isFilter reports whether a flag keeps findings by what may change of a token, or by what another report has.
func isFilter(flag string) bool {
	return slices.Contains([]string{"--status", "--severity", "--new-since"}, flagOf(flag))
}

// flagOf returns the flag without its value, of one that narrowed a report.
func flagOf(narrowed string) string {
	flag, _, _ := strings.Cut(narrowed, " ")
	return flag
}

// rootedTargets returns the targets of a scan with their paths from the root of the repository that it was started in.
func rootedTargets(scan finding.Scan) []finding.Target {
	start := originOf(scan)
	targets := slices.Clone(scan.Targets)
	for i, target := range targets {
		targets[i].Path = start.target(target)
	}
	return targets
}

func fingerprints(report finding.Report) map[string]bool {
	set := make(map[string]bool, len(report.Findings))
	for i := range report.Findings {
		set[report.Findings[i].Fingerprint] = true
	}
	return set
}
