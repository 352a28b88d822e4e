package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
)

// pullRequest is the word that --range takes for the commits of the pull request that the pipeline runs for.
const pullRequest = "pull-request"

// A pipelineEvent is what of the event of a GitHub Actions run says which commits it is about.
type pipelineEvent struct {
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
