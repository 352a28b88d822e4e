package container

import (
	"io"
)

// A pdfPredictor says how rows of bytes were written as differences before they were compressed (ISO 32000-1, section 7.4.4.4).
type pdfPredictor struct {
	kind  int64 // 2: TIFF's; from 10 on: PNG's, of which each row names its own
	row   int64 // bytes of a row
	pixel int64 // bytes of a pixel
}

// pdfLongestRow is the longest row that is undone.
const pdfLongestRow = 1 << 20

func parsePDFPredictor(dictionary []byte) (p pdfPredictor) {
	if p.kind = pdfNumber(dictionary, "/Predictor"); p.kind < 2 {
		return pdfPredictor{}
	}
	number := func(key string, otherwise int64) int64 {
		if n := pdfNumber(dictionary, key); n > 0 {
			return min(n, pdfLongestRow)
		}
		return otherwise
	}
	bits := number("/Colors", 1) * number("/BitsPerComponent", 8)
	p.pixel = (bits + 7) / 8
	p.row = (bits*number("/Columns", 1) + 7) / 8
	if p.row > pdfLongestRow || p.kind == 2 && bits%8 != 0 {
		return pdfPredictor{} // samples of an image
	}
	return p
}

// pdfRows undoes a predictor.
type pdfRows struct {
	source    io.Reader
	predictor pdfPredictor
	row       []byte // the last one, behind as many zeros as a pixel has bytes
	above     []byte
	input     []byte
	rest      []byte
	err       error
}

// Read implements io.Reader.
func (r *pdfRows) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.next()
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// next reads a row, the last of which may be short.
func (r *pdfRows) next() {
	pixel, tag := int(r.predictor.pixel), 0
	if r.predictor.kind >= 10 {
		tag = 1
	}
	if r.row == nil {
		size := pixel + int(r.predictor.row)
		r.row, r.above, r.input = make([]byte, size), make([]byte, size), make([]byte, size-pixel+tag)
	}
	n, err := io.ReadFull(r.source, r.input)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	if r.err = err; n <= tag {
		return
	}
	method := byte(1)
	if tag == 1 {
		method = r.input[0]
	}
	r.row, r.above = r.above, r.row
	for i, c := range r.input[tag:n] {
		left, up, corner := r.row[i], r.above[i+pixel], r.above[i]
		r.row[i+pixel] = c + predicted(method, left, up, corner)
	}
	r.rest = r.row[pixel : pixel+n-tag]
}

// predicted returns what a byte was expected to be (PNG, section 9.2).
func predicted(method, left, up, corner byte) byte {
	switch method {
	case 1:
		return left
	case 2:
		return up
	case 3:
		return byte((int(left) + int(up)) / 2) //nolint:gosec // half of two bytes is one
	case 4:
		return paeth(left, up, corner)
	}
	return 0
}

// paeth returns which of three bytes is nearest to what a plane through them has (PNG, section 9.4).
func paeth(left, up, corner byte) byte {
	distance := func(b byte) int {
		d := int(left) + int(up) - int(corner) - int(b)
		return max(d, -d)
	}
	switch a, b, c := distance(left), distance(up), distance(corner); {
	case a <= b && a <= c:
		return left
	case b <= c:
		return up
	}
	return corner
}
