package cmd

import (
	"fmt"
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
	testscript.Main(m, map[string]func(){
		"jwtleak": func() { os.Exit(Execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the command line as its users do; testdata/script says what they type and what they get.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"untimed": untimed, "event": event, "rendered": rendered},
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, "GITHUB_ACTIONS=") // wherever the tests themselves run
			env.Setenv("NO_COLOR", "")
			return os.CopyFS(env.WorkDir+"/example", os.DirFS("../testdata/example"))
		},
	})
}

// rendered has targets scanned in every format, and the same made of a saved report: both say the same, but for when the
// scan ran and where on this machine.
func rendered(script *testscript.TestScript, _ bool, targets []string) {
	passing := regexp.MustCompile(` in [0-9.]+ m?s\n|"(startTimeUtc|endTimeUtc|start_time|end_time|started_at|finished_at)": ?"[^"]*"|` +
		` time(stamp)?="[^"]*"|"%SRCROOT%":\{("uri":"[^"]*",)?`)
	run := func(arguments ...string) string {
		_ = script.Exec("jwtleak", arguments...) // 1 for what is found
		out := script.ReadFile("stdout")
		if out == "" {
			script.Fatalf("%v printed nothing: %s", arguments, script.ReadFile("stderr"))
		}
		return passing.ReplaceAllString(out, "")
	}
	at := []string{"--at", "2026-06-01T12:00:00Z", "--fail-on", "low"}
	var files []string
	for _, format := range []string{"json", "jsonl"} {
		run(slices.Concat([]string{"scan", "-q", "--format", format}, at, targets)...)
		files = append(files, filepath.Join(script.Getenv("WORK"), "saved."+format))
		script.Check(os.WriteFile(files[len(files)-1], []byte(script.ReadFile("stdout")), 0o600))
	}
	for _, format := range report.Formats() {
		scanned := run(slices.Concat([]string{"scan", "-q", "--format", format}, at, targets)...)
		for _, file := range files {
			made := run("report", "-q", "--fail-on", "low", "--format", format, file)
			if diff := cmp.Diff(scanned, made); diff != "" && format != "jsonl" { // whose events come in no order
				script.Fatalf("%s of %q, and made of %s (-scan +report):\n%s", format, targets, filepath.Base(file), diff)
			}
		}
	}
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
