package triage

// zoneBehind reads Z, an offset, or a zone's name, perhaps behind a space.
func (c *logClock) zoneBehind() {
	rest := c.rest
	spaced := len(rest) > 0 && rest[0] == ' '
	if spaced {
		rest = rest[1:]
	}
	if len(rest) > 0 && (rest[0] == 'Z' || rest[0] == 'z') {
		c.rest = rest[1:]
		return
	}
	if spaced && c.zoneName(rest) {
		return
	}
	if len(rest) < 3 || rest[0] != '+' && rest[0] != '-' {
		return
	}
	zone := logClock{rest: rest[1:]}
	hours, ok := zone.number(2)
	if !ok || hours > 15 {
		return
	}
	zone.accept(':')
	minutes, ok := zone.number(2)
	if !ok && spaced {
		return // a number that stands by itself
	}
	if minutes > 59 || isDigitByte(zone.peek()) {
		return
	}
	c.offset = hours*3600 + minutes*60
	if rest[0] == '-' {
		c.offset = -c.offset
	}
	c.rest = zone.rest
}

// zoneName reads the name of a zone. Those that stand for several zones, as IST does, make the time ambiguous; other words
// are none.
func (c *logClock) zoneName(rest []byte) bool {
	length := 0
	for length < len(rest) && length < 6 && 'A' <= rest[length] && rest[length] <= 'Z' {
		length++
	}
	if length < 3 || length > 4 || length < len(rest) && isAlphanumeric(rest[length]) {
		return false
	}
	name := string(rest[:length])
	minutes, known := zoneMinutes(name)
	if c.ambiguous = c.ambiguous || meansSeveralZones(name); !known && !c.ambiguous {
		return false
	}
	c.offset, c.rest = minutes*60, rest[length:]
	return true
}

// meansSeveralZones: India's, Israel's and Ireland's time are all IST.
func meansSeveralZones(name string) bool {
	switch name {
	case "CST", "IST", "BST", "AST", "ADT", "GST", "SST", "AMT":
		return true
	}
	return false
}

// zoneMinutes returns how far east of UTC the zones are of which there is one with that name.
func zoneMinutes(name string) (minutes int, known bool) {
	switch name {
	case "UTC", "GMT", "WET":
	case "CET", "WEST", "WAT":
		minutes = 60
	case "CEST", "EET", "CAT", "SAST":
		minutes = 120
	case "EEST", "MSK", "EAT":
		minutes = 180
	case "PKT":
		minutes = 300
	case "NPT":
		minutes = 345
	case "WIB", "ICT":
		minutes = 420
	case "HKT", "SGT", "AWST", "PHT":
		minutes = 480
	case "JST", "KST":
		minutes = 540
	case "ACST":
		minutes = 570
	case "AEST":
		minutes = 600
	case "ACDT":
		minutes = 630
	case "AEDT":
		minutes = 660
	case "NZST":
		minutes = 720
	case "NZDT":
		minutes = 780
	case "NDT":
		minutes = -150
	case "BRT", "ART":
		minutes = -180
	case "NST":
		minutes = -210
	case "EDT":
		minutes = -240
	case "EST", "CDT":
		minutes = -300
	case "MDT":
		minutes = -360
	case "MST", "PDT":
		minutes = -420
	case "PST", "AKDT":
		minutes = -480
	case "AKST":
		minutes = -540
	case "HST":
		minutes = -600
	default:
		return 0, false
	}
	return minutes, true
}
