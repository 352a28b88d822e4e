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

// sightings are the tokens met in objects during the sweep: of each token in an object the first, since more of the same
// token in the same object is no occurrence of its own.
type sightings struct {
	mu     sync.Mutex
	tokens map[finding.Fingerprint]struct{}
	// objects has for each object with tokens what was sighted in it.
	objects map[history.Name]*sightedObject
}

// A sightedObject is an object that has tokens. A name in a tree that has some is called history.TellingName; its kind is
// that of the tree.
type sightedObject struct {
	kind   pack.Type
	tokens map[finding.Fingerprint]finding.Occurrence // without a place
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
			object = &sightedObject{kind: kind, tokens: map[finding.Fingerprint]finding.Occurrence{}}
			s.objects[name] = object
		}
		// Texts are read in parts and in parallel, so the first is not always the first to be told. A comment allows the
		// token here where each of its lines has one.
		known, ok := object.tokens[fingerprint]
		allowed := occurrence.Allowed && (!ok || known.Allowed)
		if ok && known.Allowed && !allowed {
			known.Allowed = false
			object.tokens[fingerprint] = known
		}
		occurrence.Allowed = allowed
		if !ok || isBefore(&occurrence, &known) {
			object.tokens[fingerprint] = occurrence
		}
	}
}

// has reports whether a token was met in an object.
func (s *sightings) has(name history.Name) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.objects[name] != nil
}

func isBefore(a, b *finding.Occurrence) bool {
	return cmp.Or(slices.Compare(a.Container, b.Container), cmp.Compare(a.Offset, b.Offset),
		slices.Compare(a.Encodings, b.Encodings)) < 0
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
