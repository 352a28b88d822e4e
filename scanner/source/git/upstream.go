package git

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// An upstream is what a branch follows: branch.<name>.remote and branch.<name>.merge of the configuration.
type upstream struct {
	remote string // "." is the repository itself
	merge  string // a reference of the remote's
}

// tracking returns the reference of this repository that keeps what a branch follows, as remote.<name>.fetch maps it.
func (c *configuration) tracking(branch string) (ref string, ok bool) {
	followed := c.upstreams[branch]
	return c.kept(followed.remote, followed.merge)
}

// kept returns the reference of this repository that keeps one of a remote.
func (c *configuration) kept(remote, of string) (ref string, ok bool) {
	if of == "" {
		return "", false
	}
	if remote == "." {
		return of, true
	}
	return mapped(c.fetches[remote], of)
}

// mapped returns what a reference becomes by the first of some mappings, such as +refs/heads/*:refs/remotes/origin/*, that
// is of it.
func mapped(mappings []string, of string) (ref string, ok bool) {
	for _, mapping := range mappings {
		from, to, _ := strings.Cut(strings.TrimPrefix(mapping, "+"), ":")
		prefix, suffix, isPattern := strings.Cut(from, "*")
		if !isPattern {
			if from == of {
				return to, to != ""
			}
			continue
		}
		name, begins := strings.CutPrefix(of, prefix)
		name, ends := strings.CutSuffix(name, suffix)
		if begins && ends {
			return strings.Replace(to, "*", name, 1), to != ""
		}
	}
	return "", false
}

// pushing returns the reference of this repository that keeps where a branch is pushed to by git push without arguments
// (git-config(1), push.default). Only what the repository's own configuration says is known.
func (c *configuration) pushing(branch string) (ref string, ok bool) {
	remote := cmp.Or(c.pushRemotes[branch], c.pushRemote, c.upstreams[branch].remote, "origin")
	if pushes := c.pushes[remote]; len(pushes) > 0 {
		to, ok := mapped(pushes, "refs/heads/"+branch)
		if !ok {
			return "", false
		}
		return c.kept(remote, to)
	}
	own, hasOwn := c.kept(remote, "refs/heads/"+branch)
	followed, isFollowing := c.tracking(branch)
	switch c.pushDefault {
	case "current", "matching":
		return own, hasOwn
	case "upstream", "tracking":
		return followed, isFollowing
	case "nothing":
		return "", false
	default: // simple
		return own, hasOwn && isFollowing && own == followed
	}
}

// resolveTracking finds the commit of what keeps another repository's branch for a branch of this one; without a name it
// is the current one.
func (c *comparing) resolveTracking(branch, what string, keeps func(branch string) (ref string, ok bool)) (revision, error) {
	if branch == "" || branch == "HEAD" || branch == "@" {
		_, ref, _ := c.refs.resolve("HEAD")
		branch = ref
	}
	branch = strings.TrimPrefix(strings.TrimPrefix(branch, "refs/"), "heads/")
	ref, ok := keeps(branch)
	if !ok {
		return revision{}, fmt.Errorf("the configuration has no %s of the branch %q", what, branch)
	}
	object, ref, _ := c.refs.resolve(ref)
	name, err := history.ParseName(object)
	if object == "" || err != nil {
		return revision{}, fmt.Errorf("the %s of the branch %q is not here: fetch it", what, branch)
	}
	return revision{commit: name, refs: []string{ref}}, nil
}

// noted returns the object that git has noted in a file such as ORIG_HEAD or FETCH_HEAD (gitrevisions(7)).
func (c *comparing) noted(name string) (history.Name, bool) {
	if c.location.Bundle != "" || !strings.HasSuffix(name, "_HEAD") || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" {
		return history.Name{}, false
	}
	content, err := readPointer(filepath.Join(c.location.GitDir, name))
	if err != nil {
		return history.Name{}, false
	}
	if end := strings.IndexAny(content, " \t\r\n"); end >= 0 {
		content = content[:end]
	}
	if !isObjectName(content) {
		return history.Name{}, false
	}
	object, err := history.ParseName(strings.ToLower(content))
	return object, err == nil
}
