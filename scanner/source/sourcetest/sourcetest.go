package sourcetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// Open returns the source under test over a tree of files, by path, whose texts it must show. A source of a single text
// is given trees of one file.
type Open func(t *testing.T, tree map[string]string) source.Source

// Options say what kind of source is tested.
type Options struct {
	// Single is set for a source that has one text only.
	Single bool
}

// Run tests a source.
func Run(t *testing.T, options Options, open Open) {
	t.Helper()
	tree := Tree(t, 40)
	if options.Single {
		tree = map[string]string{"one": Tree(t, 1)["0/file"]}
	}
	t.Run("shows every text", func(t *testing.T) { showsEveryText(t, open, tree) })
	t.Run("keeps to its jobs", func(t *testing.T) { keepsToItsJobs(t, open, tree) })
	t.Run("ends with its visitor", func(t *testing.T) { endsWithItsVisitor(t, open, tree) })
	t.Run("ends when canceled", func(t *testing.T) { endsWhenCanceled(t, open, tree) })
}

// Tree returns a tree of so many files, each with a token of its own.
func Tree(t *testing.T, files int) map[string]string {
	t.Helper()
	tree := make(map[string]string, files)
	for i := range files {
		claims := jwt.MapClaims{"sub": fmt.Sprint(i), "exp": 1780315200}
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("a key for tests alone"))
		if err != nil {
			t.Fatal(err)
		}
		tree[fmt.Sprintf("%d/file", i)] = "token: " + token + "\n"
	}
	return tree
}

// A visitor keeps what it is shown.
type visitor struct {
	onVisit func() error // called within Visit, where set

	mu       sync.Mutex
	texts    []string
	problems []finding.Problem
	working  atomic.Int64
	most     atomic.Int64
}

func (v *visitor) Visit(_ context.Context, text source.Text) error {
	working := v.working.Add(1)
	defer v.working.Add(-1)
	for most := v.most.Load(); working > most && !v.most.CompareAndSwap(most, working); most = v.most.Load() {
	}
	content := text.Bytes
	if text.Reader != nil {
		if text.Bytes != nil {
			return errors.New("a text has both bytes and a reader")
		}
		var err error
		if content, err = io.ReadAll(text.Reader); err != nil {
			return err
		}
		if text.Size >= 0 && text.Size != int64(len(content)) {
			return fmt.Errorf("a text says that it has %d bytes and has %d", text.Size, len(content))
		}
	}
	if text.Place == nil {
		return errors.New("a text has no place")
	}
	v.mu.Lock()
	v.texts = append(v.texts, string(content))
	v.mu.Unlock()
	if v.onVisit != nil {
		return v.onVisit()
	}
	return nil
}

func (v *visitor) Problem(problem finding.Problem) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.problems = append(v.problems, problem)
	return nil
}

func (v *visitor) Attribute(finding.Fingerprint, string, []finding.Occurrence) error { return nil }

func (v *visitor) Count(finding.Stats) {}

func showsEveryText(t *testing.T, open Open, tree map[string]string) {
	var first []string
	for _, jobs := range []int{1, 4, 4} {
		v := &visitor{}
		if err := open(t, tree).Read(t.Context(), jobs, v); err != nil {
			t.Fatal(err)
		}
		for _, problem := range v.problems {
			t.Errorf("problem: %s: %s", problem.Path, problem.Reason)
		}
		slices.Sort(v.texts)
		for _, path := range slices.Sorted(maps.Keys(tree)) {
			if !slices.Contains(v.texts, tree[path]) {
				t.Errorf("with %d jobs the text of %s is not shown", jobs, path)
			}
		}
		if first == nil {
			first = v.texts
		}
		if !slices.Equal(first, v.texts) {
			t.Errorf("with %d jobs %d texts are shown, with others %d", jobs, len(v.texts), len(first))
		}
	}
}

func keepsToItsJobs(t *testing.T, open Open, tree map[string]string) {
	for _, jobs := range []int{1, 2} {
		v := &visitor{onVisit: func() error { time.Sleep(time.Millisecond); return nil }}
		if err := open(t, tree).Read(t.Context(), jobs, v); err != nil {
			t.Fatal(err)
		}
		if most := v.most.Load(); most > int64(jobs) {
			t.Errorf("%d texts were shown at once, with %d jobs", most, jobs)
		}
	}
}

func endsWithItsVisitor(t *testing.T, open Open, tree map[string]string) {
	stop := errors.New("stop")
	v := &visitor{onVisit: func() error { return stop }}
	leavesNothingBehind(t, func(ctx context.Context) {
		if err := open(t, tree).Read(ctx, 2, v); !errors.Is(err, stop) {
			t.Errorf("error %v, want the visitor's", err)
		}
	})
	// Each job may be shown one text before it learns of the other's error, and one that was waiting.
	if len(v.texts) > 4 {
		t.Errorf("%d texts were shown to a visitor that had ended", len(v.texts))
	}
}

func endsWhenCanceled(t *testing.T, open Open, tree map[string]string) {
	var visits atomic.Int64
	leavesNothingBehind(t, func(ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		v := &visitor{onVisit: func() error { visits.Add(1); cancel(); return ctx.Err() }}
		if err := open(t, tree).Read(ctx, 2, v); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want that of the canceled context", err)
		}
	})
	if n := visits.Load(); n > 4 {
		t.Errorf("%d texts were shown after the context was canceled", n)
	}
}

// leavesNothingBehind runs f and waits for the goroutines that it has started, and those that they have, to end. They are
// known by a label, which goroutines inherit: other tests run at the same time and start their own.
func leavesNothingBehind(t *testing.T, f func(ctx context.Context)) {
	t.Helper()
	const key = "sourcetest"
	pprof.Do(t.Context(), pprof.Labels(key, t.Name()), f)
	label := fmt.Sprintf("%q:%q", key, t.Name())
	var left string
	for range 400 {
		if left = labeled(t, label); left == "" {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("goroutines are left behind:\n%s", left)
}

// labeled returns the stacks of the goroutines that have a label.
func labeled(t *testing.T, label string) string {
	t.Helper()
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		t.Fatal(err)
	}
	var stacks []string
	for stack := range strings.SplitSeq(profile.String(), "\n\n") {
		if strings.Contains(stack, label) {
			stacks = append(stacks, stack)
		}
	}
	return strings.Join(stacks, "\n\n")
}
