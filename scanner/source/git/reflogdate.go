package git

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// errNoDate is the error of what stands in @{} and is none of what is understood.
var errNoDate = errors.New("of what stands in @{} a number, upstream, push and a time are understood, such as " +
	"2026-01-31 15:04, yesterday or 3.days.ago: or name the commit instead")

// leastTime is the least number in @{} that is a time and no number of changes, as in git: seconds since 1970.
const leastTime = 100_000_000

// parseDate reads a time as it may stand in @{}: of the forms of git's "DATE FORMATS" those of ISO 8601 and RFC 2822 and
// git's own, and of those that count from now the ones with a word for the unit. Where no zone is given it is the local one,
// that of now; where no time of day, it is now's, as in git.
func parseDate(text string, now time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	if seconds, zone, _ := strings.Cut(strings.TrimPrefix(text, "@"), " "); zone == "" || zone[0] == '+' || zone[0] == '-' {
		if n, err := strconv.ParseInt(seconds, 10, 64); err == nil && n >= leastTime {
			return time.Unix(n, 0), nil
		}
	}
	for _, layout := range []string{
		"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 Z07:00",
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
		"Mon, _2 Jan 2006 15:04:05 -0700", "Mon, _2 Jan 2006 15:04:05 MST", "Mon Jan _2 15:04:05 2006 -0700", "Mon Jan _2 15:04:05 2006",
	} {
		if at, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return at, nil
		}
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, now.Location()); err == nil {
		hour, minute, second := now.Clock()
		return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, second, 0, now.Location()), nil
	}
	return parseAgo(text, now)
}

// parseAgo reads a time that counts from now: now, yesterday, or a number and a unit for each step back, as in
// "1 week 2 days ago", with dots in the place of spaces where one likes.
func parseAgo(text string, now time.Time) (time.Time, error) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == '.' || r == ' ' || r == '_' })
	if len(words) == 1 {
		switch words[0] {
		case "now":
			return now, nil
		case "yesterday":
			return now.Add(-24 * time.Hour), nil
		}
	}
	if last := len(words) - 1; last > 0 && words[last] == "ago" {
		words = words[:last]
	}
	if len(words) == 0 || len(words)%2 != 0 {
		return time.Time{}, errNoDate
	}
	for ; len(words) > 0; words = words[2:] {
		count, err := strconv.ParseUint(words[0], 10, 20)
		if err != nil {
			return time.Time{}, errNoDate
		}
		if now, err = back(now, int(count), strings.TrimSuffix(words[1], "s")); err != nil {
			return time.Time{}, err
		}
	}
	return now, nil
}

// back returns the time so many of a unit before.
func back(from time.Time, count int, unit string) (time.Time, error) {
	const day = 24 * time.Hour
	units := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": day, "week": 7 * day}
	switch unit {
	case "month":
		return from.AddDate(0, -count, 0), nil
	case "year":
		return from.AddDate(-count, 0, 0), nil
	}
	length, ok := units[unit]
	if !ok {
		return from, fmt.Errorf("%q is no unit of time: %w", unit, errNoDate)
	}
	return from.Add(-time.Duration(count) * length), nil
}
