package encoding

import (
	"encoding/binary"

	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// Base64 comes in runs of thousands of characters. Where there are vectors these are measured, and undone, 32 at a time.

// sextetClasses are the characters of base64, of both alphabets.
var sextetClasses = classOf(func(b byte) bool { return sextets[b] < 64 })

// classOf returns the class of the bytes that are something, which have eight kinds of sixteen at most: those with one high half that
// go with the same low halves are of one.
func classOf(is func(b byte) bool) (c prefilter.Classes) {
	kinds := map[uint16]byte{} // by their low halves
	for high := range halfBlock {
		lows := uint16(0)
		for low := range halfBlock {
			if is(byte(high<<4 | low)) {
				lows |= 1 << low
			}
		}
		if lows == 0 {
			continue
		}
		kind, ok := kinds[lows]
		if !ok {
			kind = 1 << len(kinds)
			kinds[lows] = kind
		}
		for half := 0; half < blockSize; half += halfBlock {
			c[1][half+high] = kind
			for low := range halfBlock {
				c[0][half+low] |= kind * byte(lows>>low&1)
			}
		}
	}
	return c
}

// runEnd returns where the base64 characters end that go on at i.
func runEnd(text []byte, i int) int {
	for near := min(len(text), i+blockSize); i < near; i++ { // as most do
		if sextets[text[i]] >= 64 {
			return i
		}
	}
	if whole := (len(text) - i) &^ (blockSize - 1); whole > 0 && hasVectors() {
		i += classVector(&sextetClasses, &text[i], whole)
	}
	for i < len(text) && sextets[text[i]] < 64 {
		i++
	}
	return i
}

// areSextets reports whether a text is of base64 characters alone, as is expected: runEnd is for runs that mostly end soon.
func areSextets(text []byte) bool {
	if last := len(text) - blockSize; last >= 0 && hasVectors() {
		whole := len(text) &^ (blockSize - 1)
		return classVector(&sextetClasses, &text[0], whole) == whole &&
			classVector(&sextetClasses, &text[last], blockSize) == blockSize
	}
	for ; len(text) >= 4; text = text[4:] {
		if sextets[text[0]]|sextets[text[1]]|sextets[text[2]]|sextets[text[3]] >= 64 {
			return false
		}
	}
	for _, c := range text {
		if sextets[c] >= 64 {
			return false
		}
	}
	return true
}

// What is undone at once, and what it makes.
const (
	undoneChars = blockSize
	undoneBytes = undoneChars / 4 * 3
)

// undoBase64 undoes so many groups of four characters, or as many as there are before one that has none of base64. It returns how
// many they are, a multiple of undoneChars/4, and writes undoneChars-undoneBytes behind what they make.
func undoBase64(dst, chars []byte, groups int) int {
	blocks := min(groups*4/undoneChars, (len(dst)-(undoneChars-undoneBytes))/undoneBytes)
	if blocks <= 0 || !hasVectors() {
		return 0
	}
	return undoVector(undoing, &dst[0], &chars[0], blocks) * undoneChars / 4
}

// undoingTables are what base64 is undone with. From a character to what it stands for leads a shift, which the high half of the
// character tells but for three.
type undoingTables struct {
	classes                     prefilter.Classes
	shifts                      [blockSize]byte
	signs                       [3][2][blockSize]byte // those three, and how much further they are shifted
	pairs, fours, order, joined [blockSize]byte       // so are sextets put together to pairs, fours and bytes in a row
}

var undoing = func() *undoingTables {
	u := &undoingTables{classes: sextetClasses}
	shift := func(char byte) byte { return sextets[char] - char }
	byHalf := [halfBlock]byte{2: shift('+'), 3: shift('0'), 4: shift('A'), 5: shift('P'), 6: shift('a'), 7: shift('p')}
	for i := range blockSize {
		u.shifts[i] = byHalf[i%halfBlock]
		for k, sign := range [3]byte{'-', '/', '_'} {
			u.signs[k][0][i], u.signs[k][1][i] = sign, shift(sign)-byHalf[sign>>4]
		}
		u.pairs[i] = [2]byte{1 << 6, 1}[i%2]
		u.order[i] = [halfBlock]byte{2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 128, 128, 128, 128}[i%halfBlock]
	}
	for i, from := range [blockSize / 4]uint32{0, 1, 2, 4, 5, 6, 3, 7} {
		binary.LittleEndian.PutUint32(u.fours[4*i:], 1<<16|1<<12)
		binary.LittleEndian.PutUint32(u.joined[4*i:], from)
	}
	return u
}()
