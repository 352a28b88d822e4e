package cmd

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLargeBlobsOfARepository scans packed versions of a log, which are deltas of each other and larger than what is judged
// at once: each version's tokens are found, by what anybody computes of them.
func TestLargeBlobsOfARepository(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: there is no repository to scan")
	}
	tree := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		command := exec.CommandContext(t.Context(), "git", append([]string{"-C", tree, "-c", "user.name=n", "-c", "user.email=n@example.com"}, args...)...)
		command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v: %s", args[0], err, out)
		}
	}
	git("init", "-q")
	var want []string
	lines := make([]string, 8000)
	for i := range lines {
		lines[i] = fmt.Sprintf("2026-05-03T04:05:06Z INFO request %d path=/api/v1/orders status=200", i)
	}
	for version := range 12 {
		token := exampleToken(t, nil, map[string]any{"sub": fmt.Sprint(version)})
		sum := sha256.Sum256([]byte(token))
		want = append(want, hex.EncodeToString(sum[:]))
		lines[version*661] = "authorization=" + token
		if version >= 6 {
			lines[(version-6)*661] = "rotated" // what was added before is in older versions alone
		}
		if err := os.WriteFile(filepath.Join(tree, "a.log"), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		git("add", ".")
		git("commit", "-q", "-m", "version")
	}
	git("gc", "-q")
	_, out, errs := run(t, nil, "scan", "--format", "json", "--jobs", "2", tree)
	var told struct {
		Findings []struct{ Fingerprint string }
		Scan     struct{ Complete bool }
	}
	if err := json.Unmarshal([]byte(out), &told); err != nil || !told.Scan.Complete {
		t.Fatalf("complete %v, %v: %s", told.Scan.Complete, err, errs)
	}
	var got []string
	for _, found := range told.Findings {
		got = append(got, found.Fingerprint)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("%d tokens are found, want %d", len(got), len(want))
	}
}
