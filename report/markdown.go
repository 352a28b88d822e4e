package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

const (
	// markdownMost bounds the table: a comment on GitHub may have 65 536 characters.
	markdownMost     = 50_000
	markdownProblems = 10
	markdownShown    = 120 // characters of a stranger's string
)

// writeMarkdown writes GitHub-flavored Markdown for a comment on a pull request or a job's summary: the counts, a table
// of findings, the worst first, as many as fit, and what to do about each. Those that were accepted beforehand are counted
// alone.
func writeMarkdown(w io.Writer, report finding.Report, _ Options) error {
	var b strings.Builder
	b.WriteString("## jwtleak\n\n")
	writeMarkdownCounts(&b, report)
	told := unaccepted(report.Findings)
	if len(told) > 0 {
		b.WriteString("| Severity | Status | Issuer | Holder | Where | What to do | Id |\n|---|---|---|---|---|---|---|\n")
	}
	for i, f := range told {
		row := markdownRow(f, report.Scan.EvaluatedAt)
		if b.Len()+len(row) > markdownMost {
			fmt.Fprintf(&b, "\n%s left out here; the other formats have all.\n", plural(int64(len(told)-i), "less severe token is", "less severe tokens are"))
			break
		}
		b.WriteString(row)
	}
	if len(report.Scan.Narrowed) > 0 {
		fmt.Fprintf(&b, "\nNarrowed <code>%s</code>.\n", markdownText(narrowedWords(report.Scan)))
	}
	if report.Scan.Stats.LeftOut > 0 {
		fmt.Fprintf(&b, "\n%s.\n", leftOutWords(report.Scan.Stats))
	}
	if met := report.Scan.Detached; met != nil {
		fmt.Fprintf(&b, "\n%s: %s.\n", detachedWhat(met), markdownCode(detachedWhere(met)))
	}
	if len(report.Scan.Gone) > 0 {
		fmt.Fprintf(&b, "\n%s.\n", markdownText(goneWords(report.Scan)))
	}
	writeMarkdownLeftOut(&b, report.Scan.LeftOut)
	writeMarkdownProblems(&b, report.Scan)
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(b.String()); err != nil {
		return err
	}
	return out.Flush()
}

func writeMarkdownCounts(b *strings.Builder, report finding.Report) {
	if len(report.Findings) == 0 {
		b.WriteString(noneWords(report.Scan) + ".\n")
		return
	}
	fmt.Fprintf(b, "**%s** in %s", plural(int64(report.Summary.Findings), "token", "tokens"), plural(int64(report.Summary.Occurrences), "place", "places"))
	for _, c := range tallied(report.Summary.BySeverity, finding.Severities()) {
		fmt.Fprintf(b, ", %s %s", grouped(int64(c.count)), markdownProse(c.name))
	}
	if n := report.Summary.Suppressed; n > 0 {
		fmt.Fprintf(b, "; %s accepted beforehand, not listed here", grouped(int64(n)))
	}
	b.WriteString(".\n\n")
}

func markdownRow(f finding.Finding, at time.Time) string {
	status := markdownProse(statusWords(f, at))
	if f.Sample {
		status += ", sample"
	}
	where := "unknown"
	if len(f.Occurrences) > 0 {
		where = markdownCode(placeWords(f.Occurrences[0]))
		if more := morePlacesWords(f); more != "" {
			where += " " + more
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s |\n", markdownProse(string(f.Severity)), status, markdownCode(issuerWords(f)),
		markdownCode(holderWords(f)), where, markdownRemedy(f), markdownCode(f.ID))
}

// markdownRemedy is remedyWords without the key id, in which a stranger would have a say.
func markdownRemedy(f finding.Finding) string {
	f.Token.KeyID = ""
	return markdownProse(shortened(remedyWords(f), shownOfARemedy))
}

func writeMarkdownLeftOut(b *strings.Builder, left []finding.Problem) {
	for i, l := range left {
		if i == 0 {
			b.WriteString("\n")
		}
		if i == markdownProblems {
			fmt.Fprintf(b, "- and %s more left out\n", grouped(int64(len(left)-i)))
			break
		}
		fmt.Fprintf(b, "- left out %s: %s\n", markdownCode(problemPath(l)), markdownCode(l.Reason))
	}
}

func writeMarkdownProblems(b *strings.Builder, scan finding.Scan) {
	switch {
	case len(scan.Problems) > 0:
		fmt.Fprintf(b, "\n**%s not read, or not whole:**\n\n", plural(int64(len(scan.Problems)), "part was", "parts were"))
	case !scan.Complete:
		b.WriteString("\n**The scan did not come to its end: there may be more.**\n")
	}
	for i, problem := range scan.Problems {
		if i == markdownProblems {
			fmt.Fprintf(b, "- and %s more\n", grouped(int64(len(scan.Problems)-i)))
			break
		}
		fmt.Fprintf(b, "- %s: %s\n", markdownCode(problemPath(problem)), markdownCode(problem.Reason))
	}
}

// markdownCode returns a stranger's text as code. Inside code nothing is a mention, a link or a reference to an issue,
// which are made of text after Markdown is done with it; and as entities no character is Markdown, HTML or the end of a
// table's cell.
func markdownCode(s string) string {
	return "<code>" + markdownText(shortened(s, markdownShown)) + "</code>"
}

// markdownText returns text with every punctuation character of ASCII but the harmless as an entity.
func markdownText(s string) string {
	var b strings.Builder
	for _, r := range visible(s) {
		switch {
		case r < 0x80 && r != ' ' && r != ',' && r != '/' && r != '-' && r != '.' && !isLetter(byte(r)) && (r < '0' || r > '9'):
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// markdownProse returns words of our own as text, and what a saved report may have in their place as code.
func markdownProse(s string) string {
	if strings.ContainsAny(s, "@#&") || strings.Contains(s, "://") || strings.Contains(s, "www.") {
		return "<code>" + markdownText(s) + "</code>"
	}
	return markdownText(s)
}
