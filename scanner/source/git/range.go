package git

import (
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// readRange shows what the commits of a range bring in: their messages, and of each path that they touch the tokens that
// no parent has there, nor any commit that the range leaves out at its end at any path that it touches: see older.
func (r *reading) readRange() error {
	c := r.compare()
	ends, err := c.parseRange(r.options.Range)
	if err := errors.Join(err, r.tellRefs()); err != nil {
		return err
	}
	commits, err := c.rangeCommits(ends)
	if err != nil {
		return err
	}
	s, err := c.ranging(ends, commits)
	if err != nil {
		return err
	}
	for number := range commits {
		if err := s.commit(int32(number)); err != nil {
			return err
		}
	}
	if err := s.showChanges(); err != nil {
		return err
	}
	if err := s.tell(); err != nil {
		return err
	}
	return c.end()
}

// A ranging goes over the commits of a range, which it counts, parents first: once to see what they change, and then
// over what may be new.
type ranging struct {
	*comparing
	ends     revisionRange
	commits  []*walked
	numbers  map[history.Name]int32
	stashed  []bool         // the commits that stashes consist of
	excluded []history.Name // trees of the commits left out at the range's end
	touched  touched
	changes  []rangeChange
	names    []rangeName

	mu      sync.Mutex
	met     map[finding.Fingerprint][]rangeMet
	repeats repeats
}

// A rangeChange is a change that a commit makes, to a blob that has tokens.
type rangeChange struct {
	commit int32
	change
}

// A rangeMet is an occurrence of a token that a commit brings in, and where else in the same text it stands.
type rangeMet struct {
	commit     int32
	occurrence finding.Occurrence
	spots      *spots
}

func (c *comparing) ranging(ends revisionRange, commits []*walked) (*ranging, error) {
	s := &ranging{
		comparing: c, ends: ends, commits: commits, numbers: make(map[history.Name]int32, len(commits)),
		touched: newTouched(), met: map[finding.Fingerprint][]rangeMet{},
	}
	c.keepTouched(s)
	for number, commit := range commits {
		s.numbers[commit.name] = int32(number)
	}
	s.markStashes()
	for _, end := range ends.exclude {
		header, err := c.commit(end.commit)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(s.excluded, header.Tree) {
			s.excluded = append(s.excluded, header.Tree)
		}
	}
	return s, nil
}

// sightedIn returns a function that notes the occurrences in one text, to be told with what their commit says.
func (s *ranging) sightedIn(commit int32) func(finding.Fingerprint, finding.Occurrence) {
	places := map[finding.Fingerprint]int{} // in met
	return func(fingerprint finding.Fingerprint, occurrence finding.Occurrence) {
		if made := s.commits[commit].header.Made(); !made.IsZero() {
			occurrence.SeenAt, occurrence.SeenBy = made, finding.SeenByCommit
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if i, again := places[fingerprint]; again {
			met := &s.met[fingerprint][i]
			known := sighted{met.occurrence, met.spots}.with(&occurrence, &s.repeats)
			met.occurrence, met.spots = known.first, known.spots
			return
		}
		places[fingerprint] = len(s.met[fingerprint])
		s.met[fingerprint] = append(s.met[fingerprint], rangeMet{commit, occurrence, nil})
	}
}

// tell tells what was met, with what became of it.
func (s *ranging) tell() error {
	if err := s.followAll(); err != nil {
		return err
	}
	if err := s.tellBranches(); err != nil {
		return err
	}
	for _, fingerprint := range slices.SortedFunc(maps.Keys(s.met), compareFingerprints) {
		t := &telling{reading: s.reading, fingerprint: fingerprint, repeats: &s.repeats}
		for _, met := range s.met[fingerprint] {
			if err := t.tell(met.occurrence, met.spots); err != nil {
				return err
			}
		}
		if err := t.flush(); err != nil {
			return err
		}
	}
	return s.tellRepeats(&s.repeats)
}

// commit shows the message of a commit, and notes what it changes.
func (s *ranging) commit(number int32) error {
	s.visitor.Count(finding.Stats{Commits: 1})
	if err := s.message(number); err != nil {
		return err
	}
	var parents []version
	for _, name := range s.commits[number].header.Parents {
		header, err := s.comparing.commit(name)
		if err != nil {
			// Of a commit whose parent is not there, as in a shallow clone, everything counts as brought in.
			if s.cut[s.commits[number].name] && errors.Is(err, pack.ErrNotFound) {
				continue // which is told of the commit
			}
			if err := s.unread(name, err); err != nil {
				return err
			}
			continue
		}
		_, inRange := s.numbers[name]
		parents = append(parents, version{object: header.Tree, isOutside: !inRange})
	}
	return s.directory(number, "", s.commits[number].header.Tree, parents)
}

func (s *ranging) message(number int32) error {
	name := s.commits[number].name
	place := s.attributed(number, name, objectTypeCommit)
	for _, end := range s.ends.include {
		if end.commit == name {
			place.Tips = append(place.Tips, end.refs...)
		}
	}
	slices.Sort(place.Tips)
	place.Tips = slices.Compact(place.Tips)
	place.AtTip = len(place.Tips) > 0
	return s.showObject(name, "", source.Text{Place: place, Sighted: s.sightedIn(number)})
}

func (s *ranging) attributed(number int32, object history.Name, kind string) finding.GitPlace {
	commit := s.commits[number]
	place := s.place(object, kind)
	place.Commit = commit.name.String()
	author := commit.header.Author
	place.Author, place.AuthorEmail, place.AuthoredAt = author.Name, author.Email, author.When
	place.Reachable = true
	return place
}

// blob notes a blob that a commit puts at a path, if it has tokens.
func (s *ranging) blob(number int32, path string, blob history.Name, old []version) error {
	if err := s.touch(number, path, blob, old); err != nil || !s.wants(path) {
		return err
	}
	s.visitor.Count(finding.Stats{Blobs: 1})
	tokens, err := s.tokens(blob, path)
	if err != nil || len(tokens) == 0 {
		return err
	}
	if often, err := s.isTooOften(blob); often || err != nil {
		return err
	}
	ch := change{path: path, blob: blob}
	for _, before := range old {
		ch.old = append(ch.old, before.object)
	}
	s.changes = append(s.changes, rangeChange{number, ch})
	return nil
}

// showChanges shows what is new of the changes and names that were noted.
func (s *ranging) showChanges() error {
	for i := range s.names {
		if err := s.showName(&s.names[i]); err != nil {
			return err
		}
	}
	for i := range s.changes {
		ch := &s.changes[i]
		place := s.attributed(ch.commit, ch.blob, objectTypeBlob)
		place.Path = ch.path
		for _, tree := range s.excluded {
			old, err := s.blobAt(tree, ch.path)
			if err != nil {
				return err
			}
			if old != (history.Name{}) {
				ch.old = append(ch.old, old)
			}
		}
		if err := s.show(&ch.change, source.Text{Place: place, Sighted: s.sightedIn(ch.commit)}); err != nil {
			return err
		}
	}
	return nil
}
