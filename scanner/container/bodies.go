package container

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Messages of HTTP/1.1 (RFC 9112) in what went over a connection: a body is as it was sent, compressed mostly.

const mostFields = 64 << 10 // bytes of a message's fields

// bodies shows the bodies of messages in t, which is held, that are compressed or come in chunks: others are seen where they are.
func (w *walker) bodies(ctx context.Context, t *text) error {
	data := t.held
	for at := 0; at < len(data); {
		i := bytes.Index(data[at:], []byte("\r\n\r\n"))
		if i < 0 {
			return nil
		}
		body := at + i + 4
		fields := data[max(at, body-mostFields):body]
		if i := bytes.LastIndex(fields, []byte("HTTP/1.")); i >= 0 {
			fields = bytes.ToLower(fields[i:])
		} else {
			at = body
			continue
		}
		content, chunks, size := bodyOf(fields, data[body:])
		if content != nil {
			child := t.labelled(fmt.Sprintf("body at %d", body))
			if chunks != nil { // as it is: what goes over no two of them is seen where it is
				child.seen, child.origin = t.seen, originIn(chunks, int64(body))
			} else if contentEncoding(fields) == "br" {
				child.format = Brotli
			}
			child.hold(content)
			if err := w.body(ctx, child); err != nil {
				return err
			}
		}
		at = body + size
	}
	return nil
}

func (w *walker) body(ctx context.Context, body *text) error {
	if failure := w.entry(); failure != nil {
		return w.problem(body, Pcap, failure)
	}
	if !w.budget.spend(len(body.held)) {
		return w.problem(body, Pcap, errExpansion)
	}
	return w.text(ctx, body)
}

// bodyOf returns the body that rest begins with, as the fields in front of it say, in small letters, and how many bytes it takes. It is nil
// where there is nothing to undo. Of one that is not compressed it returns where its chunks were.
func bodyOf(fields, rest []byte) (content []byte, chunks []chunk, size int) {
	coding := contentEncoding(fields)
	packed := coding != "" && coding != "identity"
	if strings.Contains(fieldOf(fields, "transfer-encoding"), "chunked") {
		content, chunks, size = unchunked(rest)
		switch {
		case packed:
			chunks = nil
		case len(chunks) < 2:
			content, chunks = nil, nil
		}
		return content, chunks, size
	}
	length, err := strconv.ParseUint(fieldOf(fields, "content-length"), 10, 63)
	switch {
	case err == nil:
		size = int(min(length, uint64(len(rest))))
	case packed:
		size = len(rest)
	}
	if !packed || size == 0 {
		return nil, nil, size
	}
	return rest[:size], nil, size
}

// A chunk is a part of a body: where it stands in that, and where in the message.
type chunk struct{ start, at int }

// originIn returns from where in a text, in which the message's body begins at an offset, what stands between two offsets of the body comes, if
// that is one chunk.
func originIn(chunks []chunk, body int64) func(from, to int64) (start, end int64, ok bool) {
	return func(from, to int64) (start, end int64, ok bool) {
		i, found := slices.BinarySearchFunc(chunks, int(from), func(c chunk, at int) int { return c.start - at })
		if !found {
			i--
		}
		if i < 0 || i+1 < len(chunks) && int64(chunks[i+1].start) < to {
			return 0, 0, false
		}
		shift := body + int64(chunks[i].at-chunks[i].start)
		return from + shift, to + shift, true
	}
}

// fieldOf returns the value of a field.
func fieldOf(fields []byte, name string) string {
	_, value, ok := bytes.Cut(fields, []byte("\n"+name+":"))
	if !ok {
		return ""
	}
	value, _, _ = bytes.Cut(value, []byte("\n"))
	return strings.TrimSpace(string(value))
}

// unchunked returns what stands in chunks (RFC 9112, section 7.1), where these are, and how many bytes all of them take.
func unchunked(data []byte) (content []byte, chunks []chunk, size int) {
	for at := 0; at < len(data); {
		end := bytes.IndexByte(data[at:min(len(data), at+1<<10)], '\n')
		if end < 0 {
			return content, chunks, at
		}
		digits, _, _ := bytes.Cut(data[at:at+end], []byte(";"))
		length, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 31)
		if err != nil {
			return content, chunks, at
		}
		at += end + 1
		if length == 0 {
			return content, chunks, at
		}
		next := min(len(data), at+int(length))
		chunks = append(chunks, chunk{len(content), at})
		content = append(content, data[at:next]...)
		at = min(len(data), next+2)
	}
	return content, chunks, len(data)
}
