package container

import (
	"context"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// gzip shows the text of all the members of t (RFC 1952, section 2.2), and what follows the last.
func (w *walker) gzip(ctx context.Context, t *text) error {
	source := t.sequence()
	members := &gzipMembers{source: source}
	if err := guard(members.first); err != nil {
		if err := w.problem(t, Gzip, err); err != nil {
			return err
		}
		return w.leaf(ctx, t)
	}
	child := t.content(members.header.Name, ".gz", ".gzip", ".z")
	if !members.header.ModTime.IsZero() {
		child.modified = members.header.ModTime
	}
	output := w.decode(ctx, members)
	child.reader = output
	if err := w.text(ctx, child); err != nil {
		return err
	}
	if err := output.failure(); err != nil {
		return w.problem(t, Gzip, err)
	}
	if !members.trailing {
		return nil
	}
	rest := t.inside("(trailing data)")
	rest.depth, rest.reader = t.depth, source
	return w.text(ctx, rest)
}

// content returns the text that the compressed stream t holds. inner is the name the stream itself gives it, if any.
func (t *text) content(inner string, suffixes ...string) *text {
	if inner == "" {
		inner = path.Base(t.name)
		for _, suffix := range suffixes {
			if trimmed := strings.TrimSuffix(inner, suffix); trimmed != "" {
				inner = trimmed
			}
		}
	}
	child := t.inside(inner)
	if len(t.chain) > 0 {
		child.chain = t.chain
	}
	return child
}

// gzipMembers reads the members of a gzip file as one text.
type gzipMembers struct {
	source interface {
		io.Reader
		io.ByteReader
		Peek(n int) ([]byte, error)
	}
	reader   *gzip.Reader
	header   gzip.Header // of the first member
	trailing bool        // source stands at something that is no member
}

func (g *gzipMembers) first() (err error) {
	if g.reader, err = gzip.NewReader(g.source); err != nil {
		return err
	}
	g.reader.Multistream(false)
	g.header = g.reader.Header
	return nil
}

// Read implements io.Reader.
func (g *gzipMembers) Read(p []byte) (int, error) {
	for {
		n, err := g.reader.Read(p)
		if err != io.EOF {
			return n, err
		}
		if n > 0 {
			return n, nil
		}
		next, _ := g.source.Peek(3)
		if len(next) == 0 {
			return 0, io.EOF
		}
		if format, ok := Recognise(append(next[:len(next):len(next)], 0), ""); !ok || format != Gzip {
			g.trailing = true
			return 0, io.EOF
		}
		if err := g.reader.Reset(g.source); err != nil {
			return 0, err
		}
		g.reader.Multistream(false)
	}
}
