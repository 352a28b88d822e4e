package triage

import "time"

// A logClock reads the parts of a date and time of day off the beginning of rest.
type logClock struct {
	rest []byte

	year, month, day, hour, minute, second, nanosecond int
	offset                                             int  // seconds east of UTC
	halved                                             bool // AM or PM was read
	ambiguous                                          bool // the zone's name, or the order of the numbers, means several
}

// clockForm is an order in which the parts stand.
type clockForm uint8

const (
	formYearFirst clockForm = iota
	formDayFirst
	formNumbers
	formLogcat
	formMonthFirst
	formWeekdayFirst
	formKlog
)

// read reads a date and time of that form.
func (c *logClock) read(form clockForm) bool {
	switch form {
	case formYearFirst:
		return c.yearFirst()
	case formDayFirst:
		return c.dayFirst()
	case formNumbers:
		return c.numbers()
	case formLogcat:
		return c.logcat()
	case formMonthFirst:
		return c.monthFirst()
	case formWeekdayFirst:
		return c.weekdayFirst()
	default:
		return c.klog()
	}
}

// valid reports whether the parts are a date and time that exist, some year; a leap second does.
func (c *logClock) valid() bool {
	if c.month < 1 || c.month > 12 || c.day < 1 || c.hour > 23 || c.minute > 59 || c.second > 60 {
		return false
	}
	switch c.month {
	case 2:
		leap := c.year%4 == 0 && (c.year%100 != 0 || c.year%400 == 0) // a year that is not known, 0, is one
		return c.day <= 28 || leap && c.day == 29
	case 4, 6, 9, 11:
		return c.day <= 30
	default:
		return c.day <= 31
	}
}

func (c *logClock) time() time.Time {
	t := time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, c.second, c.nanosecond, time.UTC)
	return t.Add(-time.Duration(c.offset) * time.Second)
}

// yearFirst: 2026-11-23T12:00:00.123Z, 2026/11/23 12:00:00, 20261123T120000Z and the like.
func (c *logClock) yearFirst() bool {
	var ok bool
	if c.year, ok = c.number(4); !ok || c.year < 1990 || c.year > 2100 {
		return false
	}
	separator := c.peek()
	separated := separator == '-' || separator == '/' || separator == '.'
	if separated {
		c.skip()
	}
	if separator == '-' && c.weekOrOrdinal() {
		return c.between() && c.clock(true)
	}
	if c.month, ok = c.number(2); !ok {
		return separated && c.monthName() && c.accept(separator) && c.dayOfMonth() && c.between() && c.clock(true)
	}
	if separated && !c.accept(separator) {
		return false
	}
	if c.day, ok = c.number(2); !ok {
		return false
	}
	return c.between() && c.clock(separated)
}

// weekOrOrdinal reads the rest of a date that ISO 8601 counts otherwise: W48-1, a day of a week, or 327, a day of a year.
func (c *logClock) weekOrOrdinal() bool {
	rest := c.rest
	if c.accept('W') {
		week, isWeek := c.number(2)
		hyphen := c.accept('-')
		day, isDay := c.number(1)
		if isWeek && hyphen && isDay && week >= 1 && week <= 53 && day >= 1 && day <= 7 {
			fourth := time.Date(c.year, time.January, 4, 0, 0, 0, 0, time.UTC) // always in the first week
			days := 4 - (int(fourth.Weekday())+6)%7 + (week-1)*7 + day - 1
			return c.setDay(days)
		}
	} else if day, ok := c.number(3); ok && c.peek() == 'T' && day >= 1 && day <= 366 {
		return c.setDay(day)
	}
	c.rest = rest
	return false
}

// setDay sets the date to that day of the year, which may be of the year before or after.
func (c *logClock) setDay(day int) bool {
	year, month, dayOfMonth := time.Date(c.year, time.January, day, 0, 0, 0, 0, time.UTC).Date()
	c.year, c.month, c.day = year, int(month), dayOfMonth
	return true
}

// numbers: 23.11.2026 12:00:00, and 11/23/2026 12:00:00 PM, in which the month stands first where it could stand second
// only if it were no month, or where AM or PM follows.
func (c *logClock) numbers() bool {
	first, ok := c.oneOrTwoDigits()
	separator := c.peek()
	if !ok || separator != '.' && separator != '/' {
		return false
	}
	c.skip()
	second, ok := c.oneOrTwoDigits()
	if !ok || !c.accept(separator) {
		return false
	}
	if c.year, ok = c.number(4); !ok || c.year < 1990 || c.year > 2100 || !c.between() || !c.clock(true) {
		return false
	}
	c.day, c.month = first, second
	if separator == '/' && (second > 12 || c.halved && first <= 12) {
		c.day, c.month = second, first
	}
	c.ambiguous = c.ambiguous || separator == '/' && !c.halved && first <= 12 && second <= 12 && first != second
	return true
}

func (c *logClock) oneOrTwoDigits() (int, bool) {
	if number, ok := c.number(2); ok {
		return number, true
	}
	return c.number(1)
}

// between reads what stands between date and time of day: T, spaces, a tab, a comma, a colon, an underscore, a hyphen.
func (c *logClock) between() bool {
	switch c.peek() {
	case 'T', 't', ' ', '\t', ':', '_', ',', '-':
		c.skip()
	default:
		return false
	}
	for c.peek() == ' ' || c.peek() == '\t' {
		c.skip()
	}
	return true
}

// dayFirst: 23/Nov/2026:12:00:00 +0000 (Common Log Format), 23 Nov 2026 12:00:00.123, 23-Nov-2026 12:00:00.
func (c *logClock) dayFirst() bool {
	if !c.dayOfMonth() {
		return false
	}
	separator := c.peek()
	if separator != '/' && separator != ' ' && separator != '-' {
		return false
	}
	c.skip()
	if !c.monthName() || !c.accept(separator) {
		return false
	}
	var ok bool
	if c.year, ok = c.number(4); !ok || c.year < 1990 {
		return false
	}
	return c.between() && c.clock(true)
}

// logcat: 11-23 12:00:00.123, without a year.
func (c *logClock) logcat() bool {
	var ok bool
	if c.month, ok = c.number(2); !ok || !c.accept('-') {
		return false
	}
	if c.day, ok = c.number(2); !ok || !c.accept(' ') || !c.clock(true) {
		return false
	}
	return c.nanosecond != 0 || len(c.rest) > 0 && c.rest[0] == ' '
}

// monthFirst: Nov 23 12:00:00 (RFC 3164, section 4.1.2), Nov 23 2026 12:00:00, Nov 23, 2026 12:00:00 PM.
func (c *logClock) monthFirst() bool {
	if !c.monthName() || !c.spaces() || !c.dayOfMonth() {
		return false
	}
	c.accept(',')
	if !c.spaces() {
		return false
	}
	if year, ok := c.numberBefore(4, ' ', ','); ok {
		c.year = year
		c.accept(',')
		return c.spaces() && c.clock(true)
	}
	if !c.clock(true) {
		return false
	}
	c.yearBehind()
	return true
}

// yearBehind: the year of ctime stands last, perhaps behind a zone's name.
func (c *logClock) yearBehind() {
	saved := c.rest
	c.spaces()
	for n := 0; n < 5 && c.peek() >= 'A' && c.peek() <= 'Z'; n++ {
		c.skip()
	}
	c.spaces()
	if year, ok := c.number(4); ok && year >= 1990 && year <= 2100 && !isAlphanumeric(c.peek()) && c.peek() != ':' && c.peek() != '.' {
		c.year = year
		return
	}
	c.rest = saved
}

// weekdayFirst: Mon Nov 23 12:00:00 2026 (ctime), Mon, 23 Nov 2026 12:00:00 GMT (RFC 1123).
func (c *logClock) weekdayFirst() bool {
	if len(c.rest) < 4 {
		return false
	}
	switch string(c.rest[:3]) {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		c.rest = c.rest[3:]
	default:
		return false
	}
	c.accept(',')
	if !c.spaces() {
		return false
	}
	if c.peek() >= '0' && c.peek() <= '9' {
		return c.dayFirst()
	}
	return c.monthFirst()
}

// klog: I1123 12:00:00.123456, or with a year, I20261123 12:00:00.123456.
func (c *logClock) klog() bool {
	switch c.peek() {
	case 'I', 'W', 'E', 'F', 'D':
		c.skip()
	default:
		return false
	}
	var ok bool
	if len(c.rest) > 8 && c.rest[8] == ' ' {
		if c.year, ok = c.number(4); !ok || c.year < 1990 {
			return false
		}
	}
	if c.month, ok = c.number(2); !ok {
		return false
	}
	if c.day, ok = c.number(2); !ok || !c.accept(' ') {
		return false
	}
	return c.clock(true)
}

// clock reads a time of day, its fraction and its zone: 12:00:00.123+01:00, or 120000 where there are no separators.
func (c *logClock) clock(separated bool) bool {
	var ok bool
	if c.hour, ok = c.number(2); !ok {
		if c.hour, ok = c.number(1); !ok {
			return false
		}
	}
	colon := c.accept(':')
	if !colon && separated {
		return false
	}
	if c.minute, ok = c.number(2); !ok {
		return false
	}
	if !colon || c.accept(':') {
		if c.second, ok = c.number(2); !ok {
			return false
		}
		c.fraction()
	}
	if isDigitByte(c.peek()) {
		return false
	}
	c.halfDay()
	c.zoneBehind()
	return true
}

// fraction reads a fraction of a second, behind a point or a comma; digits past the ninth are dropped.
func (c *logClock) fraction() {
	if len(c.rest) < 2 || c.rest[0] != '.' && c.rest[0] != ',' || !isDigitByte(c.rest[1]) {
		return
	}
	c.skip()
	unit := 100_000_000
	for isDigitByte(c.peek()) {
		c.nanosecond += int(c.peek()-'0') * unit
		unit /= 10
		c.skip()
	}
}

// halfDay reads AM or PM.
func (c *logClock) halfDay() {
	if len(c.rest) < 3 || c.rest[0] != ' ' || (c.rest[2]|0x20) != 'm' || c.hour > 12 {
		return
	}
	switch c.rest[1] | 0x20 {
	case 'a':
		c.hour %= 12
	case 'p':
		c.hour = c.hour%12 + 12
	default:
		return
	}
	c.rest, c.halved = c.rest[3:], true
}

// monthName reads an English month, by its first three letters; the others are skipped.
func (c *logClock) monthName() bool {
	if len(c.rest) < 3 {
		return false
	}
	switch string(c.rest[:3]) {
	case "Jan":
		c.month = 1
	case "Feb":
		c.month = 2
	case "Mar":
		c.month = 3
	case "Apr":
		c.month = 4
	case "May":
		c.month = 5
	case "Jun":
		c.month = 6
	case "Jul":
		c.month = 7
	case "Aug":
		c.month = 8
	case "Sep":
		c.month = 9
	case "Oct":
		c.month = 10
	case "Nov":
		c.month = 11
	case "Dec":
		c.month = 12
	default:
		return false
	}
	c.rest = c.rest[3:]
	for n := 0; n < 6 && c.peek() >= 'a' && c.peek() <= 'z'; n++ {
		c.skip()
	}
	return true
}

// dayOfMonth reads one digit or two, the first perhaps a space.
func (c *logClock) dayOfMonth() bool {
	var ok bool
	if c.day, ok = c.number(2); ok {
		return true
	}
	if c.peek() == ' ' {
		c.skip()
	}
	c.day, ok = c.number(1)
	return ok
}

// number reads exactly so many digits; where there are fewer, nothing.
func (c *logClock) number(digits int) (int, bool) {
	if len(c.rest) < digits {
		return 0, false
	}
	number := 0
	for _, digit := range c.rest[:digits] {
		if !isDigitByte(digit) {
			return 0, false
		}
		number = number*10 + int(digit-'0')
	}
	c.rest = c.rest[digits:]
	return number, true
}

// numberBefore reads so many digits if one of two bytes follows.
func (c *logClock) numberBefore(digits int, follows, orFollows byte) (int, bool) {
	saved := c.rest
	number, ok := c.number(digits)
	if ok && (c.peek() == follows || c.peek() == orFollows) {
		return number, true
	}
	c.rest = saved
	return 0, false
}

// spaces reads spaces, at least one.
func (c *logClock) spaces() bool {
	if c.peek() != ' ' && c.peek() != '\t' {
		return false
	}
	for n := 0; n < 8 && (c.peek() == ' ' || c.peek() == '\t'); n++ {
		c.skip()
	}
	return true
}

func (c *logClock) accept(b byte) bool {
	if len(c.rest) == 0 || c.rest[0] != b {
		return false
	}
	c.rest = c.rest[1:]
	return true
}

// peek returns the next byte, or 0 at the end.
func (c *logClock) peek() byte {
	if len(c.rest) == 0 {
		return 0
	}
	return c.rest[0]
}

func (c *logClock) skip() {
	if len(c.rest) > 0 {
		c.rest = c.rest[1:]
	}
}

func isDigitByte(b byte) bool { return '0' <= b && b <= '9' }
