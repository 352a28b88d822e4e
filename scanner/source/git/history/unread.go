package history

import "hash/maphash"

// A keySet is a set of keys of trees, which are as good as random: by their highest bits, and on from there.
type keySet struct {
	slots []uint64 // 0 is none
	shift uint
	zero  bool // 0 is a key too
}

func newKeySet(keys []uint64) *keySet {
	s := &keySet{shift: 62}
	for 1<<(64-s.shift) < 2*len(keys) {
		s.shift--
	}
	s.slots = make([]uint64, 1<<(64-s.shift))
	for _, key := range keys {
		s.add(key)
	}
	return s
}

func (s *keySet) add(key uint64) {
	at := key >> s.shift
	for s.slots[at] != 0 && s.slots[at] != key {
		at = (at + 1) & uint64(len(s.slots)-1)
	}
	s.slots[at] = key
	s.zero = s.zero || key == 0
}

func (s *keySet) has(key uint64) bool {
	at := key >> s.shift
	for s.slots[at] != 0 && s.slots[at] != key {
		at = (at + 1) & uint64(len(s.slots)-1)
	}
	return s.slots[at] == key && (key != 0 || s.zero)
}

// without returns the keys of children that are not in the set, at most maxUnread; nil where there are none.
func (s *keySet) without(edges []edge) (unread map[uint64]bool) {
	for i := range edges {
		if key := edges[i].child; !s.has(key) && len(unread) < maxUnread {
			if unread == nil {
				unread = map[uint64]bool{}
			}
			unread[key] = true
		}
	}
	return unread
}

// unreadTrees notes the trees that commits name and that were not read, beside those that trees name.
func (a *attribution) unreadTrees(commits *Commits) {
	a.result.unread, a.result.seed = a.views.unread, a.views.seed
	for i := range commits.commits {
		if key := maphash.Bytes(a.views.seed, commits.commits[i].tree.Bytes()); !a.views.read.has(key) && len(a.result.unread) < maxUnread {
			a.result.unread[key] = true
		}
	}
	a.views.read = nil
}

// maxUnread bounds the trees that were not read and are told apart.
const maxUnread = 1 << 16

// UnreadTrees returns how many objects are named as trees by commits and trees, and were not read as such, those left out
// that are known to be missing. What lies below them has no commit, and seems not to be reachable. One bit that is wrong in
// a pack makes a blob of a tree, which is whole as that.
func (r *Result) UnreadTrees(missing map[Name]bool) int {
	if len(r.unread) == 0 {
		return 0
	}
	count := len(r.unread)
	for name := range missing {
		if r.unread[maphash.Bytes(r.seed, name.Bytes())] {
			count--
		}
	}
	return count
}
