package git

import (
	"sync"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A tokenSet is a set of tokens that any number of goroutines may add to.
type tokenSet struct {
	mu  sync.Mutex
	all map[finding.Fingerprint]bool
}

func newTokenSet() *tokenSet { return &tokenSet{all: map[finding.Fingerprint]bool{}} }

// add reports whether the token is new to the set.
func (s *tokenSet) add(fingerprint finding.Fingerprint) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[fingerprint] {
		return false
	}
	s.all[fingerprint] = true
	return true
}
