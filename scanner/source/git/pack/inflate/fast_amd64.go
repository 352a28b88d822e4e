package inflate

import "golang.org/x/sys/cpu"

func hasFast() bool { return cpu.X86.HasBMI2 && cpu.X86.HasSSSE3 }

// The results of fastBMI2.
const (
	fastRoom = iota // there is no more room, or input
	fastEnd         // the block has ended
	fastCorrupt
)

// fastBMI2 is fastPlain as long as at and out are lastInput and lastOutput at most, which must leave what one turn takes
// behind them. It reads and writes nothing outside of input and the capacity of output.
//
//go:noescape
func fastBMI2(d *Decoder, literals, distances *table, lastInput, lastOutput int) (status int)

// fastAtOnce bounds how many bytes are decoded before the goroutine may be interrupted again.
const fastAtOnce = 256 << 10

// fast decodes while there is plenty of input and room.
func (d *Decoder) fast(literals, distances *table) (ended bool, err error) {
	if d.isPlain {
		return d.fastPlain(literals, distances)
	}
	lastOutput := min(cap(d.output)-fastOutput, d.out+fastAtOnce)
	switch fastBMI2(d, literals, distances, len(d.input)-fastInput, lastOutput) {
	case fastEnd:
		return true, nil
	case fastCorrupt:
		return false, ErrCorrupt
	}
	return false, nil
}

// repeats has for each distance of less than 16 the shuffle that repeats so many bytes, and strides how many of the 16 are
// whole repeats.
//
//nolint:unused // assembly reads them
var repeats, strides = func() (repeats [16][16]byte, strides [16]byte) {
	for distance := 1; distance < 16; distance++ {
		for i := range 16 {
			repeats[distance][i] = byte(i % distance)
		}
		strides[distance] = byte(16 / distance * distance)
	}
	return repeats, strides
}()
