package git

import (
	"sync"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A Shared lets the sources of one scan know of each other: a repository that several targets or work trees lead to is
// read once, and of the others the files alone. The sources that share it are read one after the other.
type Shared struct {
	mu sync.Mutex
	// present has for each repository that was read what is in its HEADs and indexes.
	present map[string]presence
	// opened are the work trees that are targets themselves.
	opened map[string]bool
}

// open notes that a work tree is a target.
func (s *Shared) open(worktree string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened == nil {
		s.opened = map[string]bool{}
	}
	s.opened[real(worktree)] = true
}

// isOpened reports whether a work tree is a target.
func (s *Shared) isOpened(worktree string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened[real(worktree)]
}

// A presence has for each path in a HEAD or an index of a repository the tokens that it has there.
type presence map[string]map[finding.Fingerprint]bool

// add notes a token at a path and reports whether it is new there.
func (p presence) add(path string, fingerprint finding.Fingerprint) bool {
	tokens := p[path]
	if tokens[fingerprint] {
		return false
	}
	if tokens == nil {
		tokens = map[finding.Fingerprint]bool{}
		p[path] = tokens
	}
	tokens[fingerprint] = true
	return true
}

func (s *Shared) of(repository string) (presence, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	present, ok := s.present[repository]
	return present, ok
}

func (s *Shared) set(repository string, present presence) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.present == nil {
		s.present = map[string]presence{}
	}
	s.present[repository] = present
}
