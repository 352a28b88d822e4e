package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// cpio shows the files of t, in the portable ASCII formats: newc, crc and odc, and in the old binary one (cpio(5)).
func (w *walker) cpio(ctx context.Context, t *text) error {
	return w.archive(ctx, t, Cpio, func(source *tape, names *notes) (failure, err error) {
		for {
			m, failure := readCpioHeader(source)
			if failure != nil || m == nil {
				return failure, nil
			}
			if failure, err := w.member(ctx, t, source, names, m); failure != nil || err != nil {
				return failure, err
			}
			source.skip(m.padding)
		}
	})
}

// readCpioHeader reads a header and the name; nil at the end.
func readCpioHeader(source *tape) (*member, error) {
	if order := cpioOrder(source.peek(2)); order != nil {
		return readBinaryCpio(source, order)
	}
	var m *member
	var name, pad int64
	var err error
	switch magic := source.peek(6); string(magic) {
	case "":
		return nil, nil
	case "070701", "070702":
		m, name, err = parseCpio(source.peek(110), 16, 54, 46, 94, 8)
		pad = 3
	case "070707":
		m, name, err = parseCpio(source.peek(76), 8, 65, 48, 59, 11)
	default:
		err = errors.New("broken header")
	}
	if err != nil {
		return nil, err
	}
	header := int64(110)
	if pad == 0 {
		header = 76
	}
	source.skip(header)
	next := source.peek(int(name))
	m.name = string(bytes.TrimRight(next, "\x00"))
	if int64(len(next)) < name {
		return nil, io.ErrUnexpectedEOF
	}
	source.skip(name + -(header+name)&pad)
	m.padding = -m.size & pad
	if m.name == "TRAILER!!!" {
		return nil, nil
	}
	return m, nil
}

const binaryCpioSize = 26 // bytes of a header in the old binary format

// cpioOrder returns the byte order of a header in the old binary format, nil where prefix does not begin as one.
func cpioOrder(prefix []byte) binary.ByteOrder {
	switch {
	case len(prefix) < 2:
	case prefix[0] == 0xc7 && prefix[1] == 0x71:
		return binary.LittleEndian
	case prefix[0] == 0x71 && prefix[1] == 0xc7:
		return binary.BigEndian
	}
	return nil
}

// isBinaryCpio reports whether prefix is a header in the old binary format and a name: two bytes of magic are few.
func isBinaryCpio(prefix []byte) bool {
	order := cpioOrder(prefix)
	if order == nil || len(prefix) < binaryCpioSize+2 || order.Uint16(prefix[12:]) == 0 {
		return false
	}
	name := prefix[binaryCpioSize:]
	size := int(order.Uint16(prefix[20:]))
	if size < 2 || size > 1<<10 || size <= len(name) && name[size-1] != 0 {
		return false
	}
	return bytes.IndexByte(name[:min(size-1, len(name))], 0) < 0
}

// readBinaryCpio is readCpioHeader for the old binary format. Numbers of four bytes have their higher half in front.
func readBinaryCpio(source *tape, order binary.ByteOrder) (*member, error) {
	header := source.peek(binaryCpioSize)
	if len(header) < binaryCpioSize {
		return nil, io.ErrUnexpectedEOF
	}
	long := func(at int) int64 { return int64(order.Uint16(header[at:]))<<16 | int64(order.Uint16(header[at+2:])) }
	m := &member{size: long(22), modified: time.Unix(long(16), 0), padding: long(22) & 1}
	name := int(order.Uint16(header[20:]))
	source.skip(binaryCpioSize)
	next := source.peek(name)
	if len(next) < name {
		return nil, io.ErrUnexpectedEOF
	}
	m.name = string(bytes.TrimRight(next, "\x00"))
	source.skip(int64(name + name&1))
	if m.name == "TRAILER!!!" {
		return nil, nil
	}
	return m, nil
}

// parseCpio reads the numbers of a header: where the fields lie that tell of the content's and the name's length and
// the time.
func parseCpio(header []byte, base, size, modified, name, width int) (*member, int64, error) {
	if len(header) < 76 || base == 16 && len(header) < 110 {
		return nil, 0, io.ErrUnexpectedEOF
	}
	nameWidth, modifiedWidth := width, width
	if base == 8 {
		nameWidth = 6
	}
	n, err1 := strconv.ParseInt(string(header[size:size+width]), base, 64)
	seconds, err2 := strconv.ParseInt(string(header[modified:modified+modifiedWidth]), base, 64)
	length, err3 := strconv.ParseInt(string(header[name:name+nameWidth]), base, 64)
	if errors.Join(err1, err2, err3) != nil || n < 0 || length < 1 || length > tapeSize/2 {
		return nil, 0, errors.New("broken header")
	}
	return &member{size: n, modified: time.Unix(seconds, 0)}, length, nil
}

// rpm shows the payload of t, a package, and its headers, which hold scripts (RPM V3 and V4 file format).
func (w *walker) rpm(ctx context.Context, t *text) error {
	return w.archive(ctx, t, RPM, func(source *tape, _ *notes) (failure, err error) {
		source.skip(96)
		for i, padding := range []int64{7, 0} { // the signature, padded, and the header
			size, ok := rpmHeaderSize(source.peek(16))
			if !ok {
				return errors.New("broken header"), nil
			}
			child := t.labelled([]string{"(signature)", "(header)"}[i])
			child.size = size
			content := &io.LimitedReader{R: source, N: size}
			if failure, err := w.content(ctx, child, content); failure != nil || err != nil {
				return failure, err
			}
			source.skip(content.N)
			source.skip(-size & padding)
		}
		payload := t.inside(strings.TrimSuffix(t.name, ".rpm") + ".cpio")
		payload.chain, payload.reader, payload.stream = t.chain, source, source
		if len(payload.chain) == 0 {
			payload.chain = []string{"payload"}
		}
		return nil, w.text(ctx, payload)
	})
}

func rpmHeaderSize(header []byte) (int64, bool) {
	if len(header) < 16 || string(header[:3]) != "\x8e\xad\xe8" {
		return 0, false
	}
	entries, data := int64(binary.BigEndian.Uint32(header[8:])), int64(binary.BigEndian.Uint32(header[12:]))
	return 16 + 16*entries + data, true
}
