package scanner

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/stdin"
)

// TestAnImageOfAFileSystemIsTold proves that what in one is compressed does not stay unread without a word, and that all that is
// stored as it is is searched, whatever the image comes in.
func TestAnImageOfAFileSystemIsTold(t *testing.T) {
	image := make([]byte, 100<<10)
	copy(image[65600:], "_BHRfS_M")
	copy(image[70<<10:], " token "+signed(t, map[string]any{"sub": "somebody"})+" ")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(image); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		source source.Source
	}{
		{"file", files(map[string]string{"disk.img": string(image)})},
		{"stream", stdin.New(struct{ io.Reader }{bytes.NewReader(image)})},
		{"compressed", files(map[string]string{"disk.img.gz": packed.String()})},
		{"compressed stream", stdin.New(&packed)},
	} {
		t.Run(test.name, func(t *testing.T) {
			sink, result := scan(t, options(test.source))
			if len(result.Scan.Problems) != 1 || !strings.Contains(result.Scan.Problems[0].Reason, "Btrfs") {
				t.Errorf("told %v, want the image alone", result.Scan.Problems)
			}
			if firstFound(sink).Redacted == "" {
				t.Error("the token in it is not found")
			}
		})
	}
}
