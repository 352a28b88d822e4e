package prefilter

// A Gate says of each place of a text whether one of hundreds of needles may start there, by the first three bytes: a Set deals
// its needles into eight buckets, which so many would let nearly everything through. A Gate has sixteen, which four of a hundred
// places of ordinary text pass, and leaves it to others to compare what does. It is immutable: any number of goroutines may use it
// at once.
type Gate struct{ tables [2]masks }

const (
	// GateWord is how many places a word of a gate has.
	GateWord = 64
	// GateAhead is how many bytes a gate reads behind the last of its places.
	GateAhead = compared - 1
)

// NewGate returns a gate of needles, each of three bytes at least, or nil where the machine has no vectors for it.
func NewGate(needles []string) *Gate {
	if !hasTeddy() {
		return nil
	}
	var dealt [2 * buckets]bucket[shape]
	for _, needle := range needles {
		shape := &dealt[gateBucket(needle)].shape
		*shape = shape.union(shapeOf(needle))
	}
	return &Gate{tables: [2]masks{*newMasks(dealt[:buckets]), *newMasks(dealt[buckets:])}}
}

// Open sets the words to where a needle may start, a bit for each place from the start of text on. The text has a byte for each
// of them, and GateAhead more.
func (g *Gate) Open(text []byte, words []uint64) {
	if len(words) == 0 {
		return
	}
	_ = text[len(words)*GateWord+GateAhead-1]
	openVector(&g.tables, &text[0], &words[0], len(words))
}

// gateBucket deals a needle by which of its first bytes are in lower case, as most of text is. What is left is told apart by the
// half of the alphabet that the second is of, where the first two are in lower case, and else by whether all are letters and
// digits. To deal hundreds by what they let through, as a Set does, would take longer than a command may take to start, and lets
// as much through but for a seventh.
func gateBucket(needle string) (number int) {
	signs := 0
	for _, c := range []byte(needle[:compared]) {
		switch number *= 2; {
		case c >= 'a' && c <= 'z':
			number++
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		default:
			signs = 1
		}
	}
	if number >= 0b110 {
		return number*2 + int(needle[1]>>4&1)
	}
	return number*2 + signs
}
