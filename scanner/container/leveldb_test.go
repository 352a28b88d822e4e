package container

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/snappy"
)

// A levelDBEntry is what a test has in a table or log.
type levelDBEntry struct{ key, value string }

func maskedSum(parts ...[]byte) uint32 {
	crc := crc32.Checksum(slices.Concat(parts...), crc32.MakeTable(crc32.Castagnoli))
	return (crc>>15 | crc<<17) + 0xa282ead8
}

// tableBlock returns a block without its trailer. Keys share what they have in common with the one before, but each fourth.
func tableBlock(entries []levelDBEntry) []byte {
	var block []byte
	var restarts []uint32
	last := ""
	for i, entry := range entries {
		shared := 0
		if i%4 == 0 {
			restarts = append(restarts, uint32(len(block)))
		} else {
			for shared < min(len(last), len(entry.key)) && last[shared] == entry.key[shared] {
				shared++
			}
		}
		for _, length := range []int{shared, len(entry.key) - shared, len(entry.value)} {
			block = binary.AppendUvarint(block, uint64(length))
		}
		block = append(append(block, entry.key[shared:]...), entry.value...)
		last = entry.key
	}
	for _, restart := range restarts {
		block = binary.LittleEndian.AppendUint32(block, restart)
	}
	return binary.LittleEndian.AppendUint32(block, uint32(len(restarts)))
}

// levelDBTableOf returns a table with the entries of each of several blocks.
func levelDBTableOf(t testing.TB, compression byte, blocks ...[]levelDBEntry) []byte {
	t.Helper()
	var table []byte
	add := func(entries []levelDBEntry, compression byte) string {
		block := tableBlock(entries)
		switch compression {
		case blockSnappy:
			block = snappy.Encode(nil, block)
		case blockZstd:
			block = zstdOf(t, block)
		}
		handle := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(table))), uint64(len(block)))
		table = append(append(table, block...), compression)
		table = binary.LittleEndian.AppendUint32(table, maskedSum(block, []byte{compression}))
		return string(handle)
	}
	var index []levelDBEntry
	for _, entries := range blocks {
		entries = slices.Clone(entries)
		for i := range entries {
			entries[i].key += "\x01\x07\x00\x00\x00\x00\x00\x00"
		}
		index = append(index, levelDBEntry{entries[len(entries)-1].key, add(entries, compression)})
	}
	meta := add(nil, blockRaw)
	footer := make([]byte, tableFooter)
	copy(footer, meta+add(index, blockRaw))
	copy(footer[tableFooter-8:], tableMagic)
	return append(table, footer...)
}

// levelDBLogOf returns a log with a batch of changes for each entry.
func levelDBLogOf(entries ...levelDBEntry) []byte {
	var log []byte
	for i, entry := range entries {
		record := binary.LittleEndian.AppendUint64(nil, uint64(i+1))
		record = append(binary.LittleEndian.AppendUint32(record, 1), 1)
		record = append(binary.AppendUvarint(record, uint64(len(entry.key))), entry.key...)
		record = append(binary.AppendUvarint(record, uint64(len(entry.value))), entry.value...)
		log = appendLogRecord(log, record)
	}
	return log
}

func appendLogRecord(log, record []byte) []byte {
	for first := true; ; first = false {
		room := logBlock - len(log)%logBlock
		if room < logHeader {
			log = append(log, make([]byte, room)...)
			room = logBlock
		}
		n := min(len(record), room-logHeader)
		kind := byte(logMiddle)
		switch last := n == len(record); {
		case first && last:
			kind = logFull
		case first:
			kind = logFirst
		case last:
			kind = logLast
		}
		log = binary.LittleEndian.AppendUint32(log, maskedSum([]byte{kind}, record[:n]))
		log = binary.LittleEndian.AppendUint16(log, uint16(n))
		log = append(append(log, kind), record[:n]...)
		if record = record[n:]; len(record) == 0 {
			return log
		}
	}
}

// storedBlocks returns entries of four blocks, as a browser's local storage has them: the key and the value of the last two are to
// be found.
func storedBlocks() (blocks [][]levelDBEntry) {
	for i := range 3 {
		var entries []levelDBEntry
		for j := range 9 {
			entries = append(entries, levelDBEntry{fmt.Sprintf("_https://app.example\x00\x01key-%d-%d", i, j), strings.Repeat("\x01a value ", i*j+1)})
		}
		blocks = append(blocks, entries)
	}
	return append(blocks, []levelDBEntry{{"key/a-" + secret + "-1", "x"}, {"key/a-" + secret + "-2", "\x01" + secret + "-3"}})
}

func TestLevelDBTable(t *testing.T) {
	for name, compression := range map[string]byte{"raw": blockRaw, "snappy": blockSnappy, "zstd": blockZstd} {
		data := levelDBTableOf(t, compression, storedBlocks()...)
		for _, way := range ways {
			t.Run(name+" "+way.name, func(t *testing.T) {
				input := way.input(data)
				input.Name = "000005.ldb"
				found := walk(t, input, Limits{})
				if way.name == "stream" && compression == blockZstd {
					t.Skip("the end of a stream is not known at its start")
				}
				for i := 1; i <= 3; i++ {
					sum, chain := 0, ""
					for _, leaf := range found.leaves {
						if n := strings.Count(leaf.text, fmt.Sprintf("%s-%d", secret, i)); n > 0 {
							sum, chain = sum+n, leaf.chain
						}
					}
					if sum != 1 || chain != "block 4" {
						t.Errorf("%d. told %d times, in %q", i, sum, chain)
					}
				}
				if len(found.problems) > 0 {
					t.Errorf("problems: %q", found.problems)
				}
			})
		}
		t.Run(name+" in a tar", func(t *testing.T) {
			for _, inner := range []string{"000005.ldb", "no name"} {
				long := append([][]levelDBEntry{{{"a", string(noise(200 << 10))}}}, storedBlocks()...)
				found := walk(t, Input{Bytes: tarred(inner, levelDBTableOf(t, compression, long...))}, Limits{})
				if chain, ok := found.find(secret + "-3"); compression != blockZstd && (!ok || chain != inner+" > block 5") {
					t.Errorf("%s: found %v at %q\n%s", inner, ok, chain, found)
				}
			}
		})
	}
}

// noise returns bytes that don't compress.
func noise(n int) []byte {
	text := make([]byte, n)
	state := uint32(1)
	for i := range text {
		state = state*1664525 + 1013904223
		text[i] = byte(state >> 24)
	}
	return text
}

func TestDamagedLevelDBTable(t *testing.T) {
	whole := levelDBTableOf(t, blockSnappy, append(storedBlocks(), []levelDBEntry{{"last", "after it"}})...)
	for _, test := range []struct {
		name    string
		harm    func(data []byte) []byte
		problem string
		lost    bool
	}{
		{"the first block", func(data []byte) []byte { data[2] ^= 0xff; return data }, "1 block is not unpacked: broken block", false},
		{"nothing", bytes.Clone, "", false},
		{"the index", func(data []byte) []byte { data[len(data)-tableFooter-12] ^= 0x55; return data }, "the blocks are read in order", false},
		{"the footer", func(data []byte) []byte { return data[:len(data)-1] }, "the blocks are read in order", false},
		{"another's magic", func(data []byte) []byte { copy(data[len(data)-8:], rocksMagic); return data }, "a table of RocksDB", false},
		{"most of it", func(data []byte) []byte { return data[:len(data)/4] }, "the blocks are read in order", true},
		{"handles beyond the end", func(data []byte) []byte { copy(data[len(data)-tableFooter:], "\xff\xff\xff\xff\x7f\x01"); return data }, "in order", false},
	} {
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				if way.name == "stream" && test.name == "the first block" {
					t.Skip("the end of a stream is not known at its start")
				}
				input := way.input(test.harm(bytes.Clone(whole)))
				input.Name = "000005.ldb"
				found := walk(t, input, Limits{})
				if _, ok := found.find(secret + "-3"); ok == test.lost {
					t.Errorf("found %v\n%s", ok, found)
				}
				told := strings.Join(found.problems, "\n")
				if !strings.Contains(told, test.problem) || (test.problem == "") != (told == "") {
					t.Errorf("problems %q, want %q", found.problems, test.problem)
				}
			})
		}
	}
	t.Run("sum", func(t *testing.T) {
		data := bytes.Clone(whole)
		size, _, _ := snappyExtent(data)
		data[size+1] ^= 1
		found := walk(t, Input{Bytes: data}, Limits{})
		if want := "leveldb: 1 block: checksum does not match"; len(found.problems) != 1 || !strings.HasSuffix(found.problems[0], want) {
			t.Errorf("problems %q, want %q", found.problems, want)
		}
	})
}

// TestLevelDBTableOfOneBlock has an index that names the same block over and over.
func TestLevelDBTableOfOneBlock(t *testing.T) {
	for _, compression := range []byte{blockRaw, blockSnappy} {
		data := levelDBTableOf(t, compression, []levelDBEntry{{"a", strings.Repeat("much", 1<<16)}})
		size := int(binary.LittleEndian.Uint32([]byte{0, 0, 0, 0}))
		for i := len(data) - tableFooter - 1; size == 0; i-- { // the trailer of the block
			if data[i] == compression && isMasked(binary.LittleEndian.Uint32(data[i+1:]), data[:i], data[i:i+1]) {
				size = i
			}
		}
		handle := string(binary.AppendUvarint([]byte{0}, uint64(size)))
		var index []levelDBEntry
		for i := range 5000 {
			index = append(index, levelDBEntry{fmt.Sprintf("%08d........", i), handle})
		}
		data = data[:size+tableTrailer]
		block := tableBlock(index)
		footer := binary.AppendUvarint(binary.AppendUvarint([]byte{0, 0}, uint64(len(data))), uint64(len(block)))
		data = append(append(data, block...), blockRaw)
		data = binary.LittleEndian.AppendUint32(data, maskedSum(block, []byte{blockRaw}))
		data = append(data, append(footer, make([]byte, tableFooter-8-len(footer))...)...)
		data = append(data, tableMagic...)
		c := &counter{}
		if _, err := Walk(t.Context(), Input{Bytes: data}, tight, c); err != nil {
			t.Fatal(err)
		}
		if c.bytes > 64<<20 || len(c.problems) != 1 || !strings.Contains(c.problems[0], "unpacking stopped") {
			t.Errorf("%d bytes shown, problems %q", c.bytes, c.problems)
		}
	}
}

func TestLevelDBLog(t *testing.T) {
	long := strings.Repeat("-", 32700) + secret + "-1" + strings.Repeat("-", 70000) + secret + "-2"
	packed := "\x07" + packedMark + string(snappy.Encode(nil, []byte(strings.Repeat("text ", 40)+secret+"-3"+strings.Repeat(" text", 40))))
	log := levelDBLogOf(levelDBEntry{"a", "b"}, levelDBEntry{"long", long}, levelDBEntry{"packed", packed}, levelDBEntry{"last", secret + "-4"})
	first := levelDBLogOf(levelDBEntry{"long", long}, levelDBEntry{"packed", packed}, levelDBEntry{"last", secret + "-4"})
	broken := bytes.Clone(log)
	broken[30+logHeader] ^= 1 // the first piece of the second record
	manifest := appendLogRecord(appendLogRecord(nil, []byte("\x01\x1aleveldb.BytewiseComparator")), []byte(long+secret+"-3"+secret+"-4"))
	for _, test := range []struct {
		name     string
		data     []byte
		found    string // which of them
		problems int
	}{
		{"whole", log, "1234", 0},
		{"of a long record", first, "1234", 0},
		{"not filled", append(bytes.Clone(log), make([]byte, 50000)...), "1234", 0},
		{"manifest", manifest, "1234", 0},
		{"cut", log[:len(log)-5], "123", 0},
		{"cut in a long record", log[:70000], "1", 0},
		{"broken", broken, "234", 1},
	} {
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				found := walk(t, way.input(test.data), Limits{})
				for i := 1; i <= 4; i++ {
					sum := 0
					for _, leaf := range found.leaves {
						sum += strings.Count(leaf.text, fmt.Sprintf("%s-%d", secret, i))
					}
					want := strings.Count(test.found, fmt.Sprint(i))
					if sum != want {
						t.Errorf("%d. told %d times, want %d\n%s", i, sum, want, found)
					}
				}
				if len(found.problems) != test.problems {
					t.Errorf("problems: %q", found.problems)
				}
			})
		}
	}
	found := walk(t, Input{Bytes: log}, Limits{})
	for i, want := range []string{"record 2, entry 1", "record 2, entry 1", "records 1-4", "records 1-4"} {
		if chain, _ := found.find(fmt.Sprintf("%s-%d", secret, i+1)); chain != want {
			t.Errorf("%d. at %q, want %q", i+1, chain, want)
		}
	}
	for name, text := range map[string]string{
		"no record": "\x00\x00\x00\x00\x05\x00\x01hello, which has no such checksum",
		"a batch":   "\x00\x00\x00\x00\x00\x7f\x01" + "\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01" + strings.Repeat("hello", 10000),
	} {
		for _, way := range ways {
			found := walk(t, way.input([]byte(text)), Limits{})
			if len(found.leaves) != 1 || found.leaves[0].text != text || len(found.problems) > 0 {
				t.Errorf("%s is not shown as it is\n%s", name, found)
			}
		}
	}
}

// TestSnappyBlock reads a value of IndexedDB that lies in a file of its own.
func TestSnappyBlock(t *testing.T) {
	text := readable(100_000)
	for _, way := range ways {
		input := way.input(append([]byte(packedMark), snappy.Encode(nil, text)...))
		input.Name = "x/1a"
		found := walk(t, input, Limits{})
		if chain, ok := found.find(secret); !ok || chain != "1a" || len(found.leaves) != 1 || len(found.problems) > 0 {
			t.Errorf("%s: found %v at %q\n%s", way.name, ok, chain, found)
		}
		plain := packedMark + "and something else"
		if found := walk(t, way.input([]byte(plain)), Limits{}); len(found.leaves) != 1 || found.leaves[0].text != plain {
			t.Errorf("%s: not shown as it is\n%s", way.name, found)
		}
	}
}

// FuzzSnappyExtent holds what is said of a block against what the library makes of it.
func FuzzSnappyExtent(f *testing.F) {
	for _, text := range []string{"a", secret, strings.Repeat(secret, 100), string(noise(100)), string(readable(70000))} {
		f.Add(snappy.Encode(nil, []byte(text)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		size, text, ok := snappyExtent(data)
		if !ok {
			return
		}
		decoded, err := snappy.Decode(nil, data[:size])
		if err != nil || uint64(len(decoded)) != text {
			t.Fatalf("%v: %d bytes, not %d", err, len(decoded), text)
		}
	})
}
