package git

import (
	"context"
	"errors"
	"io"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// errNotFound says that an object is not in the repository.
var errNotFound = errors.New("object not found")

type objectType uint8

const (
	typeCommit objectType = iota + 1
	typeTree
	typeBlob
	typeTag
)

// String returns git's word for it.
func (t objectType) String() string {
	return [...]string{"object", "commit", "tree", "blob", "tag"}[min(t, 4)]
}

// An object is one object of a repository.
type object struct {
	Name   history.Name
	Type   objectType
	Size   int64
	Bytes  []byte    // valid until the callback returns
	Reader io.Reader // instead, for a huge blob
}

// An objectStore has the objects of a repository.
type objectStore interface {
	// Sweep calls visit for each object of the given types, once.
	Sweep(ctx context.Context, jobs int, types []objectType, visit func(object) error, problem func(path, reason string)) error
	Read(name history.Name) (object, error)
	Has(name history.Name) bool
	Close() error
}
