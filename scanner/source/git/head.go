package git

import (
	"path/filepath"
	"strings"
)

// readHead reads what leads from HEAD to its commit and no other references: for what is staged the others say nothing,
// however many there are and whatever is wrong with them.
func readHead(location Location) *refTable {
	if isDir(filepath.Join(location.CommonDir, "reftable")) {
		return readRefs(location)
	}
	t := &refTable{dir: location.CommonDir, values: map[string]string{}}
	t.readFile(filepath.Join(location.GitDir, "HEAD"), "HEAD")
	name := "HEAD"
	for range maxSymbolic {
		target, isSymbolic := strings.CutPrefix(t.values[name], symbolic)
		if name = strings.TrimSpace(target); !isSymbolic || !isReference(name) {
			break
		}
		t.readOne(location, name)
	}
	t.checkHead(location)
	return t
}

// readOne reads a reference of that name, loose or packed.
func (t *refTable) readOne(location Location, name string) {
	for _, dir := range []string{location.GitDir, location.CommonDir} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if _, known := t.values[name]; !known && !isDir(file) { // an empty directory of references may stay behind
			t.readFile(file, name)
		}
	}
	if _, known := t.values[name]; !known {
		t.readPacked(filepath.Join(location.CommonDir, "packed-refs"), name)
	}
}

// isReference reports whether a name may be that of a reference, so that its file lies where those are.
func isReference(name string) bool {
	return strings.HasPrefix(name, "refs/") && filepath.IsLocal(filepath.FromSlash(name)) && !strings.Contains(name, "..")
}
