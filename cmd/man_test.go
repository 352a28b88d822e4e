package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra/doc"
)

// TestManualPages fails where a page is not what the commands' help says now.
func TestManualPages(t *testing.T) {
	root := newRootCommand()
	root.InitDefaultCompletionCmd()
	root.DisableAutoGenTag = true
	pages := t.TempDir()
	month := time.Unix(0, 0).UTC()
	header := &doc.GenManHeader{Title: "JWTLEAK", Section: "1", Date: &month, Source: strings.Trim(manualVersion, `"`), Manual: "jwtleak"}
	if err := doc.GenManTree(root, header, pages); err != nil {
		t.Fatal(err)
	}
	want := manualsIn(t, pages)
	for name, text := range want {
		want[name] = strings.Replace(text, `"Jan 1970"`, manualMonth, 1)
	}
	if *update {
		if err := os.RemoveAll("manual"); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir("manual", 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if err := os.WriteFile(filepath.Join("manual", name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(want, manualsIn(t, "manual")); diff != "" {
		t.Errorf("manual (-want +got; -update writes it anew):\n%s", diff)
	}
}

func TestManualIsDated(t *testing.T) {
	pages, err := manualPages.ReadDir("manual")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		var out bytes.Buffer
		if err := printManual(page.Name(), time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), &out); err != nil {
			t.Fatal(err)
		}
		if title := `"1" "May 2026" "jwtleak ` + toolVersion() + `" "jwtleak"`; !strings.Contains(out.String(), title) {
			t.Errorf("%s has no %s", page.Name(), title)
		}
	}
}

func manualsIn(t *testing.T, directory string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(directory, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		texts[entry.Name()] = string(text)
	}
	return texts
}
