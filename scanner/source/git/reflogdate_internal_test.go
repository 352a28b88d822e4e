package git

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestDatesEqualGit has each form of a time mean what git takes it for.
func TestDatesEqualGit(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here to compare with")
	}
	for _, text := range []string{
		"2026-01-31", "2026-01-31 15:04", "2026-01-31 15:04:05", "2026-01-31T15:04:05", "2026-01-31T15:04:05Z", "2026-01-31T15:04:05+02:00",
		"2026-01-31T15:04:05-0730", "2026-01-31 15:04:05 +0100", "Thu, 07 Apr 2005 22:13:13 +0200", "Thu, 7 Apr 2005 22:13:13 -0500",
		"Thu Apr 7 22:13:13 2005 +0200", "Thu Apr 7 22:13:13 2005", "@1700000000", "1700000000", "1700000000 +0100", "@1700000000 -0500",
		"yesterday", "now", "1 day ago", "3.days.ago", "2 weeks ago", "1.week.2.days.ago", "5 months ago", "1.month.ago", "2 years ago",
		"36 hours ago", "90.minutes.ago", "30 seconds ago", "3 days", "Yesterday", "13 months ago",
	} {
		out, err := exec.Command("git", "rev-parse", "--since="+text).Output() //nolint:gosec // the test's own
		if err != nil {
			t.Fatal(err)
		}
		want, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(string(out)), "--max-age="), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseDate(text, time.Now())
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if difference := got.Unix() - want; difference < 0 || difference > 5 { // that the clock goes on meanwhile
			t.Errorf("%q: %d seconds from what git takes it for", text, difference)
		}
	}
	for _, text := range []string{"", "noon", "tea", "last friday", "31/01/2026", "2026-13-01", "days ago", "-1 days ago", "1 fortnight ago", "9999999 years ago", "1", "+1"} {
		if at, err := parseDate(text, time.Now()); err == nil {
			t.Errorf("%q: taken for %v", text, at)
		}
	}
}
