package encoding

import "bytes"

// dumpAhead is how many bytes of the lines behind a number are looked at for the next.
const dumpAhead = mostGap + mostPrefix

// dumpOffset returns where the offset is that a line of a dump starts with, and where its bytes start; 0 where it is none. A quotation,
// a comment or a log has something in front of it.
func dumpOffset(line []byte) (offset, first int) {
	offset = pastPatch(line)
	first = pastOffset(line, offset)
	if first == 0 {
		offset, first = prefixedOffset(line, offset)
	}
	if first > 0 && line[first-1] != ':' && !bytes.HasSuffix(bytes.TrimRight(line[:first], " \t"), []byte(":")) {
		if begin := pastSureOffset(line, first); begin > 0 {
			return first, begin // what looked like it is a number in front of it
		}
	}
	return offset, first
}

// pastOffset returns where the bytes start behind the offset at i, or 0.
func pastOffset(line []byte, i int) int {
	prefixed := bytes.HasPrefix(line[i:], []byte("0x")) // as tcpdump writes it
	if prefixed {
		i += len("0x")
	}
	digits := i
	for i < len(line) && i-digits <= mostDigits && nibbles[line[i]] < 16 {
		i++
	}
	if i-digits < leastDigits || i == len(line) {
		return 0
	}
	if line[i] == ':' {
		i++
	} else if prefixed {
		return 0 // it is the first of a list
	}
	blanks := pastBlanks(line[i:])
	if blanks == 0 || line[i-1] != ':' && i-digits == leastDigits && blanks == 1 {
		return 0 // 6579 4a68 is no offset
	}
	return i + blanks
}

// prefixedOffset returns where an offset is in a line from from on, and where the bytes start behind it, or 0.
func prefixedOffset(line []byte, from int) (offset, first int) {
	line = line[:min(len(line), dumpAhead)]
	if feed := bytes.IndexByte(line, '\n'); feed >= 0 {
		line = line[:feed+1]
	}
	for i := from + 1; i < len(line) && i <= mostPrefix; i++ {
		if nibbles[line[i]] >= 16 || isWord(line[i-1]) {
			continue
		}
		if first = pastSureOffset(line, i); first > 0 {
			return i, first
		}
	}
	return 0, 0
}

func isWord(c byte) bool { return sextets[c] < 62 }

// sureNumber is how many bytes say that a number stands behind an offset.
const sureNumber = len("65 ")

// pastSureOffset is pastOffset where something stands in front: behind the offset is a colon, or a number of two digits.
func pastSureOffset(line []byte, i int) int {
	const digits = 6
	first := pastOffset(line, i)
	switch rest := line[first:]; {
	case first == 0, len(rest) < sureNumber, nibbles[rest[0]]|nibbles[rest[1]] >= 16:
		return 0
	case bytes.IndexByte(line[i:first], ':') >= 0 && (nibbles[rest[2]] < 16 || isBlank(rest[2])),
		first-i > digits && isBlank(rest[2]):
		return first
	}
	return 0
}
