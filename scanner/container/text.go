package container

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"
	"time"
)

// maxName bounds the length of a name in a chain, in bytes. The whole name is shown as a text besides.
const maxName = 1 << 10

// A text is a piece of input on its way through the walker: held in memory, readable at any offset, or a stream.
type text struct {
	chain    []string
	name     string
	depth    int // containers around it
	modified time.Time
	format   Format // where it is known from elsewhere, else None

	held   []byte      // where it is in memory
	at     io.ReaderAt // where it can be read at any offset; also set for a held one
	size   int64       // -1 where not known
	reader io.Reader   // where it can only be read in order
	stream *tape       // over reader, once looked into
	live   bool        // it comes as somebody writes it: what has come is wanted before more is waited for

	seen   *Seen // see Leaf
	origin func(from, to int64) (start, end int64, ok bool)
}

// hold makes data the text.
func (t *text) hold(data []byte) {
	if data == nil {
		data = []byte{}
	}
	t.held, t.at, t.size = data, bytes.NewReader(data), int64(len(data))
	t.reader, t.stream = nil, nil
}

// prefix returns the first n bytes at most, leaving them unread.
func (t *text) prefix(n int) []byte {
	switch {
	case t.held != nil:
		return t.held[:min(len(t.held), n)]
	case t.at != nil:
		buffer := make([]byte, min(t.size, int64(n)))
		n, _ := t.at.ReadAt(buffer, 0)
		return buffer[:n]
	default:
		return t.tape().peek(n)
	}
}

// beginning returns the first bytes, by which a format is known, leaving them unread. Of a live text no more are waited for than
// it takes to know the format, or that it is a line of a log.
func (t *text) beginning() []byte {
	if t.at != nil || !t.live {
		return t.prefix(SniffLength)
	}
	source := t.tape()
	for {
		prefix := source.front(SniffLength)
		if len(prefix) == SniffLength || source.err != nil {
			return prefix
		}
		if _, ok := Recognise(prefix, t.name); ok || bytes.HasSuffix(prefix, []byte{'\n'}) && isPlain(prefix) {
			return prefix
		}
		source.peek(len(prefix) + 1)
	}
}

// tape returns the text to be read in order: from its start where it can be read at any offset, else from where it was
// read to.
func (t *text) tape() *tape {
	if t.at != nil {
		return newTape(io.NewSectionReader(t.at, 0, t.size), t.size)
	}
	if t.stream == nil {
		t.stream = newTape(t.reader, t.size)
		t.stream.live = t.live
	}
	return t.stream
}

// inside returns a text, yet without content, that the entry of t called name holds.
func (t *text) inside(name string) *text {
	name = strings.TrimPrefix(strings.ToValidUTF8(name, "\uFFFD"), "./")
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "") + "..."
	}
	return t.labelled(name)
}

// labelled is inside for a part that is no entry.
func (t *text) labelled(label string) *text {
	chain := append(slices.Clip(t.chain), label)
	return &text{chain: chain, name: label, depth: t.depth + 1, modified: t.modified, size: -1}
}

// content returns the text that the compressed stream t holds. inner is the name the stream itself gives it, if any.
func (t *text) content(inner string, suffixes []string) *text {
	if inner == "" {
		inner = path.Base(t.name)
		for _, suffix := range suffixes {
			if trimmed, ok := cutSuffixFold(inner, suffix); ok && trimmed != "" {
				inner = trimmed
				if strings.HasPrefix(suffix, ".t") { // .tgz and its kin
					inner += ".tar"
				}
				break
			}
		}
	}
	child := t.inside(inner)
	if len(t.chain) > 0 {
		child.chain = t.chain
	}
	return child
}

func cutSuffixFold(s, suffix string) (string, bool) {
	if len(s) < len(suffix) || !strings.EqualFold(s[len(s)-len(suffix):], suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}

// firstTime is 2000, in Unix seconds. A time before that is none: archives that are made the same each time have one of 1970,
// 1980 or 1985, and there were no tokens.
const firstTime = 946_684_800

// dated gives t the time of its entry, if the entry has one.
func (t *text) dated(modified time.Time) *text {
	if modified.Unix() >= firstTime {
		t.modified = modified.UTC()
	}
	return t
}
