package git_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git"
)

// A faultyPrefilter panics on some texts.
type faultyPrefilter struct{ secretPrefilter }

func (f faultyPrefilter) Index(text []byte) int {
	if bytes.Contains(text, []byte("fault")) {
		_ = text[:0:0][1]
	}
	return f.secretPrefilter.Index(text)
}

// TestAFaultCostsOneObject has what judges texts panic on blobs and on a commit's message, loose and in a pack, in each way of
// reading: the others are told, and so is the fault.
func TestAFaultCostsOneObject(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("first", "nothing\n")
	c.commit("bad", "fault secret-lost\n")
	c.commit("good", "secret-good\n")
	c.run("commit", "-q", "--allow-empty", "-m", "fault")
	c.write("staged", "secret-staged\n")
	c.write("badly", "fault\n")
	c.run("add", "staged", "badly")
	for _, packed := range []bool{false, true} {
		if packed {
			c.run("gc", "-q")
		}
		for name, test := range map[string]struct {
			options git.Options
			want    string
		}{
			"all":    {git.Options{}, "secret-good"},
			"none":   {git.Options{History: git.HistoryNone}, "secret-good"},
			"range":  {git.Options{Range: "HEAD~3..HEAD"}, "secret-good"},
			"staged": {git.Options{Staged: true}, "secret-staged"},
		} {
			test.options.Target, test.options.Candidate = c.dir, faultyPrefilter{}
			s, err := git.Open(c.dir, test.options)
			if err != nil {
				t.Fatal(err)
			}
			r := newRecorder()
			if err := s.Read(context.Background(), 2, r); err != nil {
				t.Fatal(err)
			}
			isFault := func(p finding.Problem) bool {
				return strings.Contains(p.Reason, "object ") && strings.Contains(p.Reason, "by a fault of this program (fault_test.go:")
			}
			if found := strings.Join(r.lines(nil), "\n"); !strings.Contains(found, test.want) || !slices.ContainsFunc(r.problems, isFault) {
				t.Errorf("%s, in a pack %v: found %q, problems %v", name, packed, found, r.problems)
			}
		}
	}
}

// A faultyRecorder panics where nothing is left to lose but the repository.
type faultyRecorder struct{ *recorder }

func (faultyRecorder) Attribute(finding.Fingerprint, string, []finding.Occurrence) error {
	_ = []int{}[:0:0][1:]
	return nil
}

func TestAFaultEndsNoMoreThanTheRepository(t *testing.T) {
	t.Parallel()
	c := newCommand(t)
	c.init()
	c.commit("good", "secret-good\n")
	s, err := git.Open(c.dir, git.Options{Target: c.dir, Candidate: secretPrefilter{}})
	if err != nil {
		t.Fatal(err)
	}
	var faulty *fault.Error
	if err := s.Read(context.Background(), 2, faultyRecorder{newRecorder()}); !errors.As(err, &faulty) {
		t.Errorf("%v", err)
	}
}
