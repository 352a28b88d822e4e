package encoding

// The bytes of UTF-16 are in one order or the other. Of characters of ASCII either may be read, since each is a byte and a zero
// one: which it is shows where they end.

// Votes for an order, those for the little end above zero.
const (
	sureOrder   = 4
	likelyOrder = 2
	mayBeOrder  = 1
)

// byteOrder returns in which order the bytes are of characters in UTF-16 whose low bytes stand at first, at last and at every
// other place between.
func (s *scan) byteOrder(first, last int) wrapping {
	if order, ok := onlyOrder(s.text, first, last); ok {
		return order
	}
	if s.wideWord.start > first || s.wideWord.end < last || (s.wideWord.start-first)%2 != 0 {
		s.wideWord = span{wideFront(s.text, first), wideBack(s.text, last)}
	}
	return s.orderOf(s.wideWord, first, last)
}

// onlyOrder returns the one order that characters can be in by the zero bytes beside them.
func onlyOrder(text []byte, first, last int) (order wrapping, ok bool) {
	switch {
	case first == 0 || text[first-1] != 0:
		return utf16LE, true
	case last+1 >= len(text) || text[last+1] != 0:
		return utf16BE, true
	}
	return plain, false
}

// orderOf returns the order of characters that stand among others of ASCII, by what is beside these.
func (s *scan) orderOf(word span, first, last int) wrapping {
	if order, ok := s.orderByEnds(word, first, last); ok {
		return order
	}
	votes := 0
	if word.start+2 != first || sextets[s.text[word.start]] > 63 { // otherwise it would be glued to a header
		votes += orderInFront(s.text, word.start, s.depth == 0)
	}
	if word.end-2 != last || sextets[s.text[word.end]] > 63 {
		votes += orderBehind(s.text, word.end, s.atEOF)
	}
	if votes < 0 {
		return utf16BE
	}
	return utf16LE
}

// unitStart returns where the character of UTF-16 begins that a place is in: a text that is cut there says by its first byte which
// order it is in. Other text has it begin at that place or a little before.
func unitStart(text []byte, i int) int {
	if i <= 0 || i >= len(text) || (text[i] == 0) == (text[i-1] == 0) {
		return i
	}
	low := i
	if text[low] == 0 {
		low--
	}
	order, ok := onlyOrder(text, low, low)
	if !ok && orderInFront(text, wideFront(text, low), true) < 0 {
		order = utf16BE
	}
	if order == utf16BE {
		return low - 1
	}
	return low
}

// mostLatin is how many characters of Latin-1 that are not of ASCII stand between others: they have a zero byte too.
const mostLatin = 8

// wideFront returns where the first character stands of those that precede the one at i with zero bytes between.
func wideFront(text []byte, i int) int {
	for i >= 2 && text[i-1] == 0 {
		next := i - 2
		for next >= 2 && i-next <= 2*mostLatin && text[next] >= 0x80 && text[next-1] == 0 {
			next -= 2
		}
		switch {
		case isText(text[next]) || text[next] != 0 && (next == 0 && text[0] >= 0xc0 || next == 1 && text[0] == 0):
			i = next
		case text[next] == 0:
			return next + 2
		default:
			return i
		}
	}
	return i
}

// wideBack returns where the last one stands of those that follow.
func wideBack(text []byte, i int) int {
	for i+2 < len(text) && text[i+1] == 0 {
		next := i + 2
		for next+2 < len(text) && next-i <= 2*mostLatin && text[next] >= 0x80 && text[next+1] == 0 {
			next += 2
		}
		switch {
		case isText(text[next]) || text[next] != 0 && (next+1 == len(text) || next+2 == len(text) && text[next+1] == 0):
			i = next
		case text[next] == 0:
			return next - 2
		default:
			return i
		}
	}
	return i
}

// mostZeroBytes is how many zero bytes tell something by whether they are even: more are no end of a text, but no text.
const mostZeroBytes = 4

// orderInFront votes by what stands before the first of some characters with zero bytes between, which is at i. Begins
// says that a character begins where the text does.
func orderInFront(text []byte, i int, begins bool) int {
	zeros := 0
	for zeros < i && zeros <= mostZeroBytes && text[i-1-zeros] == 0 {
		zeros++
	}
	switch {
	case zeros < i:
	case begins && zeros == 0:
		return mayBeOrder
	case begins && zeros == 1:
		return -mayBeOrder
	default:
		return 0
	}
	before := text[i-1-zeros]
	switch {
	case zeros == 0 && i >= 2 && before == 0xfe && text[i-2] == 0xff: // the byte order mark
		return sureOrder
	case zeros == 0 && isSingle(text, i-1, -1):
		return byWord(text, i, i+2)
	case zeros == 0:
		return byScript(text[i], i >= 2 && isScript(before, text[i-2]), isScript(before, text[i]))
	case zeros == 1:
		return -sureOrder
	case zeros == 2 && before != kanaHigh:
		return sureOrder
	case zeros == 3 && !isText(before):
		return -sureOrder
	}
	return 0
}

// orderBehind votes by what stands behind the last of them.
func orderBehind(text []byte, i int, atEOF bool) int {
	zeros := 0
	for i+1+zeros < len(text) && zeros <= mostZeroBytes && text[i+1+zeros] == 0 {
		zeros++
	}
	next := i + 1 + zeros
	if next == len(text) && !atEOF {
		return 0
	}
	isEnd := next == len(text)
	switch {
	case zeros == 0 && isEnd && isBlank(text[i]):
		return -mayBeOrder // it may be the end of a line in single bytes
	case zeros == 0 && isEnd:
		return -sureOrder
	case zeros == 0 && isSingle(text, next, 1):
		return -byWord(text, i, i-2)
	case zeros == 0:
		return -byScript(text[i], next+1 < len(text) && isScript(text[next], text[next+1]), isScript(text[next], text[i]))
	case zeros == 1:
		return sureOrder
	case zeros == 2 && (isEnd || text[next] != kanaHigh):
		return -sureOrder
	case zeros == 3 && (isEnd || !isText(text[next])):
		return sureOrder
	}
	return 0
}

// byWord votes where text in single bytes stands beside, to which the character at i belongs in one order, and in the other the one at
// next does not: that ends with a blank rather than within a word.
func byWord(text []byte, i, next int) int {
	switch {
	case isBlank(text[i]):
		return 0
	case next >= 0 && next < len(text) && sextets[text[i]]|sextets[text[next]] < 64:
		return likelyOrder
	}
	return mayBeOrder
}

// byScript votes where the character beside is of another script in one order, and takes a byte that would be one of ASCII for its
// low one in the other.
func byScript(c byte, is, isOther bool) int {
	switch {
	case is && (!isOther || isBlank(c)): // which is one of 64, and the most common of ASCII
		return likelyOrder
	case isOther && !is:
		return 0
	}
	return mayBeOrder
}

// kanaHigh is the high byte of kana, and of the ideographic space, whose low byte is zero.
const kanaHigh = 0x30

// fewSingle is how many bytes are looked at to see that text in single bytes stands beside.
const fewSingle = 8

// isSingle reports whether that is so from i on, forwards or backwards.
func isSingle(text []byte, i, step int) bool {
	kana := true // the high byte of which is a digit of ASCII
	for k := range fewSingle {
		at := i + k*step
		if at < 0 || at >= len(text) {
			break
		}
		if !isText(text[at]) {
			return false
		}
		kana = kana && (k%2 == 1 || k > 2 || text[at] == kanaHigh)
	}
	return !kana
}

// isScript reports whether a character is one of those that words in other scripts mostly consist of.
func isScript(high, low byte) bool {
	switch {
	case high >= 0x03 && high <= 0x0d, high >= 0x4e && high <= 0x9f, high >= 0xac && high <= 0xd7:
		return true
	case high == kanaHigh:
		return low >= 0x41 || low == 0x01 || low == 0x02
	}
	return false
}

// inOrder returns where so many characters stand that were read in one order from start on, in the order that seems to be their
// own, and the name of that.
func (s *scan) inOrder(w wrapping, start, count int) (from, to int, name string) {
	first := start + int(w-utf16LE)
	last := first + 2*(count-1)
	if s.byteOrder(first, last) == utf16BE {
		return first - 1, last + 1, nameUTF16BE
	}
	return first, last + 2, nameUTF16LE
}
