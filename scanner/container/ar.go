package container

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// ar shows the members of t, a Unix archive: a static library or a Debian package.
func (w *walker) ar(ctx context.Context, t *text) error {
	return w.archive(ctx, t, Ar, func(source *tape, names *notes) (failure, err error) {
		source.skip(8)
		var long []byte // the GNU table of long names
		for {
			h, failure := readArHeader(source)
			if failure != nil {
				return failure, nil
			}
			switch {
			case h == nil:
				return nil, nil
			case h.name == "//" && h.size <= 16<<20:
				long = make([]byte, h.size)
				if _, err := io.ReadFull(source, long); err != nil {
					return io.ErrUnexpectedEOF, nil
				}
				if err := names.add(ctx, string(long)); err != nil {
					return nil, err
				}
			default:
				h.resolve(source, long)
				if failure, err := w.member(ctx, t, source, names, h); failure != nil || err != nil {
					return failure, err
				}
			}
			source.skip(h.padding)
		}
	})
}

// A member is the header of an entry of an archive whose entries lie in order, uncompressed.
type member struct {
	name     string
	size     int64
	padding  int64 // behind the content
	modified time.Time
}

// archive shows the entries of t, which read finds, and what lies behind them.
func (w *walker) archive(ctx context.Context, t *text, format Format, read func(*tape, *notes) (failure, err error)) error {
	w.containers++
	source, names := t.tape(), w.notes(t)
	failure, err := read(source, names)
	if err = errors.Join(err, names.show(ctx), ctx.Err()); err != nil {
		return err
	}
	if failure != nil {
		if err := w.problem(t, format, failure); err != nil {
			return err
		}
		return w.rest(ctx, t, source)
	}
	source.skipZeros()
	return w.trailing(ctx, t, source)
}

// member shows the entry whose content source stands at.
func (w *walker) member(ctx context.Context, t *text, source *tape, names *notes, m *member) (failure, err error) {
	if failure := w.entry(); failure != nil {
		return failure, nil
	}
	if err := names.add(ctx, m.name); err != nil || m.size == 0 {
		return nil, err
	}
	child := t.inside(m.name).dated(m.modified)
	child.size = m.size
	content := &io.LimitedReader{R: source, N: m.size}
	if failure, err := w.content(ctx, child, content); failure != nil || err != nil {
		return failure, err
	}
	if !source.skip(content.N) {
		return io.ErrUnexpectedEOF, nil
	}
	return nil, nil
}

// readArHeader reads a member's header; nil at the end.
func readArHeader(source *tape) (*member, error) {
	header := source.peek(60)
	switch {
	case len(header) == 0, len(bytes.TrimRight(header, "\n\x00")) == 0:
		return nil, nil
	case len(header) < 60:
		return nil, io.ErrUnexpectedEOF
	case string(header[58:60]) != "`\n":
		return nil, errors.New("broken header")
	}
	size, err := strconv.ParseInt(strings.TrimRight(string(header[48:58]), " "), 10, 64)
	if err != nil || size < 0 {
		return nil, errors.New("broken header")
	}
	seconds, _ := strconv.ParseInt(strings.TrimRight(string(header[16:28]), " "), 10, 64)
	m := &member{name: strings.TrimRight(string(header[:16]), " "), size: size, padding: size & 1}
	if seconds > 0 {
		m.modified = time.Unix(seconds, 0)
	}
	source.skip(60)
	return m, nil
}

// resolve finds the name that m's own stands for: GNU's table, or BSD's name in front of the content.
func (m *member) resolve(source *tape, long []byte) {
	if n, ok := strings.CutPrefix(m.name, "#1/"); ok {
		if size, err := strconv.Atoi(n); err == nil && size > 0 && int64(size) <= m.size && size < tapeSize/2 {
			m.name = strings.TrimRight(string(source.peek(size)), "\x00")
			source.skip(int64(size))
			m.size -= int64(size)
		}
		return
	}
	if at, err := strconv.Atoi(strings.TrimPrefix(m.name, "/")); err == nil && at >= 0 && at < len(long) && m.name[0] == '/' {
		name, _, _ := bytes.Cut(long[at:], []byte("\n"))
		m.name = string(name)
	}
	m.name = strings.TrimSuffix(m.name, "/")
}
