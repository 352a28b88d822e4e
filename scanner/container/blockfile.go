package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A block file of Chromium's cache ("data_1" to "data_3", on Windows) is a header and blocks of one size, of which up to four in a
// row have a short body as it came, or what is known of it. Which, and how long it is, another file of these tells. (Chromium's
// disk_format_base.h)
const (
	blockFileMagic  = "\xc3\xca\x04\xc1"
	blockFileHead   = 8192
	blockFileInARow = 4
	blockFileLeast  = 256 // bytes of a block, which may have a body; those of data_0 have none
	blockFileMost   = 4096
	// mostBody is how much of a body is unpacked, in bytes.
	mostBody = 4 << 20
)

// isBlockFile reports whether a text begins as such a file.
func isBlockFile(prefix []byte) bool {
	if len(prefix) < 16 || string(prefix[:4]) != blockFileMagic {
		return false
	}
	size := binary.LittleEndian.Uint32(prefix[12:])
	return size >= blockFileLeast && size <= blockFileMost && size&(size-1) == 0
}

// blockFile shows the bodies in t that are compressed, which are found by trial, and then t as it is.
func (w *walker) blockFile(ctx context.Context, t *text) error {
	w.containers++
	head := t.prefix(16)
	if !isBlockFile(head) {
		return w.leaf(ctx, t)
	}
	size := int64(binary.LittleEndian.Uint32(head[12:]))
	near, room := windowOf(t), make([]byte, blockFileInARow*size)
	for at := int64(blockFileHead); at < t.size; at += size {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, _ := near.ReadAt(room, at)
		body, failure := w.tried(ctx, room[:n])
		if failure != nil {
			if err := w.problem(t, BlockFile, failure); err != nil {
				return err
			}
			break
		}
		if body == nil {
			continue
		}
		if failure := w.entry(); failure != nil {
			return w.broken(ctx, t, BlockFile, nil, failure)
		}
		child := t.labelled(fmt.Sprintf("block %d", (at-blockFileHead)/size))
		child.hold(body)
		if err := w.text(ctx, child); err != nil {
			return err
		}
	}
	return w.leaf(ctx, t)
}

// tried returns what data begins with where that is a whole stream: one with a magic, or one of Brotli that comes to a text. nil
// where it is none. The failure is a limit.
func (w *walker) tried(ctx context.Context, data []byte) (text []byte, failure error) {
	if len(data) < 4 || len(bytes.TrimLeft(data[:min(16, len(data))], "\x00")) == 0 || isPlain(data[:min(64, len(data))]) {
		return nil, nil
	}
	c := brotliCodec()
	switch byMagic(data) {
	case Gzip:
		c = gzipCodec()
	case Zstd:
		c = zstdCodec()
	case Zlib:
		c = zlibCodec()
	}
	var reader io.Reader
	if err := guard(func() (err error) {
		reader, err = c.open(newTape(bytes.NewReader(data), int64(len(data))), w)
		return err
	}); err != nil {
		return nil, nil //nolint:nilerr // it is none
	}
	if closer, ok := reader.(io.Closer); ok {
		defer guard(closer.Close) //nolint:errcheck // nothing is lost by it
	}
	output := &decoded{ctx: ctx, reader: reader, budget: w.budget}
	head, _ := firstOf(output)
	if len(head) < weakProof/32 || c.named && !isPlain(head) {
		return nil, nil
	}
	rest, err := io.ReadAll(io.LimitReader(output, mostBody))
	if err != nil {
		return nil, nil //nolint:nilerr // the context's, which is asked for again
	}
	failure = output.failure()
	switch {
	case output.err == nil: // it is longer
		return append(head, rest...), nil
	case errors.Is(failure, errExpansion):
		return nil, failure
	case failure == nil, errors.Is(failure, errTrailing), errors.Is(failure, errBehind):
		return append(head, rest...), nil
	}
	return nil, nil
}
