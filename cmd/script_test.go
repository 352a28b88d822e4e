package cmd

import (
	"os"
	"regexp"
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
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"untimed": untimed},
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "")
			return os.CopyFS(env.WorkDir+"/example", os.DirFS("../testdata/example"))
		},
	})
}

// untimed writes what was printed last to a file, without how long the scan took.
func untimed(script *testscript.TestScript, _ bool, args []string) {
	printed := regexp.MustCompile(` in [0-9.]+ m?s\n`).ReplaceAllString(script.ReadFile("stdout"), " in no time\n")
	script.Check(os.WriteFile(script.MkAbs(args[0]), []byte(printed), 0o600))
}
