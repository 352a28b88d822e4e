package git

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
)

// A Hook is what git tells a program that it runs as a hook, in its environment, of the repository that it runs it in
// (githooks(5), git(1)), or what whoever runs git says there. All are absolute, and empty where nothing is said.
type Hook struct {
	// Dir is the .git directory, or the file that points to it, which is not looked for then.
	Dir string
	// CommonDir is the directory that all work trees share, where it is another than Dir says.
	CommonDir string
	// WorkTree is the root of the work tree.
	WorkTree string
	// Index is the file of the index that a commit is being made of. One of more than was staged, as git commit -a makes it, has
	// another than the repository's own.
	Index string
	// Objects is the directory of objects that were pushed here and are not taken in yet.
	Objects string
}

// HookOf returns what the environment says.
func HookOf(getenv func(string) string) Hook {
	return Hook{
		Dir: absoluteOf(getenv("GIT_DIR")), CommonDir: absoluteOf(getenv("GIT_COMMON_DIR")), WorkTree: absoluteOf(getenv("GIT_WORK_TREE")),
		Index: absoluteOf(getenv("GIT_INDEX_FILE")), Objects: absoluteOf(getenv("GIT_OBJECT_DIRECTORY")),
	}
}

func absoluteOf(path string) string {
	if path == "" {
		return ""
	}
	absolute, _ := filepath.Abs(path) // without a working directory there is no repository either
	return absolute
}

// Discover returns the repository of whoever stands in a directory, path, the current one: that which the environment names, as
// git has it, or else the one that Discover finds. Where the environment names another repository or work tree than that in which
// the directory lies, git goes by the environment. That is an error here: whichever is scanned, the other would be passed over.
func (h Hook) Discover(path string) (Location, bool, error) {
	found, ok, err := Discover(path)
	if h.Dir == "" && h.CommonDir == "" && h.WorkTree == "" || h.Dir == "" && (!ok || err != nil) {
		return found, ok, err
	}
	named := found
	if h.Dir != "" {
		if named, err = h.open(); err != nil {
			return Location{}, false, err
		}
		switch {
		case ok && sameDir(found.GitDir, named.GitDir):
			named = found // by the name that places are told by
		case ok:
			return Location{}, false, fmt.Errorf("GIT_DIR names %s, and the current directory is in the repository %s: name the one that is meant, or unset GIT_DIR",
				h.Dir, cmp.Or(found.WorkTree, found.GitDir))
		case !named.isBare():
			named.WorkTree = path // where neither says otherwise, git takes the current directory
		}
	}
	if h.CommonDir != "" && !sameDir(h.CommonDir, named.CommonDir) {
		named.CommonDir = h.CommonDir
		if err := named.checkObjects(); err != nil {
			return Location{}, false, fmt.Errorf("GIT_COMMON_DIR names %w", err)
		}
	}
	if h.WorkTree != "" && !sameDir(h.WorkTree, named.WorkTree) {
		if !isWithin([]string{h.WorkTree, named.GitDir}, path) {
			return Location{}, false, fmt.Errorf("GIT_WORK_TREE names %s, and the current directory is not in it: name what is meant, or unset GIT_WORK_TREE", h.WorkTree)
		}
		named.WorkTree = calledFrom(path, h.WorkTree)
	}
	return named, true, nil
}

// calledFrom returns how an absolute path is called from a directory, where one of the two lies in the other.
func calledFrom(path, absolute string) string {
	if way, err := filepath.Rel(absoluteOf(path), absolute); err == nil {
		return filepath.Join(path, way)
	}
	return absolute
}

// open returns the repository that Dir names.
func (h Hook) open() (Location, error) {
	open := openGitDir
	if !isDir(h.Dir) {
		open = followGitFile
	}
	location, err := open(h.Dir)
	if err != nil {
		return Location{}, fmt.Errorf("GIT_DIR: %w", err)
	}
	return location, nil
}

// isBare reports whether a repository says that it has no work tree.
func (l Location) isBare() bool {
	bare := false
	content, _ := readSmall(filepath.Join(l.CommonDir, "config"), maxConfig) // that it can't be read is told where it is read whole
	_ = parseConfig(content, func(section, subsection, key, value string) {
		if section == "core" && subsection == "" && key == "bare" {
			bare = isTrue(strings.ToLower(value))
		}
	})
	return bare
}

// in returns the hook where the location is that of the repository that it runs in, else none: the index and the objects are not
// those of any other that is scanned from there.
func (h Hook) in(location Location) Hook {
	if h == (Hook{}) || location.Bundle != "" {
		return Hook{}
	}
	here, ok, err := h.Discover(".")
	if !ok || err != nil || !sameDir(here.GitDir, location.GitDir) {
		return Hook{}
	}
	if sameDir(h.Objects, filepath.Join(location.CommonDir, "objects")) {
		h.Objects = ""
	}
	return h
}
