package history

import (
	"bytes"
	"crypto/sha256"
)

// A name in a tree, of a file, a directory or a submodule, may have a token in it. To Attribute it is like a blob of its
// own, that has the token and lies where the name stands: its name as a blob is TellingName, its path ends with a slash,
// which no other path does.

// MinTelling is the length in bytes of the shortest name that is looked at: that of an unsigned token without claims.
const MinTelling = 24

// A tellingLeaf is an entry, of any kind, whose name may have a token.
type tellingLeaf struct {
	parent uint32
	name   uint32
}

// WatchNames has the names noted for which telling returns true. It must be called in front of Add. The function may be
// called from any number of goroutines at once, and must not keep the name.
func (t *Trees) WatchNames(telling func(name []byte) bool) { t.telling = telling }

// tell notes an entry whose name may have a token.
func (t *Trees) tell(g *gathering, tree Name, parent uint32, name []byte) {
	if t.kept.Add(1) > maxLeaves {
		t.cut.Store(true)
		return
	}
	number := g.number(name)
	g.told = append(g.told, tellingLeaf{parent: parent, name: number})
	if known, ok := g.toldBy[number]; !ok || bytes.Compare(tree.Bytes(), known.Bytes()) < 0 {
		g.toldBy[number] = tree
	}
}

// Telling returns the names that were noted, each with one of the trees that have it, always the same.
func (t *Trees) Telling() map[string]Name {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := map[string]Name{}
	for _, g := range t.all {
		for number, tree := range g.toldBy {
			name := g.list[number]
			if known, ok := all[name]; !ok || bytes.Compare(tree.Bytes(), known.Bytes()) < 0 {
				all[name] = tree
			}
		}
	}
	return all
}

// TellingName is what a name in a tree is called as a blob. No object has this name.
func TellingName(name string) Name {
	sum := sha256.Sum256([]byte("name\x00" + name))
	return NameOf(sum[:])
}
