package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// The words that --range takes beside commits.
const (
	pullRequest   = "pull-request" // the commits of the pull request that the pipeline runs for
	wholeOfTarget = "all"          // everything, also in a pipeline for a pull request
)

// A pipelineEvent is what of the event of a GitHub Actions run says which commits it is about.
type pipelineEvent struct {
	Number      int `json:"number"` // of the pull request
	PullRequest *struct {
		Base struct{ SHA string } `json:"base"`
		Head struct{ SHA string } `json:"head"`
	} `json:"pull_request"`
	MergeGroup *struct {
		BaseSHA string `json:"base_sha"`
		HeadSHA string `json:"head_sha"`
	} `json:"merge_group"`
}

// maxEvent bounds the event's file, in bytes.
const maxEvent = 16 << 20

// pullRequestRange returns the range of the pull request (GitHub Actions) or merge request (GitLab CI) that the process
// runs for. The environment is read through getenv.
func pullRequestRange(getenv func(string) string) (string, error) {
	base, head := getenv("CI_MERGE_REQUEST_DIFF_BASE_SHA"), getenv("CI_COMMIT_SHA")
	// In a pipeline for merged results CI_COMMIT_SHA is a commit that merges the target branch, which is none of the
	// merge request's own; this one is set there alone.
	if source := getenv("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"); source != "" {
		head = source
	}
	if path := getenv("GITHUB_EVENT_PATH"); path != "" {
		event, err := readEvent(path)
		if err != nil {
			return "", fmt.Errorf("--range %s: %w", pullRequest, err)
		}
		switch {
		case event.PullRequest != nil:
			base, head = event.PullRequest.Base.SHA, event.PullRequest.Head.SHA
		case event.MergeGroup != nil:
			base, head = event.MergeGroup.BaseSHA, event.MergeGroup.HeadSHA
		}
	}
	if base == "" || head == "" {
		return "", withHint(errors.New("--range "+pullRequest+": this is no run for a pull request or merge request"), "give the commits as A..B")
	}
	commit := regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
	if !commit.MatchString(base) || !commit.MatchString(head) {
		return "", fmt.Errorf("--range %s: the pipeline names no commits", pullRequest)
	}
	return base + ".." + head, nil
}

// pullRequestRef returns what the server calls the head of the pull request or merge request that the process runs for,
// or "". A checkout need have no reference that leads to it.
func pullRequestRef(getenv func(string) string) string {
	if number, err := strconv.ParseUint(getenv("CI_MERGE_REQUEST_IID"), 10, 63); err == nil {
		return fmt.Sprintf("refs/merge-requests/%d/head", number)
	}
	event, err := readEvent(getenv("GITHUB_EVENT_PATH"))
	if err != nil || event.PullRequest == nil || event.Number <= 0 {
		return ""
	}
	return fmt.Sprintf("refs/pull/%d/head", event.Number)
}

// An impliedRange is what of the workspace a run of GitHub Actions scans where the user asked for nothing.
type impliedRange struct {
	commits string // of the pull request that the run is for; "" for everything
	note    string // for stderr: that only these are scanned or, where the event's commits are not here, why everything is
	unread  string // what of the pull request is not here, so that nothing of it can be read
}

// impliedRange returns the range of the pull request that a run of GitHub Actions is for, where the user asked for
// nothing else: the one target is the repository of the run's workspace, and no flag says what of it is read.
func (o scanOptions) impliedRange(ctx context.Context, targets []string, getenv func(string) string) impliedRange {
	event := getenv("GITHUB_EVENT_NAME")
	if getenv("GITHUB_ACTIONS") != "true" || !strings.HasPrefix(event, "pull_request") && event != "merge_group" {
		return impliedRange{}
	}
	if o.commitRange != "" || o.staged || o.given("history") || len(targets) != 1 {
		return impliedRange{}
	}
	repository, ok := workspaceRepository(targets[0], getenv("GITHUB_WORKSPACE"))
	if !ok {
		return impliedRange{}
	}
	commits, err := pullRequestRange(getenv)
	if err != nil {
		implied := impliedRange{note: "scanning everything, since the event does not say which commits are the pull request's: " + err.Error()}
		if event == "pull_request_target" { // of which everything is what was merged before
			implied.unread = "the head of the pull request is not known and was not read: give --range BASE..HEAD, or --range all"
		}
		return implied
	}
	base, head, _ := strings.Cut(commits, "..")
	if has, err := repository.HasCommits(ctx, base, head); err == nil && has {
		return impliedRange{commits: commits, note: "scanning the commits of the pull request alone, " + commits + "; --range all scans everything"}
	}
	implied := impliedRange{note: "scanning everything, since the commits of the pull request are not all here (" + commits + "): " +
		wayToCommits(getenv) + " to scan them alone"}
	if has, err := repository.HasCommits(ctx, head); err != nil || !has {
		implied.unread = "the head of the pull request is not here and was not read: " + wayToCommits(getenv) + ", or give --range all"
	}
	return implied
}

// wayToCommits says how a run gets the commits of its pull request. The checkout of a run of pull_request_target is the base
// branch's, all of whose history has none of a fork.
func wayToCommits(getenv func(string) string) string {
	if ref := pullRequestRef(getenv); ref != "" && getenv("GITHUB_EVENT_NAME") == "pull_request_target" {
		return "check out with fetch-depth: 0 and git fetch origin " + ref
	}
	return "check out with fetch-depth: 0"
}

// workspaceRepository returns the repository that a target is, where that is the workspace of a run.
func workspaceRepository(target, workspace string) (*git.Source, bool) {
	find := git.Find
	if target == "." {
		find = git.HookOf(os.Getenv).Discover
	}
	location, ok, err := find(target)
	if err != nil || !ok || location.WorkTree == "" || workspace == "" {
		return nil, false
	}
	here, err := os.Stat(location.WorkTree)
	if err != nil {
		return nil, false
	}
	if there, err := os.Stat(workspace); err != nil || !os.SameFile(here, there) {
		return nil, false
	}
	repository, err := git.OpenAt(location, git.Options{Candidate: detector().Prefilter()})
	return repository, err == nil
}

func readEvent(path string) (pipelineEvent, error) {
	var event pipelineEvent
	info, err := os.Stat(path)
	if err != nil {
		return event, err
	}
	if info.Size() > maxEvent {
		return event, fmt.Errorf("%s: larger than %d MiB", path, maxEvent>>20)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return event, err
	}
	if err := json.Unmarshal(content, &event); err != nil {
		return event, fmt.Errorf("%s: %w", path, err)
	}
	return event, nil
}
