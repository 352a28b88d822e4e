package git

import (
	"bytes"
	"cmp"
	"slices"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// sightings are the tokens met in objects during the sweep, and where in them.
type sightings struct {
	mu      sync.Mutex
	tokens  map[finding.Fingerprint]struct{}
	repeats repeats
	// objects has for each object with tokens what was sighted in it.
	objects map[history.Name]*sightedObject
}

// A sightedObject is an object that has tokens. A name in a tree that has some is called history.TellingName; its kind is
// that of the tree.
type sightedObject struct {
	kind   pack.Type
	tokens map[finding.Fingerprint]sighted
}

// A sighted token is where it stands first in an object, without a place, and where else.
type sighted struct {
	first finding.Occurrence
	spots *spots // nil where it stands there once
}

// with adds a place.
func (s sighted) with(at *finding.Occurrence, held *repeats) sighted {
	if s.spots == nil && comparePlaces(&s.first, at) == 0 { // a text was read twice
		if slices.Compare(at.Encodings, s.first.Encodings) < 0 {
			s.first = *at
		}
		return s
	}
	if s.spots == nil {
		s.spots = &spots{}
		held.add(s.spots, &s.first)
	}
	held.add(s.spots, at)
	// Texts are read in parts and in parallel, so the first is not always the first to be told.
	if isBefore(at, &s.first) {
		s.first = *at
	}
	return s
}

func newSightings() *sightings {
	return &sightings{tokens: map[finding.Fingerprint]struct{}{}, objects: map[history.Name]*sightedObject{}}
}

// in returns the function that a text's Sighted is, for the text of an object.
func (s *sightings) in(name history.Name, kind pack.Type) func(finding.Fingerprint, finding.Occurrence) {
	return func(fingerprint finding.Fingerprint, occurrence finding.Occurrence) {
		occurrence.Place = nil
		s.mu.Lock()
		defer s.mu.Unlock()
		s.tokens[fingerprint] = struct{}{}
		object, ok := s.objects[name]
		if !ok {
			object = &sightedObject{kind: kind, tokens: map[finding.Fingerprint]sighted{}}
			s.objects[name] = object
		}
		known, ok := object.tokens[fingerprint]
		if !ok {
			known.first = occurrence
		} else {
			known = known.with(&occurrence, &s.repeats)
		}
		object.tokens[fingerprint] = known
	}
}

// has reports whether a token was met in an object.
func (s *sightings) has(name history.Name) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.objects[name] != nil
}

func isBefore(a, b *finding.Occurrence) bool {
	return cmp.Or(comparePlaces(a, b), slices.Compare(a.Encodings, b.Encodings)) < 0
}

// fingerprints returns all tokens, in order. They are numbered by it for history.
func (s *sightings) fingerprints() []finding.Fingerprint {
	all := make([]finding.Fingerprint, 0, len(s.tokens))
	for fingerprint := range s.tokens {
		all = append(all, fingerprint)
	}
	slices.SortFunc(all, compareFingerprints)
	return all
}

// blobs returns the blobs that have tokens, and the names in trees that have, by name, with their tokens' numbers.
func (s *sightings) blobs(fingerprints []finding.Fingerprint) []history.Blob {
	numbers := make(map[finding.Fingerprint]int32, len(fingerprints))
	for i, fingerprint := range fingerprints {
		numbers[fingerprint] = int32(i)
	}
	var blobs []history.Blob
	for name, object := range s.objects {
		if object.kind != pack.Blob && object.kind != pack.Tree {
			continue
		}
		blob := history.Blob{Name: name}
		for fingerprint := range object.tokens {
			blob.Tokens = append(blob.Tokens, numbers[fingerprint])
		}
		slices.Sort(blob.Tokens)
		blobs = append(blobs, blob)
	}
	slices.SortFunc(blobs, func(a, b history.Blob) int { return compareNames(a.Name, b.Name) })
	return blobs
}

// others returns the commits and tags with tokens, by name.
func (s *sightings) others() []history.Name {
	var names []history.Name
	for name, object := range s.objects {
		if object.kind != pack.Blob && object.kind != pack.Tree {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, compareNames)
	return names
}

func compareFingerprints(a, b finding.Fingerprint) int { return bytes.Compare(a[:], b[:]) }
