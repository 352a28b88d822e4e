package reading

import "bytes"

// A Sparse text is one that may have holes: parts that are not stored, and read as zeros.
type Sparse interface {
	// IsHole reports whether the text from one offset to another is known to be in a hole. It stands for reading it. Any
	// goroutine may call it.
	IsHole(from, to int64) bool
}

// isHole reports whether the piece is not stored at all: nothing is in it, however large it claims to be.
func (p *piece) isHole() bool {
	sparse, ok := p.reader.(Sparse)
	return ok && p.end > p.start && sparse.IsHole(p.start, p.end)
}

// Nothing begins in a block of zeros: even UTF-32 has no more than three in a row. Large files that were made large
// beforehand are full of them.
const (
	manyZeros = 16 << 10 // in bytes: as many are not shown
	zerosKept = 16       // but for the last of them, which what follows may begin with
)

// pastZeros returns how much of a block need not be shown since it is of zeros alone, and many; 0 where it is not.
func pastZeros(block []byte) (done int) {
	if len(block) >= manyZeros && block[0] == 0 && bytes.Equal(block[1:], block[:len(block)-1]) {
		return len(block) - zerosKept
	}
	return 0
}

// passZeros takes in so many bytes of zeros.
func (l *lines) passZeros(n int64) {
	l.first = append(l.first, make([]byte, min(n, int64(MaxLineStart-len(l.first))))...)
	l.length += n
}
