package encoding

import (
	"strings"
	"testing"
)

// TestStatementStart begins to undo source code in a string of JSON where a statement begins that adds a literal, but JSON in JSON where the
// value of a member does: all in front of it would be undone for each.
func TestStatementStart(t *testing.T) {
	for _, test := range []struct {
		front string
		start int
	}{
		{`x = ["t = 1\n","t += \"`, len(`x = ["t = 1\n","`)},
		{`x = ["t = 1\nt.append(\"`, len(`x = ["t = 1\n`)},
		{`request "{\"next\": \"`, -1},
		{`request "{\"list\": [\"`, -1},
		{`request "{\"list\": [\"a\",\"`, -1},
	} {
		s := New().scan([]byte(test.front+"eyJhbGciOiJIUzI1NiJ9"+strings.Repeat(" ", 100)), true, newBounds(200, true, func(string) {}))
		start := s.statementStart(jsonEscape, len(test.front))
		if s.release(); start != test.start && (test.start >= 0 || start != len(test.front)) {
			t.Errorf("%s: begins at %d, want %d", test.front, start, test.start)
		}
	}
}
