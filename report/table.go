package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// DefaultWidth is how many columns the table uses where it is not told.
const DefaultWidth = 100

const (
	minWidth       = 60
	indent         = "          " // under the severity
	severityWidth  = 8
	statusWidth    = 20
	gap            = "  "
	tableProblems  = 20  // listed in full
	tableTallies   = 8   // issuers named in the summary
	longestShown   = 300 // characters of a stranger's string
	shownOfARemedy = 1000
)

// writeTable writes a report for a person at a terminal: each finding, the worst first, with what it is, where it is and
// what to do; then the counts, and what could not be read. Findings that were accepted beforehand are counted alone, so
// that whoever is told of a new one sees it.
func writeTable(w io.Writer, report finding.Report, options Options) error {
	t := newTable(w, options)
	t.at = report.Scan.EvaluatedAt
	if listed := unaccepted(report.Findings); len(listed) > 0 {
		t.header()
		t.findings(listed, options)
	}
	t.summary(report)
	t.problems(report.Scan)
	return t.flush()
}

type table struct {
	w          *bufio.Writer
	columns    columns
	width      int
	at         time.Time
	paint      paint
	showTokens bool
	advised    advised
	err        error
}

// advised is the advice that was given last: tokens of a kind follow each other, and have the same.
type advised struct {
	text  string
	lines []string
}

func newTable(w io.Writer, options Options) *table {
	width := options.Width
	if width <= 0 {
		width = DefaultWidth
	}
	return &table{
		w: bufio.NewWriter(w), columns: newColumns(), width: max(width, minWidth),
		paint: newPaint(options.Color), showTokens: options.ShowTokens,
	}
}

func (t *table) flush() error {
	if t.err == nil {
		t.err = t.w.Flush()
	}
	return t.err
}

func (t *table) line(s string) {
	if t.err == nil {
		_, _ = t.w.WriteString(strings.TrimRight(s, " ")) // whose error the next one returns
		t.err = t.w.WriteByte('\n')
	}
}

// shares returns the widths of the columns for issuer and holder.
func (t *table) shares() (issuer, holder int) {
	rest := t.width - severityWidth - statusWidth - 3*len(gap)
	return rest / 2, rest - rest/2
}

func (t *table) header() {
	issuer, _ := t.shares()
	row := t.columns.fitted("SEVERITY", severityWidth) + gap + t.columns.fitted("STATUS", statusWidth) + gap +
		t.columns.fitted("ISSUER", issuer) + gap + "HOLDER"
	t.line(t.paint.strong(row))
}

// findings writes a list of them.
func (t *table) findings(listed []finding.Finding, options Options) {
	if t.err != nil {
		return
	}
	t.err = writeParts(t.w, listed, func(w io.Writer) partEncoder {
		part := newTable(w, options)
		part.at = t.at
		return func(findings []finding.Finding, _ bool) error {
			for _, f := range findings {
				part.finding(f)
			}
			return part.flush()
		}
	})
}

func (t *table) finding(f finding.Finding) {
	issuer, holder := t.shares()
	severity := t.columns.fitted(visible(string(f.Severity)), severityWidth)
	from := issuerWords(f)
	if f.Sample {
		from = "published sample"
	}
	t.line(t.paint.severity(f.Severity, severity) + gap +
		t.paint.status(f.Status, t.columns.fitted(statusWords(f, t.at), statusWidth)) + gap +
		t.columns.fitted(visible(from), issuer) + gap +
		t.columns.fitted(visible(holderWords(f)), holder))
	t.detail("at", t.where(f))
	t.detail("", exposureWords(f))
	t.detailLines("do", t.advice(remedyWords(f)))
	t.detail("id", t.name(f))
	if t.showTokens && f.Raw != "" {
		t.line(indent + "token " + visible(f.Raw)) // whole, so that it can be copied
	}
	t.line("")
}

// advice returns a text in lines that have room below a finding.
func (t *table) advice(text string) []string {
	if text != t.advised.text {
		t.advised = advised{text, t.columns.advice(shortened(visible(text), shownOfARemedy), t.width-len(indent)-4)}
	}
	return t.advised.lines
}

// where says the first place of a finding, how the token came there, and how many more places there are.
func (t *table) where(f finding.Finding) string {
	if len(f.Occurrences) == 0 {
		return "no place is known"
	}
	first := f.Occurrences[0]
	words := shortened(visible(placeWords(first)), longestShown)
	for _, more := range []string{originWords(first), standingWords(first), morePlacesWords(f)} {
		if more != "" {
			words += ", " + visible(more)
		}
	}
	return words
}

// name says the finding's id, what kind of token it is, which claim tells of its holder, and its risks.
func (t *table) name(f finding.Finding) string {
	words := visible(f.ID)
	if alg := f.Token.Algorithm; alg != "" {
		words += ", " + shortened(visible(alg), 40)
	}
	if use := tokenUse(f); use != "" {
		words += ", " + visible(use)
	}
	if f.Holder.By != "" {
		words += ", " + visible(f.Holder.Kind) + " by " + visible(f.Holder.By)
	}
	var risks []string
	for _, risk := range f.Risks {
		risks = append(risks, visible(risk.ID))
	}
	if len(risks) > 0 {
		words += ", risks: " + strings.Join(risks, " ")
	}
	return words
}

// detail writes a labelled text below a finding, in as many lines as it needs; none where there is no text.
func (t *table) detail(label, text string) {
	if text != "" {
		t.detailLines(label, t.columns.wrapped(text, t.width-len(indent)-4))
	}
}

// detailLines writes a labelled text below a finding that is in lines already.
func (t *table) detailLines(label string, lines []string) {
	const blanks = indent + "    "
	head := indent + label + blanks[len(indent)+len(label):]
	for _, line := range lines {
		t.line(t.paint.faint(head) + line)
		head = blanks
	}
}

// upcoming says which live tokens expire first.
func (t *table) upcoming(listed finding.Summary) {
	words := make([]string, 0, len(listed.ExpiresNext))
	for _, next := range listed.ExpiresNext {
		words = append(words, next.ID+" in "+durationWords(next.ExpiresAt.Unix()-t.at.Unix()))
	}
	if len(words) > 0 {
		t.pair("next", "to expire: "+strings.Join(words, ", "))
	}
}

// exposed says which tokens lie in the most places, where any lies in several.
func (t *table) exposed(listed finding.Summary) {
	var words []string
	for _, exposed := range listed.MostExposed {
		if exposed.Occurrences > 1 {
			words = append(words, fmt.Sprintf("%s %d", exposed.ID, exposed.Occurrences))
		}
	}
	if len(words) > 0 {
		t.pair("places", "most: "+strings.Join(words, ", "))
	}
}

func (t *table) summary(report finding.Report) {
	if len(report.Findings) == 0 {
		t.line(noneWords(report.Scan) + ".")
	} else {
		t.line(t.paint.strong(fmt.Sprintf("%s in %s", plural(int64(report.Summary.Findings), "token", "tokens"),
			plural(int64(report.Summary.Occurrences), "place", "places"))))
		if report.Summary.Suppressed > 0 {
			t.pair("accepted", plural(int64(report.Summary.Suppressed), "token", "tokens")+" accepted beforehand, not listed here: csv and json say by what")
		}
		t.tallies("severity", tallied(report.Summary.BySeverity, finding.Severities()))
		t.tallies("status", tallied(report.Summary.ByStatus, finding.Statuses()))
		t.tallies("issuer", tallied(report.Summary.ByIssuer, nil))
		t.tallies("holder", tallied(report.Summary.ByHolder, nil))
		listed := report.Summary
		if listed.Suppressed > 0 {
			listed = finding.Summarize(unaccepted(report.Findings))
		}
		t.upcoming(listed)
		t.exposed(listed)
	}
	if len(report.Scan.Gone) > 0 {
		t.pair("gone", visible(goneWords(report.Scan)))
	}
	if met := report.Scan.Detached; met != nil {
		t.pair("detached", visible(detachedWords(met)))
	}
	if len(report.Scan.Narrowed) > 0 {
		t.pair("narrowed", visible(narrowedWords(report.Scan)))
	}
	t.pair("read", readWords(report.Scan))
	if !t.at.IsZero() {
		t.pair("judged", "as of "+t.at.UTC().Format(time.RFC3339))
	}
	if len(report.Findings) > 0 {
		t.pair("verified", unverifiedWords)
	}
}

func (t *table) tallies(label string, counts []tally) {
	var words []string
	for i, c := range counts {
		if i == tableTallies {
			words = append(words, fmt.Sprintf("%d more", len(counts)-i))
			break
		}
		words = append(words, shortened(visible(c.name), 60)+" "+grouped(int64(c.count)))
	}
	t.pair(label, strings.Join(words, ", "))
}

func (t *table) pair(label, text string) {
	t.pairLines(label, t.columns.wrapped(text, t.width-severityWidth-len(gap)))
}

// pairLines is pair for a text that is in lines already.
func (t *table) pairLines(label string, lines []string) {
	head := t.columns.fitted(label, severityWidth) + gap
	for _, line := range lines {
		t.line(head + line)
		head = strings.Repeat(" ", len(head))
	}
}

// readWords says what the scan read.
func readWords(scan finding.Scan) string {
	stats := scan.Stats
	words := []string{plural(stats.Files, "file", "files"), bytesWords(stats.Bytes)}
	if stats.Commits > 0 || stats.Blobs > 0 {
		words = append(words, plural(stats.Commits, "commit", "commits"), plural(stats.Blobs, "blob", "blobs"))
	}
	if stats.Containers > 0 {
		words = append(words, plural(stats.Containers, "container", "containers"))
	}
	text := strings.Join(words, ", ")
	if stats.LeftOut > 0 {
		text += " (" + leftOutWords(stats) + ")"
	}
	if took := scan.FinishedAt.Sub(scan.StartedAt); !scan.StartedAt.IsZero() && took >= 0 {
		text += " in " + tookWords(took)
	}
	return text
}

func tookWords(took time.Duration) string {
	if took < time.Minute {
		return fmt.Sprintf("%.1f s", took.Seconds())
	}
	return durationWords(int64(took.Seconds()))
}

func (t *table) problems(scan finding.Scan) {
	for _, text := range leftOutLines(scan) {
		head := ""
		for _, line := range t.columns.wrapped(visible(text), t.width-2) {
			t.line(head + line)
			head = "  "
		}
	}
	if len(scan.Problems) == 0 {
		if !scan.Complete {
			t.line(t.paint.warning("The scan did not come to its end: there may be more."))
		}
		return
	}
	t.line("")
	t.line(t.paint.warning(plural(int64(len(scan.Problems)), "part was", "parts were") + " not read, or not whole:"))
	for i, problem := range scan.Problems {
		if i == tableProblems {
			t.line(fmt.Sprintf("  and %s more; --format json lists them all", grouped(int64(len(scan.Problems)-i))))
			break
		}
		text := shortened(visible(problemPath(problem)), longestShown) + ": " + shortened(visible(problem.Reason), longestShown)
		head := "  "
		for _, line := range t.columns.wrapped(text, t.width-4) {
			t.line(head + line)
			head = "    "
		}
	}
}

// A paint colors text, or leaves it.
type paint struct{ on bool }

func newPaint(on bool) paint { return paint{on} }

func (p paint) with(text string, attributes ...color.Attribute) string {
	if !p.on {
		return text
	}
	c := color.New(attributes...)
	c.EnableColor() // whatever the environment says: the caller has decided
	return c.Sprint(text)
}

func (p paint) strong(text string) string  { return p.with(text, color.Bold) }
func (p paint) faint(text string) string   { return p.with(text, color.Faint) }
func (p paint) warning(text string) string { return p.with(text, color.FgYellow) }

func (p paint) severity(severity finding.Severity, text string) string {
	switch severity {
	case finding.Critical:
		return p.with(text, color.Bold, color.FgHiRed)
	case finding.High:
		return p.with(text, color.FgRed)
	case finding.Medium:
		return p.with(text, color.FgYellow)
	case finding.Low:
		return p.with(text, color.FgCyan)
	default:
		return text
	}
}

func (p paint) status(status finding.Status, text string) string {
	switch status {
	case finding.Live, finding.NoExpiry:
		return p.with(text, color.Bold)
	case finding.Expired:
		return p.with(text, color.Faint)
	default:
		return text
	}
}
