package container

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/snappy"
)

// sqliteFile returns a database of one table page (page 2) whose rows are the values, each of one text column, their
// overflow pages behind it from the last to the first.
func sqliteFile(pageSize int, values ...[]byte) []byte {
	first := make([]byte, pageSize)
	copy(first, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(first[16:], uint16(pageSize))
	first[100] = 0x0d
	leaf := make([]byte, pageSize)
	leaf[0] = 0x0d
	binary.BigEndian.PutUint16(leaf[3:], uint16(len(values)))
	pages := [][]byte{first, leaf}
	free := pageSize
	for i, value := range values {
		serial := appendSQLiteVarint(nil, uint64(2*len(value)+13))
		record := append(append(append([]byte{}, byte(1+len(serial))), serial...), value...)
		local, limit := len(record), pageSize-35
		if local > limit {
			least := (pageSize-12)*32/255 - 23
			if local = least + (len(record)-least)%(pageSize-4); local > limit {
				local = least
			}
		}
		cell := appendSQLiteVarint(nil, uint64(len(record)))
		cell = append(cell, byte(i+1))
		cell = append(cell, record[:local]...)
		if rest := record[local:]; len(rest) > 0 {
			count := (len(rest) + pageSize - 5) / (pageSize - 4)
			last := len(pages) + count // the chain runs backwards through the file
			cell = binary.BigEndian.AppendUint32(cell, uint32(last))
			chain := make([][]byte, count)
			for j := range chain {
				page := make([]byte, pageSize)
				if n := copy(page[4:], rest); n < len(rest) {
					binary.BigEndian.PutUint32(page, uint32(last-j-1))
					rest = rest[n:]
				}
				chain[count-1-j] = page
			}
			pages = append(pages, chain...)
		}
		free -= len(cell)
		copy(leaf[free:], cell)
		binary.BigEndian.PutUint16(leaf[8+2*i:], uint16(free))
	}
	return bytes.Join(pages, nil)
}

func appendSQLiteVarint(b []byte, v uint64) []byte {
	var digits []byte
	for {
		digits = append([]byte{byte(v&0x7f) | 0x80}, digits...)
		if v >>= 7; v == 0 {
			break
		}
	}
	digits[len(digits)-1] &= 0x7f
	return append(b, digits...)
}

func TestSQLite(t *testing.T) {
	long := strings.Repeat("a-long-value-without-a-break.", 1000)
	for _, pageSize := range []int{512, 1024, 4096, 32768} {
		data := sqliteFile(pageSize, []byte("short"), []byte("another"), []byte(long))
		copy(data[120:], "deleted, and yet there")
		for _, way := range ways {
			t.Run(fmt.Sprint(pageSize, way.name), func(t *testing.T) {
				found := walk(t, way.input(data), Limits{})
				lines := "short\nanother\n" + long + "\n"
				values, raw := 0, 0
				for _, leaf := range found.leaves {
					switch {
					case leaf.text == lines && leaf.chain == "page 2":
						values++
					case strings.Contains(leaf.text, "deleted, and yet there") && leaf.chain == "":
						raw++
						if len(leaf.text) != len(data) {
							t.Errorf("%d bytes shown as they are, the file has %d", len(leaf.text), len(data))
						}
						if strings.Contains(leaf.text, "a-long") || strings.Contains(leaf.text, "another") {
							t.Error("a value was shown twice")
						}
					}
				}
				if values != 1 || raw != 1 || len(found.problems) > 0 {
					t.Errorf("values shown %d times, bytes %d times, want once\n%s", values, raw, found)
				}
			})
		}
	}
}

// TestSQLiteCircle reads a value whose overflow pages run in a circle.
func TestSQLiteCircle(t *testing.T) {
	data := sqliteFile(512, []byte(strings.Repeat("x", 4000)), []byte(secret))
	for i := range 4 { // every overflow page points to page 3
		binary.BigEndian.PutUint32(data[512*(2+i):], 3)
	}
	found := walk(t, Input{Bytes: data}, Limits{FreeExpansion: 1 << 20, MaxExpansion: 1})
	if _, ok := found.find(secret); !ok {
		t.Errorf("the sound value is lost\n%s", found)
	}
}

// TestSQLiteTool reads what sqlite3 writes: every value is shown once, those of blobs that are containers unpacked.
func TestSQLiteTool(t *testing.T) {
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip("sqlite3 is not installed")
	}
	for _, pragma := range []string{"", "page_size=512;", "page_size=65536;", "journal_mode=wal;", "auto_vacuum=full;"} {
		t.Run(pragma, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			var script strings.Builder
			if pragma != "" {
				script.WriteString("pragma " + pragma)
			}
			script.WriteString("begin; create table t(a integer, b text, c blob, d text); create index i on t(b);\n")
			want := map[string]string{}
			for i := range 100 {
				mark := fmt.Sprintf("<%s-%d>", secret, i)
				pad := strings.Repeat("p", i*80)
				fmt.Fprintf(&script, "insert into t values(%d,'%s%s%s',x'%x','end');\n", i, pad, mark, pad, gzipped([]byte("blob "+mark)))
				want[mark] = "blob " + mark
			}
			script.WriteString("delete from t where a%7=3; commit;\n")
			command := exec.CommandContext(t.Context(), "sqlite3", path)
			command.Stdin = strings.NewReader(script.String())
			if output, err := command.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			found := walk(t, Input{Bytes: data}, Limits{})
			for i := range 100 {
				if i%7 == 3 {
					continue
				}
				mark := fmt.Sprintf("<%s-%d>", secret, i)
				texts, blobs := 0, 0
				for _, leaf := range found.leaves {
					if leaf.text == want[mark] {
						blobs++
					} else {
						texts += strings.Count(leaf.text, mark)
					}
				}
				if texts < 2 || blobs < 1 { // in the table and in the index
					t.Errorf("row %d: text seen %d times, want 2; blob %d times, want 1", i, texts, blobs)
				}
			}
			if len(found.problems) > 0 {
				t.Errorf("problems: %q", found.problems)
			}
		})
	}
}

// TestSQLiteSnappy reads values that Firefox has compressed with Snappy, and one that only begins as such do, which has the third again.
func TestSQLiteSnappy(t *testing.T) {
	long := append(noise(100_000), []byte(secret+"-3")...)
	values := [][]byte{
		[]byte("plain"), snappy.Encode(nil, []byte(strings.Repeat("words ", 20)+secret+"-1")),
		snappy.Encode(nil, append(readable(300_000), []byte(secret+"-2")...)), snappy.Encode(nil, long),
		append(snappy.Encode(nil, long), secret+"-4 behind it"...), snappy.Encode(nil, gzipped([]byte(secret+"-5"))),
	}
	for _, way := range ways {
		found := walk(t, way.input(sqliteFile(32768, values...)), Limits{})
		for i, want := range []int{0, 1, 1, 2, 1, 1} {
			if sum := found.told(i); sum != want {
				t.Errorf("%s: %d. told %d times, want %d\n%s", way.name, i, sum, want, found)
			}
		}
		if chain, _ := found.find(secret + "-1"); chain != "page 2" || len(found.problems) > 0 {
			t.Errorf("%s: in %q, problems %q", way.name, chain, found.problems)
		}
	}
}
