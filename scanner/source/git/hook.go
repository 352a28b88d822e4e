package git

import "path/filepath"

// A Hook is what git tells a program that it runs as a hook, in its environment, of the repository that it runs it in
// (githooks(5), git(1)). Both are empty where the program is no hook.
type Hook struct {
	// Index is the file of the index that a commit is being made of. One of more than was staged, as git commit -a makes it, has
	// another than the repository's own.
	Index string
	// Objects is the directory of objects that were pushed here and are not taken in yet.
	Objects string
}

// HookOf returns what the environment says.
func HookOf(getenv func(string) string) Hook {
	return Hook{Index: absoluteOf(getenv("GIT_INDEX_FILE")), Objects: absoluteOf(getenv("GIT_OBJECT_DIRECTORY"))}
}

func absoluteOf(path string) string {
	if path == "" {
		return ""
	}
	absolute, _ := filepath.Abs(path) // without a working directory there is no repository either
	return absolute
}

// in returns the hook where the location is that of the repository that it runs in, else none: the index and the objects are not
// those of any other that is scanned from there.
func (h Hook) in(location Location) Hook {
	if h == (Hook{}) || location.Bundle != "" {
		return Hook{}
	}
	here, ok, err := Discover(".")
	if !ok || err != nil || !sameDir(here.GitDir, location.GitDir) {
		return Hook{}
	}
	if sameDir(h.Objects, filepath.Join(location.CommonDir, "objects")) {
		h.Objects = ""
	}
	return h
}
