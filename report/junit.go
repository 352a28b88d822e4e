package report

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr,omitempty"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string `xml:"name,attr"`
	Tests     int    `xml:"tests,attr"`
	Failures  int    `xml:"failures,attr"`
	Errors    int    `xml:"errors,attr"`
	Skipped   int    `xml:"skipped,attr"`
	Timestamp string `xml:"timestamp,attr,omitempty"`
	Time      string `xml:"time,attr,omitempty"`
	// Properties come first, as the schemas that there are for the format have it.
	Properties *junitProperties `xml:"properties"`
	Cases      []junitCase      `xml:"testcase"`
}

type junitProperties struct {
	Properties []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name      string       `xml:"name,attr"`
	ClassName string       `xml:"classname,attr"`
	File      string       `xml:"file,attr,omitempty"`
	Line      int64        `xml:"line,attr,omitempty"`
	Failure   *junitResult `xml:"failure"`
	Error     *junitResult `xml:"error"`
	Skipped   *junitResult `xml:"skipped"`
	Output    string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes JUnit XML: a test case a finding, failed where the finding fails the scan, skipped where it was
// accepted beforehand; a test case in error for each part that was not read, and one that was skipped for each left out. A scan without any has one that passed,
// since consumers take a file without test cases for a mistake.
func writeJUnit(w io.Writer, report finding.Report, options Options) error {
	suite := junitSuite{Name: "jwtleak", Timestamp: junitTime(report.Scan.StartedAt)}
	if took := report.Scan.FinishedAt.Sub(report.Scan.StartedAt); !report.Scan.StartedAt.IsZero() && took >= 0 {
		suite.Time = fmt.Sprintf("%.3f", took.Seconds())
	}
	if len(report.Scan.Narrowed) > 0 {
		suite.property("narrowed", visible(narrowedWords(report.Scan)))
	}
	if n := report.Scan.Stats.LeftOut; n > 0 {
		suite.property("left_out", strconv.FormatInt(n, 10))
	}
	if met := report.Scan.Detached; met != nil {
		suite.property("detached", visible(detachedWords(met)))
	}
	if len(report.Scan.Gone) > 0 {
		suite.property("gone", visible(strings.Join(report.Scan.Gone, " ")))
	}
	start := originOf(report.Scan)
	for _, f := range report.Findings {
		suite.add(junitCaseOf(f, report.Scan.EvaluatedAt, start, options))
	}
	for _, problem := range report.Scan.Problems {
		suite.add(junitCase{
			Name: shortened(visible(problemPath(problem)), longestShown), ClassName: "jwtleak.not-read",
			Error: &junitResult{Message: shortened(visible(problem.Reason), longestShown), Type: "not-read"},
		})
	}
	for _, left := range report.Scan.LeftOut {
		suite.add(junitCase{
			Name: shortened(visible(problemPath(left)), longestShown), ClassName: "jwtleak.left-out",
			Skipped: &junitResult{Message: shortened(visible(left.Reason), longestShown), Type: "left-out"},
		})
	}
	if !report.Scan.Complete && len(report.Scan.Problems) == 0 {
		suite.add(junitCase{Name: "scan", ClassName: "jwtleak.not-read", Error: &junitResult{Message: "The scan did not come to its end.", Type: "not-read"}})
	}
	if len(suite.Cases) == 0 {
		suite.add(junitCase{Name: strings.ToLower(noneWords(report.Scan)), ClassName: "jwtleak"})
	}
	suites := junitSuites{
		Name: "jwtleak", Tests: suite.Tests, Failures: suite.Failures, Errors: suite.Errors, Time: suite.Time, Suites: []junitSuite{suite},
	}
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(out)
	encoder.Indent("", "  ")
	if err := encoder.Encode(suites); err != nil {
		return err
	}
	if _, err := out.WriteString("\n"); err != nil {
		return err
	}
	return out.Flush()
}

func (s *junitSuite) property(name, value string) {
	if s.Properties == nil {
		s.Properties = &junitProperties{}
	}
	s.Properties.Properties = append(s.Properties.Properties, junitProperty{name, value})
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func junitCaseOf(f finding.Finding, at time.Time, start origin, options Options) junitCase {
	c := junitCase{
		Name:      shortened(visible(fmt.Sprintf("%s %s", issuerWords(f), f.ID)), longestShown),
		ClassName: "jwtleak." + kinds()[kindOf(f)].id,
	}
	if len(f.Occurrences) > 0 {
		c.File, c.Line = shortened(visible(start.pathWords(f.Occurrences[0])), longestShown), f.Occurrences[0].Line
	}
	text := textOf(f)
	switch {
	case f.Suppressed != nil:
		c.Skipped = &junitResult{Message: shortened(visible(suppressionWords(*f.Suppressed)), longestShown)}
		c.Output = text
	case options.fails(f):
		c.Failure = &junitResult{Message: fmt.Sprintf("%s: %s", visible(string(f.Severity)), statusWords(f, at)), Type: visible(string(f.Status)), Text: text}
	default:
		c.Output = text
	}
	return c
}

// textOf says the facts of a finding in lines of plain text.
func textOf(f finding.Finding) string {
	text := fmt.Sprintf("\nholder: %s\nfound in %s:\n", shortened(visible(holderWords(f)), longestShown), plural(int64(f.OccurrenceCount), "place", "places"))
	for i, occurrence := range f.Occurrences {
		if i == 10 {
			text += "  ...\n"
			break
		}
		text += "  " + shortened(visible(placeWords(occurrence)), longestShown) + "\n"
	}
	return text + "what to do: " + shortened(visible(remedyWords(f)), shownOfARemedy) + "\n"
}

func junitTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return finding.Clamp(t).Format("2006-01-02T15:04:05")
}
