package container

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// A collector keeps what Walk shows.
type collector struct {
	leaves   []shown
	problems []string
	bytes    int64
	limit    int // bytes kept of each leaf
}

type shown struct {
	chain    string
	text     string
	modified time.Time
}

func (c *collector) Leaf(_ context.Context, leaf Leaf) error {
	data := leaf.Bytes
	if leaf.Reader != nil {
		var err error
		if data, err = io.ReadAll(leaf.Reader); err != nil {
			return err
		}
	}
	c.bytes += int64(len(data))
	if c.limit > 0 {
		data = data[:min(len(data), c.limit)]
	}
	c.leaves = append(c.leaves, shown{strings.Join(leaf.Chain, " > "), string(data), leaf.Modified})
	return nil
}

func (c *collector) Problem(chain []string, reason string) error {
	c.problems = append(c.problems, strings.Join(chain, " > ")+": "+reason)
	return nil
}

// find returns the chain of the leaf that holds the secret.
func (c *collector) find(secret string) (chain string, ok bool) {
	for _, leaf := range c.leaves {
		if strings.Contains(leaf.text, secret) {
			return leaf.chain, true
		}
	}
	return "", false
}

func (c *collector) String() string {
	var b strings.Builder
	for _, leaf := range c.leaves {
		fmt.Fprintf(&b, "leaf %q: %d bytes\n", leaf.chain, len(leaf.text))
	}
	for _, problem := range c.problems {
		fmt.Fprintf(&b, "problem %s\n", problem)
	}
	return b.String()
}

// The ways an outer text may be given.
var ways = []struct {
	name  string
	input func(data []byte) Input
}{
	{"bytes", func(data []byte) Input { return Input{Bytes: data} }},
	{"readerat", func(data []byte) Input { return Input{Reader: bytes.NewReader(data), Size: int64(len(data))} }},
	{"stream", func(data []byte) Input { return Input{Reader: io.MultiReader(bytes.NewReader(data)), Size: -1} }},
}

func walk(t testing.TB, input Input, limits Limits) *collector {
	t.Helper()
	c := &collector{}
	if _, err := Walk(t.Context(), input, limits, c); err != nil {
		t.Fatal(err)
	}
	return c
}

const secret = "the-secret-that-must-be-found"

func readable(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "line %d of a log that says nothing much\n", i)
		if i == n/80 {
			b.WriteString(secret + "\n")
		}
	}
	return b.Bytes()
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func zipped(name string, data []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, _ := z.Create(name)
	_, _ = f.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func tarred(name string, data []byte) []byte {
	var b bytes.Buffer
	z := tar.NewWriter(&b)
	_ = z.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644})
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func TestFormats(t *testing.T) {
	text := readable(100_000)
	for _, test := range []struct {
		name, outer, chain string
		data               []byte
	}{
		{"gzip", "a.log.gz", "a.log", gzipped(text)},
		{"zip", "a.zip", "a.log", zipped("a.log", text)},
		{"tar", "a.tar", "a.log", tarred("a.log", text)},
		{"tar.gz", "a.tar.gz", "a.tar > a.log", gzipped(tarred("a.log", text))},
		{"tar, the first entry without a name", "a.tar", "a.log", append(tarred("", []byte("first"))[:1024], tarred("a.log", text)...)},
		{"gz in zip in tar", "a.tar", "logs.zip > a.gz", tarred("logs.zip", zipped("a.gz", gzipped(text)))},
	} {
		for _, way := range ways {
			t.Run(test.name+"/"+way.name, func(t *testing.T) {
				input := way.input(test.data)
				input.Name = test.outer
				found := walk(t, input, Limits{})
				if chain, ok := found.find(secret); !ok || chain != test.chain || len(found.problems) > 0 {
					t.Errorf("found %v at %q, want %q\n%s", ok, chain, test.chain, found)
				}
			})
		}
	}
}

// A faultyCollector panics on some leaves, when it has read a little of them.
type faultyCollector struct{ collector }

func (c *faultyCollector) Leaf(ctx context.Context, leaf Leaf) error {
	prefix := make([]byte, 1<<20)
	if leaf.Reader != nil {
		n, err := io.ReadFull(leaf.Reader, prefix)
		if err == nil {
			_ = prefix[n:][1] // beyond its end
		}
		leaf.Bytes, leaf.Reader = prefix[:n], nil
	}
	return c.collector.Leaf(ctx, leaf)
}

// TestAFaultCostsOneContainer has whoever is shown an entry panic half through it, while it is decoded ahead: the entries behind it
// are shown, and no later walk waits for its turn.
func TestAFaultCostsOneContainer(t *testing.T) {
	var archive bytes.Buffer
	z := tar.NewWriter(&archive)
	for _, entry := range []struct{ name, text string }{
		{"a.zip", string(zipped("in", bytes.Repeat([]byte("long "), 1<<20)))},
		{"b", secret},
	} {
		_ = z.WriteHeader(&tar.Header{Name: entry.name, Size: int64(len(entry.text)), Mode: 0o644})
		_, _ = io.WriteString(z, entry.text)
	}
	_ = z.Close()
	shared := NewShared()
	defer shared.Close()
	for range 2 * cap(shared.turns) {
		c := &faultyCollector{}
		input := Input{Reader: io.MultiReader(bytes.NewReader(archive.Bytes())), Size: -1, Shared: shared}
		if _, err := Walk(t.Context(), input, Limits{}, c); err != nil {
			t.Fatal(err)
		}
		if chain, ok := c.find(secret); !ok || chain != "b" || len(c.problems) != 1 ||
			!strings.HasPrefix(c.problems[0], "a.zip: not all of it was searched, by a fault of this program (walk_test.go:") {
			t.Fatalf("%s", c)
		}
	}
}
