package scanner

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"testing"
	"time"

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
