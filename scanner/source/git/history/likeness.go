package history

import "bytes"

// A likeness is what is known of the entries of the tree that was added last. The next one is mostly a version of it, of
// which nothing has to be looked up that is the same.
type likeness struct {
	content, next []byte // the tree that was last, and the one that is being added
	known, fresh  []knownEntry
	at, place     int // the next entry of the last tree: where it stands in content, and in known
}

// A knownEntry is an entry that was added.
type knownEntry struct {
	child    uint64 // the key, where it is for a tree
	name     uint32 // the number of its name, there too
	size     uint32 // in bytes
	nameSize uint32
	behind   uint32 // bytes behind the name
	kind     entryKind
	isOwn    bool // each tree that has it is noted with it
}

// maxLikeness bounds the trees that are remembered, in bytes.
const maxLikeness = 1 << 20

// begin begins with the content of a tree; end ends with it.
func (l *likeness) begin(content []byte) {
	l.next, l.fresh, l.at, l.place = l.next[:0], l.fresh[:0], 0, 0
	if len(content) <= maxLikeness {
		l.next = append(l.next, content...)
	}
}

func (l *likeness) end() {
	l.content, l.next = l.next, l.content
	l.known, l.fresh = l.fresh, l.known
}

// knows returns what is known of the entry at the front of content, the rest of the tree that is being added.
func (l *likeness) knows(content []byte) (knownEntry, bool) {
	if l.place == len(l.known) {
		return knownEntry{}, false
	}
	entry := l.known[l.place]
	if entry.isOwn || int(entry.size) > len(content) ||
		string(content[:entry.size]) != string(l.content[l.at:l.at+int(entry.size)]) {
		return knownEntry{}, false
	}
	l.pass()
	l.remember(entry)
	return entry, true
}

// learn takes in an entry that was not known, with its name. Entries are in the order of their names: those of the last
// tree that come before this one are not in this tree.
func (l *likeness) learn(entry knownEntry, name []byte) {
	l.remember(entry)
	for l.place < len(l.known) {
		last := l.known[l.place]
		end := l.at + int(last.size-last.behind)
		order := bytes.Compare(l.content[end-int(last.nameSize):end], name)
		if order > 0 {
			return
		}
		if l.pass(); order == 0 {
			return
		}
	}
}

// pass goes on to the next entry of the last tree.
func (l *likeness) pass() {
	l.at += int(l.known[l.place].size)
	l.place++
}

func (l *likeness) remember(entry knownEntry) {
	if len(l.next) > 0 {
		l.fresh = append(l.fresh, entry)
	}
}
