package cmd

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/jwtleak/jwtleak/report"
)

func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){
		"jwtleak":  func() { os.Exit(Execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"rendered": func() { os.Exit(rendered(os.Args[1:], os.Stderr)) },
	})
}

// The tests, and the program that some of them build removed when all have run.
type tests struct{ *testing.M }

func (t tests) Run() int {
	defer func() { _ = os.RemoveAll(program.directory) }() // of no name where none was built
	return t.M.Run()
}

// TestScripts runs the command line as its users do; testdata/script says what they type and what they get.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"untimed": untimed, "event": event},
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, "GITHUB_ACTIONS=") // wherever the tests themselves run
			env.Setenv("NO_COLOR", "")
			return os.CopyFS(env.WorkDir+"/example", os.DirFS("../testdata/example"))
		},
	})
}

// rendered has targets scanned in every format, and the same made of a saved report: both say the same, but for when the
// scan ran and where on this machine. It is a program, as the paths are by the directory that it is started in, and one for
// all the formats: to start a program for each took most of the time of these tests.
func rendered(targets []string, stderr io.Writer) int {
	if err := sameWhenRendered(targets); err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func sameWhenRendered(targets []string) error {
	passing := regexp.MustCompile(` in [0-9.]+ m?s\n|"(startTimeUtc|endTimeUtc|start_time|end_time|started_at|finished_at)": ?"[^"]*"|` +
		` time(stamp)?="[^"]*"|"%SRCROOT%":\{("uri":"[^"]*",)?`)
	at := []string{"--at", "2026-06-01T12:00:00Z", "--fail-on", "low"}
	var files []string
	for _, format := range []string{"json", "jsonl"} {
		saved, err := printed(slices.Concat([]string{"scan", "-q", "--format", format}, at, targets)...)
		if err != nil {
			return err
		}
		file := filepath.Join(os.Getenv("WORK"), "saved."+format)
		if err := os.WriteFile(file, []byte(saved), 0o600); err != nil {
			return err
		}
		files = append(files, file)
	}
	for _, format := range report.Formats() {
		scanned, err := printed(slices.Concat([]string{"scan", "-q", "--format", format}, at, targets)...)
		if err != nil {
			return err
		}
		for _, file := range files {
			made, err := printed("report", "-q", "--fail-on", "low", "--format", format, file)
			if err != nil {
				return err
			}
			diff := cmp.Diff(passing.ReplaceAllString(scanned, ""), passing.ReplaceAllString(made, ""))
			if diff != "" && format != "jsonl" { // whose events come in no order
				return fmt.Errorf("%s of %q, and made of %s (-scan +report):\n%s", format, targets, filepath.Base(file), diff)
			}
		}
	}
	return nil
}

// printed runs the program and returns what it prints on standard output.
func printed(arguments ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	_ = Execute(arguments, strings.NewReader(""), &stdout, &stderr) // 1 for what is found
	if stdout.Len() == 0 {
		return "", fmt.Errorf("%v printed nothing: %s", arguments, &stderr)
	}
	return stdout.String(), nil
}

// event writes the event of a pull request, of whose form only what is read matters, from files with its two commits.
func event(script *testscript.TestScript, _ bool, args []string) {
	base, head := strings.TrimSpace(script.ReadFile(args[0])), strings.TrimSpace(script.ReadFile(args[1]))
	text := fmt.Sprintf(`{"action":"synchronize","number":7,"pull_request":{"title":"sha","base":{"ref":"main","sha":%q,"repo":{"fork":false}},`+
		`"head":{"ref":"fork","sha":%q,"repo":{"fork":true}},"merge_commit_sha":null},"sender":{"login":"someone"}}`, base, head)
	script.Check(os.WriteFile(script.MkAbs(args[2]), []byte(text), 0o600))
}

// untimed writes what was printed last to a file, without how long the scan took.
func untimed(script *testscript.TestScript, _ bool, args []string) {
	printed := regexp.MustCompile(` in [0-9.]+ m?s\n`).ReplaceAllString(script.ReadFile("stdout"), " in no time\n")
	script.Check(os.WriteFile(script.MkAbs(args[0]), []byte(printed), 0o600))
}
