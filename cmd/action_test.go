package cmd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
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
	built := build(t)
	baseline := filepath.Join(t.TempDir(), "baseline.json")
	if out, err := exec.Command(filepath.Join(built, "jwtleak"), "scan", "--fail-on", "none", "--format", "json", "-o", baseline, example).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, test := range []struct {
		failOn, target, baseline, status, written string
	}{
		{"low", example, "", "1", "written=true\n"},
		{"none", example, "", "0", "written=true\n"},
		{"low", filepath.Join(example, "docs"), "", "0", "written=true\n"},
		{"low", example, baseline, "0", "written=true\n"},
		{"low", example, "nowhere", "2", ""},
		{"nonsense", example, "", "2", ""},
		{"low", "nowhere", "", "2", ""},
	} {
		t.Run(strings.TrimSpace(test.failOn+" "+filepath.Base(test.target)+" "+test.baseline), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Symlink(built, filepath.Join(dir, "jwtleak-bin")); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(filepath.Join(dir, "reports"), 0o700); err != nil {
				t.Fatal(err)
			}
			// What an earlier use of the action left there is not what this one writes.
			for _, name := range []string{"jwtleak.jsonl", "reports/jwtleak.sarif"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte("left"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			// A runner runs bash with these options.
			step := exec.Command(bash, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script+"\n")
			step.Dir = dir
			step.Env = append(os.Environ(), "GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "RUNNER_TEMP="+dir,
				"GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"), "GITHUB_OUTPUT="+filepath.Join(dir, "output"),
				"JWTLEAK_TARGET="+test.target, "JWTLEAK_RANGE=", "JWTLEAK_FAIL_ON="+test.failOn, "JWTLEAK_BASELINE="+test.baseline, "JWTLEAK_POLICY=", "JWTLEAK_BASE=",
				"JWTLEAK_SARIF=reports/jwtleak.sarif")
			log, _ := step.CombinedOutput() // the status is asked for below
			commandsAreStopped(t, string(log))
			if got := step.ProcessState.ExitCode(); test.status != string(rune('0'+got)) {
				t.Errorf("exit status %d, want %s", got, test.status)
			}
			written, _ := os.ReadFile(filepath.Join(dir, "output")) // there is none where nothing was scanned
			if string(written) != test.written {
				t.Errorf("output %q, want %q", written, test.written)
			}
			sarif, err := os.ReadFile(filepath.Join(dir, "reports", "jwtleak.sarif"))
			if (err == nil) != (test.written != "") || err == nil && !strings.Contains(string(sarif), `"exitCode":`+test.status) {
				t.Errorf("SARIF: %v", err)
			}
			summary, err := os.ReadFile(filepath.Join(dir, "summary"))
			if (err == nil) != (test.written != "") || err == nil && !strings.HasPrefix(string(summary), "## jwtleak") {
				t.Errorf("summary: %v", err)
			}
		})
	}
}

// TestPolicyOfAPullRequest runs the steps that scan, of the action and of GitLab's template, for a pull request that
// brings in a token and a policy to accept it.
func TestPolicyOfAPullRequest(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no bash to run the steps with")
	}
	var action struct {
		Runs struct{ Steps []struct{ ID, Run string } }
	}
	var template struct {
		Job struct {
			Variables map[string]string
			Script    []string
		} `yaml:"jwtleak"`
	}
	for path, into := range map[string]any{"../action.yml": &action, "../.gitlab/jwtleak.gitlab-ci.yml": &template} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	built, repository, temporary := build(t), t.TempDir(), t.TempDir()
	if err := os.Symlink(built, filepath.Join(temporary, "jwtleak-bin")); err != nil {
		t.Fatal(err)
	}
	git := func(arguments ...string) string { return runGit(t, repository, arguments...) }
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(repository, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q", "-b", "main")
	write(".jwtleak.yaml", "fail-on: [low]\n")
	git("add", ".")
	git("commit", "-q", "-m", "base")
	base := git("rev-parse", "HEAD")
	if err := os.CopyFS(repository, os.DirFS("../testdata/example")); err != nil {
		t.Fatal(err)
	}
	write(".jwtleak.yaml", "fail-on: [none]\n")
	git("add", ".")
	git("commit", "-q", "-m", "proposal")
	head := git("rev-parse", "HEAD")
	write("../event.json", `{"number":7,"pull_request":{"base":{"sha":"`+base+`"},"head":{"sha":"`+head+`"}}}`)

	for _, test := range []struct{ event, policy, status string }{
		{"pull_request", "", "0"},
		{"pull_request", "tree", "0"},
		{"pull_request", "base", "1"},
		{"pull_request", "none", "1"},
		{"pull_request", "nonsense", "2"},
		{"push", "base", "0"}, // of the commit that was pushed
		{"pull_request_target", "", "1"},
		{"pull_request_target", "tree", "0"},
	} {
		step := exec.Command(bash, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", stepOf(action.Runs.Steps, "scan"))
		step.Dir = repository
		step.Env = append(os.Environ(), "GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME="+test.event, "GITHUB_EVENT_PATH="+filepath.Join(repository, "../event.json"),
			"GITHUB_WORKSPACE="+repository, "RUNNER_TEMP="+temporary, "GITHUB_STEP_SUMMARY="+filepath.Join(temporary, "summary"),
			"GITHUB_OUTPUT="+filepath.Join(temporary, "output"), "JWTLEAK_TARGET=.", "JWTLEAK_RANGE=", "JWTLEAK_FAIL_ON=", "JWTLEAK_BASELINE=",
			"JWTLEAK_POLICY="+test.policy, "JWTLEAK_BASE="+baseOf(test.event, base), "GITHUB_SHA="+head, "JWTLEAK_SARIF="+filepath.Join(temporary, "jwtleak.sarif"))
		log, _ := step.CombinedOutput() // the status is asked for below
		if got := step.ProcessState.ExitCode(); test.status != string(rune('0'+got)) {
			t.Errorf("%s, policy %q: exit status %d, want %s:\n%s", test.event, test.policy, got, test.status, log)
		}
		if test.event != "pull_request" || test.policy == "nonsense" {
			continue
		}
		step = exec.Command(bash, "-e", "-o", "pipefail", "-c", template.Job.Script[1])
		step.Dir = repository
		step.Env = append(os.Environ(), "PATH="+built+string(os.PathListSeparator)+os.Getenv("PATH"), "GITHUB_ACTIONS=")
		for name, value := range template.Job.Variables {
			step.Env = append(step.Env, name+"="+value)
		}
		step.Env = append(step.Env, "CI_MERGE_REQUEST_DIFF_BASE_SHA="+base, "CI_COMMIT_SHA="+head)
		if test.policy != "" {
			step.Env = append(step.Env, "JWTLEAK_POLICY="+test.policy)
		}
		log, _ = step.CombinedOutput() // likewise
		if got := step.ProcessState.ExitCode(); test.status != string(rune('0'+got)) {
			t.Errorf("GitLab, policy %q: exit status %d, want %s:\n%s", test.policy, got, test.status, log)
		}
	}
}

// baseOf returns what an event says of the base branch.
func baseOf(event, base string) string {
	if event == "push" {
		return ""
	}
	return base
}

// stepOf returns the script of a step.
func stepOf(steps []struct{ ID, Run string }, id string) string {
	for _, step := range steps {
		if step.ID == id {
			return step.Run
		}
	}
	return "exit 99"
}

func runGit(t *testing.T, directory string, arguments ...string) string {
	t.Helper()
	command := exec.Command("git", append([]string{"-C", directory, "-c", "user.name=A", "-c", "user.email=a@example.com"}, arguments...)...)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("git %v: %v", arguments, err)
	}
	return strings.TrimSpace(string(out))
}

// A builtProgram is the program in a directory, once a test has asked for it: to link it takes longer than to run it.
type builtProgram struct {
	once      sync.Once
	directory string
	err       error
}

var program builtProgram // removed by TestMain

// build returns a directory with the program in it.
func build(t *testing.T) string {
	t.Helper()
	program.once.Do(func() {
		if program.directory, program.err = os.MkdirTemp("", "jwtleak"); program.err != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", filepath.Join(program.directory, "jwtleak"), "..").CombinedOutput(); err != nil { //nolint:gosec // our own program
			program.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if program.err != nil {
		t.Fatal(program.err)
	}
	return program.directory
}

// commandsAreStopped holds that a runner takes nothing of a step's log for a command, but the one that has it take them again.
func commandsAreStopped(t *testing.T, log string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(log), "\n")
	resume, ok := strings.CutPrefix(lines[0], "::stop-commands::")
	if !ok || len(resume) != 32 || lines[len(lines)-1] != "::"+resume+"::" {
		t.Errorf("the log begins with %q and ends with %q", lines[0], lines[len(lines)-1])
	}
}

// TestGitLabTemplate runs the script of the template for GitLab, as its runner does, for a branch and for a merge request.
func TestGitLabTemplate(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no bash to run the template's script with")
	}
	text, err := os.ReadFile("../.gitlab/jwtleak.gitlab-ci.yml")
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Job struct {
			Variables map[string]string
			Rules     []struct{ If string }
			Script    []string
			Artifacts struct{ Reports map[string]string }
		} `yaml:"jwtleak"`
	}
	if err := yaml.Unmarshal(text, &template); err != nil {
		t.Fatal(err)
	}
	job := template.Job
	if len(job.Script) != 2 || len(job.Rules) == 0 || job.Rules[0].If != `$CI_PIPELINE_SOURCE == "merge_request_event"` {
		t.Fatalf("the template has a script of %d parts and the rules %v; a job without rules runs for no merge request", len(job.Script), job.Rules)
	}
	built, repository := build(t), t.TempDir()
	git := func(arguments ...string) string { return runGit(t, repository, arguments...) }
	git("init", "-q")
	if err := os.CopyFS(repository, os.DirFS("../testdata/example")); err != nil {
		t.Fatal(err)
	}
	git("add", ".")
	git("commit", "-q", "-m", "one")
	git("commit", "-q", "--allow-empty", "-m", "two")
	for _, test := range []struct {
		name, status string
		environment  []string
		found        int
	}{
		{"branch", "1", nil, 5},
		{"merge request", "0", []string{"CI_MERGE_REQUEST_DIFF_BASE_SHA=" + git("rev-parse", "HEAD~1"), "CI_COMMIT_SHA=" + git("rev-parse", "HEAD")}, 0},
		{"fail on nothing", "0", []string{"JWTLEAK_FAIL_ON=none"}, 5},
		{"no baseline", "2", []string{"JWTLEAK_BASELINE=nowhere"}, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			step := exec.Command(bash, "-e", "-o", "pipefail", "-c", job.Script[1])
			step.Dir = repository
			step.Env = append(os.Environ(), "PATH="+built+string(os.PathListSeparator)+os.Getenv("PATH"), "GITHUB_ACTIONS=")
			for name, value := range job.Variables {
				step.Env = append(step.Env, name+"="+value)
			}
			step.Env = append(step.Env, test.environment...)
			log, _ := step.CombinedOutput() // the status is asked for below
			if got := step.ProcessState.ExitCode(); test.status != string(rune('0'+got)) {
				t.Errorf("exit status %d, want %s:\n%s", got, test.status, log)
			}
			written := filepath.Join(repository, job.Artifacts.Reports["secret_detection"])
			report, err := os.ReadFile(written)
			if got := strings.Count(string(report), `"category": "secret_detection"`); err == nil && got != test.found || err != nil && test.found >= 0 {
				t.Errorf("%d findings (%v), want %d", got, err, test.found)
			}
			_ = os.Remove(written)
		})
	}
}

// TestHook holds the hook for pre-commit against what each of its versions takes, and its command against the flags.
func TestHook(t *testing.T) {
	text, err := os.ReadFile("../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []map[string]any
	if err := yaml.Unmarshal(text, &hooks); err != nil || len(hooks) != 1 {
		t.Fatalf("%d hooks: %v", len(hooks), err)
	}
	// The names of stages changed with version 3.2.
	if _, ok := hooks[0]["stages"]; ok || hooks[0]["language"] != "golang" || hooks[0]["pass_filenames"] != false || hooks[0]["always_run"] != true {
		t.Errorf("%v", hooks[0])
	}
	words := strings.Fields(hooks[0]["entry"].(string))
	command, flags, err := newRootCommand().Find(words[1:])
	if err != nil || words[0] != command.Root().Name() || command.ParseFlags(flags) != nil {
		t.Errorf("no such command: %v", words)
	}
}
