package git

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Location says where the parts of a repository are.
type Location struct {
	// GitDir has what is a work tree's own: HEAD, the index, its reflog.
	GitDir string
	// CommonDir has what all work trees of the repository share: objects, references, configuration. It is GitDir but in
	// a linked work tree (gitrepository-layout(5), "commondir").
	CommonDir string
	// WorkTree is the directory whose .git led here, empty for a bare repository.
	WorkTree string
	// Bundle is the file, where the location is a bundle and no directory (gitformat-bundle(5)), or a pack alone
	// (gitformat-pack(5)), which is a bundle without references.
	Bundle string
}

// path is where the objects are: the bundle, or the directory that all work trees share.
func (l Location) path() string { return cmp.Or(l.Bundle, l.CommonDir) }

// maxPointer bounds the files that hold a path or the name of a reference, in bytes.
const maxPointer = 1 << 16

// errNotRepository is wrapped in the errors about what calls itself a repository and is none.
var errNotRepository = errors.New("not a git repository")

// Find reports whether path itself is a repository: a work tree with .git as directory or file, a .git directory, a bare
// repository, a bundle, or a pack. It does not look further up: see Discover. A path that calls itself a repository (a .git in
// it) and is none is an error. Of the repository nothing is obeyed: core.worktree,
// for one, may point anywhere.
func Find(path string) (Location, bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Location{}, false, fmt.Errorf("find a repository: %w", err)
	}
	if info.Mode().IsRegular() {
		return Location{Bundle: path}, isBundle(path) || isPack(path), nil
	}
	if !info.IsDir() {
		return Location{}, false, nil
	}
	dotGit := filepath.Join(path, ".git")
	info, err = os.Lstat(dotGit)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if info, err = os.Stat(dotGit); errors.Is(err, fs.ErrNotExist) {
			return Location{}, false, fmt.Errorf("%s: %w: a symbolic link to nothing", dotGit, errNotRepository)
		}
	}
	switch {
	case err == nil && info.IsDir():
		location, err := openGitDir(dotGit)
		location.WorkTree = path
		return location, err == nil, err
	case err == nil && info.Mode().IsRegular():
		location, err := followGitFile(dotGit)
		location.WorkTree = path
		return location, err == nil, err
	case err == nil:
		return Location{}, false, fmt.Errorf("%s: %w: neither a directory nor a file", dotGit, errNotRepository)
	case !errors.Is(err, fs.ErrNotExist):
		return Location{}, false, fmt.Errorf("%s: %w: %s", dotGit, errNotRepository, reason(err))
	}
	if !looksBare(path) {
		return Location{}, false, nil
	}
	location, err := openGitDir(path)
	if err == nil && filepath.Base(location.GitDir) == ".git" {
		location.WorkTree = filepath.Dir(filepath.Clean(path))
	}
	return location, err == nil, err
}

// Discover is Find at path and then at each directory above it, as git does for whoever stands in the middle of a work
// tree. Errors count only at path itself; above it what is no repository is passed by.
func Discover(path string) (Location, bool, error) {
	location, ok, err := Find(path)
	if ok || err != nil {
		return location, ok, err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return Location{}, false, fmt.Errorf("find a repository: %w", err)
	}
	up := path
	for absolute != filepath.Dir(absolute) {
		absolute = filepath.Dir(absolute)
		up = filepath.Join(up, "..")
		if location, ok, _ := Find(up); ok && location.Bundle == "" {
			return location, true, nil
		}
	}
	return Location{}, false, nil
}

// looksBare reports whether a directory is laid out as a repository: an objects directory beside a HEAD that may be one,
// or, whatever has become of HEAD, one that has objects of git in it.
func looksBare(dir string) bool {
	objects := filepath.Join(dir, "objects")
	return isDir(objects) && (isHead(filepath.Join(dir, "HEAD")) || hasObjects(objects))
}

// isHead reports whether a file names a reference or an object, as HEAD does.
func isHead(file string) bool {
	if target, err := os.Readlink(file); err == nil && strings.HasPrefix(filepath.ToSlash(target), "refs/") {
		return true
	}
	content, err := readPointer(file)
	return err == nil && (strings.HasPrefix(content, symbolic) || isObjectName(content))
}

// hasObjects reports whether an objects directory has what only git puts there: a pack, or a file whose name and whose
// directory's are together that of an object.
func hasObjects(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false // which is told where the directory is read as one
	}
	return slices.ContainsFunc(entries, func(fan os.DirEntry) bool {
		isPacks := fan.Name() == "pack"
		if !isPacks && len(fan.Name()) != fanDigits {
			return false
		}
		below, err := os.ReadDir(filepath.Join(dir, fan.Name()))
		return err == nil && slices.ContainsFunc(below, func(entry os.DirEntry) bool {
			if isPacks {
				return strings.HasPrefix(entry.Name(), "pack-") && strings.HasSuffix(entry.Name(), ".pack")
			}
			return entry.Type().IsRegular() && isObjectName(fan.Name()+entry.Name())
		})
	})
}

// fanDigits is how many digits of an object's name are that of the directory where it is loose.
const fanDigits = 2

// openGitDir checks that dir has what a repository must have: objects. A HEAD that is missing or damaged costs no more than
// what is checked out, and is told where references are read.
func openGitDir(dir string) (Location, error) {
	location := Location{GitDir: dir, CommonDir: dir}
	content, err := readPointer(filepath.Join(dir, "commondir"))
	switch {
	case err == nil:
		location.CommonDir = resolve(dir, content)
	case !errors.Is(err, fs.ErrNotExist):
		return Location{}, fmt.Errorf("%s: %w: %s", dir, errNotRepository, reason(err))
	}
	if err := location.checkObjects(); err != nil {
		return Location{}, err
	}
	return location, nil
}

// checkObjects checks that there is a directory for objects.
func (l Location) checkObjects() error {
	objects := filepath.Join(l.CommonDir, "objects")
	info, err := os.Stat(objects)
	if err != nil {
		return fmt.Errorf("%s: %w: no objects directory: %s", l.GitDir, errNotRepository, reason(err))
	}
	if !info.IsDir() {
		return fmt.Errorf("%s: %w: %s is no directory", l.GitDir, errNotRepository, objects)
	}
	return nil
}

// followGitFile opens what a .git file points to (gitrepository-layout(5)): a linked work tree or a submodule.
func followGitFile(file string) (Location, error) {
	content, err := readPointer(file)
	if err != nil {
		return Location{}, fmt.Errorf("%s: %w: %s", file, errNotRepository, reason(err))
	}
	target, ok := strings.CutPrefix(content, "gitdir:")
	if !ok {
		return Location{}, fmt.Errorf("%s: %w: a file without gitdir: in front of a path", file, errNotRepository)
	}
	location, err := openGitDir(resolve(filepath.Dir(file), strings.TrimSpace(target)))
	if err != nil {
		return Location{}, fmt.Errorf("%s points to %w", file, err)
	}
	return location, nil
}

func resolve(dir, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// readPointer returns the content of a small file without the white space around it. Only a regular file is read.
func readPointer(path string) (string, error) {
	content, err := readSmall(path, maxPointer)
	if err != nil {
		return "", err
	}
	return string(bytes.TrimSpace(content)), nil
}

// readSmall returns the content of a regular file of at most limit bytes. A pipe or device is not opened.
func readSmall(path string, limit int64) ([]byte, error) {
	file, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	var content bytes.Buffer
	if info, err := file.Stat(); err == nil { // of a long one nothing is copied
		content.Grow(int(min(max(info.Size(), 0), limit)) + bytes.MinRead)
	}
	if _, err := content.ReadFrom(io.LimitReader(file, limit+1)); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if int64(content.Len()) > limit {
		return nil, fmt.Errorf("read %s: larger than %d bytes", path, limit)
	}
	return content.Bytes(), nil
}

// openRegular opens a regular file. To open anything else, such as a pipe, may take for ever.
func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read %s: not a regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return file, nil
}

// isObjectName reports whether s is an object's name in full: hex of a SHA-1 or SHA-256.
func isObjectName(s string) bool {
	if len(s) != 40 && len(s) != 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// IsPacked reports whether a text that starts with prefix is a bundle or a pack, whose objects can't be seen in it.
func IsPacked(prefix []byte) bool { return startsBundle(prefix) || startsPack(prefix) }

// isBundle reports whether a file begins as a bundle does, of a version that is known or not: what is in it can't be seen
// by reading it as a file.
func isBundle(path string) bool { return startsBundle(beginning(path, len(bundleV2))) }

func startsBundle(start []byte) bool {
	start = start[:min(len(start), len(bundleV2))]
	version, isOne := bytes.CutPrefix(start, []byte(bundleV2[:bundleVersionAt]))
	version, ends := bytes.CutSuffix(version, []byte(bundleV2[bundleVersionAt+1:]))
	return isOne && ends && len(version) == 1 && version[0] >= '0' && version[0] <= '9'
}

// isPack reports whether a file begins as a pack of version 2 or 3 does, and may have as many objects as it says. One that is
// called as git calls packs is none but a damaged one, and so is one called a pack that ends before any can.
func isPack(path string) bool {
	if _, ok := packName(path); ok {
		return true
	}
	const leastEntry, leastPack = 9, packHeader + 20 // with the checksum behind
	start := beginning(path, packHeader)
	info, err := os.Stat(path)
	if !startsPack(start) {
		return err == nil && info.Size() < leastPack && strings.HasSuffix(path, packSuffix) && bytes.HasPrefix(start, []byte("PACK"))
	}
	return err == nil && int64(binary.BigEndian.Uint32(start[8:])) <= info.Size()/leastEntry
}

// packName returns the name of an object that a pack is called by.
func packName(path string) (name string, ok bool) {
	name, isPack := strings.CutPrefix(filepath.Base(path), "pack-")
	name, ends := strings.CutSuffix(name, packSuffix)
	if !isPack || !ends || !isObjectName(name) {
		return "", false
	}
	return name, true
}

// packHeader is how long the beginning of a pack is.
const packHeader = 12

func startsPack(start []byte) bool {
	return len(start) >= packHeader && bytes.HasPrefix(start, []byte("PACK\x00\x00\x00")) && (start[7] == 2 || start[7] == 3)
}

// beginning returns the first bytes of a regular file, fewer where it has or lets read no more: whoever reads it as a file
// tells.
func beginning(path string, n int) []byte {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	start := make([]byte, n)
	n, _ = io.ReadFull(file, start)
	return start[:n]
}

// The first lines of bundles (gitformat-bundle(5)).
const (
	bundleV2 = "# v2 git bundle\n"
	bundleV3 = "# v3 git bundle\n"
	// bundleVersionAt is where in them the version stands.
	bundleVersionAt = len("# v")
)
