package pack

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1" //nolint:gosec // git's
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A built pack is put together by a test, entry by entry.
type built struct {
	t       testing.TB
	bytes   []byte
	offsets map[history.Name]int64
	objects map[history.Name]Object
}

func newBuilt(t testing.TB) *built {
	return &built{t: t, bytes: make([]byte, packHeader), offsets: map[history.Name]int64{}, objects: map[history.Name]Object{}}
}

// deflaters are kept: to make one takes longer than to write a small object, and so does to reset one of another level,
// which clears its tables. No sync.Pool: with the race detector that drops a quarter of what it is given.
var deflaters = make(chan *zlib.Writer, 4)

func compressed(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := deflater()
	defer func() {
		select {
		case deflaters <- w:
		default:
		}
	}()
	w.Reset(&b)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func deflater() *zlib.Writer {
	select {
	case w := <-deflaters:
		return w
	default:
		w, _ := zlib.NewWriterLevel(io.Discard, zlib.BestSpeed) // there is such a level
		return w
	}
}

// entry appends an entry: its header, with what stands between header and stream, and the stream.
func (b *built) entry(kind uint8, size int, between, content []byte) int64 {
	offset := int64(len(b.bytes))
	first, rest := byte(size&15)|kind<<4, size>>4
	for rest > 0 {
		b.bytes = append(b.bytes, first|0x80)
		first, rest = byte(rest&0x7f), rest>>7
	}
	b.bytes = append(b.bytes, first)
	b.bytes = append(b.bytes, between...)
	b.bytes = append(b.bytes, compressed(b.t, content)...)
	return offset
}

func (b *built) whole(t Type, content []byte) history.Name {
	if name := nameOf(t, content, 20); b.objects[name].Name == name {
		return name
	}
	return b.add(t, content, b.entry(uint8(t), len(content), nil, content))
}

func (b *built) add(t Type, content []byte, offset int64) history.Name {
	name := nameOf(t, content, 20)
	if _, again := b.objects[name]; !again {
		b.offsets[name] = offset
		b.objects[name] = Object{Name: name, Type: t, Size: int64(len(content)), Bytes: content}
	}
	return name
}

// delta appends the target as a delta of an object that is in the pack, by offset or by name.
func (b *built) delta(base history.Name, target, delta []byte, byName bool) history.Name {
	if name := nameOf(b.objects[base].Type, target, 20); b.objects[name].Name == name {
		return name
	}
	var offset int64
	if byName {
		offset = b.entry(referenceDelta, len(delta), base.Bytes(), delta)
	} else {
		distance := int64(len(b.bytes)) - b.offsets[base]
		encoded := []byte{byte(distance & 0x7f)}
		for distance >>= 7; distance > 0; distance >>= 7 {
			distance--
			encoded = append([]byte{byte(distance&0x7f) | 0x80}, encoded...)
		}
		offset = b.entry(offsetDelta, len(delta), encoded, delta)
	}
	return b.add(b.objects[base].Type, target, offset)
}

// write writes the pack, and an index of a version: 1, 2, 3 for 2 with every offset as a large one, or 0 for none.
func (b *built) write(dir string, version int) string {
	b.t.Helper()
	content := bytes.Clone(b.bytes)
	copy(content, "PACK\x00\x00\x00\x02")
	binary.BigEndian.PutUint32(content[8:], uint32(len(b.offsets)))
	sum := sha1.Sum(content) //nolint:gosec // git's
	content = append(content, sum[:]...)
	if err := os.MkdirAll(filepath.Join(dir, "pack"), 0o755); err != nil {
		b.t.Fatal(err)
	}
	path := filepath.Join(dir, "pack", fmt.Sprintf("pack-%x", sum))
	if err := os.WriteFile(path+".pack", content, 0o644); err != nil {
		b.t.Fatal(err)
	}
	if version > 0 {
		if err := os.WriteFile(path+".idx", b.idx(version, sum[:]), 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
	return path + ".pack"
}

func (b *built) idx(version int, sum []byte) []byte {
	var names []history.Name
	for name := range b.offsets {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b history.Name) int { return bytes.Compare(a.Bytes(), b.Bytes()) })
	var x []byte
	if version > 1 {
		x = append(x, "\xfftOc\x00\x00\x00\x02"...)
	}
	for first := range 256 {
		count := 0
		for _, name := range names {
			if int(name.Bytes()[0]) <= first {
				count++
			}
		}
		x = binary.BigEndian.AppendUint32(x, uint32(count))
	}
	if version == 1 {
		for _, name := range names {
			x = binary.BigEndian.AppendUint32(x, uint32(b.offsets[name]))
			x = append(x, name.Bytes()...)
		}
		return sealed(append(x, sum...))
	}
	for _, name := range names {
		x = append(x, name.Bytes()...)
	}
	x = append(x, make([]byte, 4*len(names))...)
	for i, name := range names {
		if version == 3 {
			x = binary.BigEndian.AppendUint32(x, 1<<31|uint32(i))
		} else {
			x = binary.BigEndian.AppendUint32(x, uint32(b.offsets[name]))
		}
	}
	if version == 3 {
		for _, name := range names {
			x = binary.BigEndian.AppendUint64(x, uint64(b.offsets[name]))
		}
	}
	return sealed(append(x, sum...))
}

// sealed appends the checksum of an index.
func sealed(x []byte) []byte {
	sum := sha1.Sum(x) //nolint:gosec // git's
	return append(x, sum[:]...)
}

// edited returns a text made of another one by a random delta, and that delta.
func edited(random *rand.Rand, base []byte) (target, delta []byte) {
	for n := 1 + random.IntN(6); n > 0; n-- {
		if len(base) > 0 && random.IntN(3) > 0 {
			offset := random.IntN(len(base))
			size := 1 + random.IntN(min(len(base)-offset, 1<<16))
			target = append(target, base[offset:offset+size]...)
			delta = append(delta, copying(offset, size)...)
			continue
		}
		insert := text(random, 1+random.IntN(100))
		target = append(target, insert...)
		delta = append(append(delta, byte(len(insert))), insert...)
	}
	head := binary.AppendUvarint(nil, uint64(len(base)))
	return target, append(binary.AppendUvarint(head, uint64(len(target))), delta...)
}

func copying(offset, size int) []byte {
	op, rest := byte(0x80), []byte{}
	for i := range 4 {
		if c := byte(offset >> (8 * i)); c != 0 {
			op |= 1 << i
			rest = append(rest, c)
		}
	}
	for i := range 3 {
		if c := byte(size >> (8 * i)); c != 0 && size != 0x10000 {
			op |= 0x10 << i
			rest = append(rest, c)
		}
	}
	return append([]byte{op}, rest...)
}

// text returns random text in which the parts of needles are frequent, and whole ones are not.
func text(random *rand.Rand, size int) []byte {
	parts := []string{"e", "y", "J", "ey", "yJ", "x", ". ", "lorem ipsum ", "\n"}
	var out []byte
	for len(out) < size {
		part := parts[random.IntN(len(parts))]
		if bytes.HasSuffix(append(out[max(0, len(out)-2):len(out):len(out)], part...), []byte("eyJ")) && random.IntN(4) > 0 {
			continue
		}
		out = append(out, part...)
	}
	return out[:size]
}
