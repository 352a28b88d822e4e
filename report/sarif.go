package report

import (
	"bufio"
	"cmp"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// sarifLimits are what a consumer takes of one file.
type sarifLimits struct {
	results int       // of a run
	gzip    byteCount // bytes of the file, compressed
	// reserve is what of gzip is kept for what follows the results: the notifications, and what the compressor holds.
	reserve byteCount
}

// githubLimits are those of GitHub code scanning: https://docs.github.com/code-security/code-scanning, SARIF support.
func githubLimits() sarifLimits {
	return sarifLimits{results: 25_000, gzip: 10_000_000, reserve: 1 << 20}
}

const (
	sarifMaxLocations     = 1_000 // of a result, GitHub's too
	sarifMaxNotifications = 2_000
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// The notifications of a run.
const (
	notificationNotRead  = "not-read"
	notificationCut      = "cut"
	notificationEnded    = "ended-early"
	notificationLeftOut  = "left-out"
	notificationGone     = "gone"
	notificationNarrowed = "narrowed"
	notificationDetached = "detached-payload"
)

// writeSARIF writes a SARIF 2.1.0 log of one run, as GitHub code scanning and other consumers want it: a result a
// finding. What is over GitHub's limits is left out, what was accepted beforehand first and then the least severe, and a
// notification says so.
func writeSARIF(w io.Writer, report finding.Report, options Options) error {
	return writeSARIFWithin(githubLimits(), w, report, options)
}

func writeSARIFWithin(limits sarifLimits, w io.Writer, report finding.Report, options Options) error {
	size := &gzipSize{}
	size.gzip, _ = gzip.NewWriterLevel(&size.written, gzip.BestSpeed) // the level is one of gzip's own
	out := &jsonWriter{w: bufio.NewWriterSize(io.MultiWriter(w, size.gzip), 64<<10), compact: true}
	out.text("{\n")
	out.member("$schema", sarifSchema, ",\n")
	out.member("version", "2.1.0", ",\n")
	out.text("  \"runs\": [{\n")
	writeSARIFRun(out, report, options)
	out.text("  \"results\": [")
	told, rules, start := 0, kinds(), originOf(report.Scan)
	for _, i := range acceptedLast(report.Findings) {
		if told == limits.results || size.written > limits.gzip-limits.reserve {
			break
		}
		if told > 0 {
			out.text(",")
		}
		out.text("\n    ")
		out.value(sarifResultOf(report.Findings[i], rules, report.Scan.EvaluatedAt, start), "")
		told++
	}
	out.text("\n  ],\n")
	out.member("invocations", []sarifInvocation{sarifInvocationOf(report, options, told)}, "\n")
	out.text("  }]\n}\n")
	return out.flush()
}

// acceptedLast returns the indexes of findings in their order, of those that were accepted behind the others: how many there
// is room for shows when they are written.
func acceptedLast(findings []finding.Finding) []int {
	order := make([]int, 0, len(findings))
	for _, accepted := range []bool{false, true} {
		for i := range findings {
			if accepted == (findings[i].Suppressed != nil) {
				order = append(order, i)
			}
		}
	}
	return order
}

// gzipSize measures what a file has when it is compressed, a little more than what the best level would make of it.
type gzipSize struct {
	gzip    *gzip.Writer
	written byteCount
}

type byteCount int64

func (n *byteCount) Write(p []byte) (int, error) {
	*n += byteCount(len(p))
	return len(p), nil
}

// writeSARIFRun writes the members of the run that do not depend on which results there is room for.
func writeSARIFRun(out *jsonWriter, report finding.Report, options Options) {
	run := sarifRunOf(report, options)
	out.member("tool", run.Tool, ",\n")
	out.member("automationDetails", run.AutomationDetails, ",\n")
	out.member("originalUriBaseIds", run.OriginalURIBaseIDs, ",\n")
	if len(run.VersionControlProvenance) > 0 {
		out.member("versionControlProvenance", run.VersionControlProvenance, ",\n")
	}
	out.member("columnKind", run.ColumnKind, ",\n")
	out.member("taxonomies", run.Taxonomies, ",\n")
	out.member("properties", run.Properties, ",\n")
}

func sarifRunOf(report finding.Report, options Options) sarifRun {
	references := sarifReferenced(report)
	components := make([]sarifComponentName, 0, len(taxonomies()))
	for i, t := range taxonomies() {
		components = append(components, sarifComponentName{Name: t.name, Index: i})
	}
	category := options.Category
	if category == "" {
		category = "jwtleak"
	}
	run := sarifRun{
		Properties: sarifRunProperties{Summary: report.Summary.Normal()},
		Tool: sarifTool{Driver: sarifToolComponent{
			Name: "jwtleak", FullName: strings.TrimSpace("jwtleak " + report.Tool.Version), Version: report.Tool.Version, SemanticVersion: semanticVersion(report.Tool.Version), InformationURI: homepage,
			ShortDescription: &sarifText{Text: "Finds leaked JSON Web Tokens."},
			Rules:            sarifRules(), Notifications: sarifNotifications(), SupportedTaxonomies: components,
		}},
		// What stands before the last slash is the category: runs of one category replace each other.
		AutomationDetails:  sarifAutomation{ID: strings.TrimSuffix(category, "/") + "/"},
		OriginalURIBaseIDs: map[string]sarifArtifactLocation{sourceRoot: sarifSourceRoot(cmp.Or(options.SourceRoot, report.Scan.Root))},
		ColumnKind:         "unicodeCodePoints",
		Taxonomies:         sarifTaxonomies(references),
	}
	if at := report.Scan.EvaluatedAt; !at.IsZero() {
		run.Properties.EvaluatedAt = sarifTime(at)
	}
	run.VersionControlProvenance = sarifProvenance(report.Scan)
	return run
}

// sarifProvenance says which repositories the scanned files are of: those below the source root.
func sarifProvenance(scan finding.Scan) []sarifVersionControl {
	start := originOf(scan)
	var provenance []sarifVersionControl
	for _, target := range scan.Targets {
		if target.Kind != "git" || !isWebAddress(target.Remote) {
			continue
		}
		mapped := artifactAt(origin{}, start.target(target))
		if mapped.URIBaseID == "" {
			continue
		}
		if mapped.URI == "." {
			mapped.URI = ""
		}
		provenance = append(provenance, sarifVersionControl{
			RepositoryURI: target.Remote, RevisionID: visible(target.Commit), Branch: visible(target.Branch), MappedTo: &mapped,
		})
	}
	return provenance
}

// isWebAddress reports whether a remote, which in a saved report may be anything, is a URI that can be written as it is.
func isWebAddress(remote string) bool {
	parsed, err := url.Parse(remote)
	return err == nil && parsed.Host != "" && parsed.User == nil && parsed.String() == remote
}

func sarifSourceRoot(path string) sarifArtifactLocation {
	root := sarifArtifactLocation{Description: &sarifText{Text: "The root of the repository, or else the directory, that the scan was started in."}}
	if path != "" {
		at := artifactAt(origin{}, path)
		root.URI = strings.TrimSuffix(at.URI, "/") + "/"
	}
	return root
}

// semanticVersion returns the version without its v where it is one of semver.org, else "".
func semanticVersion(version string) string {
	version = strings.TrimPrefix(version, "v")
	if regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`).MatchString(version) {
		return version
	}
	return ""
}

// sarifReferenced returns all references of rules and of risks, sorted.
func sarifReferenced(report finding.Report) []string {
	all := map[string]struct{}{}
	for _, k := range kinds() {
		for _, reference := range k.references {
			all[reference] = struct{}{}
		}
	}
	for i := range report.Findings {
		for _, reference := range riskReferences(report.Findings[i]) {
			all[reference] = struct{}{}
		}
	}
	references := make([]string, 0, len(all))
	for reference := range all {
		references = append(references, reference)
	}
	slices.Sort(references)
	return references
}

// riskReferences returns the references of a finding's risks, sorted, each once. One that is not of the form that the
// table of risks has, from a saved report that someone wrote, is left out.
func riskReferences(f finding.Finding) []string {
	var references []string
	for _, risk := range f.Risks {
		for _, reference := range risk.References {
			if len(reference) <= 40 && visible(reference) == reference {
				references = append(references, reference)
			}
		}
	}
	slices.Sort(references)
	return slices.Compact(references)
}

func sarifNotifications() []sarifDescriptor {
	descriptor := func(id, name, short, why, help string) sarifDescriptor {
		return sarifDescriptor{
			ID: id, Name: name, ShortDescription: &sarifText{Text: short}, FullDescription: &sarifText{Text: why},
			Help: &sarifText{Text: help, Markdown: help}, HelpURI: homepage + "#problems",
		}
	}
	return []sarifDescriptor{
		descriptor(notificationNotRead, "PartNotRead", "A part of the input was not read, or not whole.",
			"A part of what was asked for could not be read. Tokens in it are not reported.",
			"Make the part readable, raise the limit that the message names, or exclude the part."),
		descriptor(notificationCut, "ReportCut", "The report has more than this file may hold.",
			"Code scanning takes a limited number of results and bytes. Findings that were accepted beforehand, and then the least severe, were left out.",
			"Deal with the more severe findings first, or write the report in the format json or jsonl, which have all."),
		descriptor(notificationLeftOut, "LeftOut", "A part of the input was left out, as patterns ask for or by design.",
			"The patterns of the command line or of the configuration leave out files or directories, or a work tree lies outside of the target. Tokens in them are not reported.",
			"See that the patterns leave out no more than they should, and name what lies outside as a target of its own."),
		descriptor(notificationNarrowed, "Narrowed", "Less was looked for, or kept, than lies in what was scanned.",
			"Flags of the command line or of the configuration, or filters of saved reports, leave a part of the tokens unsaid.",
			"Scan or render without the flags that the message names to see all."),
		descriptor(notificationDetached, "DetachedPayload", "There are signatures of payloads that are elsewhere.",
			"A JWS with a detached payload (RFC 7515, appendix F) says nothing of anyone, and nobody gets anything for it: it is no token, and no result.",
			"Nothing."),
		descriptor(notificationGone, "KnownTokensGone", "Tokens that were known before are gone.",
			"The baseline, or the report that this one was compared with, has tokens that were not met again where they were.",
			"Nothing, or write the baseline anew. A token that is gone from here may still be used: see that it was revoked."),
		descriptor(notificationEnded, "EndedEarly", "The scan did not come to its end.",
			"The scan was interrupted or failed. What was found until then is reported.",
			"Run the scan again."),
	}
}

func sarifInvocationOf(report finding.Report, options Options, told int) sarifInvocation {
	invocation := sarifInvocation{
		ExecutionSuccessful:        report.Scan.Complete,
		StartTimeUTC:               sarifTime(report.Scan.StartedAt),
		EndTimeUTC:                 sarifTime(report.Scan.FinishedAt),
		ToolExecutionNotifications: []sarifNotification{},
		ExitCode:                   report.Scan.ExitCode,
	}
	if options.ExitCode != nil {
		code := options.ExitCode(report)
		invocation.ExitCode = &code
	}
	notify := func(id, level, text string) {
		invocation.ToolExecutionNotifications = append(invocation.ToolExecutionNotifications, sarifNotification{
			Descriptor: sarifDescriptorReference{ID: id}, Level: level, Message: sarifText{Text: text},
		})
	}
	if cut := len(report.Findings) - told; cut > 0 {
		notify(notificationCut, "warning", plural(int64(cut), "finding, the least severe, is", "findings, the least severe, are")+
			" left out: code scanning takes no more. The formats json and jsonl have all.")
	}
	if len(report.Scan.Narrowed) > 0 {
		notify(notificationNarrowed, "note", "Narrowed "+sarifMessage(narrowedWords(report.Scan))+".")
	}
	if report.Scan.Stats.LeftOut > 0 {
		notify(notificationLeftOut, "note", leftOutWords(report.Scan.Stats)+".")
	}
	if met := report.Scan.Detached; met != nil {
		notify(notificationDetached, "note", sarifMessage(detachedWords(met))+".")
	}
	if len(report.Scan.Gone) > 0 {
		notify(notificationGone, "note", sarifMessage(goneWords(report.Scan))+".")
	}
	for _, line := range leftOutLines(report.Scan) {
		notify(notificationLeftOut, "note", sarifMessage(line))
	}
	problems := report.Scan.Problems
	for i, problem := range problems {
		if i == sarifMaxNotifications {
			notify(notificationNotRead, "error", plural(int64(len(problems)-i), "more part was", "more parts were")+" not read.")
			break
		}
		text := shortened(problemPath(problem), longestShown) + ": " + shortened(problem.Reason, longestShown)
		notify(notificationNotRead, "error", sarifMessage(text))
	}
	if !report.Scan.Complete && len(problems) == 0 {
		notify(notificationEnded, "error", "The scan did not come to its end: there may be more.")
	}
	return invocation
}

func sarifTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return finding.Clamp(t).Format("2006-01-02T15:04:05.000Z")
}

// sarifMessage returns a stranger's text as part of a SARIF message (section 3.11): brackets would begin an embedded
// link and braces a placeholder.
func sarifMessage(s string) string {
	s = visible(s)
	if !strings.ContainsAny(s, `\[]{}`) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '\\', '[', ']':
			b.WriteByte('\\')
		case '{', '}':
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
