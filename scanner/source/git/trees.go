package git

import (
	"fmt"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// A listing has the entries of a tree.
type listing struct {
	entries []history.Entry
	size    int64 // of the tree in bytes
	// places has where the entries stand, of one that was looked up in; of evil trees that have a name twice, the first.
	places map[entryKey]int32
}

// An entryKey is what an entry is found by: its name and kind, which is neither of a tree nor of a blob where it is a link.
type entryKey struct {
	name           string
	isTree, isBlob bool
}

func keyOf(entry history.Entry) entryKey {
	return entryKey{name: entry.Name, isTree: entry.IsTree(), isBlob: entry.IsBlob()}
}

// fewEntries is of how many entries one is found without a map.
const fewEntries = 8

// find returns an entry, the zero one where there is none.
func (l *listing) find(key entryKey) history.Entry {
	if len(l.entries) > fewEntries {
		if l.places == nil {
			l.places = make(map[entryKey]int32, len(l.entries))
			for i, entry := range l.entries {
				if _, ok := l.places[keyOf(entry)]; !ok {
					l.places[keyOf(entry)] = int32(i)
				}
			}
		}
		if at, ok := l.places[key]; ok {
			return l.entries[at]
		}
		return history.Entry{}
	}
	for _, entry := range l.entries {
		if entry.Name == key.name && keyOf(entry) == key {
			return entry
		}
	}
	return history.Entry{}
}

// has reports whether there is anything under a name.
func (l *listing) has(name string) bool {
	for _, key := range []entryKey{{name: name, isTree: true}, {name: name, isBlob: true}, {name: name}} {
		if l.find(key).Object != (history.Name{}) {
			return true
		}
	}
	return false
}

// treesHeld are the trees that a comparing remembers: those that were asked for last, and those in front of them.
type treesHeld struct {
	last, before map[history.Name]*listing
	weight       int64 // of the last
}

// maxHeld bounds the weight of trees that are remembered twice: one for each entry and for each 64 bytes.
const (
	maxHeld   = 1 << 18
	heldBytes = 64
)

// get returns a tree that is remembered.
func (h *treesHeld) get(tree history.Name) (*listing, bool) {
	if held, ok := h.last[tree]; ok {
		return held, true
	}
	held, ok := h.before[tree]
	if ok {
		h.hold(tree, held)
	}
	return held, ok
}

func (h *treesHeld) hold(tree history.Name, listed *listing) {
	if h.last == nil || h.weight > maxHeld {
		h.last, h.before, h.weight = h.before, h.last, 0
		clear(h.last) // and used again: of two large trees that are compared each is asked for in turn
		if h.last == nil {
			h.last = map[history.Name]*listing{}
		}
	}
	h.last[tree] = listed
	h.weight += 1 + int64(len(listed.entries)) + listed.size/heldBytes
}

// tree returns the entries of a tree, none of one that can't be read: then all of the newer version counts as new.
func (c *comparing) tree(name history.Name) (*listing, error) {
	if name == (history.Name{}) {
		return &listing{}, nil
	}
	if held, ok := c.trees.get(name); ok {
		return held, nil
	}
	object, err := c.store.Read(name)
	if err == nil && object.Type != pack.Tree {
		err = fmt.Errorf("a %s where a tree is named", object.Type)
	}
	listed := &listing{}
	if err == nil {
		if err := c.checkName(&object); err != nil {
			return nil, err
		}
		listed.size = int64(len(object.Bytes))
		listed.entries, err = history.ParseTree(object.Bytes, len(name.Bytes()))
	}
	if err != nil {
		if err := c.unread(name, err); err != nil {
			return nil, err
		}
	}
	c.trees.hold(name, listed)
	return listed, nil
}

// eachEntry calls yield for each entry of a tree until it fails. It does not keep the tree meanwhile: of large trees one in
// the other not all are to be in memory.
func (c *comparing) eachEntry(tree history.Name, yield func(history.Entry) error) error {
	for i := 0; ; i++ {
		listed, err := c.tree(tree)
		if err != nil || i >= len(listed.entries) {
			return err
		}
		if err := yield(listed.entries[i]); err != nil {
			return err
		}
	}
}

// blobAt returns the blob that a tree has at a path, zero where it has none.
func (c *comparing) blobAt(tree history.Name, path string) (history.Name, error) {
	for {
		listed, err := c.tree(tree)
		if err != nil {
			return history.Name{}, err
		}
		first, rest, below := cutPath(path)
		entry := listed.find(entryKey{name: first, isTree: below, isBlob: !below})
		if !below || entry.Object == (history.Name{}) {
			return entry.Object, nil
		}
		tree, path = entry.Object, rest
	}
}

// hasPath reports whether a tree has anything at a path.
func (c *comparing) hasPath(tree history.Name, path string) (bool, error) {
	for {
		listed, err := c.tree(tree)
		if err != nil {
			return false, err
		}
		first, rest, below := cutPath(path)
		if !below {
			return listed.has(first), nil
		}
		entry := listed.find(entryKey{name: first, isTree: true})
		if entry.Object == (history.Name{}) {
			return false, nil
		}
		tree, path = entry.Object, rest
	}
}
