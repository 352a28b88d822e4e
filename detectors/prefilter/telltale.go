package prefilter

import "math/bits"

// Most long runs are names, paths and addresses, and no token is in them in another form. One that is shows: in base64 and hexadecimal
// what comes out is text, again and again, and UTF-16, escapes and narrow lines have their signs.
const (
	leastSigns  = 3 // of escapes
	leastFeeds  = 2 // line feeds with four characters of base64, at least, on both sides
	leastDashes = 8 // each between pairs of digits

	told = 2 * sieved // bytes that are looked at together
)

// The classes of bytes that telltales are made of.
const (
	firstSextet  = iota // of a group of base64 that is of text
	secondSextet        // and behind it
	thirdSextet
	highDigit  // of a pair of hexadecimal that is of text
	lowDigit   // and behind it
	sign       // of an escape
	behindSign // what an escape may go on with
	besideFeed // what stands, four of it, on both sides of a line feed
	feed
	dash
	zero
	telltaleClasses
)

// The vectors that a machine has, of those there are for its architecture, the narrowest first.
type vectors uint8

const noVectors vectors = 0

// Telltales say whether a run may have a token in it in another form. They are immutable.
type Telltales struct {
	// low has the row of each low half of a byte, which has a bit for each high half that makes a byte of the class with it; each
	// table of 16 is there twice, for the two halves of a register.
	low [telltaleClasses][2 * 16]byte
	// high has the bit of each high half.
	high    [2 * 16]byte
	vectors vectors
}

// NewTelltales returns the telltales of text that is made of some bytes.
func NewTelltales(isText func(b byte) bool) *Telltales {
	t := &Telltales{vectors: telltaleVectors()}
	for high := range 8 {
		t.high[high], t.high[16+high] = 1<<high, 1<<high
	}
	for b := range byte(1 << 7) {
		is := [telltaleClasses]bool{
			sign: b == '%' || b == '\\' || b == '&' || b == '=', besideFeed: isSextet(b) || b == '\r' || b == '=' || b == '\\',
			behindSign: isAlphanumeric(b) || b == '#' || b == '\\' || b == '%' || b == '&', feed: b == '\n', dash: b == '-', zero: b == 0,
		}
		for class, is := range is {
			t.let(class, b, is)
		}
	}
	t.addText(isText)
	return t
}

// addText adds what text is made of in base64 and hexadecimal.
func (t *Telltales) addText(isText func(b byte) bool) {
	const base64, base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	const digits, capitals = "0123456789abcdef", "0123456789ABCDEF"
	// What the bits at the two ends of a byte of text may be.
	var sixHigh [64]bool
	var twoLow, fourLow, twoHigh, fourHigh [16]bool
	for b := range 1 << 8 {
		if isText(byte(b)) {
			sixHigh[b>>2], twoLow[b&3], fourLow[b&15], twoHigh[b>>6], fourHigh[b>>4] = true, true, true, true, true
		}
	}
	for _, alphabet := range [2]string{base64, base64url} {
		for sextet := range 64 {
			t.let(firstSextet, alphabet[sextet], sixHigh[sextet])
			t.let(secondSextet, alphabet[sextet], twoLow[sextet>>4] && fourHigh[sextet&15])
			t.let(thirdSextet, alphabet[sextet], fourLow[sextet>>2] && twoHigh[sextet&3])
		}
	}
	for _, alphabet := range [2]string{digits, capitals} {
		for digit := range 16 {
			t.let(highDigit, alphabet[digit], fourHigh[digit])
			t.let(lowDigit, alphabet[digit], fourLow[digit])
		}
	}
}

// let lets a byte of ASCII be of a class, if it is.
func (t *Telltales) let(class int, b byte, is bool) {
	if is {
		t.low[class][b&15] |= 1 << (b >> 4)
		t.low[class][16+b&15] |= 1 << (b >> 4)
	}
}

func isAlphanumeric(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

func isSextet(b byte) bool {
	return isAlphanumeric(b) || b == '+' || b == '/' || b == '-' || b == '_'
}

// In reports whether a telltale is in the 64 bytes at a place, of a text that has as many, or in the 64 in front of them. Without
// telltales to look for there always is one.
func (t *Telltales) In(text []byte, at int) bool {
	if t == nil {
		return true
	}
	var marks telltaleMarks
	if at < sieved {
		var room [told]byte
		for i := range room[:sieved] {
			room[i] = ' '
		}
		copy(room[sieved-at:], text[:at+sieved])
		t.mark(&room, &marks)
	} else {
		t.mark((*[told]byte)(text[at-sieved:]), &marks)
	}
	return marks.tell()
}

// telltaleMarks have for each class which of the bytes are of it, a bit each: of those in front, and of the others.
type telltaleMarks struct{ front, behind [telltaleClasses]uint64 }

func (m *telltaleMarks) of(class int) wide { return wide{m.front[class], m.behind[class]} }

func (t *Telltales) mark(text *[told]byte, marks *telltaleMarks) {
	if t.vectors != noVectors {
		t.markVector(&text[0], marks)
		return
	}
	for class := range telltaleClasses {
		for i := range sieved {
			marks.front[class] |= t.bit(class, text[i]) << i
			marks.behind[class] |= t.bit(class, text[sieved+i]) << i
		}
	}
}

// bit is set if a byte is of a class.
func (t *Telltales) bit(class int, b byte) uint64 {
	if t.low[class][b&15]&t.high[b>>4] != 0 {
		return 1
	}
	return 0
}

func (m *telltaleMarks) tell() bool {
	groups := m.of(firstSextet).and(m.of(secondSextet).back(1)).and(m.of(thirdSextet).back(2))
	groups = groups.and(groups.back(4))
	groups = groups.and(groups.back(8)) // four in a row
	pairs := m.of(highDigit).and(m.of(lowDigit).back(1))
	pairs = pairs.and(pairs.back(2))
	pairs = pairs.and(pairs.back(4))
	pairs = pairs.and(pairs.back(8)) // eight
	return groups.any() || pairs.any() || m.of(zero).any() || m.signs() >= leastSigns || m.feeds() >= leastFeeds || m.dashes() >= leastDashes
}

func (m *telltaleMarks) signs() int { return m.of(sign).and(m.of(behindSign).back(1)).count() }

func (m *telltaleMarks) dashes() int {
	digits := m.of(lowDigit)
	return m.of(dash).and(digits.back(1)).and(digits.on(1)).count()
}

func (m *telltaleMarks) feeds() int {
	beside := m.of(besideFeed)
	beside = beside.and(beside.back(1))
	beside = beside.and(beside.back(2))
	return m.of(feed).and(beside.back(1)).and(beside.on(4)).count()
}

// wide has as many bits as there are bytes told: those of the bytes in front, and of the ones behind them.
type wide struct{ front, behind uint64 }

func (w wide) and(v wide) wide { return wide{w.front & v.front, w.behind & v.behind} }
func (w wide) back(n int) wide { return wide{w.front>>n | w.behind<<(sieved-n), w.behind >> n} }
func (w wide) on(n int) wide   { return wide{w.front << n, w.behind<<n | w.front>>(sieved-n)} }
func (w wide) any() bool       { return w.front|w.behind != 0 }
func (w wide) count() int      { return bits.OnesCount64(w.front) + bits.OnesCount64(w.behind) }
