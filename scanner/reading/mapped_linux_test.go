package reading

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner/source/pagecache"
)

// A mappedFile is a file that is mapped, and counts the bytes that are read of it all the same.
type mappedFile struct {
	*os.File
	read atomic.Int64
}

func (f *mappedFile) ReadAt(b []byte, offset int64) (int, error) {
	n, err := f.File.ReadAt(b, offset)
	f.read.Add(int64(n))
	return n, err
}

func (f *mappedFile) Map(size int64) *pagecache.Mapping {
	return pagecache.Map(int(f.Fd()), 0, size)
}

func newMapped(t *testing.T, text string) *mappedFile {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	mapping := pagecache.Map(int(file.Fd()), 0, 1)
	if mapping == nil || !mapping.Window(0, 1, 0).Ready(0, 1) {
		t.Skip("the system does not map files here, or does not say what of them is in its memory (needs Linux 5.14)")
	}
	if err := mapping.Close(); err != nil {
		t.Fatal(err)
	}
	return &mappedFile{File: file}
}

// What is told of a file that is mapped is what is told of the text, whatever of it is in memory, and all but nothing of it is read.
func TestAMappedTextTellsTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for round := range 3 {
		text := logOf(random, 3<<20)
		file := newMapped(t, text)
		if err := file.Sync(); err != nil {
			t.Fatal(err)
		}
		chunk := 100_000 + random.Int64N(1_000_000)
		want := gather(t, text, func(found func(Sighting) error) (int64, error) {
			return Bytes(t.Context(), []byte(text), encoding.New(), found)
		})
		parallel := func(found func(Sighting) error) (int64, error) {
			return Parallel(t.Context(), file, int64(len(text)), chunk, 2, encoding.New(), found, func(int64) {})
		}
		if diff := cmp.Diff(places(want), places(gather(t, text, parallel))); diff != "" {
			t.Errorf("round %d, chunks of %d (-want +got):\n%s", round, chunk, diff)
		}
		if read := file.read.Load(); read > int64(len(text)/4) {
			t.Errorf("read %d bytes of %d that are mapped", read, len(text))
		}
		for _, missing := range [][2]int64{{0, 1 << 20}, {1 << 20, 1 << 20}, {2 << 20, 0}} {
			if err := unix.Fadvise(int(file.Fd()), missing[0], missing[1], unix.FADV_DONTNEED); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(places(want), places(gather(t, text, parallel))); diff != "" {
				t.Errorf("round %d, chunks of %d, with %d bytes from %d on not in memory (-want +got):\n%s", round, chunk, missing[1], missing[0], diff)
			}
		}
	}
}

// Tokens of all sizes, and those that reach over pieces, are told with their lines.
func TestMappedLinesAreCounted(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for range 10 {
		text := randomText(random, 20_000)
		file := newMapped(t, text)
		got := gather(t, text, func(found func(Sighting) error) (int64, error) {
			return Parallel(t.Context(), file, int64(len(text)), 1+random.Int64N(9000), 2, words{}, found, func(int64) {})
		})
		if diff := cmp.Diff(reference(text), got, told); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

// A cutter cuts the file to a size when so many windows were looked at, so that the detector meets what is gone.
type cutter struct {
	*encoding.Detector
	file *mappedFile
	size int64
	left atomic.Int64
}

func (c *cutter) Skim(text []byte, from int, atEOF bool) (judged, lines int, clean bool) {
	if c.left.Add(-1) == 0 {
		if err := c.file.Truncate(c.size); err != nil {
			panic(err)
		}
	}
	return c.Detector.Skim(text, from, atEOF)
}

// A file that is cut while it is mapped ends where it ends: what stands in front of that is told once, and nothing comes to harm.
func TestAMappedFileThatIsCut(t *testing.T) {
	line := strings.Repeat("a line of a log\n", 1000)
	header := "eyJhbGciOiJIUzI1NiJ9."
	token := header + "eyJzdWIiOiJzb21lYm9keSJ9." + strings.Repeat("k7Q", 14) + "M"
	text := strings.Repeat(line, 30) + token + "\n" + strings.Repeat(line, 30) + token + "\n" + strings.Repeat(line, 100)
	for _, test := range []struct {
		name    string
		size    int
		windows int64
		want    int
	}{
		{"behind both", 70 * len(line), 2, 2},
		{"between them", 50 * len(line), 2, 1},
		{"in a page that was looked at", 10*len(line) + 7, 4, 1}, // the first was told before
		{"to nothing", 0, 1, 0},
		{"by one byte", len(text) - 1, 1, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := newMapped(t, text)
			detector := &cutter{Detector: encoding.New(), file: file, size: int64(test.size)}
			detector.left.Store(test.windows)
			var found []Sighting
			n, err := Parallel(t.Context(), file, int64(len(text)), 4<<20, 1, detector, func(s Sighting) error {
				found = append(found, s)
				return nil
			}, func(int64) {})
			if err != nil || len(found) != test.want || n > int64(len(text)) {
				t.Errorf("read %d bytes of %d, %d tokens, %v; want %d", n, test.size, len(found), err, test.want)
			}
			for i, s := range found {
				if want := int64((i+1)*30*1000 + i + 1); s.Line != want {
					t.Errorf("line %d, want %d", s.Line, want)
				}
			}
		})
	}
}

var _ detectors.Skimmer = (*cutter)(nil)

// A granted detector keeps how much text it was first told to be new.
type granted struct {
	*encoding.Detector
	first int
}

func (g *granted) DetectWithin(allowance *detectors.Allowance, fresh int, text []byte, atEOF bool, yield func(detectors.Match)) (done int) {
	if g.first == 0 {
		g.first = fresh
	}
	return g.Detector.DetectWithin(allowance, fresh, text, atEOF, yield)
}

// A detector may do as much for a text that is mapped as for one that is read: a small text has more for each byte, and the first block of
// a large one as much as if it were all.
func TestAMappedTextIsNewBlockByBlock(t *testing.T) {
	text := "token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9." + strings.Repeat("k7Q", 14) + "M\n" + strings.Repeat("a line of a log\n", 200_000)
	file := newMapped(t, text)
	detector := &granted{Detector: encoding.New()}
	n, err := Parallel(t.Context(), file, int64(len(text)), 4<<20, 1, detector, func(Sighting) error { return nil }, func(int64) {})
	if err != nil || n != int64(len(text)) || detector.first == 0 || detector.first > blockSize {
		t.Errorf("read %d bytes of %d, %v; of these %d are new at first, want %d at most", n, len(text), err, detector.first, blockSize)
	}
}
