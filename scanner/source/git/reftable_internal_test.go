package git

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A tableWriter puts a reftable together.
type tableWriter struct {
	nameSize int
	file     []byte
	logs     int
}

func newTable(nameSize, blockSize int) *tableWriter {
	w := &tableWriter{nameSize: nameSize, file: []byte("REFT\x01")}
	if nameSize == sha256Size {
		w.file[4] = 2
	}
	w.file = append(w.file, byte(blockSize>>16), byte(blockSize>>8), byte(blockSize))
	w.file = append(w.file, make([]byte, 16)...)
	if nameSize == sha256Size {
		w.file = append(w.file, "s256"...)
	}
	return w
}

func tableVarint(n int) []byte {
	encoded := []byte{byte(n & 0x7f)}
	for n >>= 7; n > 0; n >>= 7 {
		n--
		encoded = append([]byte{byte(n&0x7f) | 0x80}, encoded...)
	}
	return encoded
}

// A tableRecord is a record: its name, the type and the value that follow.
type tableRecord struct {
	name  string
	kind  int
	value []byte
}

func (w *tableWriter) object(digit string) []byte { return bytes.Repeat([]byte{digit[0]}, w.nameSize) }

// block appends a block of records, each of which shares with the one before what it can, but for the first.
func (w *tableWriter) block(kind byte, records []tableRecord) {
	var text []byte
	before := ""
	for _, r := range records {
		shared := 0
		for shared < min(len(before), len(r.name)) && before[shared] == r.name[shared] {
			shared++
		}
		text = append(text, tableVarint(shared)...)
		text = append(text, tableVarint((len(r.name)-shared)<<3|r.kind)...)
		text = append(text, r.name[shared:]...)
		text = append(text, r.value...)
		before = r.name
	}
	skipped := 0
	if len(w.file) <= reftableHeader2 {
		skipped = len(w.file)
	}
	text = append(text, 0, 0, byte(skipped+blockHeader), 0, 1)
	length := skipped + blockHeader + len(text)
	w.file = append(w.file, kind, byte(length>>16), byte(length>>8), byte(length))
	if kind != 'g' {
		w.file = append(w.file, text...)
		return
	}
	if w.logs == 0 {
		w.logs = len(w.file) - blockHeader
	}
	var deflated bytes.Buffer
	z := zlib.NewWriter(&deflated)
	_, _ = z.Write(text) // a buffer takes all
	_ = z.Close()
	w.file = append(w.file, deflated.Bytes()...)
}

func (w *tableWriter) refs(records ...tableRecord) {
	for i := range records {
		records[i].value = append(tableVarint(300), records[i].value...) // when it was changed
	}
	w.block('r', records)
}

func (w *tableWriter) log(ref, message string) tableRecord {
	value := append(w.object("1"), w.object("2")...)
	for _, text := range []string{"Name", "name@example.com"} {
		value = append(append(value, tableVarint(len(text))...), text...)
	}
	value = append(append(value, tableVarint(1700000000)...), 0, 60)
	value = append(append(value, tableVarint(len(message))...), message...)
	return tableRecord{ref + "\x00\xff\xff\xff\xff\xff\xff\xff\xfe", 1, value}
}

func (w *tableWriter) bytes() []byte {
	header := reftableHeader
	if w.nameSize == sha256Size {
		header = reftableHeader2
	}
	footer := bytes.Clone(w.file[:header])
	for _, position := range []int{0, 0, 0, w.logs, 0} {
		footer = binary.BigEndian.AppendUint64(footer, uint64(position))
	}
	footer = binary.BigEndian.AppendUint32(footer, crc32.ChecksumIEEE(footer))
	return append(bytes.Clone(w.file), footer...)
}

func symbolicTo(ref string) []byte { return append(tableVarint(len(ref)), ref...) }

// A stack of two tables: the second takes back some of what the first says.
func tableStack(nameSize int) (lower, upper *tableWriter) {
	lower = newTable(nameSize, 4096)
	lower.refs(
		tableRecord{"HEAD", 3, symbolicTo("refs/heads/main")},
		tableRecord{"ORIG_HEAD", 1, lower.object("9")},
		tableRecord{"refs/heads/gone", 1, lower.object("a")},
		tableRecord{"refs/heads/main", 1, lower.object("b")},
	)
	lower.file = append(lower.file, make([]byte, 4096-len(lower.file))...)
	lower.refs(tableRecord{"refs/tags/v1", 2, append(lower.object("c"), lower.object("b")...)})
	lower.block('g', []tableRecord{lower.log("HEAD", "commit: one"), lower.log("refs/heads/main", "commit: two")})
	lower.block('g', []tableRecord{{"refs/heads/old\x00\xff\xff\xff\xff\xff\xff\xff\xfe", 0, nil}, lower.log("refs/heads/x", "commit: three")})
	upper = newTable(nameSize, 0)
	upper.refs(tableRecord{"refs/heads/gone", 0, nil}, tableRecord{"refs/heads/main", 1, upper.object("d")})
	return lower, upper
}

func TestReftable(t *testing.T) {
	t.Parallel()
	for _, nameSize := range []int{sha1Size, sha256Size} {
		lower, upper := tableStack(nameSize)
		logged := newTable(nameSize, 4096) // of nothing but a log
		logged.block('g', []tableRecord{logged.log("HEAD", "commit: four")})
		dir := t.TempDir()
		tables := filepath.Join(dir, "reftable")
		if err := os.MkdirAll(tables, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string][]byte{
			"tables.list": []byte("1.ref\n2.ref\n3.log\n"), "1.ref": lower.bytes(), "2.ref": upper.bytes(), "3.log": logged.bytes(),
		} {
			if err := os.WriteFile(filepath.Join(tables, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		table := readRefs(Location{GitDir: dir, CommonDir: dir})
		want := map[string]string{
			"HEAD": "ref: refs/heads/main", "refs/heads/main": strings.Repeat("64", nameSize), "refs/tags/v1": strings.Repeat("63", nameSize),
		}
		if diff := cmp.Diff(want, table.values); diff != "" || len(table.problems) > 0 {
			t.Errorf("references (-want +got):\n%s\nproblems %v", diff, table.problems)
		}
		var messages []string
		for _, message := range []string{"one", "two", "three", "four"} {
			messages = append(messages, "Name name@example.com commit: "+message+"\n")
		}
		if diff := cmp.Diff(strings.Join(messages, ""), string(table.messages)); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
	}
}

// TestDamagedReftable cuts a table at each length and changes each byte: all of it is told.
func TestDamagedReftable(t *testing.T) {
	t.Parallel()
	lower, _ := tableStack(sha1Size)
	whole := lower.bytes()
	read := func(content []byte) error { return (&refTable{values: map[string]string{}}).addReftable(content, "") }
	if err := read(whole); err != nil {
		t.Fatal(err)
	}
	for length := range len(whole) {
		if read(whole[:length]) == nil {
			t.Errorf("cut at %d: no error", length)
		}
	}
	for i := range reftableHeader {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 1
		if read(damaged) == nil {
			t.Errorf("byte %d changed: no error", i)
		}
	}
}

func TestTableNumbers(t *testing.T) {
	for _, test := range []struct {
		text   string
		number int64
		n      int
	}{
		{"", 0, 0},
		{"\x80", 0, 0},
		{"\x7f", 127, 1},
		{"\x80\x00", 128, 2},
		{"\x80\x80\x01rest", 1<<14 + 1<<7 + 1, 3},
		{strings.Repeat("\xff", 7) + "\x7f", 0x102040810204080 - 1, 8},
		{strings.Repeat("\xff", 8) + "\x7f", 0, 0},
		{strings.Repeat("\xff", 20), 0, 0},
	} {
		if number, n := tableNumber([]byte(test.text)); number != test.number || n != test.n {
			t.Errorf("%q: %#x in %d bytes, want %#x in %d", test.text, number, n, test.number, test.n)
		}
	}
}

// FuzzReftable reads anything as a reftable: each reference is an object's name or another reference.
func FuzzReftable(f *testing.F) {
	for _, nameSize := range []int{sha1Size, sha256Size} {
		lower, upper := tableStack(nameSize)
		f.Add(lower.bytes())
		f.Add(upper.bytes())
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		table := &refTable{values: map[string]string{}}
		_ = table.addReftable(content, "") // an error is as good as any
		for _, value := range table.values {
			if !isObjectName(value) && !strings.HasPrefix(value, symbolic) {
				t.Error("a reference to something else")
			}
		}
	})
}

// WriteReftable writes a stack of one table, of references and of a log whose entries are the reference, two objects'
// names in hex, the time and the message. Later entries are later changes.
func WriteReftable(t *testing.T, dir string, refs map[string]string, log [][5]string) {
	t.Helper()
	w := newTable(sha1Size, 0)
	var records, entries []tableRecord
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		if target, ok := strings.CutPrefix(refs[name], "ref: "); ok {
			records = append(records, tableRecord{name, 3, symbolicTo(target)})
			continue
		}
		object, err := hex.DecodeString(refs[name])
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, tableRecord{name, 1, object})
	}
	w.refs(records...)
	for i, e := range log {
		before, err := hex.DecodeString(e[1] + e[2])
		seconds, err2 := strconv.Atoi(e[3])
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		for _, text := range []string{"Name", "name@example.com"} {
			before = append(append(before, tableVarint(len(text))...), text...)
		}
		before = append(append(before, tableVarint(seconds)...), 0, 60)
		before = append(append(before, tableVarint(len(e[4])+1)...), e[4]+"\n"...)
		key := binary.BigEndian.AppendUint64([]byte(e[0]+"\x00"), ^uint64(i+1))
		entries = append(entries, tableRecord{string(key), 1, before})
	}
	slices.SortFunc(entries, func(a, b tableRecord) int { return strings.Compare(a.name, b.name) })
	w.block('g', entries)
	for name, content := range map[string][]byte{"reftable/tables.list": []byte("1.ref\n"), "reftable/1.ref": w.bytes()} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLogInReftables lays the log of one table over that of another.
func TestLogInReftables(t *testing.T) {
	t.Parallel()
	lower, upper := tableStack(sha1Size)
	upper.block('g', []tableRecord{
		{"HEAD\x00\xff\xff\xff\xff\xff\xff\xff\xfe", 0, nil},
		{"refs/heads/main\x00\xff\xff\xff\xff\xff\xff\xff\xfc", 1, upper.log("", "commit: later").value},
	})
	table := &refTable{values: map[string]string{}}
	if err := errors.Join(table.addReftable(lower.bytes(), ""), table.addReftable(upper.bytes(), "")); err != nil {
		t.Fatal(err)
	}
	log, err := table.logOf("refs/heads/main")
	if err != nil || len(log) != 2 || log[0].message != "commit: later" || log[1].message != "commit: two" ||
		log[0].after != strings.Repeat("32", sha1Size) || log[0].before != strings.Repeat("31", sha1Size) || log[0].at.Unix() != 1700000000 {
		t.Errorf("log %+v, error %v", log, err)
	}
	if log, err := table.logOf("HEAD"); err == nil {
		t.Errorf("an entry that was taken out: %+v", log)
	}
}
