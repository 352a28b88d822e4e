package git_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// A recorder is a visitor that takes words such as secret-a for tokens. It does with what it is shown what the engine does.
type recorder struct {
	mu       sync.Mutex
	words    map[finding.Fingerprint]string
	plain    []finding.Occurrence // told by Visit alone
	wordAt   []string             // of these
	told     map[string][]finding.Occurrence
	problems []finding.Problem
	stats    finding.Stats
	shown    map[string]int // places, how often
}

func newRecorder() *recorder {
	return &recorder{words: map[finding.Fingerprint]string{}, told: map[string][]finding.Occurrence{}, shown: map[string]int{}}
}

var secretWord = regexp.MustCompile(`secret-[a-z0-9]+`) // a constant

// reversedName is the end of the names of files that the recorder reads backwards.
const reversedName = ".rev"

// secretPrefilter is the prefilter for it.
type secretPrefilter struct{}

func (secretPrefilter) Index(text []byte) int { return bytes.Index(text, []byte("secret-")) }
func (secretPrefilter) Width() int            { return len("secret-") }

// Visit implements source.Visitor.
func (r *recorder) Visit(ctx context.Context, text source.Text) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	content := text.Bytes
	if text.Reader != nil {
		var err error
		if content, err = io.ReadAll(text.Reader); err != nil {
			return r.Problem(finding.Problem{Path: fmt.Sprint(text.Place), Reason: err.Error()})
		}
	}
	if strings.HasSuffix(placeName(text.Place), reversedName) && !text.IsName { // a container that only its name tells
		content = slices.Clone(content)
		slices.Reverse(content)
	}
	r.mu.Lock()
	r.shown[placeName(text.Place)]++
	r.mu.Unlock()
	for _, match := range secretWord.FindAllIndex(content, -1) {
		word := string(content[match[0]:match[1]])
		fingerprint := finding.NewFingerprint(word)
		if text.Known != nil && text.Known(fingerprint) {
			continue
		}
		before := content[:match[0]]
		occurrence := finding.Occurrence{
			Place: text.Place, Offset: int64(match[0]), Line: int64(bytes.Count(before, []byte("\n"))) + 1,
			Column: int64(match[0]-bytes.LastIndexByte(before, '\n')-1) + 1,
		}
		if text.Sighted != nil {
			text.Sighted(fingerprint, occurrence)
		}
		r.mu.Lock()
		r.words[fingerprint] = word
		if text.Sighted == nil {
			r.plain = append(r.plain, occurrence)
			r.wordAt = append(r.wordAt, word)
		}
		r.mu.Unlock()
	}
	return nil
}

func placeName(place finding.Place) string {
	switch place := place.(type) {
	case finding.FilePlace:
		return "file " + place.Path
	case finding.GitPlace:
		return "git " + place.ObjectType + " " + place.Path
	default:
		return place.Kind()
	}
}

// Problem implements source.Visitor.
func (r *recorder) Problem(problem finding.Problem) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, problem)
	return nil
}

// Attribute implements source.Visitor.
func (r *recorder) Attribute(fingerprint finding.Fingerprint, repository string, occurrences []finding.Occurrence) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	word := r.words[fingerprint]
	r.told[word] = append(r.told[word], occurrences...)
	return nil
}

// Count implements source.Visitor.
func (r *recorder) Count(stats finding.Stats) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats.Blobs += stats.Blobs
	r.stats.Commits += stats.Commits
	r.stats.Files += stats.Files
}

// lines writes all occurrences, one a line, commits by what names calls them.
func (r *recorder) lines(names map[string]string) []string {
	var lines []string
	for i, occurrence := range r.plain {
		lines = append(lines, r.wordAt[i]+" "+describe(occurrence, names))
	}
	for word, occurrences := range r.told {
		for _, occurrence := range occurrences {
			lines = append(lines, word+" "+describe(occurrence, names))
		}
	}
	slices.Sort(lines)
	return lines
}

func describe(occurrence finding.Occurrence, names map[string]string) string {
	called := func(name string) string {
		if known, ok := names[name]; ok {
			return known
		}
		return "?"
	}
	place, ok := occurrence.Place.(finding.GitPlace)
	if !ok {
		return placeName(occurrence.Place)
	}
	line := fmt.Sprintf("%s %s:%d:%d", place.ObjectType, place.Path, occurrence.Line, occurrence.Column)
	if place.Commit != "" {
		line += fmt.Sprintf(" by %s in %s", place.AuthorEmail, called(place.Commit))
	}
	if place.AtTip {
		line += " at " + strings.Join(place.Tips, ",")
	}
	if place.RemovedBy != "" {
		line += " removed by " + called(place.RemovedBy)
	}
	if !place.Reachable {
		line += " unreachable"
	}
	return line
}
