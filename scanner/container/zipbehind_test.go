package container

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// TestZipBehind reads zips that stand behind something else, as their readers do.
func TestZipBehind(t *testing.T) {
	archive := zipped("a.log", readable(100_000))
	commented := bytes.Clone(archive)
	commented[len(commented)-2] = 40 // the comment's length
	commented = append(commented, strings.Repeat("-", 40)...)
	noise := []byte(strings.Repeat("what stands in front\n", 5000))
	image := append([]byte("\xff\xd8\xff\xe0"), noise...)
	for _, test := range []struct {
		name  string
		outer string
		data  []byte
		found bool
	}{
		{"behind text", "a.bin", append(bytes.Clone(noise), archive...), true},
		{"behind little", "a.bin", append([]byte("hello"), archive...), true},
		{"behind an image", "a.jpg", append(bytes.Clone(image), archive...), true},
		{"behind an image, with a comment", "a.jpg", append(bytes.Clone(image), commented...), true},
		{"named like one, with a comment", "A.JAR", append(bytes.Clone(noise), commented...), true},
		{"with something behind too", "a.zip", append(append(bytes.Clone(noise), archive...), "and more"...), true},
		{"with a comment", "a.bin", append(bytes.Clone(noise), commented...), true},
		{"padded", "a.bin", append(append(bytes.Clone(noise), archive...), make([]byte, 50_000)...), true},
		{"behind a PDF", "a.pdf", append([]byte("%PDF-1.7\n1 0 obj\n"), archive...), true},
		{"only its end", "a.bin", append(bytes.Clone(noise), archive[len(archive)-22:]...), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, way := range ways {
				input := way.input(test.data)
				input.Name = test.outer
				found := walk(t, input, Limits{})
				chain, ok := found.find(secret)
				if want := test.found && way.name != "stream"; ok != want || ok && chain != "a.log" {
					t.Errorf("%s: found %v at %q, want %v\n%s", way.name, ok, chain, want, found)
				}
			}
			input := Input{Bytes: tarred("x/"+test.outer, test.data), Name: "a.tar"}
			found := walk(t, input, Limits{})
			// Of a long entry in a tar only what may well be a zip is held.
			short := len(test.data) < tapeSize/2
			if chain, ok := found.find(secret); ok != (test.found && (short || test.outer != "a.bin" && test.outer != "a.pdf")) {
				t.Errorf("in a tar: found %v at %q\n%s", ok, chain, found)
			}
		})
	}
}

func endsAsZip(prefix []byte, name string, held []byte, at io.ReaderAt, size int64) bool {
	format, ok := RecogniseEnd(prefix, name, held, at, size)
	return ok && format == Executable
}

func TestEndsAsZip(t *testing.T) {
	if endsAsZip(nil, "a.zip", nil, nil, 0) {
		t.Error("nothing ends as a zip")
	}
	archive := zipped("a", []byte("b"))
	for size := range len(archive) {
		text := archive[len(archive)-size:]
		want := size >= zipEndSize
		if got := endsAsZip(text, "", text, nil, 0); got != want {
			t.Errorf("the last %d bytes held: %v", size, got)
		}
		if got := endsAsZip(text, "", nil, bytes.NewReader(text), int64(size)); got != want {
			t.Errorf("the last %d bytes read: %v", size, got)
		}
	}
}

// TestTail has streams that end as something does that can't be unpacked there, and others.
func TestTail(t *testing.T) {
	archive := zipped("a.log", readable(1000))
	noise := strings.Repeat("what stands in front\n", 5000)
	commented := bytes.Clone(archive)
	commented[len(commented)-2] = 40 // the comment's length
	table := levelDBTableOf(t, blockSnappy, storedBlocks()...)
	for _, test := range []struct {
		name, text string
		want       error
	}{
		{"a zip", noise + string(archive), errZipBehind},
		{"a zip, padded", noise + string(archive) + strings.Repeat("\x00", 512), errZipBehind},
		{"a zip with a comment", noise + string(commented) + strings.Repeat("-", 40), errZipBehind},
		{"a table", noise + string(table), errTableBehind},
		{"a zip without entries", noise + string(zipComment("no")), nil},
		{"a zip that is not there", noise + string(archive[len(archive)-zipEndSize:]) + strings.Repeat("-", 4000), errZipBehind},
		{"an end alone", string(archive[len(archive)-zipEndSize:]), nil},
		{"text", noise, nil},
		{"nothing", "", nil},
	} {
		for _, part := range []int{1, 7, 4096, 5000, 1 << 20} {
			tail := NewTail(strings.NewReader(test.text))
			if n, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{tail}, make([]byte, part)); err != nil || n != int64(len(test.text)) {
				t.Fatal(n, err)
			}
			if got := tail.Unopened(); got != test.want { //nolint:errorlint // values
				t.Errorf("%s, in parts of %d: %v, want %v", test.name, part, got, test.want)
			}
		}
	}
}
