package git

import (
	"bytes"
	"errors"
	"io/fs"
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
