package pack

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// Whoever repacks while a repository is swept moves loose objects into a pack that was not there when the packs were listed,
// and takes them away, maybe before they are met. So packs are listed again once all loose objects were gone through: what
// has vanished until then is in one of them, or in one that has taken the place of those.

// sweepLate shows what is in packs that have come since the packs were listed, and nowhere else.
func (s *sweep) sweepLate(ctx context.Context) error {
	var late []*pack
	for _, dir := range s.dirs {
		late = append(late, s.latePacks(filepath.Join(dir, "pack"))...)
	}
	if len(late) > 0 {
		s.metLoose.sort()
	}
	for _, p := range late {
		s.packs = append(s.packs, p)
		s.many = true
		if !s.hasNews(p) {
			continue
		}
		if err := s.sweepPack(ctx, p); err != nil {
			return err
		}
	}
	for _, failed := range s.vanished {
		if !slices.ContainsFunc(late, func(p *pack) bool { return p.index.find(failed.name.Bytes()) >= 0 }) {
			s.fail(failed.name, failed.where, failed.err)
		}
	}
	return nil
}

// latePacks opens the packs of a directory that the store does not have yet. One that has no index is not whole yet, and
// what it has is still where it was. One that can't be opened may be gone again, and is missed where an object is.
func (s *sweep) latePacks(dir string) (late []*pack) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // which was told when it was listed first
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		stem, isPack := strings.CutSuffix(path, ".pack")
		if !isPack || slices.ContainsFunc(s.listed, func(known string) bool { return known == path }) {
			continue
		}
		p, err := openPack(path, s.nameSize)
		if err != nil {
			continue
		}
		if p.index, err = s.readIndex(stem+".idx", p); err != nil {
			_ = p.close() // opened for reading only
			continue
		}
		s.listed = append(s.listed, path)
		late = append(late, p)
	}
	return late
}

// hasNews reports whether a pack has an object that was not met before. One that everything was packed into anew has none.
func (s *sweep) hasNews(p *pack) bool {
	for i := range p.index.len() {
		if name := history.NameOf(p.index.name(i)); !s.inPack(name, p) && !s.metLoose.has(name) {
			return true
		}
	}
	return false
}

// meetLoose notes that a loose object was met: a late pack may have it too.
func (s *sweep) meetLoose(name history.Name) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.metLoose.add(name)
}

// metNames are names of objects by their first byte, each in a list, which takes a sixth of the memory of a map: there may be
// millions. Once all are added and sorted, any number of goroutines may ask.
type metNames [256][]history.Name

func (l *metNames) add(name history.Name) {
	list := &l[name.Bytes()[0]]
	*list = append(*list, name)
}

func (l *metNames) sort() {
	for _, list := range l {
		slices.SortFunc(list, history.Name.Compare)
	}
}

func (l *metNames) has(name history.Name) bool {
	_, found := slices.BinarySearchFunc(l[name.Bytes()[0]], name, history.Name.Compare)
	return found
}

// vanish notes a loose object that was gone when it was to be read.
func (s *sweep) vanish(name history.Name, where string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.vanished = append(s.vanished, failure{name, where, ErrNotFound})
}
