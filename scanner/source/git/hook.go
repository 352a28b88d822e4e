package git

import "path/filepath"

// A Hook is what git tells a program that it runs as a hook, in its environment, of the repository that it runs it in
// (githooks(5), git(1)).
type Hook struct {
	// Index is the file of the index that a commit is being made of. One of more than was staged, as git commit -a makes it, has
	// another than the repository's own.
	Index string
	// Objects is the directory of objects that were pushed here and are not taken in yet.
	Objects string
}

// HookOf returns what the environment of a hook says. Where a program is no hook it is empty.
func HookOf(getenv func(string) string) Hook {
	var h Hook
	for _, path := range []struct {
		to   *string
		from string
	}{{&h.Index, "GIT_INDEX_FILE"}, {&h.Objects, "GIT_OBJECT_DIRECTORY"}} {
		if value := getenv(path.from); value != "" {
			*path.to, _ = filepath.Abs(value) // without a working directory there is no repository either
		}
	}
	return h
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
	return h
}
