package git

import (
	"errors"
	"fmt"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// A change is a blob at a path, and what older versions have there.
type change struct {
	path string
	blob history.Name
	old  []history.Name
}

// A comparing shows the tokens of changes that older versions of the path have not.
type comparing struct {
	*reading
	// known has the tokens of the older blobs that were asked for.
	known map[knownBlob]map[finding.Fingerprint]bool
	trees map[history.Name][]history.Entry
	// moving, where set, takes into held the tokens that only move: see older.
	moving moving
	held   map[finding.Fingerprint]bool
	// entered counts the directories that were gone into.
	entered int
	// missing counts the objects that were asked for and are not there.
	missing map[history.Name]bool
	// misnamed has the objects that are not what their names say.
	misnamed map[history.Name]bool
	// times has how often a blob was shown, each time at another path.
	times map[history.Name]int
}

// A knownBlob is a blob, and whether its name says that it is a container, on which it depends what is found in it.
type knownBlob struct {
	blob    history.Name
	isNamed bool
}

func (r *reading) compare() *comparing {
	return &comparing{
		reading: r,
		known:   map[knownBlob]map[finding.Fingerprint]bool{},
		trees:   map[history.Name][]history.Entry{},
		missing: map[history.Name]bool{}, misnamed: map[history.Name]bool{},
		times: map[history.Name]int{},
	}
}

// maxTreesHeld bounds the trees that a comparing remembers.
const maxTreesHeld = 4096

// tree returns the entries of a tree, none of one that can't be read: then all of the newer version counts as new.
func (c *comparing) tree(name history.Name) ([]history.Entry, error) {
	if name == (history.Name{}) {
		return nil, nil
	}
	if entries, ok := c.trees[name]; ok {
		return entries, nil
	}
	object, err := c.store.Read(name)
	if err == nil && object.Type != pack.Tree {
		err = fmt.Errorf("a %s where a tree is named", object.Type)
	}
	var entries []history.Entry
	if err == nil {
		if err := c.checkName(&object); err != nil {
			return nil, err
		}
		entries, err = history.ParseTree(object.Bytes, len(name.Bytes()))
	}
	if err != nil {
		if err := c.unread(name, err); err != nil {
			return nil, err
		}
	}
	if len(c.trees) >= maxTreesHeld {
		clear(c.trees)
	}
	c.trees[name] = entries
	return entries, nil
}

// maxDirectories bounds the directories that are gone into, and maxPath the length of their paths in bytes: a tree that
// names another under many names, and so on down, has more than could ever be read.
const (
	maxDirectories = 1 << 22
	maxPath        = 1 << 16
)

// enter reports whether to go into a directory. One that is not gone into is told.
func (c *comparing) enter(dir string) (bool, error) {
	if err := c.ctx.Err(); err != nil {
		return false, err
	}
	c.entered++
	if len(dir) > maxPath || c.entered > maxDirectories {
		return false, c.problem(c.name(), "trees nested too deep, or naming one another too often, are not read to their end")
	}
	return true, nil
}

// maxTimes is how many paths one blob with tokens is shown at.
const maxTimes = 1 << 12

// isTooOften counts a path that a blob is to be shown at, and reports whether there have been enough, which it tells.
func (c *comparing) isTooOften(blob history.Name) (bool, error) {
	if c.times[blob]++; c.times[blob] == maxTimes+1 {
		return true, c.problem(c.name(), fmt.Sprintf("object %s is at more than %d paths: the others are not told", blob, maxTimes))
	}
	return c.times[blob] > maxTimes, nil
}

// unread tells of an object that can't be read, once; those that are not there are told all together by end.
func (c *comparing) unread(name history.Name, err error) error {
	if errors.Is(err, pack.ErrNotFound) {
		c.missing[name] = true
		return nil
	}
	return c.faulty(name, err)
}

func (c *comparing) end() error {
	return c.tellMissing(len(c.missing), anyOf(c.missing))
}

// blobAt returns the blob that a tree has at a path, zero where it has none.
func (c *comparing) blobAt(tree history.Name, path string) (history.Name, error) {
	for {
		entries, err := c.tree(tree)
		if err != nil {
			return history.Name{}, err
		}
		first, rest, below := cutPath(path)
		found := false
		for _, entry := range entries {
			if entry.Name != first || below && !entry.IsTree() || !below && !entry.IsBlob() {
				continue
			}
			if !below {
				return entry.Object, nil
			}
			tree, path, found = entry.Object, rest, true
			break
		}
		if !found {
			return history.Name{}, nil
		}
	}
}

// tokens returns the tokens in a blob, which is at a path, without telling of them.
func (c *comparing) tokens(blob history.Name, path string) (map[finding.Fingerprint]bool, error) {
	key := knownBlob{blob, c.isNamedContainer(path)}
	if tokens, ok := c.known[key]; ok || blob == (history.Name{}) {
		return tokens, nil
	}
	tokens := newTokenSet()
	place := c.place(blob, objectTypeBlob)
	place.Path = path
	err := c.showBlob(blob, place, func(fingerprint finding.Fingerprint) bool {
		tokens.add(fingerprint)
		return true
	})
	if err != nil {
		return nil, err
	}
	c.known[key] = tokens.all
	return tokens.all, nil
}

// showBlob shows a blob's text, if it may have a token, leaving out those that are known.
func (c *comparing) showBlob(blob history.Name, place finding.GitPlace, known func(finding.Fingerprint) bool) error {
	return c.showObject(blob, place.Path, source.Text{Place: place, Known: known})
}

// showObject shows the text of an object, if it may have a token.
func (c *comparing) showObject(name history.Name, path string, text source.Text) error {
	object, err := c.store.Read(name)
	if err != nil {
		return c.unread(name, err)
	}
	if object.Reader == nil && !c.mayHaveToken(object.Bytes, path) {
		return nil
	}
	if err := c.checkName(&object); err != nil {
		return err
	}
	text.Bytes, text.Reader, text.Size = object.Bytes, object.Reader, object.Size
	return c.visitor.Visit(c.ctx, text)
}

// checkName tells, once, of an object that is not what its name says.
func (c *comparing) checkName(object *pack.Object) error {
	misnamed := object.CheckName()
	if misnamed == nil || c.misnamed[object.Name] {
		return nil
	}
	c.misnamed[object.Name] = true
	return c.faulty(object.Name, misnamed)
}

// news returns the tokens of a change that none of the older versions has, and that did not move here from another path.
func (c *comparing) news(ch *change) (map[finding.Fingerprint]bool, error) {
	tokens, err := c.tokens(ch.blob, ch.path)
	if err != nil || len(tokens) == 0 {
		return nil, err
	}
	news := make(map[finding.Fingerprint]bool, len(tokens))
	for fingerprint := range tokens {
		news[fingerprint] = true
	}
	for _, old := range ch.old {
		tokens, err := c.tokens(old, ch.path)
		if err != nil {
			return nil, err
		}
		without(news, tokens)
	}
	if len(news) == 0 {
		return nil, nil
	}
	held, err := c.older()
	without(news, held)
	return news, err
}

// without takes tokens out of news.
func without(news, tokens map[finding.Fingerprint]bool) {
	for fingerprint := range tokens {
		delete(news, fingerprint)
	}
}

// show shows the tokens of a change that are news, at their place.
func (c *comparing) show(ch *change, text source.Text) error {
	news, err := c.news(ch)
	if err != nil || len(news) == 0 {
		return err
	}
	shown := newTokenSet()
	text.Known = func(fingerprint finding.Fingerprint) bool {
		return !news[fingerprint] || !shown.add(fingerprint) // of one that is there twice the first is told
	}
	return c.showObject(ch.blob, ch.path, text)
}
