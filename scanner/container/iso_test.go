package container

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"strings"
	"testing"
)

// isoRecordOf returns a record of a directory.
func isoRecordOf(name, rock string, sector, size int, flags byte) []byte {
	record := make([]byte, isoRecord, 256)
	binary.LittleEndian.PutUint32(record[2:], uint32(sector))
	binary.LittleEndian.PutUint32(record[10:], uint32(size))
	copy(record[18:], []byte{124, 5, 17, 12, 30, 0, 0})
	record[25], record[32] = flags, byte(len(name))
	record = append(record, name...)
	record = append(record, make([]byte, 1-len(name)%2)...)
	if rock != "" {
		record = append(append(record, 'N', 'M', byte(5+len(rock)), 1, 0), rock...)
	}
	record = append(record, make([]byte, len(record)%2)...)
	record[0] = byte(len(record))
	return record
}

// isoOf returns an image with a file in the root and another in a directory.
func isoOf(first, second []byte) []byte {
	sectors := func(n int) int { return (n + isoSector - 1) / isoSector }
	const root, directory, files = 18, 19, 20
	image := make([]byte, (files+sectors(len(first))+sectors(len(second)))*isoSector)
	descriptor := image[isoDescriptor:]
	copy(descriptor, isoMagic)
	binary.LittleEndian.PutUint16(descriptor[128:], isoSector)
	copy(descriptor[isoRoot:], isoRecordOf("\x00", "", root, isoSector, isoIsDirectory))
	own := func(up int) []byte {
		return append(isoRecordOf("\x00", "", root, isoSector, isoIsDirectory), isoRecordOf("\x01", "", up, isoSector, isoIsDirectory)...)
	}
	copy(image[root*isoSector:], bytes.Join([][]byte{
		own(root), isoRecordOf("A.GZ;1", "", files, len(first), 0), isoRecordOf("DIR", "dir of logs", directory, isoSector, isoIsDirectory),
	}, nil))
	copy(image[directory*isoSector:], append(own(root), isoRecordOf("B.ZF;1", "b.log", files+sectors(len(first)), len(second), 0)...))
	copy(image[files*isoSector:], first)
	copy(image[(files+sectors(len(first)))*isoSector:], second)
	return image
}

// zisofsOf returns a text as zisofs has it. Blocks of zeros have no bytes.
func zisofsOf(text []byte) []byte {
	const block = 1 << 15
	blocks := (len(text) + block - 1) / block
	file := binary.LittleEndian.AppendUint32([]byte(zisofsMagic), uint32(len(text)))
	file = append(file, zisofsHead/4, 15, 0, 0)
	var packed []byte
	place := func() { file = binary.LittleEndian.AppendUint32(file, uint32(zisofsHead+4*(blocks+1)+len(packed))) }
	for place(); len(text) > 0; place() {
		n := min(block, len(text))
		if len(bytes.TrimLeft(text[:n], "\x00")) > 0 {
			packed = append(packed, zlibOf(text[:n])...)
		}
		text = text[n:]
	}
	return append(file, packed...)
}

func TestISO(t *testing.T) {
	text := append(append(readable(40_000), make([]byte, 1<<17)...), secret+"-2"...)
	whole := isoOf(gzipped([]byte(secret+"-1")), zisofsOf(text))
	copy(whole[17*isoSector:], secret+"-3")
	for _, test := range []struct {
		name     string
		data     []byte
		found    string
		problems int
	}{
		{"whole", whole, "123", 0},
		{"that boots", append(append(bytes.Repeat([]byte("\xeb\x63"), 255), "\x55\xaa"...), whole[512:]...), "123", 0},
		{"cut", whole[:len(whole)-isoSector], "13", 2},
		{"without its files", whole[:isoDescriptor+2*isoSector], "3", 1},
		{"a directory in a circle", func() []byte {
			data := bytes.Clone(whole)
			end := 19*isoSector + 2*34
			end += int(data[end]) // behind the record of the file
			copy(data[end:], isoRecordOf("B", "", 18, isoSector, isoIsDirectory))
			return data
		}(), "123", 0},
	} {
		for _, way := range ways[:2] {
			found := walk(t, way.input(test.data), Limits{})
			for i := 1; i <= 3; i++ {
				want := strings.Contains(test.found, string(rune('0'+i)))
				if sum := found.told(i); (sum == 1) != want {
					t.Errorf("%s %s: %d. told %d times, want %v\n%s", test.name, way.name, i, sum, want, found)
				}
			}
			if len(found.problems) != test.problems {
				t.Errorf("%s %s: problems %q", test.name, way.name, found.problems)
			}
		}
	}
	found := walk(t, Input{Bytes: whole}, Limits{})
	for i, want := range []string{"A.GZ", "dir of logs/b.log", "(outside the files)"} {
		if chain, _ := found.find(secret + "-" + string(rune('1'+i))); chain != want {
			t.Errorf("%d. in %q, want %q", i+1, chain, want)
		}
	}
	if at := found.leaves[0].modified; at.Format("2006-01-02 15:04") != "2024-05-17 12:30" {
		t.Errorf("dated %v", at)
	}
	for _, leaf := range found.leaves {
		if leaf.chain == "dir of logs/b.log" && leaf.text != string(text) {
			t.Error("the text is not what was compressed")
		}
	}
}

// TestISOBomb has files that all have the same bytes.
func TestISOBomb(t *testing.T) {
	image := isoOf(make([]byte, 4<<20), nil)
	var records []byte
	for len(records) < isoSector-40 {
		records = append(records, isoRecordOf("A;1", "", 20, 4<<20, 0)...)
	}
	copy(image[18*isoSector:], records)
	c := &counter{}
	if _, err := Walk(t.Context(), Input{Bytes: image}, tight, c); err != nil {
		t.Fatal(err)
	}
	if c.bytes > 64<<20 || len(c.problems) != 1 {
		t.Errorf("%d bytes shown, problems %q", c.bytes, c.problems)
	}
}

// TestISODirectories has directories each of which takes all that is behind where it begins, and others deep in one another, with
// long names.
func TestISODirectories(t *testing.T) {
	const sectors = 4000
	overlapping, deep := isoOf(make([]byte, sectors*isoSector), nil), isoOf(make([]byte, sectors*isoSector), nil)
	for sector := range sectors {
		to := 20 + sector
		at := 19 + sector
		record := isoRecordOf("D", strings.Repeat("d", 150), to, (sectors-sector-1)*isoSector, isoIsDirectory)
		copy(overlapping[at*isoSector:], record)
		binary.LittleEndian.PutUint32(record[10:], isoSector)
		copy(deep[at*isoSector:], bytes.Repeat(record, 8))
	}
	for name, image := range map[string][]byte{"overlapping": overlapping, "deep": deep} {
		c := &collector{}
		limits := Limits{MaxEntries: 1 << 20}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := Walk(t.Context(), Input{Bytes: image}, limits, c); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if allocated := (after.TotalAlloc - before.TotalAlloc) >> 20; allocated > 256 {
			t.Errorf("%s: %d MiB allocated", name, allocated)
		}
		if told := strings.Join(c.problems, "\n"); strings.Contains(told, "directories overlap") != (name == "overlapping") {
			t.Errorf("%s: problems %q", name, told)
		}
	}
}

// TestISOWithAFileInPieces has files of more than one piece, as those over 4 GiB are: one whose pieces follow each other, and one
// whose pieces lie apart.
func TestISOWithAFileInPieces(t *testing.T) {
	file := gzipped(append(noise(3*isoSector), secret+"-1"...))
	for _, test := range []struct {
		name     string
		second   int // the sector of the second piece
		problems bool
	}{{"one behind the other", 21, false}, {"apart", 22, true}} {
		t.Run(test.name, func(t *testing.T) {
			image := isoOf(file, nil)
			copy(image[18*isoSector+2*len(isoRecordOf("\x00", "", 18, isoSector, 0)):], bytes.Join([][]byte{
				isoRecordOf("A.GZ;1", "", 20, isoSector, isoGoesOn), isoRecordOf("A.GZ;1", "", test.second, len(file)-(test.second-20)*isoSector, 0),
			}, nil))
			found := walk(t, Input{Name: "a.iso", Bytes: image}, Limits{})
			if (len(found.problems) > 0) != test.problems || found.told(1) != 1 { // in noise it is stored as it is
				t.Errorf("found %s", found)
			}
		})
	}
}
