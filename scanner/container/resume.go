package container

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// maxResumed bounds how often one walk goes on behind what is no stream between two of them.
const maxResumed = 100

// proofOfStream is how many bytes of a stream codec.begins takes, as codec.magic does.
const proofOfStream = 10

var errResumed = errors.New("the streams behind are not unpacked")

// A startedStream knows where in its source the stream begins that it has read last, of several.
type startedStream interface{ started() int64 }

// resume tells that a stream of t is broken, shows its bytes as they are, and goes on with the next one: a log that a crash
// has cut short may have been written on.
func (w *walker) resume(ctx context.Context, t *text, format Format, source *tape, c codec, reader io.Reader, failure error) error {
	if err := w.problem(t, format, failure); err != nil {
		return err
	}
	from := source.offset()
	if s, ok := reader.(startedStream); ok { // what it took for its own may have been the next one's
		from = s.started() + 1
	}
	source.rewind(0)
	rest := t.labelled("(unread data)")
	if source.offset() == 0 {
		rest.chain = t.chain
	}
	return w.further(ctx, t, format, source, c, rest, max(1, from))
}

// further shows, as part of t, what source has left of it up to where a further stream begins, at from or behind it, and goes on
// with that.
func (w *walker) further(ctx context.Context, t *text, format Format, source *tape, c codec, part *text, from int64) error {
	part.reader, part.stream = &untilNext{source: source, codec: c, from: from}, nil
	if err := w.leaf(ctx, part); err != nil {
		return err
	}
	if len(source.peek(1)) == 0 {
		return nil
	}
	if w.resumed++; w.resumed > maxResumed {
		if err := w.problem(t, format, fmt.Errorf("broken off more than %d times: %w", maxResumed, errResumed)); err != nil {
			return err
		}
		return w.rest(ctx, t, source)
	}
	next := t.behind()
	next.depth, next.live = t.depth, t.live
	next.reader, next.stream = source, source
	return w.text(ctx, next)
}

// behind is labelled for what is behind a stream. Of several, one behind the other, that is said once.
func (t *text) behind() *text {
	rest := t.labelled(trailingLabel)
	if last := len(t.chain) - 1; last >= 0 && t.chain[last] == trailingLabel {
		rest.chain = t.chain
	}
	return rest
}

// An untilNext reads up to the next stream that begins at from or behind it.
type untilNext struct {
	source *tape
	codec  codec
	from   int64
}

// Read implements io.Reader.
func (u *untilNext) Read(p []byte) (int, error) {
	u.source.peek(proofOfStream + 1)
	next := u.source.buffer[u.source.start:u.source.end]
	if len(next) == 0 {
		return 0, u.source.err
	}
	n := len(next)
	if u.source.err == nil {
		n -= proofOfStream // a stream may begin there, of which more is to come
	}
	for i := max(0, int(min(int64(n), u.from-u.source.offset()))); i < n; i++ {
		found := bytes.Index(next[i:], []byte(u.codec.magic))
		if found < 0 || i+found >= n {
			break
		}
		if i += found; u.codec.begins == nil || u.codec.begins(next[i:]) {
			n = i
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	n = copy(p, next[:n])
	u.source.skip(int64(n))
	return n, nil
}
