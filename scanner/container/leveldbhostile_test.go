package container

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// tableWith returns a table of one block, in the form it is stored in, and an index in the form of its entries.
func tableWith(block []byte, compression byte, index []byte) []byte {
	var table []byte
	add := func(block []byte, compression byte) []byte {
		handle := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(table))), uint64(len(block)))
		table = append(append(table, block...), compression)
		table = binary.LittleEndian.AppendUint32(table, maskedSum(block, []byte{compression}))
		return handle
	}
	handle := add(block, compression)
	if index == nil {
		index = tableBlock([]levelDBEntry{{"k", string(handle)}})
	}
	footer := make([]byte, tableFooter)
	copy(footer, append(add(tableBlock(nil), blockRaw), add(index, blockRaw)...))
	copy(footer[tableFooter-8:], tableMagic)
	return append(table, footer...)
}

// TestLevelDBKeysThatGrow has entries of five bytes, each of which has the long key of the one before.
func TestLevelDBKeysThatGrow(t *testing.T) {
	const key, entries = 100_000, 10_000
	block := binary.AppendUvarint([]byte{0}, key)
	block = append(append(append(block, 1), strings.Repeat("k", key)...), 'v')
	for range entries {
		block = append(binary.AppendUvarint(block, key), 0, 1, 'v')
	}
	block = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(block, 0), 1)
	c := &counter{}
	if _, err := Walk(t.Context(), Input{Bytes: tableWith(block, blockRaw, nil)}, tight, c); err != nil {
		t.Fatal(err)
	}
	if c.bytes > 2*tight.FreeExpansion || len(c.problems) != 1 || !strings.Contains(c.problems[0], "unpacking stopped") {
		t.Errorf("%d bytes shown, problems %q", c.bytes, c.problems)
	}
}

// TestLevelDBLongBlock has more in a block than is shown at once.
func TestLevelDBLongBlock(t *testing.T) {
	var entries []levelDBEntry
	for i := range 50 {
		entries = append(entries, levelDBEntry{fmt.Sprintf("%08d", i), strings.Repeat("-", 50_000) + fmt.Sprintf("%s-%d.", secret, i)})
	}
	found := walk(t, Input{Bytes: levelDBTableOf(t, blockSnappy, entries)}, Limits{})
	for i := range entries {
		if sum := strings.Count(found.String(), fmt.Sprintf("%s-%d.", secret, i)); sum > 1 {
			t.Errorf("%d. told %d times", i, sum)
		}
	}
	if chain, _ := found.find(secret + "-0."); chain != "block 1" {
		t.Errorf("the first is in %q", chain)
	}
	if chain, _ := found.find(secret + "-49."); chain != "block 1, from entry 43" {
		t.Errorf("the last is in %q", chain)
	}
}

// TestLevelDBBlockAgain has an index that names over and over a block that can't be read.
func TestLevelDBBlockAgain(t *testing.T) {
	const size = 1 << 20
	var index []levelDBEntry
	handle := string(binary.AppendUvarint([]byte{0}, size))
	for range 20_000 {
		index = append(index, levelDBEntry{"k", handle})
	}
	for _, compression := range []byte{blockSnappy, blockZstd, 7} {
		// what is no block of Snappy is known at its end alone
		block := append(append(binary.AppendUvarint(nil, size/2), bytes.Repeat([]byte{0, 'a'}, size/2-2)...), 0)
		c := &counter{}
		limits := tight
		limits.MaxEntries = 1 << 20
		if _, err := Walk(t.Context(), Input{Bytes: tableWith(block[:size], compression, tableBlock(index))}, limits, c); err != nil {
			t.Fatal(err)
		}
		if len(c.problems) != 1 || !strings.Contains(c.problems[0], "unpacking stopped") {
			t.Errorf("compression %d: problems %q", compression, c.problems)
		}
	}
}

// TestLevelDBIndexOfTooMany lists more blocks than there is room for.
func TestLevelDBIndexOfTooMany(t *testing.T) {
	var index []levelDBEntry
	for range 1000 {
		index = append(index, levelDBEntry{"k", "\x00\x10"})
	}
	data := tableWith(make([]byte, 16), blockRaw, tableBlock(index))
	w := &walker{limits: DefaultLimits(), budget: &budget{limits: DefaultLimits()}}
	table := &levelDBTable{walker: w, partReader: newPartReader(w, &text{}, nil)}
	table.of.hold(data)
	if most := int64(len(data) / 9); table.mostBlocks() != most {
		t.Fatalf("%d blocks at most, want %d", table.mostBlocks(), most)
	}
	if blocks, ok := table.index(); ok {
		t.Errorf("%d blocks in a table of %d bytes", len(blocks), len(data))
	}
}

// TestLevelDBManyContainers has values that are containers, each of which is an entry.
func TestLevelDBManyContainers(t *testing.T) {
	var entries []levelDBEntry
	for range 2000 {
		entries = append(entries, levelDBEntry{"k", string(gzipped([]byte("text")))})
	}
	c := &counter{}
	if _, err := Walk(t.Context(), Input{Bytes: tableWith(tableBlock(entries), blockRaw, nil)}, tight, c); err != nil {
		t.Fatal(err)
	}
	if len(c.problems) != 1 || !strings.Contains(c.problems[0], "unpacking stopped after 1000 entries") {
		t.Errorf("%d leaves, problems %q", c.leaves, c.problems)
	}
}

// TestZstdBlockWithoutSize unpacks frames that do not say how long their texts are, and charges what they come to.
func TestZstdBlockWithoutSize(t *testing.T) {
	frame := func(text []byte) []byte {
		var b bytes.Buffer
		z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		for half := range 2 { // of one write alone the size is known
			_, _ = z.Write(text[half*len(text)/2 : (half+1)*len(text)/2])
			_ = z.Flush()
		}
		_ = z.Close()
		return b.Bytes()
	}
	short := tableBlock([]levelDBEntry{{"k.......", secret}})
	long := tableBlock([]levelDBEntry{{"k.......", string(noise(3<<20)) + secret}})
	for _, test := range []struct {
		name    string
		block   []byte
		charged int64
	}{{"short", short, 1 << 10}, {"long", long, 16 << 20}} {
		w := &walker{limits: DefaultLimits(), budget: &budget{limits: DefaultLimits()}, shared: NewShared()}
		text, release, err := w.unzstd(frame(test.block))
		if err != nil || !bytes.Equal(text, test.block) {
			t.Fatalf("%s: %d bytes, not %d: %v", test.name, len(text), len(test.block), err)
		}
		release()
		if spent := w.budget.spent.Load(); spent < int64(len(test.block)) || spent > test.charged {
			t.Errorf("%s: %d bytes charged for %d", test.name, spent, len(test.block))
		}
		w.shared.Close()
	}
	w := &walker{limits: tight, budget: &budget{limits: tight}, shared: NewShared()}
	defer w.shared.Close()
	if _, _, err := w.unzstd(zeros(t, 8<<20)); err == nil {
		t.Error("more than the limit of memory is unpacked")
	}
}

// TestLevelDBLogOfPieces has nothing but first pieces of records.
func TestLevelDBLogOfPieces(t *testing.T) {
	piece := func(kind byte, data string) (b []byte) {
		b = binary.LittleEndian.AppendUint32(nil, maskedSum([]byte{kind}, []byte(data)))
		return append(append(binary.LittleEndian.AppendUint16(b, uint16(len(data))), kind), data...)
	}
	log := bytes.Repeat(piece(logFull, "a"), logBlock/8)
	log = append(log, bytes.Repeat(piece(logFirst, "a"), 4*logBlock/8)...)
	log = append(log, piece(logFirst, secret)...)
	for _, way := range ways {
		found := walk(t, way.input(log), Limits{})
		if _, ok := found.find(secret); !ok || len(found.leaves) > 20 || len(found.problems) != 1 {
			t.Errorf("%s: %d texts, problems %q", way.name, len(found.leaves), found.problems)
		}
	}
}

// TestPartsClaim has the memory that a part is read into counted with what others take.
func TestPartsClaim(t *testing.T) {
	w := &walker{limits: DefaultLimits(), budget: &budget{limits: DefaultLimits()}, shared: NewShared()}
	defer w.shared.Close()
	const size = largeWindow
	zeros := bytes.NewReader(make([]byte, size))
	parts := newPartReader(w, &text{at: zeros, size: size}, zeros)
	if _, err := parts.part(span{0, size}); err != nil {
		t.Fatal(err)
	}
	if w.claimed != 2*size {
		t.Errorf("%d bytes claimed, want %d", w.claimed, 2*size)
	}
	parts.claim.release()
}
