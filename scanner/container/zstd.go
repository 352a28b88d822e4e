package container

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/klauspost/compress/zstd"
)

// zstdCodec decodes Zstandard frames and keeps skippable ones aside (RFC 8878, section 3.1).
func zstdCodec() codec {
	return codec{suffixes: []string{".tzst", ".zst", ".zstd"}, ahead: true, open: openZstd, magic: "\x28\xb5\x2f\xfd"}
}

// A zstdReader reads the frames of a file as one text.
type zstdReader struct {
	io.Reader
	*zstdFrames
	decoder *zstdDecoder
	large   bool // decoder is made for a large window
	claim   claim
	walker  *walker
	begin   int64 // where it begins in the source
}

func (r *zstdReader) started() int64 { return r.begin + r.sound }

func openZstd(source *tape, w *walker) (io.Reader, error) {
	large := hasLargeWindow(source.front(zstd.HeaderMaxSize))
	get := w.shared.decoder
	if large {
		get = newSerialDecoder
	}
	decoder, err := get(w.limits)
	if err != nil {
		return nil, err
	}
	r := &zstdReader{zstdFrames: &zstdFrames{source: source}, decoder: decoder, large: large, claim: claim{walker: w}, walker: w,
		begin: source.offset(),
	}
	r.window = r.claim.raise
	if !source.live && source.short() && r.short(source) {
		return r, nil
	}
	if err := decoder.Reset(r.zstdFrames); err != nil {
		return nil, err
	}
	r.Reader = &trailingAfter{
		reader: decoder, source: source, back: 4,
		is: func(err error) bool { return errors.Is(err, zstd.ErrMagicMismatch) },
	}
	return r, nil
}

// hasLargeWindow reports whether the frame that data begins with asks for a large window.
func hasLargeWindow(data []byte) bool {
	var header zstd.Header
	return header.Decode(data) == nil && !header.Skippable && header.WindowSize > largeWindow
}

// short decodes a stream that is whole in the buffer of source, and reports false where that comes to too much. It takes no
// window: what a broken frame asks for is not allocated.
func (r *zstdReader) short(source *tape) bool {
	if r.decoder.text == nil {
		r.decoder.text = make([]byte, 0, shortText)
	}
	data := source.peek(tapeSize)
	text, err := r.decoder.DecodeAll(data, r.decoder.text)
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return false
	}
	if err == nil {
		err = io.EOF
	}
	frames := &zstdFrames{source: bytes.NewReader(data)}
	_, _ = io.Copy(io.Discard, struct{ io.Reader }{frames})
	if errors.Is(err, zstd.ErrMagicMismatch) && len(text) > 0 {
		err = errTrailing
		data = data[:frames.sound]
	}
	source.skip(int64(len(data)))
	r.zstdFrames = frames
	r.Reader = io.MultiReader(bytes.NewReader(text), &failed{err})
	return true
}

// Read implements io.Reader.
func (r *zstdReader) Read(p []byte) (int, error) { return r.Reader.Read(p) }

// Close gives back the decoder and the memory of its window.
func (r *zstdReader) Close() error {
	_ = r.decoder.Reset(nil) // there is nothing to fail; it ends what still reads, and so raises the claim
	r.walker.shared.takeBack(r.decoder, r.large || r.claim.bytes > 0)
	r.decoder, r.Reader = nil, nil
	r.claim.release()
	return nil
}

// A zstdFrames reader passes on what it reads, and follows the frames in it as far as it takes to know which are skippable
// and which windows the others ask for (RFC 8878, section 3.1).
type zstdFrames struct {
	skippable
	source io.Reader
	window func(size int64) error // where set, called with each
	state  zstdState
	header []byte // what has come of the header that is being read
	left   int64  // bytes of the content that are still to come
	summed bool   // a checksum follows the last block
	at     int64  // bytes followed
	sound  int64  // how many of them are whole frames
	err    error
}

type zstdState uint8

const (
	zstdMagic   zstdState = iota // a frame's header
	zstdAside                    // a skippable frame's content
	zstdBlock                    // a block's header
	zstdContent                  // a block's content
	zstdLast                     // that of the last block, and the checksum
	zstdUnknown                  // nothing that is followed
)

// Read implements io.Reader.
func (z *zstdFrames) Read(p []byte) (int, error) {
	if z.err != nil {
		return 0, z.err
	}
	n, err := z.source.Read(p)
	for data := p[:n]; len(data) > 0 && z.state != zstdUnknown; {
		followed := z.follow(data)
		z.at += int64(followed)
		data = data[followed:]
		if z.state == zstdMagic && len(z.header) == 0 {
			z.sound = z.at
		}
	}
	if z.err != nil {
		return 0, z.err
	}
	return n, err
}

// follow takes in bytes of data and returns how many.
func (z *zstdFrames) follow(data []byte) int {
	switch z.state {
	case zstdMagic, zstdBlock:
		z.header = append(z.header, data[0])
		if z.state == zstdMagic {
			z.frameHeader()
		} else {
			z.blockHeader()
		}
		return 1
	}
	n := int(min(z.left, int64(len(data))))
	if z.state == zstdAside {
		z.keep(data[:n])
	}
	if z.left -= int64(n); z.left == 0 {
		z.ended()
	}
	return n
}

// ended goes on behind a content.
func (z *zstdFrames) ended() {
	switch z.state {
	case zstdAside:
		z.keep([]byte("\n"))
		z.state = zstdMagic
	case zstdContent:
		z.state = zstdBlock
	default:
		z.state = zstdMagic
	}
	z.header = z.header[:0]
}

// goOn goes on to a content of so many bytes.
func (z *zstdFrames) goOn(state zstdState, left int64) {
	if z.state, z.left = state, left; left == 0 {
		z.ended()
	}
}

func (z *zstdFrames) frameHeader() {
	h := z.header
	switch {
	case len(h) < 5:
	case isSkippable(h):
		if len(h) == 8 {
			z.goOn(zstdAside, int64(binary.LittleEndian.Uint32(h[4:])))
		}
	case string(h[:4]) != "\x28\xb5\x2f\xfd":
		z.state = zstdUnknown
	default:
		var header zstd.Header
		if err := header.Decode(h); err != nil {
			if !errors.Is(err, io.ErrUnexpectedEOF) || len(h) >= zstd.HeaderMaxSize {
				z.state = zstdUnknown
			}
			return
		}
		if z.window != nil {
			z.err = z.window(int64(min(header.WindowSize, math.MaxInt64)))
		}
		z.state, z.header, z.summed = zstdBlock, h[:0], header.HasCheckSum
	}
}

func (z *zstdFrames) blockHeader() {
	h := z.header
	if len(h) < 3 {
		return
	}
	header := int64(h[0]) | int64(h[1])<<8 | int64(h[2])<<16
	size := header >> 3
	switch header >> 1 & 3 {
	case 1: // one byte, repeated
		size = 1
	case 3:
		z.state = zstdUnknown
		return
	}
	if header&1 == 0 {
		z.goOn(zstdContent, size)
		return
	}
	if z.summed {
		size += 4
	}
	z.goOn(zstdLast, size)
}

// unzstd returns the text of a frame. It is taken off the budget, and what of its memory is large is claimed; release gives that back.
func (w *walker) unzstd(frame []byte) (text []byte, release func(), err error) {
	var header zstd.Header
	if err := header.Decode(frame); err != nil {
		return nil, nil, err
	}
	if w.budget.exhausted() {
		return nil, nil, errExpansion
	}
	decoder, err := w.shared.decoder(w.limits)
	if err != nil {
		return nil, nil, err
	}
	claim := &claim{walker: w}
	release = func() {
		w.shared.takeBack(decoder, false)
		claim.release()
	}
	if header.HasFCS {
		text, err = w.unzstdTo(decoder, frame, claim, header.FrameContentSize)
	} else {
		text, err = w.unzstdUnsized(decoder, frame, claim)
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	return text, release, nil
}

// unzstdUnsized decodes a frame that does not say how long its text is. A short one takes no memory of its own.
func (w *walker) unzstdUnsized(decoder *zstdDecoder, frame []byte, claim *claim) ([]byte, error) {
	if decoder.text == nil {
		decoder.text = make([]byte, 0, shortText)
	}
	text, err := decoder.DecodeAll(frame, decoder.text)
	if !w.budget.spend(max(len(text), len(frame))) {
		return nil, errExpansion
	}
	for size := uint64(8 * shortText); errors.Is(err, zstd.ErrDecoderSizeExceeded); size *= 8 {
		text, err = w.unzstdTo(decoder, frame, claim, size) // too much at last
	}
	return text, err
}

// unzstdTo decodes a frame whose text comes to no more than size bytes.
func (w *walker) unzstdTo(decoder *zstdDecoder, frame []byte, claim *claim, size uint64) ([]byte, error) {
	switch {
	case size > uint64(w.limits.MaxMemory):
		return nil, errMemory
	case !w.budget.spend(int(size)):
		return nil, errExpansion
	}
	if err := claim.raise(int64(size)); err != nil {
		return nil, err
	}
	return decoder.DecodeAll(frame, make([]byte, 0, size))
}
