package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Browsers keep what they were sent in a file for each address: the body as it came, compressed as its headers say, and these.
// Brotli has no magic, so that the headers alone tell of it.

// A file of Chromium's Simple Cache ("HASH_0"): a header, the key, the body, its end record, what is known of the answer, headers
// among it, and the end record of that. ("HASH_1" has one such part, which is a script's code.) (Chromium's simple_entry_format.h)
const (
	simpleMagic  = "\x30\x5c\x72\xa7\x1b\x6d\xfb\xfc"
	simpleEnd    = "\xd8\x41\x0d\x97\x45\x6f\xfa\xf4"
	simpleSparse = "\x6b\x67\x53\x65\x01\xbf\x97\xeb" // "HASH_s": parts of a body
	simpleHead   = 24
	simpleEOF    = 24 // bytes of an end record
	simpleHasSum = 2  // the flag of an end record that has a SHA-256 of the key in front
)

const headersLabel = "(headers)"

// A cached answer is what lies in a file of a cache.
type cached struct {
	address       string
	body, headers span
}

// simpleCache shows what is in t, a file of Chromium's cache.
func (w *walker) simpleCache(ctx context.Context, t *text) error {
	return w.cached(ctx, t, SimpleCache, readSimpleCache)
}

// firefoxCache shows what is in t, a file of Firefox's cache.
func (w *walker) firefoxCache(ctx context.Context, t *text) error {
	return w.cached(ctx, t, FirefoxCache, func(at io.ReaderAt, size int64) (c cached, failure error) {
		var end [4]byte
		_, _ = at.ReadAt(end[:], size-4)
		c, ok := readFirefoxCache(at, size, int64(binary.BigEndian.Uint32(end[:])))
		if !ok {
			return c, errSimpleCache
		}
		return c, nil
	})
}

func (w *walker) cached(ctx context.Context, t *text, format Format, read func(at io.ReaderAt, size int64) (cached, error)) error {
	w.containers++
	c, failure := read(t.at, t.size)
	if failure != nil {
		return w.broken(ctx, t, format, nil, failure)
	}
	names := w.notes(t)
	if err := errors.Join(names.add(ctx, c.address), names.show(ctx)); err != nil {
		return err
	}
	const most = 1 << 20 // bytes of headers
	head := make([]byte, min(c.headers.end-c.headers.start, most))
	_, _ = t.at.ReadAt(head, c.headers.start)
	if err := w.cachedBody(ctx, t, format, c, head); err != nil {
		return err
	}
	return w.leaf(ctx, t.piece(headersLabel, c.headers))
}

// cachedBody shows the body, of which the headers say how it is compressed.
func (w *walker) cachedBody(ctx context.Context, t *text, format Format, c cached, head []byte) error {
	if c.body.start == c.body.end {
		return nil
	}
	name := t.inside(c.address)
	body := t.piece(name.name, c.body)
	switch coding := contentEncoding(head); coding {
	case "br":
		body.format = Brotli
	case "", "identity", "gzip", "x-gzip", "deflate", "zstd", "none": // which have a magic
	case "compress", "x-compress":
	default:
		if err := w.problem(body, format, fmt.Errorf("content-encoding %.20q is not supported", coding)); err != nil {
			return err
		}
	}
	return w.text(ctx, body)
}

// piece is labelled with the bytes of a part of t, which can be read at any offset.
func (t *text) piece(label string, part span) *text {
	child := t.labelled(label)
	if t.held != nil {
		child.hold(t.held[part.start:part.end])
	} else {
		child.at, child.size = io.NewSectionReader(t.at, part.start, part.end-part.start), part.end-part.start
	}
	return child
}

// contentEncoding returns what the headers of an answer say of how its body is compressed, in small letters.
func contentEncoding(headers []byte) string {
	const name = "content-encoding:"
	lower := bytes.ToLower(headers)
	at := bytes.Index(lower, []byte(name))
	if at < 0 {
		return ""
	}
	value := lower[at+len(name):]
	if end := bytes.IndexAny(value, "\x00\r\n"); end >= 0 {
		value = value[:end]
	}
	return strings.TrimSpace(string(value))
}

var errSimpleCache = errors.New("broken records at its end")

func readSimpleCache(at io.ReaderAt, size int64) (c cached, failure error) {
	var head [simpleHead]byte
	if n, _ := at.ReadAt(head[:], 0); n < len(head) {
		return c, io.ErrUnexpectedEOF
	}
	length := int64(binary.LittleEndian.Uint32(head[12:]))
	if size == simpleHead { // an index, of which the rest lies elsewhere
		return c, nil
	}
	if simpleHead+length+simpleEOF > size {
		return c, io.ErrUnexpectedEOF
	}
	key := make([]byte, min(length, 1<<20))
	_, _ = at.ReadAt(key, simpleHead)
	c.address = string(key[bytes.LastIndexByte(key, ' ')+1:])
	first := simpleHead + length
	var next [8]byte
	if _, _ = at.ReadAt(next[:], first); string(next[:]) == simpleSparse {
		c.body = span{first, size}
		return c, nil
	}
	last, flags, ok := readSimpleEnd(at, size)
	if !ok {
		return c, errSimpleCache
	}
	end := size - simpleEOF
	if flags&simpleHasSum != 0 {
		end -= 32
	}
	start := end - last
	if start == first || end < first { // of one part alone
		c.body = span{first, max(first, end)}
		return c, nil
	}
	if _, _, ok := readSimpleEnd(at, start); !ok || start-simpleEOF < first {
		return c, errSimpleCache
	}
	c.body, c.headers = span{first, start - simpleEOF}, span{start, end}
	return c, nil
}

// readSimpleEnd reads the record that ends at end: how long the part in front of it is, and its flags.
func readSimpleEnd(at io.ReaderAt, end int64) (size int64, flags uint32, ok bool) {
	var record [simpleEOF]byte
	if n, _ := at.ReadAt(record[:], end-simpleEOF); end < simpleEOF || n < len(record) || string(record[:8]) != simpleEnd {
		return 0, 0, false
	}
	return int64(binary.LittleEndian.Uint32(record[16:])), binary.LittleEndian.Uint32(record[8:]), true
}

// A file of Firefox's cache (cache2/entries) begins with the body. Behind it stand checksums, one of 256 KiB each, a header,
// the key and what is known of the answer, from version 4 on its number again; the last four bytes say where the checksums begin. (Firefox's CacheFileMetadata.h)
const (
	firefoxChunk    = 256 << 10
	firefoxHead     = 32
	firefoxVersions = 16 // more than there are
	mostFirefoxMeta = 4 << 20
)

// isChromiumBodyName reports whether a text is called as what is long is in Chromium's block-file cache: f_00001a.
func isChromiumBodyName(name string) bool {
	const length = 8
	at := len(name) - length
	return at >= 0 && name[at:at+2] == "f_" && (at == 0 || name[at-1] == '/') && isHex(name[at+2:])
}

// isFirefoxCacheName reports whether a text is called as a file of Firefox's cache is, by a SHA-1.
func isFirefoxCacheName(name string) bool {
	const length = 40
	at := len(name) - length
	return at >= 0 && (at == 0 || name[at-1] == '/') && isHex(name[at:])
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// mayBeFirefoxCache reports whether a text may be a file of Firefox's cache by its last bytes, and where its body ends then.
func mayBeFirefoxCache(tail []byte, size int64) (body int64, ok bool) {
	if len(tail) < tableFooter || tail[len(tail)-5] != 0 && binary.BigEndian.Uint32(tail[len(tail)-8:]) > firefoxVersions {
		return 0, false
	}
	body = int64(binary.BigEndian.Uint32(tail[len(tail)-4:]))
	return body, body <= size-firefoxHead && size-body <= mostFirefoxMeta
}

// readFirefoxCache reads where the parts of a text of a size lie whose body ends at body, and reports false where it is no file of Firefox's.
func readFirefoxCache(at io.ReaderAt, size, body int64) (c cached, ok bool) {
	start := body + 4 + 2*((body+firefoxChunk-1)/firefoxChunk)
	var head [firefoxHead]byte
	if n, _ := at.ReadAt(head[:], start); n < len(head) {
		return c, false
	}
	version, length := binary.BigEndian.Uint32(head[:]), int64(binary.BigEndian.Uint32(head[24:]))
	if version == 0 || version > firefoxVersions || length == 0 || start+firefoxHead+length+1 > size-4 || length > 1<<20 {
		return c, false
	}
	key := make([]byte, length+1)
	_, _ = at.ReadAt(key, start+firefoxHead)
	colon := bytes.IndexByte(key, ':') // it stands between what the entry belongs to and the address
	if colon < 0 || bytes.IndexByte(key, 0) != int(length) {
		return c, false
	}
	c.address = string(key[colon+1 : length])
	c.body, c.headers = span{0, body}, span{body, size}
	return c, true
}
