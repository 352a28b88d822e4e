package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// gitlabVersion is the version of GitLab's security report schemas that is written.
const gitlabVersion = "15.0.7"

const gitlabSchema = "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v" + gitlabVersion +
	"/dist/secret-detection-report-format.json"

type gitlabScan struct {
	Analyzer  gitlabTool      `json:"analyzer"`
	Scanner   gitlabTool      `json:"scanner"`
	Type      string          `json:"type"`
	StartTime string          `json:"start_time"`
	EndTime   string          `json:"end_time"`
	Status    string          `json:"status"`
	Messages  []gitlabMessage `json:"messages,omitempty"`
}

type gitlabTool struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	URL     string       `json:"url"`
	Vendor  gitlabVendor `json:"vendor"`
	Version string       `json:"version"`
}

type gitlabVendor struct {
	Name string `json:"name"`
}

type gitlabMessage struct {
	Level string `json:"level"`
	Value string `json:"value"`
}

type gitlabVulnerability struct {
	ID          string             `json:"id"`
	Category    string             `json:"category"`
	Name        string             `json:"name"`
	Description string             `json:"description"`
	Severity    string             `json:"severity"`
	Solution    string             `json:"solution"`
	Identifiers []gitlabIdentifier `json:"identifiers"`
	Location    gitlabLocation     `json:"location"`
	Flags       []gitlabFlag       `json:"flags,omitempty"`
}

type gitlabIdentifier struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type gitlabLocation struct {
	File      string       `json:"file"`
	StartLine int64        `json:"start_line,omitempty"`
	EndLine   int64        `json:"end_line,omitempty"`
	Commit    gitlabCommit `json:"commit"`
}

type gitlabCommit struct {
	Author string `json:"author,omitempty"`
	Date   string `json:"date,omitempty"`
	SHA    string `json:"sha"`
}

type gitlabFlag struct {
	Type        string `json:"type"`
	Origin      string `json:"origin"`
	Description string `json:"description"`
}

// writeGitLab writes a secret detection report for GitLab, schema 15: a vulnerability a finding, at its first place.
// raw_source_code_extract, in which other tools repeat the secret, is left out; so are findings that were accepted
// beforehand, which GitLab has no word for and would show as open: a message counts them.
func writeGitLab(w io.Writer, report finding.Report, _ Options) error {
	out := &jsonWriter{w: bufio.NewWriterSize(w, 64<<10)}
	out.text("{\n")
	out.member("version", gitlabVersion, ",\n")
	out.member("schema", gitlabSchema, ",\n")
	out.member("scan", gitlabScanOf(report), ",\n")
	out.text(`  "vulnerabilities": [`)
	start := originOf(report.Scan)
	for i, f := range unaccepted(report.Findings) {
		if i > 0 {
			out.text(",")
		}
		out.text("\n    ")
		out.value(gitlabVulnerabilityOf(f, report.Scan.EvaluatedAt, start), "    ")
	}
	out.text("\n  ]\n}\n")
	return out.flush()
}

func gitlabScanOf(report finding.Report) gitlabScan {
	tool := gitlabTool{ID: "jwtleak", Name: "jwtleak", URL: homepage, Vendor: gitlabVendor{"jwtleak"}, Version: report.Tool.Version}
	if tool.Version == "" {
		tool.Version = "0.0.0"
	}
	scan := gitlabScan{
		Analyzer: tool, Scanner: tool, Type: "secret_detection", Status: "success",
		StartTime: gitlabTime(report.Scan.StartedAt), EndTime: gitlabTime(report.Scan.FinishedAt),
	}
	if !report.Scan.Complete {
		scan.Status = "failure"
	}
	if len(report.Findings) == 0 && len(report.Scan.Narrowed) > 0 {
		scan.Messages = append(scan.Messages, gitlabMessage{"info", noneWords(report.Scan)})
	}
	if len(report.Scan.Narrowed) > 0 {
		scan.Messages = append(scan.Messages, gitlabMessage{"info", "narrowed " + visible(narrowedWords(report.Scan))})
	}
	if report.Scan.Stats.LeftOut > 0 {
		scan.Messages = append(scan.Messages, gitlabMessage{"info", leftOutWords(report.Scan.Stats)})
	}
	if met := report.Scan.Detached; met != nil {
		scan.Messages = append(scan.Messages, gitlabMessage{"info", visible(detachedWords(met))})
	}
	for _, line := range leftOutLines(report.Scan) {
		scan.Messages = append(scan.Messages, gitlabMessage{"info", visible(line)})
	}
	if n := report.Summary.Suppressed; n > 0 {
		scan.Messages = append(scan.Messages, gitlabMessage{"info", plural(int64(n), "finding", "findings") + " accepted beforehand, not listed here"})
	}
	if len(report.Scan.Gone) > 0 {
		scan.Messages = append(scan.Messages, gitlabMessage{"info", visible(goneWords(report.Scan))})
	}
	for i, problem := range report.Scan.Problems {
		if i == sarifMaxNotifications {
			scan.Messages = append(scan.Messages, gitlabMessage{"warn", plural(int64(len(report.Scan.Problems)-i), "more part was", "more parts were") + " not read"})
			break
		}
		text := shortened(visible(problemPath(problem)), longestShown) + ": " + shortened(visible(problem.Reason), longestShown)
		scan.Messages = append(scan.Messages, gitlabMessage{"warn", text})
	}
	return scan
}

// gitlabTime has no zone: the schema means UTC.
func gitlabTime(t time.Time) string {
	return finding.Clamp(t).Format("2006-01-02T15:04:05")
}

func gitlabVulnerabilityOf(f finding.Finding, at time.Time, start origin) gitlabVulnerability {
	k := kinds()[kindOf(f)]
	vulnerability := gitlabVulnerability{
		ID: f.Fingerprint, Category: "secret_detection", Name: k.title,
		Description: k.why + "\n\n" + gitlabFacts(f, at),
		Severity:    gitlabSeverity(f.Severity), Solution: gitlabSolution(f),
		// The first identifier is what GitLab tells vulnerabilities apart by, so it names the token.
		Identifiers: []gitlabIdentifier{
			{Type: "jwtleak_token", Name: "jwtleak token " + visible(f.ID), Value: visible(f.Fingerprint)},
			{Type: "jwtleak_rule", Name: "jwtleak rule " + k.id, Value: k.id, URL: homepage + "#rules"},
		},
		Location: gitlabLocationOf(f, start),
	}
	for _, reference := range k.references {
		if number, ok := strings.CutPrefix(reference, "CWE-"); ok {
			vulnerability.Identifiers = append(vulnerability.Identifiers, gitlabIdentifier{
				Type: "cwe", Name: reference, Value: number, URL: referenceURI(reference),
			})
		}
	}
	if f.Sample {
		vulnerability.Flags = []gitlabFlag{{Type: "flagged-as-likely-false-positive", Origin: "jwtleak", Description: "a published sample"}}
	}
	return vulnerability
}

// gitlabFacts says the facts of a finding in GitLab's Markdown, which the description is.
func gitlabFacts(f finding.Finding, at time.Time) string {
	facts := fmt.Sprintf("- Issuer: %s\n- Status: %s\n- Holder: %s\n", markdownCode(issuerWords(f)), markdownProse(statusWords(f, at)), markdownCode(holderWords(f)))
	if len(f.Token.Audience) > 0 {
		facts += fmt.Sprintf("- Audience: %s\n", markdownCode(strings.Join(f.Token.Audience, ", ")))
	}
	if f.Token.ExpiresAt != nil {
		facts += fmt.Sprintf("- Expires at: %s\n", timeWords(f.Token.ExpiresAt))
	}
	return facts + fmt.Sprintf("- Found in %s", plural(int64(f.OccurrenceCount), "place", "places"))
}

// gitlabSolution is remedyWords without the key id, in which a stranger would have a say. It is plain text that may be
// shown as Markdown.
func gitlabSolution(f finding.Finding) string {
	f.Token.KeyID = ""
	words := shortened(visible(remedyWords(f)), shownOfARemedy)
	if strings.ContainsAny(words, "@#&<>[]!`*_|\\~$") || strings.Contains(words, "://") {
		return markdownProse(words)
	}
	return words
}

func gitlabSeverity(severity finding.Severity) string {
	switch severity {
	case finding.Critical:
		return "Critical"
	case finding.High:
		return "High"
	case finding.Medium:
		return "Medium"
	case finding.Low:
		return "Low"
	case finding.Info:
		return "Info"
	default:
		return "Unknown"
	}
}

func gitlabLocationOf(f finding.Finding, start origin) gitlabLocation {
	location := gitlabLocation{File: "unknown", Commit: gitlabCommit{SHA: "0000000"}} // what GitLab's own has where there is no commit
	if len(f.Occurrences) == 0 {
		return location
	}
	first := f.Occurrences[0]
	location.File = visible(start.pathWords(first))
	if len(first.Container) == 0 && first.Line > 0 {
		location.StartLine, location.EndLine = sarifNumber(first.Line), sarifNumber(first.Line)
	}
	if at, ok := first.Place.(finding.GitPlace); ok && at.Commit != "" {
		location.Commit = gitlabCommit{SHA: visible(at.Commit), Author: visible(shortened(at.Author, 200))}
		if !at.AuthoredAt.IsZero() {
			location.Commit.Date = finding.Clamp(at.AuthoredAt).Format(time.RFC3339)
		}
	}
	return location
}
