package container

// Deflate64 is DEFLATE with a window of 64 KiB, two more distances, and a longest length that takes 16 more bits (APPNOTE.TXT
// 6.3.10, section 5.6, which does not say so: the tools agree on it). Windows packs files of more than 2 GiB with it.
const (
	inflateWindow64 = 64 << 10
	inflateSlack64  = 1<<16 + 2 + 3 + 8 // as inflateSlack
)

// newInflater64 returns an inflater of Deflate64.
func newInflater64(source *tape) *inflater {
	f := &inflater{source: source, window: inflateWindow64, output: make([]byte, inflateOutput+inflateSlack64)}
	f.tables.is64 = true
	return f
}

func literalEntry64(symbol int) uint32 {
	if symbol == 285 {
		return 3<<16 | 16
	}
	return literalEntry(symbol)
}

func distanceEntry64(symbol int) uint32 {
	switch symbol {
	case 30:
		return 32769<<16 | 14
	case 31:
		return 49153<<16 | 14
	}
	return distanceEntry(symbol)
}

// slow64 is slow for symbols that may have more bits than are held at once. It waits for input.
func (f *inflater) slow64() (done bool, err error) {
	e, value, err := f.next64(f.tables.literals[:], literalBits)
	switch {
	case err != nil:
		return false, err
	case e&entryLiteral != 0:
		return f.apply(inflateSymbol{literal: byte(e >> 16)})
	case e&entryEnd != 0:
		return f.apply(inflateSymbol{match: true})
	}
	_, distance, err := f.next64(f.tables.distances[:], distanceBits)
	if err != nil {
		return false, err
	}
	return f.apply(inflateSymbol{match: true, length: value, distance: distance})
}

// next64 reads a code and its extra bits.
func (f *inflater) next64(table []uint32, width uint) (e uint32, value int, err error) {
	for {
		e = table[f.held&(1<<width-1)]
		if e&entrySubtable != 0 {
			e = table[int(e>>16)+int(f.held>>width)&(1<<(e>>8&0xf)-1)]
		}
		used := uint(e & 0xff)
		if e&entryInvalid == 0 && used <= f.bits {
			value = int(e>>16) + int(f.held&(1<<used-1)>>(e>>8&0xf))
			f.held >>= used
			f.bits -= used
			return e, value, nil
		}
		if f.bits > 48 {
			return 0, 0, errInflate
		}
		b, err := f.source.ReadByte()
		if err != nil {
			return 0, 0, noEOF(err)
		}
		f.held |= uint64(b) << f.bits
		f.bits += 8
	}
}
