package cmd

import (
	"testing"
	"time"
)

// --at takes every time that RFC 3339 has.
func TestTimeOfJudgement(t *testing.T) {
	newYear := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2017-01-01T00:00:00Z":            newYear,
		"2017-01-01t00:00:00z":            newYear,
		"2016-12-31T23:59:60Z":            newYear,
		"2016-12-31T23:59:60.25Z":         newYear.Add(250 * time.Millisecond),
		"2017-01-01T05:29:60+05:30":       newYear,
		"2017-01-01T01:00:00.5+01:00":     newYear.Add(500 * time.Millisecond),
		"2016-12-31T23:59:59.999999999Z":  newYear.Add(-1),
		"2017-01-01":                      {},
		"2017-01-01 00:00:00Z":            {},
		"2016-12-31T23:59:61Z":            {},
		"2016-12-31T23:59:6":              {},
		"2016-12-31T23:60:00Z":            {},
		"yesterday":                       {},
		"2017-01-01T00:00:00Z and behind": {},
	} {
		got, err := parseTime(text)
		if want.IsZero() != (err != nil) || err == nil && !got.Equal(want) {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
}
