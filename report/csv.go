package report

import (
	"encoding/csv"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// csvHeader names the columns. A row is a finding at its first place; the three columns before the last are of the scan, and so
// the same in each. New columns come behind all others, where scripts that count them do not notice.
func csvHeader() []string {
	return []string{
		"id", "severity", "status", "rule", "algorithm", "key_id", "issuer", "issuer_known", "subject", "audience", "holder",
		"issued_at", "not_before", "expires_at", "expires_in_seconds", "first_seen", "last_seen", "live_when_seen", "risks", "sample",
		"suppressed", "occurrence_count", "kind", "path", "container", "line", "column", "repository", "object", "commit", "author",
		"authored_at", "at_tip", "remedy", "fingerprint", "raw", "scan_complete", "scan_left_out", "scan_narrowed",
		"other_places",
	}
}

// writeCSV writes a row a finding (RFC 4180, but for line feeds alone between rows), for spreadsheets. No cell begins a
// formula.
func writeCSV(w io.Writer, report finding.Report, _ Options) error {
	out := csv.NewWriter(w)
	safe := newFormulaGuard()
	if err := out.Write(csvHeader()); err != nil {
		return err
	}
	narrowed := ""
	if len(report.Scan.Narrowed) > 0 {
		narrowed = safe.cell(narrowedWords(report.Scan))
	}
	for _, f := range report.Findings {
		row := append(csvFinding(f, safe), csvPlace(f, safe)...)
		row = append(row, safe.cell(remedyWords(f)), safe.cell(f.Fingerprint), safe.cell(f.Raw),
			strconv.FormatBool(report.Scan.Complete), strconv.FormatInt(report.Scan.Stats.LeftOut, 10), narrowed, shortened(safe.cell(csvOtherPlaces(f)), csvLongestCell))
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvFinding(f finding.Finding, safe formulaGuard) []string {
	var issuer, suppressed, first, last, live string
	if f.IssuerKnown != nil {
		issuer = f.IssuerKnown.Name
	}
	if f.Suppressed != nil {
		suppressed = suppressionWords(*f.Suppressed)
	}
	if e := f.Exposure; e != nil {
		first, last, live = csvTime(&e.FirstSeen), csvTime(&e.LastSeen), strconv.FormatBool(e.LiveWhenSeen)
	}
	var risks []string
	for _, risk := range f.Risks {
		risks = append(risks, risk.ID)
	}
	left := ""
	if f.Token.ExpiresInSeconds != nil {
		left = strconv.FormatInt(*f.Token.ExpiresInSeconds, 10)
	}
	t := f.Token
	return []string{
		safe.cell(f.ID), safe.cell(string(f.Severity)), safe.cell(string(f.Status)), safe.cell(f.Rule), safe.cell(t.Algorithm),
		safe.cell(t.KeyID), safe.cell(t.Issuer), safe.cell(issuer), safe.cell(t.Subject), safe.cell(strings.Join(t.Audience, " ")),
		safe.cell(f.Holder.Kind), csvTime(t.IssuedAt), csvTime(t.NotBefore), csvTime(t.ExpiresAt), left, first, last, live,
		safe.cell(strings.Join(risks, " ")), strconv.FormatBool(f.Sample), safe.cell(suppressed), strconv.Itoa(f.OccurrenceCount),
	}
}

func csvPlace(f finding.Finding, safe formulaGuard) []string {
	row := make([]string, 11)
	if len(f.Occurrences) == 0 {
		return row
	}
	first := f.Occurrences[0]
	p := finding.SpotOf(&first)
	row[0], row[1], row[2] = p.Kind, safe.cell(p.Path), safe.cell(strings.Join(p.Container, " > "))
	row[3], row[4] = strconv.FormatInt(first.Line, 10), strconv.FormatInt(first.Column, 10)
	row[5], row[6], row[7] = safe.cell(p.Repository), safe.cell(p.Object), safe.cell(p.Commit)
	if at, ok := first.Place.(finding.GitPlace); ok {
		row[8], row[9], row[10] = safe.cell(at.Author), csvTime(&at.AuthoredAt), strconv.FormatBool(at.AtTip)
	}
	return row
}

const (
	csvMaxOthers   = 100    // places that a cell lists
	csvLongestCell = 32_000 // characters of it: a little less than a cell of Excel holds
)

// csvOtherPlaces lists the places behind the first. A row for each would have each token counted as often.
func csvOtherPlaces(f finding.Finding) string {
	listed := min(len(f.Occurrences), csvMaxOthers+1)
	if listed < 2 {
		return ""
	}
	words := make([]string, 0, listed)
	for _, occurrence := range f.Occurrences[1:listed] {
		words = append(words, otherPlaceWords(occurrence))
	}
	if more := f.OccurrenceCount - listed; more > 0 {
		words = append(words, "and "+grouped(int64(more))+" more")
	}
	return strings.Join(words, "; ")
}

func csvTime(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return finding.Clamp(*t).Format(time.RFC3339)
}

// A formulaGuard keeps spreadsheets from taking text for a formula.
type formulaGuard struct{ begins *regexp.Regexp }

// A cell begins at the beginning of the text, and where a spreadsheet that splits at another character than the comma
// would begin one. Full-width forms of the characters are taken for them in some locales.
func newFormulaGuard() formulaGuard {
	return formulaGuard{regexp.MustCompile(`(^|[,;|])(["'\s]*)([=+\-@\\\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])`)}
}

// cell returns text as a cell: an apostrophe in front of what would begin a formula makes it text.
func (g formulaGuard) cell(s string) string {
	return g.begins.ReplaceAllString(visible(s), "$1$2'$3")
}
