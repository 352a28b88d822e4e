package git

import (
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
	if followed.remote == "." {
		return followed.merge, followed.merge != ""
	}
	for _, mapping := range c.fetches[followed.remote] {
		from, to, _ := strings.Cut(strings.TrimPrefix(mapping, "+"), ":")
		prefix, suffix, isPattern := strings.Cut(from, "*")
		if !isPattern {
			if from == followed.merge {
				return to, to != ""
			}
			continue
		}
		name, begins := strings.CutPrefix(followed.merge, prefix)
		name, ends := strings.CutSuffix(name, suffix)
		if begins && ends {
			return strings.Replace(to, "*", name, 1), to != ""
		}
	}
	return "", false
}

// resolveUpstream finds the commit that branch@{selector} names, of selectors @{upstream} alone; without a name the
// branch is the current one.
func (c *comparing) resolveUpstream(branch, selector string) (revision, error) {
	rev := branch + "@{" + selector + "}"
	switch strings.ToLower(selector) {
	case "u", "upstream":
	default:
		return revision{}, fmt.Errorf("revision %q: of what stands in @{} only @{upstream} is understood: name the commit instead", rev)
	}
	if branch == "" || branch == "HEAD" || branch == "@" {
		_, ref, _ := c.refs.resolve("HEAD")
		branch = ref
	}
	branch = strings.TrimPrefix(strings.TrimPrefix(branch, "refs/"), "heads/")
	ref, ok := c.configuration.tracking(branch)
	if !ok {
		return revision{}, fmt.Errorf("revision %q: the configuration has no upstream of the branch %q", rev, branch)
	}
	object, ref, _ := c.refs.resolve(ref)
	name, err := history.ParseName(object)
	if object == "" || err != nil {
		return revision{}, fmt.Errorf("revision %q: the upstream of the branch %q is not here: fetch it", rev, branch)
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
