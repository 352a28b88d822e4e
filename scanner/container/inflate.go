package container

import (
	"encoding/binary"
	"errors"
	"io"
)

// An inflater decodes DEFLATE (RFC 1951). It is written by hand for speed: gzip is what logs are kept in, and this decodes
// them about twice as fast as the libraries do, by refilling 64 bits at once, looking a length and all its bits up at
// once, and reading from the tape's buffer directly. It leaves source right behind the last block.
type inflater struct {
	source *tape

	held uint64 // bits read and not used, the next one lowest
	bits uint   // how many

	window int    // how far back a match may reach
	output []byte // what was decoded: the window, and behind it what is unread
	unread int    // output[unread:end]
	end    int

	state   inflateState
	final   bool // this block is the last
	stored  int  // bytes left of a stored block
	tables  inflateTables
	failure error
}

type inflateState uint8

const (
	inflateHeader inflateState = iota
	inflateStored
	inflateCodes
)

const (
	inflateWindow = 32 << 10
	inflateOutput = 4 * inflateWindow // twice the window of Deflate64
	inflateSlack  = 258 + 3 + 8       // the most one turn of the fast loop writes: three literals, a match, and a word over
)

var (
	errInflate    = errors.New("broken DEFLATE data")
	errWaitsInput = errors.New("input is needed and there is output")
)

func newInflater(source *tape) *inflater {
	return &inflater{source: source, window: inflateWindow, output: make([]byte, inflateOutput+inflateSlack)}
}

// newInflater returns an inflater for a stream that starts where source stands; freeInflater takes it back.
func (w *walker) newInflater(source *tape) *inflater {
	last := len(w.inflaters) - 1
	if last < 0 {
		return newInflater(source)
	}
	f := w.inflaters[last]
	w.inflaters = w.inflaters[:last]
	f.source = source
	f.reset()
	return f
}

func (w *walker) freeInflater(f *inflater) {
	f.source = nil
	w.inflaters = append(w.inflaters, f)
}

// reset starts a new stream, at where source stands.
func (f *inflater) reset() {
	f.held, f.bits, f.unread, f.end = 0, 0, 0, 0
	f.state, f.final, f.stored, f.failure = inflateHeader, false, 0, nil
}

// Read implements io.Reader.
func (f *inflater) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for f.unread == f.end {
		if f.failure != nil {
			return 0, f.failure
		}
		f.slide()
		if err := f.decode(); err != nil && !errors.Is(err, errWaitsInput) {
			f.failure = err
		}
	}
	n := copy(p, f.output[f.unread:f.end])
	f.unread += n
	return n, nil
}

// slide makes room behind the window once all was read.
func (f *inflater) slide() {
	if f.end > inflateOutput/2 {
		copy(f.output, f.output[f.end-f.window:f.end])
		f.end = f.window
	}
	f.unread = f.end
}

// decode decodes until the output is full, the data ends, or input is waited for while there is output.
func (f *inflater) decode() error {
	for f.end < inflateOutput {
		switch f.state {
		case inflateHeader:
			if f.final {
				f.giveBack()
				return io.EOF
			}
			if f.source.start == f.source.end && f.bits < 3 && f.end > f.unread {
				return errWaitsInput
			}
			if err := f.header(); err != nil {
				return err
			}
		case inflateStored:
			if err := f.copyStored(); err != nil {
				return err
			}
		case inflateCodes:
			if err := f.codes(); err != nil {
				return err
			}
		}
	}
	return nil
}

// giveBack puts whole bytes that were read too far back on the tape, and drops the rest of the last one.
func (f *inflater) giveBack() {
	f.source.start -= int(f.bits / 8)
	f.held, f.bits = 0, 0
}

// take reads n bits, 16 at most.
func (f *inflater) take(n uint) (uint, error) {
	for f.bits < n {
		b, err := f.source.ReadByte()
		if err != nil {
			return 0, noEOF(err)
		}
		f.held |= uint64(b) << f.bits
		f.bits += 8
	}
	v := uint(f.held & (1<<n - 1))
	f.held >>= n
	f.bits -= n
	return v, nil
}

func noEOF(err error) error {
	if err == io.EOF { //nolint:errorlint // as readers tell it
		return io.ErrUnexpectedEOF
	}
	return err
}

// header reads a block's header (section 3.2.3).
func (f *inflater) header() error {
	v, err := f.take(3)
	if err != nil {
		return err
	}
	f.final = v&1 != 0
	switch v >> 1 {
	case 0:
		return f.storedHeader()
	case 1:
		f.state = inflateCodes
		return f.tables.fixed()
	case 2:
		f.state = inflateCodes
		return f.dynamicHeader()
	}
	return errInflate
}

// storedHeader reads the length of a stored block (section 3.2.4).
func (f *inflater) storedHeader() error {
	f.giveBack()
	header := f.source.peek(4)
	if len(header) < 4 {
		return io.ErrUnexpectedEOF
	}
	size, complement := binary.LittleEndian.Uint16(header), binary.LittleEndian.Uint16(header[2:])
	if size != ^complement {
		return errInflate
	}
	f.source.start += 4
	f.state, f.stored = inflateStored, int(size)
	return nil
}

func (f *inflater) copyStored() error {
	if f.stored == 0 {
		f.state = inflateHeader
		return nil
	}
	if f.source.start == f.source.end && f.end > f.unread {
		return errWaitsInput
	}
	n, err := f.source.Read(f.output[f.end:min(f.end+f.stored, inflateOutput)])
	f.end += n
	f.stored -= n
	if n == 0 && err != nil {
		return noEOF(err)
	}
	return nil
}

// codes decodes symbols: the fast loop wherever input and output have room, else one by one.
func (f *inflater) codes() error {
	for f.end < inflateOutput {
		if f.source.end-f.source.start >= 16 {
			done, err := f.fast()
			if done || err != nil {
				return err
			}
			continue
		}
		slow := f.slow
		if f.tables.is64 {
			slow = f.slow64
		}
		done, err := slow()
		if done || err != nil {
			return err
		}
	}
	return nil
}

// slow decodes one symbol with no more input than it takes.
func (f *inflater) slow() (done bool, err error) {
	for {
		symbol, used, ok := f.symbol()
		if ok {
			f.held >>= used
			f.bits -= used
			return f.apply(symbol)
		}
		if f.bits > 56 {
			return false, errInflate
		}
		if f.source.start == f.source.end && f.end > f.unread {
			return false, errWaitsInput
		}
		b, err := f.source.ReadByte()
		if err != nil {
			return false, noEOF(err)
		}
		f.held |= uint64(b) << f.bits
		f.bits += 8
	}
}

// An inflateSymbol is a literal, a match, or the end of a block (a match of length 0).
type inflateSymbol struct {
	literal  byte
	match    bool
	length   int
	distance int
}

// symbol looks at the next symbol and returns how many bits it has; ok is false where it needs more than are there.
func (f *inflater) symbol() (s inflateSymbol, used uint, ok bool) {
	held := f.held
	e := f.tables.literals[held&(1<<literalBits-1)]
	if e&entrySubtable != 0 {
		e = f.tables.literals[int(e>>16)+int(held>>literalBits)&(1<<(e>>8&0xf)-1)]
	}
	used = uint(e & 0xff)
	if e&entryInvalid != 0 || used > f.bits {
		return s, used, false
	}
	switch {
	case e&entryLiteral != 0:
		return inflateSymbol{literal: byte(e >> 16)}, used, true
	case e&entryEnd != 0:
		return inflateSymbol{match: true}, used, true
	}
	s.match = true
	s.length = int(e>>16) + int(held&(1<<used-1)>>(e>>8&0xf))
	held >>= used
	d := f.tables.distances[held&(1<<distanceBits-1)]
	if d&entrySubtable != 0 {
		d = f.tables.distances[int(d>>16)+int(held>>distanceBits)&(1<<(d>>8&0xf)-1)]
	}
	bits := uint(d & 0xff)
	if d&entryInvalid != 0 || used+bits > f.bits {
		return s, used, false
	}
	s.distance = int(d>>16) + int(held&(1<<bits-1)>>(d>>8&0xf))
	return s, used + bits, true
}

// apply carries a symbol out and reports whether it ends the block.
func (f *inflater) apply(s inflateSymbol) (done bool, err error) {
	switch {
	case !s.match:
		f.output[f.end] = s.literal
		f.end++
	case s.length == 0:
		f.state = inflateHeader
		return true, nil
	case s.distance > f.end:
		return false, errInflate
	default:
		for range s.length {
			f.output[f.end] = f.output[f.end-s.distance]
			f.end++
		}
	}
	return false, nil
}

// fast decodes symbols while there are 16 bytes of input and room for whatever a turn may write. It reports whether
// the block has ended.
func (f *inflater) fast() (done bool, err error) {
	input := f.source.buffer[f.source.start:f.source.end]
	output := f.output
	at, end := 0, f.end
	held, bits := f.held, f.bits
	literals, distances := &f.tables.literals, &f.tables.distances
	last := len(input) - 16

	for at <= last && end < inflateOutput {
		held |= binary.LittleEndian.Uint64(input[at:]) << (bits & 63)
		at += int(63-bits) >> 3
		bits |= 56
		// 56 bits: enough for three literals of the first table, or for two and a length.
		e := literals[held&(1<<literalBits-1)]
		if e&entryLiteral != 0 {
			held >>= e & 63
			bits -= uint(e & 63)
			output[end] = byte(e >> 16)
			end++
			e = literals[held&(1<<literalBits-1)]
			if e&entryLiteral != 0 {
				held >>= e & 63
				bits -= uint(e & 63)
				output[end] = byte(e >> 16)
				end++
				e = literals[held&(1<<literalBits-1)]
				if e&entryLiteral != 0 {
					held >>= e & 63
					bits -= uint(e & 63)
					output[end] = byte(e >> 16)
					end++
					continue
				}
			}
		}
		if e&(entrySubtable|entryEnd|entryInvalid) != 0 {
			if e&entrySubtable != 0 {
				e = literals[(e>>16+uint32(held>>literalBits)&(1<<(e>>8&0xf)-1))&(literalEntries-1)]
			}
			if e&entryInvalid != 0 {
				err = errInflate
				break
			}
			if e&(entryLiteral|entryEnd) != 0 {
				held >>= e & 63
				bits -= uint(e & 63)
				if e&entryEnd != 0 {
					f.state, done = inflateHeader, true
					break
				}
				output[end] = byte(e >> 16)
				end++
				continue
			}
		}
		length := int(e>>16) + int(held&(1<<(e&63)-1)>>(e>>8&0xf))
		held >>= e & 63
		bits -= uint(e & 63)

		held |= binary.LittleEndian.Uint64(input[at:]) << (bits & 63)
		at += int(63-bits) >> 3
		bits |= 56
		d := distances[held&(1<<distanceBits-1)]
		if d&(entrySubtable|entryInvalid) != 0 {
			if d&entrySubtable != 0 {
				d = distances[(d>>16+uint32(held>>distanceBits)&(1<<(d>>8&0xf)-1))&(distanceEntries-1)]
			}
			if d&entryInvalid != 0 {
				err = errInflate
				break
			}
		}
		distance := int(d>>16) + int(held&(1<<(d&63)-1)>>(d>>8&0xf))
		held >>= d & 63
		bits -= uint(d & 63)
		if distance > end {
			err = errInflate
			break
		}
		copyMatch(output, end, distance, length)
		end += length
	}
	// The refill may have set bits that it did not count: they are read again.
	held &= 1<<bits - 1
	f.held, f.bits, f.end = held, bits, end
	f.source.start += at
	return done, err
}

// copyMatch copies length bytes from distance bytes back. It may write seven bytes more.
func copyMatch(output []byte, end, distance, length int) {
	if distance >= 8 {
		from, to := output[end-distance:], output[end:end+length+8]
		for i := 0; i < length; i += 8 {
			binary.LittleEndian.PutUint64(to[i:], binary.LittleEndian.Uint64(from[i:]))
		}
		return
	}
	to := output[end : end+length]
	if distance == 1 {
		c := output[end-1]
		for i := range to {
			to[i] = c
		}
		return
	}
	from := output[end-distance:]
	for i := range to {
		to[i] = from[i]
	}
}
