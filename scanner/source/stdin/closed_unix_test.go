//go:build unix

package stdin_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/stdin"
)

// A listener takes in problems.
type listener struct {
	source.Visitor
	problems []finding.Problem
}

func (l *listener) Visit(context.Context, source.Text) error { return nil }

func (l *listener) Problem(problem finding.Problem) error {
	l.problems = append(l.problems, problem)
	return nil
}

// TestClosed tells of a standard input that was closed, for which the runtime opens the null device, and of none that a shell
// was told to read from there.
func TestClosed(t *testing.T) {
	for name, test := range map[string]struct{ flags, problems int }{
		"closed":      {os.O_RDWR, 1},
		"from a file": {os.O_RDONLY, 0},
	} {
		t.Run(name, func(t *testing.T) {
			null, err := os.OpenFile(os.DevNull, test.flags, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer null.Close() //nolint:errcheck // nothing was written
			var heard listener
			if err := stdin.New(null).Read(t.Context(), 1, &heard); err != nil {
				t.Fatal(err)
			}
			if len(heard.problems) != test.problems || test.problems > 0 && !strings.Contains(heard.problems[0].Reason, "closed") {
				t.Errorf("problems %v", heard.problems)
			}
		})
	}
}
