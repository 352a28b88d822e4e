package git

import (
	"os"
	"path/filepath"
)

// leaveOutElsewhere tells of the work trees of the repository that lie outside of what is scanned. Their indexes and HEADs
// have been read, their files are not: whoever names a directory means what lies in it.
func (r *reading) leaveOutElsewhere() {
	if r.options.LeftOut == nil {
		return
	}
	within := r.options.Within
	if len(within) == 0 {
		within = r.location.dirs()
	}
	for _, tree := range r.worktrees() {
		if !isWithin(within, tree) && !r.options.Shared.isOpened(tree) {
			r.options.LeftOut(filepath.ToSlash(tree), "a work tree of the repository that lies outside of the target: its index was read, its files were not")
		}
	}
}

// worktrees returns the directories of the repository's work trees, as far as they are there: of the main one, and of
// those that are linked (gitrepository-layout(5), "worktrees/<id>/gitdir"). Where those say to be nothing is opened.
func (r *reading) worktrees() []string {
	var trees []string
	if common := real(r.location.CommonDir); filepath.Base(common) == ".git" {
		trees = append(trees, filepath.Dir(common))
	}
	for _, id := range worktreeIDs(r.location) {
		dir := filepath.Join(r.location.CommonDir, "worktrees", id)
		pointer, err := readPointer(filepath.Join(dir, "gitdir"))
		if err != nil || pointer == "" {
			continue // it was moved away, or never made
		}
		dotGit := resolve(dir, pointer)
		if info, err := os.Lstat(dotGit); err == nil && info.Mode().IsRegular() {
			trees = append(trees, filepath.Dir(dotGit))
		}
	}
	return trees
}
