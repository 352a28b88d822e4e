package jwt

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// The dates that RFC 3339 can write. One outside, which no clock will show, is moved to the nearest.
var (
	firstDate = time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)
	lastDate  = time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)
)

// The numbers of 13 digits.
const (
	leastMilliseconds = 1e12
	mostMilliseconds  = 1e13 - 1
)

// dateClaim reads a date as it is met, not only as RFC 7519, section 2, has it: a number of seconds, perhaps with a
// fraction; one of 13 digits is of milliseconds, since as seconds it would be tens of thousands of years away; a string
// of digits stands for the number.
func dateClaim(claims map[string]any, name string) NumericDate {
	value, ok := claims[name]
	if !ok {
		return NumericDate{Form: DateAbsent}
	}
	return dateOf(value)
}

func dateOf(value any) NumericDate {
	switch value := value.(type) {
	case json.Number:
		return date(value.String(), DateSeconds)
	case string:
		if value != "" && strings.Trim(value, "0123456789") == "" {
			return date(value, DateString)
		}
	}
	return NumericDate{Form: DateUnreadable}
}

// date reads a number; form is how it is written, unless it is of milliseconds.
func date(number string, form DateForm) NumericDate {
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return NumericDate{Form: DateUnreadable}
	}
	if size := math.Trunc(math.Abs(value)); size >= leastMilliseconds && size <= mostMilliseconds {
		return NumericDate{Time: time.UnixMilli(int64(value)).UTC(), Form: DateMilliseconds}
	}
	return NumericDate{Time: unix(value), Form: form}
}

// unix returns the time so many seconds after the epoch, to the microsecond: a float64 of today's dates tells no less.
func unix(seconds float64) time.Time {
	switch {
	case seconds <= float64(firstDate.Unix()):
		return firstDate
	case seconds >= float64(lastDate.Unix()):
		return lastDate
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(math.Round(fraction*1e6))*1e3).UTC()
}
