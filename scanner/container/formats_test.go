package container

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ulikunitz/xz/lzma"
)

// run calls a tool in a new directory that holds a file log.txt with text, and returns the file that it made.
func run(t testing.TB, text []byte, made string, tool string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("%s is not installed", tool)
	}
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "log.txt"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), tool, args...)
	command.Dir = directory
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, output)
	}
	data, err := os.ReadFile(filepath.Join(directory, made))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestToolFormats reads what the formats' own tools write.
func TestToolFormats(t *testing.T) {
	for _, test := range []struct {
		name, chain, made string
		tool              string
		args              []string
	}{
		{"gzip", "log.txt", "log.txt.gz", "gzip", []string{"log.txt"}},
		{"zstd", "log.txt", "log.txt.zst", "zstd", []string{"-q", "log.txt"}},
		{"zstd long", "log.txt", "log.txt.zst", "zstd", []string{"-q", "--long=27", "-19", "log.txt"}},
		{"xz", "log.txt", "log.txt.xz", "xz", []string{"log.txt"}},
		{"xz extreme, sha256", "log.txt", "log.txt.xz", "xz", []string{"-9e", "--check=sha256", "log.txt"}},
		{"xz blocks", "log.txt", "log.txt.xz", "xz", []string{"--block-size=10000", "--check=crc32", "-T2", "log.txt"}},
		{"lzma", "log.txt", "log.txt.lzma", "xz", []string{"--format=lzma", "log.txt"}},
		{"bzip2", "log.txt", "log.txt.bz2", "bzip2", []string{"-1", "log.txt"}},
		{"lz4", "log.txt", "log.txt.lz4", "lz4", []string{"-q", "log.txt", "log.txt.lz4"}},
		{"lz4 dependent", "log.txt", "log.txt.lz4", "lz4", []string{"-q", "-BD", "-B4", "-BX", "log.txt", "log.txt.lz4"}},
		{"lz4 legacy", "log.txt", "log.txt.lz4", "lz4", []string{"-q", "-l", "log.txt", "log.txt.lz4"}},
		{"brotli", "log.txt", "log.txt.br", "brotli", []string{"log.txt"}},
		{"7z", "log.txt", "a.7z", "7z", []string{"a", "a.7z", "log.txt"}},
		{"7z lzma1", "log.txt", "a.7z", "7z", []string{"a", "-m0=lzma", "a.7z", "log.txt"}},
		{"7z plain header", "log.txt", "a.7z", "7z", []string{"a", "-mhc=off", "a.7z", "log.txt"}},
		{"7z ppmd", "log.txt", "a.7z", "7z", []string{"a", "-m0=ppmd", "a.7z", "log.txt"}},
		{"7z bzip2", "log.txt", "a.7z", "7z", []string{"a", "-m0=bzip2", "a.7z", "log.txt"}},
		{"7z deflate bcj", "log.txt", "a.7z", "7z", []string{"a", "-m0=bcj", "-m1=deflate", "a.7z", "log.txt"}},
		{"7z copy", "log.txt", "a.7z", "7z", []string{"a", "-m0=copy", "a.7z", "log.txt"}},
		{"zip of 7z, lzma", "log.txt", "a.zip", "7z", []string{"a", "-mm=lzma", "a.zip", "log.txt"}},
		{"zip of 7z, bzip2", "log.txt", "a.zip", "7z", []string{"a", "-mm=bzip2", "a.zip", "log.txt"}},
		{"zip of 7z, deflate64", "log.txt", "a.zip", "7z", []string{"a", "-mm=deflate64", "a.zip", "log.txt"}},
		{"7z deflate64", "log.txt", "a.7z", "7z", []string{"a", "-m0=deflate64", "a.7z", "log.txt"}},
		{"tar of 7z", "log.txt", "a.tar", "7z", []string{"a", "a.tar", "log.txt"}},
		{"tar v7", "log.txt", "a.tar", "tar", []string{"--format=v7", "-cf", "a.tar", "log.txt"}},
		{"tar sparse", "log.txt", "a.tar", "tar", []string{"--sparse", "-cf", "a.tar", "log.txt"}},
		{"tar.xz", "a.tar > log.txt", "a.tar.xz", "tar", []string{"-cJf", "a.tar.xz", "log.txt"}},
		{"tgz", "a.tar > log.txt", "a.tgz", "tar", []string{"-czf", "a.tgz", "log.txt"}},
		{"ar", "log.txt", "a.a", "ar", []string{"rc", "a.a", "log.txt"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := readable(100_000)
			data := run(t, text, test.made, test.tool, test.args...)
			for _, way := range ways {
				t.Run(way.name, func(t *testing.T) {
					input := way.input(data)
					input.Name = test.made
					found := walk(t, input, Limits{})
					if chain, ok := found.find(secret); !ok || chain != test.chain || len(found.problems) > 0 {
						t.Errorf("found %v at %q, want %q\n%s", ok, chain, test.chain, found)
					}
					whole := 0
					for _, leaf := range found.leaves {
						if bytes.Equal([]byte(leaf.text), text) {
							whole++
						}
					}
					if whole != 1 {
						t.Errorf("the text was shown whole %d times, want once\n%s", whole, found)
					}
				})
			}
		})
	}
}

// What comes before the damage is found, though the decoder had it all in its dictionary when it failed.
func TestDamagedLZMA(t *testing.T) {
	text := append([]byte(secret+"\n"), readable(100_000)...)
	random := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		text = append(text, byte(random.UintN(256)))
	}
	whole := written(t, text, func(w io.Writer) (io.WriteCloser, error) { return lzma.NewWriter(w) })
	flipped := slices.Clone(whole)
	flipped[len(flipped)/2] ^= 0xff
	for _, test := range []struct {
		name string
		data []byte
	}{{"cut", whole[:len(whole)/2]}, {"flipped", flipped}} {
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				found := walk(t, way.input(test.data), Limits{})
				if _, ok := found.find(secret); !ok || len(found.problems) == 0 {
					t.Errorf("found %v, problems %q, want it and one", ok, found.problems)
				}
			})
		}
	}
}
