package container

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/pierrec/lz4/v4"
)

// A journalBuilder makes a journal of data objects.
type journalBuilder struct {
	compact bool
	objects []byte
	last    int // where the last object begins
}

const journalTestHead = 272

func (b *journalBuilder) add(kind, flags byte, payload []byte) {
	front := journalObject
	if kind == journalObjectData {
		front = journalData
		if b.compact {
			front = journalDataTight
		}
	}
	object := make([]byte, front, front+len(payload)+8)
	object[0], object[1] = kind, flags
	binary.LittleEndian.PutUint64(object[8:], uint64(front+len(payload)))
	object = append(object, payload...)
	b.last = journalTestHead + len(b.objects)
	b.objects = append(b.objects, object...)
	b.objects = append(b.objects, make([]byte, -len(object)&7)...)
}

// bytes returns the journal, with room behind it.
func (b *journalBuilder) bytes() []byte {
	head := make([]byte, journalTestHead)
	copy(head, journalMagic)
	if b.compact {
		head[12] |= journalIsCompact
	}
	binary.LittleEndian.PutUint64(head[88:], journalTestHead)
	binary.LittleEndian.PutUint64(head[136:], uint64(b.last))
	return append(append(head, b.objects...), make([]byte, 4096)...)
}

func lz4Block(t testing.TB, text []byte) []byte {
	t.Helper()
	block := make([]byte, lz4.CompressBlockBound(len(text)))
	n, err := lz4.CompressBlock(text, block, nil)
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
	return block[:n]
}

// journalOf returns a journal with the secret in four fields, one of them not compressed.
func journalOf(t testing.TB, compact bool) []byte {
	t.Helper()
	field := func(i int) []byte { return fmt.Appendf(nil, "MESSAGE=%s %s-%d", readable(2000)[:1500], secret, i) }
	b := &journalBuilder{compact: compact}
	b.add(journalObjectData, 0, []byte("PRIORITY=6"))
	b.add(5, 0, make([]byte, 333))
	b.add(journalObjectData, 0, fmt.Appendf(nil, "MESSAGE=plain %s-0", secret))
	b.add(journalObjectData, journalXZ, xzOf(t, field(1)))
	b.add(3, 0, make([]byte, 64))
	b.add(journalObjectData, journalLZ4, append(binary.LittleEndian.AppendUint64(nil, uint64(len(field(2)))), lz4Block(t, field(2))...))
	b.add(journalObjectData, journalZstd, zstdOf(t, field(3)))
	b.add(6, 0, make([]byte, 24))
	return b.bytes()
}

// told returns how often the numbered secret is in what was shown.
func (c *collector) told(i int) (sum int) {
	for _, leaf := range c.leaves {
		sum += strings.Count(leaf.text, fmt.Sprintf("%s-%d", secret, i))
	}
	return sum
}

func TestJournal(t *testing.T) {
	for _, compact := range []bool{false, true} {
		data := journalOf(t, compact)
		for _, way := range ways {
			t.Run(fmt.Sprint(compact, way.name), func(t *testing.T) {
				found := walk(t, way.input(data), Limits{})
				for i := range 4 {
					if sum := found.told(i); sum != 1 {
						t.Errorf("%d. told %d times\n%s", i, sum, found)
					}
				}
				at := fmt.Sprintf("object at %d", bytes.Index(data, []byte(xzMagic))-journalData)
				if compact {
					at = fmt.Sprintf("object at %d", bytes.Index(data, []byte(xzMagic))-journalDataTight)
				}
				if chain, _ := found.find(secret + "-1"); chain != at {
					t.Errorf("in %q, want %q", chain, at)
				}
				whole := found.leaves[len(found.leaves)-1]
				if place := bytes.Index(data, []byte(secret+"-0")); whole.chain != "" || strings.Index(whole.text, secret+"-0") != place || len(whole.text) != len(data) {
					t.Errorf("what is not compressed is not at its place: %s", found)
				}
				if len(found.problems) > 0 {
					t.Errorf("problems: %q", found.problems)
				}
			})
		}
	}
}

func TestDamagedJournal(t *testing.T) {
	whole := journalOf(t, false)
	xz, zst := bytes.Index(whole, []byte(xzMagic)), bytes.Index(whole, []byte("\x28\xb5\x2f\xfd"))
	for _, test := range []struct {
		name    string
		harm    func(data []byte) []byte
		found   string
		problem string
	}{
		{"a payload", func(data []byte) []byte { data[xz+30] ^= 0xff; return data }, "023", "1 data object is not unpacked"},
		{"an object's length", func(data []byte) []byte { data[xz-journalData+8] ^= 0x08; return data }, "023", "1 place with broken objects"},
		{"an object's head", func(data []byte) []byte { data[xz-journalData] = 99; return data }, "023", "1 place with broken objects"},
		{"cut", func(data []byte) []byte { return data[:zst+20] }, "012", "1 place with broken objects"},
		{"the header", func(data []byte) []byte { data[88] = 1; return data }, "0", "broken header"},
		{"all but the header", func(data []byte) []byte { return data[:100] }, "", "cut short"},
		{"no last object", func(data []byte) []byte { clear(data[136:144]); return data }, "0123", ""},
	} {
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				found := walk(t, way.input(test.harm(bytes.Clone(whole))), Limits{})
				for i := range 4 {
					want := strings.Contains(test.found, fmt.Sprint(i))
					if sum := found.told(i); sum > 1 || (sum == 1) != want {
						t.Errorf("%d. told %d times, wanted: %v", i, sum, want)
					}
				}
				told := strings.Join(found.problems, "\n")
				if !strings.Contains(told, test.problem) || (test.problem == "") != (told == "") {
					t.Errorf("problems %q, want %q", found.problems, test.problem)
				}
			})
		}
	}
}

// TestJournalBomb has payloads that claim to be large, or are.
func TestJournalBomb(t *testing.T) {
	b := &journalBuilder{}
	b.add(journalObjectData, journalLZ4, append(binary.LittleEndian.AppendUint64(nil, 1<<40), "short"...))
	b.add(journalObjectData, journalZstd, []byte("\x28\xb5\x2f\xfd\xe0\x00\x00\x00\x00\x08\x00\x00\x00\x23\x03\x00x"))
	zst, xz := zeros(t, 3<<20), xzOf(t, make([]byte, 2<<20))
	for range 40 {
		b.add(journalObjectData, journalZstd, zst)
		b.add(journalObjectData, journalXZ, xz)
	}
	c := &counter{}
	if _, err := Walk(t.Context(), Input{Bytes: b.bytes()}, tight, c); err != nil {
		t.Fatal(err)
	}
	if c.bytes > 32<<20 || len(c.problems) != 2 {
		t.Errorf("%d bytes shown, problems %q", c.bytes, c.problems)
	}
}

func mozLZ4Of(t testing.TB, text []byte) []byte {
	t.Helper()
	return append(binary.LittleEndian.AppendUint32([]byte(mozLZ4), uint32(len(text))), lz4Block(t, text)...)
}

func TestMozLZ4(t *testing.T) {
	text := append(bytes.Repeat([]byte("a"), 300_000), readable(500_000)...)
	text = append(text, []byte(secret+"-9")...)
	whole := mozLZ4Of(t, text)
	for _, test := range []struct {
		name, chain string
		data        []byte
		found       int
		problems    int
	}{
		{"sessionstore.jsonlz4", "sessionstore.json", whole, 1, 0},
		{"recovery.baklz4", "recovery.bak", whole, 1, 0},
		{"search.json.mozlz4", "search.json", whole, 1, 0},
		{"trailing", "trailing", append(bytes.Clone(whole), "more"...), 1, 0},
		{"cut", "cut", whole[:len(whole)-10], 0, 1},
		{"only a header", "", whole[:10], 0, 1},
	} {
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				input := way.input(test.data)
				input.Name = "profile/" + test.name
				found := walk(t, input, Limits{})
				if sum := found.told(9); sum != test.found || len(found.problems) != test.problems {
					t.Errorf("told %d times, want %d\n%s", sum, test.found, found)
				}
				if chain, ok := found.find(secret); chain != test.chain || ok != (test.chain != "") {
					t.Errorf("in %q, want %q", chain, test.chain)
				}
				if test.found == 1 && found.leaves[0].text != string(text) {
					t.Error("the text is not what was compressed")
				}
			})
		}
	}
}

// FuzzLZ4Block holds what is decoded in parts against what the library decodes at once.
func FuzzLZ4Block(f *testing.F) {
	for _, text := range []string{strings.Repeat(secret, 10), string(readable(300_000)), strings.Repeat("a", 200_000)} {
		f.Add(lz4Block(f, []byte(text)), uint32(len(text)))
	}
	f.Fuzz(func(t *testing.T, block []byte, size uint32) {
		if size > 1<<20 {
			return
		}
		want := make([]byte, size)
		n, err := lz4.UncompressBlock(block, want)
		if err != nil || n != int(size) {
			n = 0
		}
		reader := &lz4BlockReader{source: newTape(bytes.NewReader(block), -1), left: int64(size)}
		var got bytes.Buffer
		_, failure := got.ReadFrom(reader)
		if got.Len() > int(size) || n > 0 && !bytes.Equal(got.Bytes(), want) {
			t.Fatalf("%v: %d bytes, not the %d of the library", failure, got.Len(), n)
		}
	})
}

// readCounter counts what is asked for.
type readCounter struct {
	*bytes.Reader
	asked int64
}

func (r *readCounter) ReadAt(p []byte, offset int64) (int, error) {
	r.asked += int64(len(p))
	return r.Reader.ReadAt(p, offset)
}

// TestRubbishInAJournal has what may be objects everywhere, each as long that the next would be far away.
func TestRubbishInAJournal(t *testing.T) {
	b := &journalBuilder{objects: bytes.Repeat([]byte{0xff}, 8)}
	for i := range 1 << 20 {
		b.objects = append(b.objects, 3, 0, 0, 0, 0, 0, 0, 0)
		b.objects = binary.LittleEndian.AppendUint64(b.objects, uint64(4<<20+i%2<<21+3))
	}
	b.last = len(b.objects)
	data := b.bytes()
	source := &readCounter{Reader: bytes.NewReader(data)}
	c := &counter{}
	if _, err := Walk(t.Context(), Input{Reader: source, Size: int64(len(data))}, Limits{}, c); err != nil {
		t.Fatal(err)
	}
	if source.asked > 4*int64(len(data)) || c.bytes != int64(len(data)) {
		t.Errorf("%d bytes read, %d shown of %d", source.asked, c.bytes, len(data))
	}
	if told := strings.Join(c.problems, "\n"); !strings.Contains(told, errTries.Error()) {
		t.Errorf("problems %q", told)
	}
}
