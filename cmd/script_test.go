package cmd

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
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
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"untimed": untimed, "event": event},
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, "GITHUB_ACTIONS=") // wherever the tests themselves run
			env.Setenv("NO_COLOR", "")
			return os.CopyFS(env.WorkDir+"/example", os.DirFS("../testdata/example"))
		},
	})
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
