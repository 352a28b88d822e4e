package scanner

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// seen scans one text, last written at noon, and returns when and by what its first token was seen.
func seen(t *testing.T, path string, text []byte, modified time.Time) (time.Time, finding.SeenBy) {
	t.Helper()
	sink, _ := scan(t, options(sourceFunc(func(ctx context.Context, _ int, visitor source.Visitor) error {
		return visitor.Visit(ctx, source.Text{Place: finding.FilePlace{Path: path}, Bytes: text, Modified: modified})
	})))
	occurrence := firstFound(sink).Occurrences[0]
	return occurrence.SeenAt, occurrence.SeenBy
}

// An entry without a time of its own, or with one from before there were tokens, is dated by the file it is in, and says so.
func TestAnEntryWithoutATimeIsDatedByItsFile(t *testing.T) {
	hour := noon.Add(-time.Hour)
	for _, test := range []struct {
		name     string
		modified time.Time
		want     time.Time
		by       finding.SeenBy
	}{
		{"its own", hour, hour, finding.SeenByEntry},
		{"none", time.Time{}, noon, finding.SeenByFile},
		{"where the dates of zip begin", time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), noon, finding.SeenByFile},
		{"npm's", time.Date(1985, 10, 26, 8, 15, 0, 0, time.UTC), noon, finding.SeenByFile},
	} {
		var archive bytes.Buffer
		writer := zip.NewWriter(&archive)
		entry, err := writer.CreateHeader(&zip.FileHeader{Name: "a.txt", Modified: test.modified})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte(signed(t, map[string]any{"sub": "a"}))); err != nil {
			t.Fatal(err)
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		if at, by := seen(t, "a.zip", archive.Bytes(), noon); !at.Equal(test.want) || by != test.by {
			t.Errorf("%s: seen at %v by %q, want %v by %q", test.name, at, by, test.want, test.by)
		}
	}
}

func TestACompressedFileWithoutATimeIsDatedAsAFile(t *testing.T) {
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	if _, err := writer.Write([]byte(signed(t, map[string]any{"sub": "a"}))); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if at, by := seen(t, "a.gz", compressed.Bytes(), noon); !at.Equal(noon) || by != finding.SeenByFile {
		t.Errorf("seen at %v by %q", at, by)
	}
}

// What unpacks to 1985 has no time, and doesn't keep the lines in it from having theirs.
func TestAFileFromBeforeThereWereTokensHasNoTime(t *testing.T) {
	old := time.Date(1985, 10, 26, 8, 15, 0, 0, time.UTC)
	token := signed(t, map[string]any{"sub": "a"})
	if at, by := seen(t, "a.txt", []byte(token), old); !at.IsZero() || by != "" {
		t.Errorf("seen at %v by %q", at, by)
	}
	line := "2026-05-31T12:00:00Z " + token
	if at, by := seen(t, "a.log", []byte(line), old); !at.Equal(noon.AddDate(0, 0, -1)) || by != finding.SeenByLog {
		t.Errorf("in a log: seen at %v by %q", at, by)
	}
}

// PowerShell writes logs in UTF-16.
func TestLinesInUTF16AreDated(t *testing.T) {
	want := time.Date(2026, 5, 3, 4, 5, 6, 0, time.UTC)
	for name, line := range map[string]string{
		"a line":        "2026-05-02 04:05:06 a\r\n2026-05-03 04:05:06 got TOKEN\r\n",
		"the first one": "2026-05-03 04:05:06 got TOKEN\r\n",
		"JSON, behind":  `{"message":"TOKEN","time":"2026-05-03T04:05:06Z"}` + "\r\n",
		"headers":       "2026-05-03 04:05:06 request\r\nAuthorization: Bearer TOKEN\r\n",
	} {
		text := strings.ReplaceAll(line, "TOKEN", signed(t, map[string]any{"sub": name}))
		for order, encoded := range map[string]binary.AppendByteOrder{"\xff\xfe": binary.LittleEndian, "\xfe\xff": binary.BigEndian} {
			wide := []byte(order)
			for _, character := range utf16.Encode([]rune(text)) {
				wide = encoded.AppendUint16(wide, character)
			}
			if at, by := seen(t, "a.log", wide, noon); by != finding.SeenByLog || !at.Equal(want) {
				t.Errorf("%s, %x: seen at %v by %q, want %v by the log", name, order, at, by, want)
			}
		}
	}
}

// A token that stands on another line than the time of what it belongs to is dated all the same: in a request that was logged
// with its headers, and in an entry of a journal with a long command line. So it is wherever it is in a file.
func TestRecordsOfSeveralLinesAreDated(t *testing.T) {
	want := time.Date(2026, 5, 3, 4, 5, 6, 0, time.UTC)
	long := strings.Repeat("argument ", 1<<10)
	for name, record := range map[string]string{
		"headers":            "2026-05-03 04:05:06,000 DEBUG request\nHost: shop.example\nAuthorization: Bearer TOKEN\n",
		"a body":             "2026-05-03 04:05:06,000 DEBUG request\nHost: shop.example\n\n{\"id_token\":\"TOKEN\"}\n",
		"a long entry":       "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1777781106000000\n_CMDLINE=" + long + "\nMESSAGE=TOKEN\n",
		"a long one, pretty": "{\n\t\"__REALTIME_TIMESTAMP\" : \"1777781106000000\",\n\t\"_CMDLINE\" : \"" + long + "\",\n\t\"MESSAGE\" : \"TOKEN\"\n}\n",
	} {
		for size, before := range map[string]int{"small": 1, "over two blocks": 256<<10 - 2<<10, "huge": hugeText} {
			filler := strings.Repeat(strings.Repeat("x", 1<<10-1)+"\n", before>>10)
			text := filler + "\n" + strings.ReplaceAll(record, "TOKEN", signed(t, map[string]any{"sub": name}))
			if at, by := seen(t, "a.log", []byte(text), noon); by != finding.SeenByLog || !at.Equal(want) {
				t.Errorf("%s, %s: seen at %v by %q, want %v by the log", name, size, at, by, want)
			}
			sink, _ := scan(t, options(sourceFunc(func(ctx context.Context, _ int, visitor source.Visitor) error {
				stored := source.Text{Place: finding.FilePlace{Path: "a.log"}, Reader: strings.NewReader(text), Size: int64(len(text)), Modified: noon}
				return visitor.Visit(ctx, stored)
			})))
			if got := firstFound(sink).Occurrences[0]; got.SeenBy != finding.SeenByLog || !got.SeenAt.Equal(want) {
				t.Errorf("%s, %s, read: seen at %v by %q, want %v by the log", name, size, got.SeenAt, got.SeenBy, want)
			}
		}
	}
}
