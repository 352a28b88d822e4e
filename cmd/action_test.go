package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestAction runs the step of action.yml that scans, as a runner does, over the example.
func TestAction(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no bash to run the action's step with")
	}
	text, err := os.ReadFile("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Runs struct {
			Using string
			Steps []struct{ ID, Run string }
		}
	}
	if err := yaml.Unmarshal(text, &action); err != nil {
		t.Fatal(err)
	}
	script := ""
	for _, step := range action.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Error("a script has what comes from outside in its text")
		}
		if step.ID == "scan" {
			script = step.Run
		}
	}
	if action.Runs.Using != "composite" || script == "" {
		t.Fatal("action.yml has no step that scans")
	}
	example, err := filepath.Abs("../testdata/example")
	if err != nil {
		t.Fatal(err)
	}
	built := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(built, "jwtleak"), "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, test := range []struct {
		failOn, target, status, written string
	}{
		{"low", example, "1", "written=true\n"},
		{"none", example, "0", "written=true\n"},
		{"low", filepath.Join(example, "docs"), "0", "written=true\n"},
		{"nonsense", example, "2", ""},
		{"low", "nowhere", "2", ""},
	} {
		t.Run(test.failOn+" "+filepath.Base(test.target), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Symlink(built, filepath.Join(dir, "jwtleak-bin")); err != nil {
				t.Fatal(err)
			}
			// A runner runs bash with these options.
			step := exec.Command(bash, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script+"\n")
			step.Dir = dir
			step.Env = append(os.Environ(), "GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "RUNNER_TEMP="+dir,
				"GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"), "GITHUB_OUTPUT="+filepath.Join(dir, "output"),
				"JWTLEAK_TARGET="+test.target, "JWTLEAK_RANGE=", "JWTLEAK_FAIL_ON="+test.failOn, "JWTLEAK_SARIF=jwtleak.sarif")
			_ = step.Run() // the status is asked for below
			if got := step.ProcessState.ExitCode(); test.status != string(rune('0'+got)) {
				t.Errorf("exit status %d, want %s", got, test.status)
			}
			written, _ := os.ReadFile(filepath.Join(dir, "output")) // there is none where nothing was scanned
			if string(written) != test.written {
				t.Errorf("output %q, want %q", written, test.written)
			}
			sarif, err := os.ReadFile(filepath.Join(dir, "jwtleak.sarif"))
			if (err == nil) != (test.written != "") || err == nil && !strings.Contains(string(sarif), `"version": "2.1.0"`) {
				t.Errorf("SARIF: %v", err)
			}
			summary, err := os.ReadFile(filepath.Join(dir, "summary"))
			if (err == nil) != (test.written != "") || err == nil && !strings.HasPrefix(string(summary), "## jwtleak") {
				t.Errorf("summary: %v", err)
			}
		})
	}
}
