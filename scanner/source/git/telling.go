package git

import (
	"maps"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// A token may stand in a name: of a file, a directory, a submodule, a branch or a tag. It leaks there as it does in a text.

// A tellingName is a name in a tree that may have a token, and one of the trees that have it.
type tellingName struct {
	name string
	tree history.Name
}

// showTelling shows the names in trees that may have tokens.
func (a *account) showTelling() error {
	for _, key := range slices.SortedFunc(maps.Keys(a.telling), compareNames) {
		if err := a.showAs(key, pack.Tree, a.nameText(a.telling[key])); err != nil {
			return err
		}
	}
	return nil
}

// nameText returns a name in a tree as a text.
func (r *reading) nameText(telling tellingName) source.Text {
	return source.Text{Place: r.place(telling.tree, objectTypeTree), Bytes: []byte(telling.name), IsName: true}
}

// blobPlace returns the place of a blob that has tokens, or of a name in a tree that has.
func (a *account) blobPlace(name history.Name) finding.GitPlace {
	if telling, ok := a.telling[name]; ok {
		return a.place(telling.tree, objectTypeTree)
	}
	return a.place(name, objectTypeBlob)
}

// mayTell reports whether a name or path may have a token.
func (r *reading) mayTell(name string) bool {
	return len(name) >= history.MinTelling && r.options.Candidate.Index([]byte(name)) >= 0
}

// eachTelling calls yield for each name on a path that may have a token, with the way there, until it fails.
func (r *reading) eachTelling(path string, yield func(upTo, name string) error) error {
	if !r.mayTell(path) {
		return nil
	}
	for at := 0; at < len(path); {
		end := len(path)
		if slash := strings.IndexByte(path[at:], '/'); slash >= 0 {
			end = at + slash
		}
		if name := path[at:end]; r.mayTell(name) {
			if err := yield(path[:end], name); err != nil {
				return err
			}
		}
		at = end + 1
	}
	return nil
}

// readNames shows the names of references and the paths of indexes. What is present in a HEAD is not shown again.
func (r *reading) readNames(indexes []*indexFile, present presence) error {
	if err := r.showRefNames(); err != nil {
		return err
	}
	return r.showIndexNames(indexes, present)
}

// showRefNames shows the names of references that may have tokens.
func (r *reading) showRefNames() error {
	tokens := newTokenSet()
	for _, tip := range r.tips {
		if !r.mayTell(tip.Ref) {
			continue
		}
		place := r.place(tip.Object, objectTypeRef)
		place.Reachable = true
		if tip.IsBranchOrTag() {
			place.AtTip, place.Tips = true, []string{tip.Ref}
		}
		shown := newTokenSet()
		text := source.Text{Place: place, Bytes: []byte(tip.Ref), IsName: true, Known: func(fingerprint finding.Fingerprint) bool {
			tokens.add(fingerprint)
			return !shown.add(fingerprint)
		}}
		if err := r.visitor.Visit(r.ctx, text); err != nil {
			return err
		}
	}
	r.inRefNames = tokens.all
	return nil
}

// showIndexNames shows the names on the paths of indexes that may have tokens, but those that are present in a HEAD.
func (r *reading) showIndexNames(indexes []*indexFile, present presence) error {
	for _, index := range indexes {
		for _, entries := range [][]indexEntry{index.entries, index.names} {
			for i := range entries {
				if err := r.showNamesOf(&entries[i], present); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// showNamesOf shows the names on the path of an entry.
func (r *reading) showNamesOf(entry *indexEntry, present presence) error {
	return r.eachTelling(entry.path, func(upTo, name string) error {
		if !r.wants(entry.path) {
			return nil
		}
		return r.showIndexName(entry.blob, upTo, name, func(fingerprint finding.Fingerprint) bool {
			return !present.add(upTo+"/", fingerprint)
		})
	})
}

// showIndexName shows a name on a path of an index, leaving out the tokens that are known.
func (r *reading) showIndexName(blob history.Name, upTo, name string, known func(finding.Fingerprint) bool) error {
	place := r.place(blob, objectTypeIndex)
	place.Path = upTo
	return r.visitor.Visit(r.ctx, source.Text{Place: place, Bytes: []byte(name), IsName: true, Known: known})
}

// newNames returns the names that a path has and a tree has not, and that may have tokens.
func (c *comparing) newNames(tree history.Name, path string, yield func(upTo, name string) error) error {
	return c.eachTelling(path, func(upTo, name string) error {
		if has, err := c.hasPath(tree, upTo); has || err != nil {
			return err
		}
		return yield(upTo, name)
	})
}
