package report_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// sarifSchema compiles the OASIS schema of SARIF 2.1.0, which go-sarif carries as a constant of its own: it is read from
// that module's source, so that the very bytes of a report can be held against it.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const pkg = "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", pkg).Output()
	if err != nil {
		t.Skipf("go list %s: %v", pkg, err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	literal := file.Scope.Lookup("schema").Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit)
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	return compile(t, "sarif-2.1.0.json", text)
}

func compile(t *testing.T, name, text string) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func holds(t *testing.T, schema *jsonschema.Schema, document []byte) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v", err)
	}
}

func TestSARIFIsValid(t *testing.T) {
	schema := sarifSchema(t)
	if err := schema.Validate(map[string]any{"version": "2.1.0", "runs": []any{map[string]any{"tool": 1}}}); err == nil {
		t.Fatal("the schema takes a run without a tool, so it says nothing")
	}
	full := newCorpus(t)
	cut := corpus{tool: full.tool}
	options := report.Options{
		ExitCode:   func(finding.Report) int { return 1 },
		SourceRoot: "/home/user/some where/#project",
	}
	full.scan.Directory, full.scan.Root = "s b", "/srv/project"
	full.scan.Targets = append(full.scan.Targets,
		finding.Target{Kind: "git", Path: "..", Remote: "https://host.example/owner/name", Commit: strings.Repeat("a", 40), Branch: "main"},
		finding.Target{Kind: "git", Path: "vendor/s b", Remote: "https://host.example/owner/sub"},
		finding.Target{Kind: "git", Path: "x", Remote: "https://host.example/a b\n"},
	)
	for name, document := range map[string][]byte{
		"corpus":  told(t, full, "sarif", report.Options{}),
		"options": told(t, full, "sarif", options),
		"nothing": told(t, cut, "sarif", report.Options{}),
		"tokens":  told(t, full, "sarif", report.Options{ShowTokens: true}),
	} {
		t.Run(name, func(t *testing.T) {
			holds(t, schema, document)
		})
	}
}

func readSARIF(t testing.TB, document []byte) *sarif.Run {
	t.Helper()
	read, err := sarif.FromBytes(document)
	if err != nil {
		t.Fatal(err)
	}
	if len(read.Runs) != 1 {
		t.Fatalf("%d runs", len(read.Runs))
	}
	return read.Runs[0]
}

// What refers to something must refer to something that is there.
func TestSARIFReferences(t *testing.T) {
	run := readSARIF(t, told(t, newCorpus(t), "sarif", report.Options{}))
	rules := run.Tool.Driver.Rules
	for _, result := range run.Results {
		if *rules[result.RuleIndex].ID != *result.RuleID {
			t.Errorf("rule %d is %s, not %s", result.RuleIndex, *rules[result.RuleIndex].ID, *result.RuleID)
		}
		for _, taxon := range result.Taxa {
			hasTaxon(t, run, taxon)
		}
	}
	for _, rule := range rules {
		for _, relationship := range rule.Relationships {
			hasTaxon(t, run, relationship.Target)
		}
	}
	known := map[string]bool{}
	for _, descriptor := range run.Tool.Driver.Notifications {
		known[*descriptor.ID] = true
	}
	for _, notification := range run.Invocations[0].ToolExecutionNotifications {
		if !known[*notification.Descriptor.ID] {
			t.Errorf("notification %s is not described", *notification.Descriptor.ID)
		}
	}
}

func hasTaxon(t *testing.T, run *sarif.Run, reference *sarif.ReportingDescriptorReference) {
	t.Helper()
	taxonomy := run.Taxonomies[reference.ToolComponent.Index]
	if *taxonomy.Name != *reference.ToolComponent.Name {
		t.Errorf("taxonomy %d is %s", reference.ToolComponent.Index, *taxonomy.Name)
	}
	for _, taxon := range taxonomy.Taxa {
		if *taxon.ID == *reference.ID {
			return
		}
	}
	t.Errorf("taxonomy %s has no %s", *taxonomy.Name, *reference.ID)
}

func TestSARIFResults(t *testing.T) {
	c := newCorpus(t)
	run := readSARIF(t, told(t, c, "sarif", report.Options{}))
	if got, want := len(run.Results), len(c.tokens); got != want {
		t.Fatalf("%d results, want %d", got, want)
	}
	byRule := map[string]*sarif.Result{}
	for _, result := range run.Results {
		byRule[*result.RuleID] = result
	}
	live := byRule["jwt-live"]
	if live == nil || byRule["jwt-no-expiry"] == nil || byRule["jwt-not-yet-valid"] == nil || byRule["jwt-expired"] == nil ||
		byRule["jwe"] == nil || byRule["jwt-sample"] == nil {
		t.Fatalf("not every rule of the corpus has a result: %v", byRule)
	}
	if got := live.PartialFingerprints["primaryLocationLineHash"]; len(got) != 64 {
		t.Errorf("primaryLocationLineHash: %q", got)
	}
	if got := *live.OccurrenceCount; got != 400 {
		t.Errorf("occurrenceCount of the token that is everywhere: %d", got)
	}
	if got := len(live.RelatedLocations); got != 99 {
		t.Errorf("%d related locations", got)
	}
	// Code scanning shows a related location only where the message links to it.
	links := regexp.MustCompile(`\[[^\]]*\]\((\d+)\)`).FindAllStringSubmatch(*live.Message.Text, -1)
	if len(links) != 25 || !strings.HasSuffix(*live.Message.Text, " and in 374 more places.") {
		t.Errorf("%d links of 400 places: %s", len(links), *live.Message.Text)
	}
	for i, link := range links {
		if id := strconv.Itoa(live.RelatedLocations[i].ID); link[1] != id {
			t.Errorf("link %d leads to %s, want %s", i, link[1], id)
		}
	}
	suppressions := byRule["jwt-not-yet-valid"].Suppressions
	if len(suppressions) != 1 || *suppressions[0].Kind != "external" {
		t.Errorf("suppressions: %v", suppressions)
	}
	if run.Results[0].Level != "error" {
		t.Errorf("the first result's level is %s", run.Results[0].Level)
	}
}

// TestSARIFPaths decodes URIs as net/url does and compares bytes.
func TestSARIFPaths(t *testing.T) {
	git := func(repository, path string) finding.Place {
		return finding.GitPlace{Target: ".", Repository: repository, Path: path, Object: strings.Repeat("ab", 20)}
	}
	file := func(path string) finding.Place { return finding.FilePlace{Path: path} }
	for _, test := range []struct {
		place    finding.Place
		uri      string
		relative bool // to the source root
	}{
		{file("a/b c.txt"), "a/b%20c.txt", true},
		{file("./a"), "a", true},
		{file("a:b/c?d#e%41"), "a%3Ab/c%3Fd%23e%2541", true},
		{file("\xe9\xff"), "%E9%FF", true},
		{file("é"), "%C3%A9", true},
		{file("a\\b\n"), "a%5Cb%0A", true},
		{file("/var/log/a b"), "file:///var/log/a%20b", false},
		{file("//host/share"), "file:////host/share", false},
		{file("C:/Users/a b"), "file:///C:/Users/a%20b", false},
		{file("../evidence/x"), "../evidence/x", false},
		{git(".", "src/x"), "src/x", true},
		{git("sub", "../../etc/passwd"), "sub/%2E%2E/%2E%2E/etc/passwd", true},
		{git("/srv/r.git", "x"), "file:///srv/r.git/x", false},
		{git("", ""), ".git/objects/ab/" + strings.Repeat("ab", 19), true},
		{finding.StdinPlace{}, "stdin", true},
	} {
		f := finding.Finding{ID: "1", OccurrenceCount: 1, Occurrences: []finding.Occurrence{{Place: test.place, Line: 1, Column: 1}}}
		var out bytes.Buffer
		if err := report.Render("sarif", &out, finding.Report{Findings: []finding.Finding{f}}, report.Options{}); err != nil {
			t.Fatal(err)
		}
		at := readSARIF(t, out.Bytes()).Results[0].Locations[0].PhysicalLocation.ArtifactLocation
		if *at.URI != test.uri || (at.URIBaseID != nil) != test.relative {
			t.Errorf("%+v: %q, base %v; want %q, %v", test.place, *at.URI, at.URIBaseID != nil, test.uri, test.relative)
		}
		parsed, err := url.Parse(*at.URI)
		if err != nil {
			t.Errorf("%+v: %v", test.place, err)
			continue
		}
		if path, ok := test.place.(finding.FilePlace); ok {
			want := strings.TrimPrefix(path.Path, "./")
			if strings.HasPrefix(want, "C:") {
				want = "/" + want
			}
			if parsed.Path != want {
				t.Errorf("%q decodes to %q, want %q", *at.URI, parsed.Path, want)
			}
		}
	}
}

// Who stands below the root of the repository gets paths from the root, which is what consumers show files by.
func TestPathsFromASubdirectory(t *testing.T) {
	for _, test := range []struct {
		place       finding.Place
		uri, gitlab string
	}{
		{finding.FilePlace{Path: "a.txt"}, "sub/dir/a.txt", "sub/dir/a.txt"},
		{finding.FilePlace{Path: "../a.txt"}, "sub/a.txt", "sub/a.txt"},
		{finding.FilePlace{Path: "../../../a.txt"}, "../a.txt", "../a.txt"},
		{finding.FilePlace{Path: "/a.txt"}, "file:///a.txt", "/a.txt"},
		{finding.FilePlace{Path: "/home/user/project/src/a.txt"}, "src/a.txt", "src/a.txt"},
		{finding.FilePlace{Path: "/home/user/projects/a.txt"}, "file:///home/user/projects/a.txt", "/home/user/projects/a.txt"},
		{finding.GitPlace{Repository: "/home/user/project", Path: "src/x"}, "src/x", "src/x"},
		{finding.GitPlace{Repository: "../..", Path: "src/x"}, "src/x", "src/x"},
		{finding.GitPlace{Repository: "../..", Path: "../x"}, "%2E%2E/x", ""},
		{finding.GitPlace{Repository: "../vendor", Path: "x"}, "sub/vendor/x", "sub/vendor/x"},
		{finding.StdinPlace{}, "stdin", "standard input"},
	} {
		f := finding.Finding{ID: "1", OccurrenceCount: 1, Occurrences: []finding.Occurrence{{Place: test.place, Line: 1, Column: 1}}}
		render := func(format string) []byte {
			var out bytes.Buffer
			scanned := finding.Report{Scan: finding.Scan{Directory: "sub/dir", Root: "/home/user/project"}, Findings: []finding.Finding{f}}
			if err := report.Render(format, &out, scanned, report.Options{}); err != nil {
				t.Fatal(err)
			}
			return out.Bytes()
		}
		if at := readSARIF(t, render("sarif")).Results[0].Locations[0].PhysicalLocation.ArtifactLocation; *at.URI != test.uri {
			t.Errorf("%+v: %q, want %q", test.place, *at.URI, test.uri)
		}
		if test.gitlab != "" && !bytes.Contains(render("junit"), []byte(` file="`+test.gitlab+`"`)) {
			t.Errorf("%+v: JUnit has not %q", test.place, test.gitlab)
		}
		if test.gitlab != "" && !bytes.Contains(render("gitlab"), []byte(`"file": "`+test.gitlab+`"`)) {
			t.Errorf("%+v: GitLab's report has not %q", test.place, test.gitlab)
		}
	}
}

// many tells of n findings, every fourth of them critical, to a sink.
func many(t testing.TB, sink report.Sink, n int) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(sink.Begin(finding.Tool{Name: "jwtleak", Version: "1.2.3"}, finding.Scan{EvaluatedAt: at()}))
	exp := at()
	for i := range n {
		fingerprint := finding.NewFingerprint(fmt.Sprint(i))
		severity := finding.Severities()[i%4]
		must(sink.Event(finding.Found{Finding: finding.Finding{
			ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Rule: "jws", Severity: severity, Status: finding.Live,
			Token: finding.Token{
				Header: map[string]any{"alg": "RS256", "kid": fmt.Sprint(i)}, Algorithm: "RS256", Issuer: "https://issuer.example",
				Subject: "user" + fmt.Sprint(i), Audience: []string{"https://api.example"}, ExpiresAt: &exp, ExpiresInSeconds: ptr[int64](60),
				Claims: map[string]any{"iss": "https://issuer.example", "sub": "user" + fmt.Sprint(i), "jti": fingerprint.ID()},
			},
			Risks: []finding.Risk{{ID: "no-expiry", Title: "Never expires", Severity: finding.High, References: []string{"CWE-613", "RFC9068-2.2"}}},
			Occurrences: []finding.Occurrence{
				gitOccurrence(fmt.Sprintf("src/%d/config.yaml", i), int64(i), finding.Attribution{Commit: strings.Repeat("ab", 20), Author: "A", Reachable: true}),
				fileOccurrence(fmt.Sprintf("logs/%d.log", i), int64(i)),
			}, OccurrenceCount: 2,
		}}))
	}
	must(sink.Event(finding.Ended{Scan: finding.Scan{EvaluatedAt: at(), Complete: true}}))
	must(sink.Close())
}

func BenchmarkSARIF(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		count := &countingWriter{}
		sink, err := report.New("sarif", count, report.Options{})
		if err != nil {
			b.Fatal(err)
		}
		many(b, sink, 100_000)
		b.SetBytes(count.n)
	}
}

type countingWriter struct{ n int64 }

func (c *countingWriter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

var _ io.Writer = (*countingWriter)(nil)

// What a report calls a rule's or a notification's page is a heading of the README.
func TestHelpPages(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	headings := map[string]bool{}
	for line := range strings.Lines(string(readme)) {
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			headings[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(heading)), " ", "-")] = true
		}
	}
	anchors := map[string]bool{}
	for _, format := range []string{"sarif", "gitlab"} {
		golden, err := os.ReadFile("testdata/corpus." + format)
		if err != nil {
			t.Fatal(err)
		}
		for _, anchor := range regexp.MustCompile(regexp.QuoteMeta("https://github.com/jwtleak/jwtleak")+`#([^"\\) ]+)`).FindAllStringSubmatch(string(golden), -1) {
			anchors[anchor[1]] = true
		}
	}
	if len(anchors) < 2 {
		t.Fatalf("the golden files point at %v", anchors)
	}
	for anchor := range anchors {
		if !headings[anchor] {
			t.Errorf("README.md has no heading for #%s", anchor)
		}
	}
}
