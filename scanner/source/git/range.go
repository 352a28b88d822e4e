package git

import (
	"maps"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// readRange shows what the commits of a range bring in: their messages, and of each path that they touch the tokens that
// no parent has there, nor any commit that the range leaves out.
func (r *reading) readRange() error {
	c := r.compare()
	ends, err := c.parseRange(r.options.Range)
	if err != nil {
		return err
	}
	commits, err := c.rangeCommits(ends)
	if err != nil {
		return err
	}
	s := &ranging{comparing: c, ends: ends, met: map[finding.Fingerprint][]finding.Occurrence{}}
	for _, end := range ends.exclude {
		header, err := c.commit(end.commit)
		if err != nil {
			return err
		}
		s.excluded = append(s.excluded, header.Tree)
	}
	for _, commit := range commits {
		if err := s.commit(commit); err != nil {
			return err
		}
	}
	if err := s.tell(); err != nil {
		return err
	}
	return c.end()
}

// A ranging goes over the commits of a range.
type ranging struct {
	*comparing
	ends     revisionRange
	excluded []history.Name // trees of the commits left out at the range's end

	mu  sync.Mutex
	met map[finding.Fingerprint][]finding.Occurrence
}

// sighted notes an occurrence, to be told with what its commit says.
func (s *ranging) sighted(fingerprint finding.Fingerprint, occurrence finding.Occurrence) {
	if place, ok := occurrence.Place.(finding.GitPlace); ok && !place.AuthoredAt.IsZero() {
		occurrence.SeenAt, occurrence.SeenBy = place.AuthoredAt, finding.SeenByCommit
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.met[fingerprint] = append(s.met[fingerprint], occurrence)
}

// tell tells what was met.
func (s *ranging) tell() error {
	for _, fingerprint := range slices.SortedFunc(maps.Keys(s.met), compareFingerprints) {
		if err := s.visitor.Attribute(fingerprint, s.name(), s.met[fingerprint]); err != nil {
			return err
		}
	}
	return nil
}

func (s *ranging) commit(commit *walked) error {
	s.visitor.Count(finding.Stats{Commits: 1})
	if err := s.message(commit); err != nil {
		return err
	}
	var parents []history.Name
	for _, name := range commit.header.Parents {
		header, err := s.comparing.commit(name)
		if err != nil {
			// Of a commit whose parent is not there, as in a shallow clone, everything counts as brought in.
			if err := s.unread(name, err); err != nil {
				return err
			}
			continue
		}
		parents = append(parents, header.Tree)
	}
	return s.directory(commit, "", commit.header.Tree, parents)
}

func (s *ranging) message(commit *walked) error {
	place := s.attributed(commit, commit.name, objectTypeCommit)
	shown := newTokenSet()
	known := func(fingerprint finding.Fingerprint) bool { return !shown.add(fingerprint) }
	return s.showObject(commit.name, "", source.Text{Place: place, Known: known, Sighted: s.sighted})
}

func (s *ranging) attributed(commit *walked, object history.Name, kind string) finding.GitPlace {
	place := s.place(object, kind)
	place.Commit = commit.name.String()
	author := commit.header.Author
	place.Author, place.AuthorEmail, place.AuthoredAt = author.Name, author.Email, author.When
	place.Reachable = true
	return place
}

// directory compares a directory, which ends with a slash, with what the parents have there.
func (s *ranging) directory(commit *walked, dir string, tree history.Name, parents []history.Name) error {
	if slices.Contains(parents, tree) {
		return nil // nothing in it that a parent has not
	}
	if ok, err := s.enter(dir); !ok {
		return err
	}
	entries, err := s.tree(tree)
	if err != nil {
		return err
	}
	olds := make([]map[string]history.Entry, len(parents))
	for i, parent := range parents {
		if olds[i], err = s.byName(parent); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		var old []history.Name
		for _, names := range olds {
			if before := names[entry.Name]; before.Object != (history.Name{}) && before.IsTree() == entry.IsTree() && before.IsBlob() == entry.IsBlob() {
				old = append(old, before.Object)
			}
		}
		if err := s.treeName(commit, dir+entry.Name, entry.Name, tree, olds); err != nil {
			return err
		}
		switch {
		case slices.Contains(old, entry.Object):
		case entry.IsTree():
			err = s.directory(commit, dir+entry.Name+"/", entry.Object, old)
		case entry.IsBlob():
			err = s.blob(commit, &change{path: dir + entry.Name, blob: entry.Object, old: old})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// treeName shows a name that a commit puts in a tree, if it may have a token and neither a parent nor what the range leaves
// out has anything there.
func (s *ranging) treeName(commit *walked, path, name string, tree history.Name, olds []map[string]history.Entry) error {
	if !s.mayTell(name) || !s.wants(path) {
		return nil
	}
	for _, names := range olds {
		if _, ok := names[name]; ok {
			return nil
		}
	}
	for _, out := range s.excluded {
		if has, err := s.hasPath(out, path); has || err != nil {
			return err
		}
	}
	place := s.attributed(commit, tree, objectTypeTree)
	place.Path = path
	for _, end := range s.ends.include {
		header, err := s.comparing.commit(end.commit)
		if err != nil {
			continue // which has been told
		}
		has, err := s.hasPath(header.Tree, path)
		if err != nil {
			return err
		}
		if has {
			place.Tips = append(place.Tips, end.refs...)
		}
	}
	slices.Sort(place.Tips)
	place.Tips = slices.Compact(place.Tips)
	place.AtTip = len(place.Tips) > 0
	shown := newTokenSet()
	known := func(fingerprint finding.Fingerprint) bool { return !shown.add(fingerprint) }
	return s.visitor.Visit(s.ctx, source.Text{Place: place, Bytes: []byte(name), IsName: true, Known: known, Sighted: s.sighted})
}

func (c *comparing) byName(tree history.Name) (map[string]history.Entry, error) {
	entries, err := c.tree(tree)
	names := make(map[string]history.Entry, len(entries))
	for _, entry := range entries {
		names[entry.Name] = entry
	}
	return names, err
}

// blob shows a blob that a commit puts at a path.
func (s *ranging) blob(commit *walked, ch *change) error {
	if !s.wants(ch.path) {
		return nil
	}
	s.visitor.Count(finding.Stats{Blobs: 1})
	tokens, err := s.tokens(ch.blob, ch.path)
	if err != nil || len(tokens) == 0 {
		return err
	}
	if often, err := s.isTooOften(ch.blob); often || err != nil {
		return err
	}
	for _, tree := range s.excluded {
		old, err := s.blobAt(tree, ch.path)
		if err != nil {
			return err
		}
		if old != (history.Name{}) {
			ch.old = append(ch.old, old)
		}
	}
	place := s.attributed(commit, ch.blob, objectTypeBlob)
	place.Path = ch.path
	if place.Tips, err = s.tipsWith(ch); err != nil {
		return err
	}
	place.AtTip = len(place.Tips) > 0
	return s.show(ch, source.Text{Place: place, Sighted: s.sighted})
}

// tipsWith returns the references at the range's near end that still have the blob's tokens at its path.
func (s *ranging) tipsWith(ch *change) ([]string, error) {
	tokens, err := s.tokens(ch.blob, ch.path)
	if err != nil {
		return nil, err
	}
	var tips []string
	for _, end := range s.ends.include {
		header, err := s.comparing.commit(end.commit)
		if err != nil || len(end.refs) == 0 {
			continue
		}
		blob, err := s.blobAt(header.Tree, ch.path)
		if err != nil {
			return nil, err
		}
		there, err := s.tokens(blob, ch.path)
		if err != nil {
			return nil, err
		}
		for fingerprint := range tokens {
			if there[fingerprint] {
				tips = append(tips, end.refs...)
				break
			}
		}
	}
	slices.Sort(tips)
	return slices.Compact(tips), nil
}
