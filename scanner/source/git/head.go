package git

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// readFewRefs reads what leads from HEAD to its commit, and of other references those that are asked for: what is staged or
// lies between two commits is read no slower for 40 000 others, and whatever is wrong with them.
func readFewRefs(location Location) *refTable {
	if isDir(filepath.Join(location.CommonDir, "reftable")) {
		return readRefs(location)
	}
	t := &refTable{dir: location.CommonDir, values: map[string]string{}, asked: map[string]bool{}, location: location}
	t.readFile(filepath.Join(location.GitDir, "HEAD"), "HEAD")
	_, _, _ = t.resolve("HEAD") // which reads what it leads through; a fault is told where tips are made
	t.checkHead(location)
	return t
}

// value returns what a reference is, reading it where that has not been done.
func (t *refTable) value(name string) (string, bool) {
	value, ok := t.values[name]
	if ok || t.asked == nil || t.asked[name] || !isReference(name) {
		return value, ok
	}
	t.asked[name] = true
	for _, dir := range []string{t.location.GitDir, t.location.CommonDir} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if _, known := t.values[name]; !known && !isDir(file) { // an empty directory of references may stay behind
			t.readFile(file, name)
		}
	}
	if _, known := t.values[name]; !known {
		t.lookUpPacked(name)
	}
	value, ok = t.values[name]
	return value, ok
}

// maxPacked bounds a file of packed references that is held, in bytes. A longer one is read each time.
const maxPacked = 256 << 20

// lookUpPacked looks a reference up in the file of packed ones.
func (t *refTable) lookUpPacked(name string) {
	file := filepath.Join(t.location.CommonDir, "packed-refs")
	if t.packed == nil && t.searchPacked(file, name) {
		return
	}
	if t.packed == nil {
		content, err := readSmall(file, maxPacked)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		if err != nil {
			t.readPacked(file, name)
			return
		}
		if t.packed = content; t.packed == nil {
			t.packed = []byte{} // so that it is not looked for again
		}
	}
	if len(t.packed) > 0 && t.packed[len(t.packed)-1] != '\n' {
		t.problem(file, cutPacked)
	}
	for rest := t.packed; ; {
		at := bytes.Index(rest, []byte(" "+name))
		if at < 0 {
			return
		}
		start, end := bytes.LastIndexByte(rest[:at], '\n')+1, len(rest)
		if length := bytes.IndexByte(rest[at:], '\n'); length >= 0 {
			end = at + length + 1
		}
		t.parsePacked(file, name, bytes.NewReader(append(bytes.Clone(rest[start:end]), '\n')))
		rest = rest[end:]
	}
}

// packedBlock is how much of a file of packed references is read at a time where it is searched, in bytes.
const packedBlock = 4 << 10

// searchPacked looks a reference up in a file of packed ones that says that it is sorted, and reports whether it is found. A
// file in which it is not may be in disorder.
func (t *refTable) searchPacked(file, name string) bool {
	opened, err := openRegular(file)
	if err != nil {
		return false
	}
	defer opened.Close() //nolint:errcheck // opened for reading only
	block := make([]byte, 2*packedBlock)
	n, _ := opened.ReadAt(block, 0) // what could not be read is not there
	header, _, _ := bytes.Cut(block[:n], []byte("\n"))
	info, err := opened.Stat()
	if err != nil || !bytes.HasPrefix(header, []byte("# pack-refs with:")) || !bytes.Contains(append(bytes.Clone(header), ' '), []byte(" sorted ")) {
		return false
	}
	for low, high := int64(len(header)+1), info.Size(); low < high; {
		middle := low + (high-low)/2
		if high-low <= packedBlock {
			middle = low
		}
		n, _ := opened.ReadAt(block, middle)
		first := firstPacked(block[:n], middle == low)
		if line := packedLine(block[first:n], name); line != nil {
			t.parsePacked(file, name, bytes.NewReader(line))
			return !isCut(opened, info.Size())
		}
		_, ref, _ := bytes.Cut(block[first:n], []byte(" "))
		ref, _, ok := bytes.Cut(ref, []byte("\n"))
		next := middle + int64(first)
		switch {
		case middle == low:
			return false
		case next >= high:
			high = middle
		case !ok:
			return false
		case bytes.Compare(ref, []byte(name)) < 0:
			low = next
		default:
			high = next
		}
	}
	return false
}

// isCut reports whether the last line of a file of packed references has no end: then it is read whole, and told.
func isCut(opened *os.File, size int64) bool {
	last := make([]byte, 1)
	_, err := opened.ReadAt(last, size-1)
	return err != nil || last[0] != '\n'
}

// firstPacked returns where the first line of a reference begins in a part of the file, which may begin with one.
func firstPacked(part []byte, isLine bool) (at int) {
	for ; at < len(part) && (!isLine || part[at] == '^'); isLine = true {
		next := bytes.IndexByte(part[at:], '\n') + 1
		if next == 0 {
			return len(part)
		}
		at += next
	}
	return at
}

// packedLine returns the line of a reference, with its end, in a part of the file.
func packedLine(part []byte, name string) []byte {
	at := bytes.Index(part, []byte(" "+name+"\n"))
	if at < 0 {
		return nil
	}
	return part[bytes.LastIndexByte(part[:at], '\n')+1 : at+len(name)+2]
}

// readAllRefs reads the references that were not asked for too.
func (r *reading) readAllRefs() error {
	if r.refs.asked == nil {
		return nil
	}
	r.refs = readRefs(r.location)
	r.tips = r.refs.tips()
	return r.tellRefs()
}

// isReference reports whether a name may be that of a reference, so that its file lies where those are.
func isReference(name string) bool {
	return strings.HasPrefix(name, "refs/") && filepath.IsLocal(filepath.FromSlash(name)) && !strings.Contains(name, "..")
}
