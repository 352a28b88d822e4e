package git

import (
	"context"
	"errors"
	iofs "io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// readFiles reads what is in files: the working tree, and what lies beside the objects in the .git directory. Then it
// reads the repositories met on the way, each as a source of its own.
func (r *reading) readFiles(present presence) error {
	if r.options.Files == nil || r.location.Bundle != "" {
		return nil
	}
	nested := newNested(r.location)
	if root := r.location.WorkTree; root != "" {
		if err := r.readWorktree(root, nested, present); err != nil {
			return err
		}
	}
	told := presence{"packed-refs": r.inRefNames, "info/refs": r.inRefNames} // as what they are: names of references
	for _, dir := range r.gitDirs() {
		visitor := &filesVisitor{Visitor: r.visitor, root: dir, target: r.options.Target, present: told, inGitDir: true}
		if err := r.options.Files(r.ctx, r.jobs, dir, r.skipInGitDir(nested), visitor); err != nil {
			return err
		}
	}
	if len(r.refs.messages) > 0 { // a log that is in no file as it is
		place := finding.FilePlace{Target: r.options.Target, Path: filepath.ToSlash(filepath.Join(r.location.CommonDir, "reftable"))}
		if err := r.visitor.Visit(r.ctx, source.Text{Place: place, Bytes: r.refs.messages}); err != nil {
			return err
		}
	}
	r.leaveOutElsewhere()
	return r.readNested(nested, present)
}

// readOwnFiles reads the working tree of a repository that has been read by way of another one.
func (r *reading) readOwnFiles(present presence) error {
	if r.options.Files == nil || r.location.WorkTree == "" {
		return nil
	}
	nested := newNested(r.location)
	if err := r.readWorktree(r.location.WorkTree, nested, present); err != nil {
		return err
	}
	return r.readNested(nested, present)
}

func (r *reading) readWorktree(root string, nested *nestedRepositories, present presence) error {
	visitor := &filesVisitor{Visitor: r.visitor, root: root, target: r.options.Target, present: present}
	return r.options.Files(r.ctx, r.jobs, root, skipInWorktree(root, nested), visitor)
}

// gitDirs returns the directories with what lies beside the objects: one, and a second where the target is a linked
// work tree whose own is not below the common one.
func (r *reading) gitDirs() []string {
	dirs := []string{r.location.CommonDir}
	if below, err := filepath.Rel(r.location.CommonDir, r.location.GitDir); err != nil || strings.HasPrefix(below, "..") {
		dirs = append(dirs, r.location.GitDir)
	}
	return dirs
}

// skipInGitDir leaves out what is read as what it is and says nothing as a file: objects and indexes, and the
// repositories of submodules.
func (r *reading) skipInGitDir(nested *nestedRepositories) func(string) bool {
	return func(path string) bool {
		below, err := filepath.Rel(r.location.CommonDir, path)
		if err != nil {
			return false
		}
		way := strings.Split(filepath.ToSlash(below), "/")
		switch {
		case way[0] == "objects":
			return isOfObjects(way[1:])
		case below == "index" || below == "reftable":
			return true
		case way[0] == "worktrees" && len(way) == 3 && way[2] == "index":
			return true
		case way[0] == "modules" && len(way) > 1:
			return nested.at(path)
		}
		return false
	}
}

// isOfObjects reports whether the way to a file in the objects directory is that of an object, or of what git keeps for
// packs. What lies there beside these, such as an object that was not written to its end, is a file.
func isOfObjects(way []string) bool {
	if len(way) != 2 {
		return false
	}
	if way[0] != "pack" {
		return isObjectName(way[0] + way[1])
	}
	switch filepath.Ext(way[1]) {
	case packSuffix, ".idx", ".rev", ".bitmap", ".mtimes":
		return true
	}
	return way[1] == "multi-pack-index" || strings.HasPrefix(way[1], temporaryPack)
}

// temporaryPack is how the names of packs begin that are being written, or were when the writer died.
const temporaryPack = "tmp_pack_"

// skipInWorktree leaves out .git and every repository met.
func skipInWorktree(root string, nested *nestedRepositories) func(string) bool {
	root = filepath.Clean(root)
	return func(path string) bool {
		path = filepath.Clean(path)
		if path == root {
			return false
		}
		if filepath.Dir(path) == root && filepath.Base(path) == ".git" {
			return true
		}
		return nested.at(path)
	}
}

// A filesVisitor is shown files. A token that HEAD or the index has at the same path of the working tree is no news: it
// has been told as that, wherever in the file it stands now.
type filesVisitor struct {
	source.Visitor
	root, target string
	present      presence
	inGitDir     bool
}

// Visit implements source.Visitor.
func (v *filesVisitor) Visit(ctx context.Context, text source.Text) error {
	if text.IsName && v.inGitDir {
		return nil // that of a reference, which has been told
	}
	if place, ok := text.Place.(finding.FilePlace); ok {
		place.Target = v.target
		text.Place = place
		path := v.relative(place.Path)
		if text.IsName {
			path += "/" // which stands behind a path whose last name has the token
		}
		if tokens := v.present[path]; len(tokens) > 0 {
			text.Known = func(fingerprint finding.Fingerprint) bool { return tokens[fingerprint] }
		}
	}
	return v.Visitor.Visit(ctx, text)
}

// Problem implements source.Visitor. What vanishes from among the objects while they are packed is no file that was missed: a
// directory of loose objects, which are read as what they are, or an object that was being written and has its name now.
func (v *filesVisitor) Problem(problem finding.Problem) error {
	if v.inGitDir && strings.HasPrefix(v.relative(problem.Path), "objects/") {
		if _, err := os.Lstat(filepath.FromSlash(problem.Path)); errors.Is(err, iofs.ErrNotExist) {
			return nil
		}
	}
	return v.Visitor.Problem(problem)
}

// relative returns a path as the index has it.
func (v *filesVisitor) relative(path string) string {
	path = filepath.FromSlash(path)
	if below, err := filepath.Rel(v.root, path); err == nil && below != ".." && !strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		path = below
	}
	return filepath.ToSlash(path)
}
