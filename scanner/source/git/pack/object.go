package pack

import (
	"errors"
	"io"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A Type is the type of an object.
type Type uint8

// The types of objects, numbered as in a pack.
const (
	Commit Type = 1
	Tree   Type = 2
	Blob   Type = 3
	Tag    Type = 4
)

// The further types that an entry of a pack may have.
const (
	offsetDelta    = 6
	referenceDelta = 7
)

// String returns git's word for it.
func (t Type) String() string {
	switch t {
	case Commit:
		return "commit"
	case Tree:
		return "tree"
	case Blob:
		return "blob"
	case Tag:
		return "tag"
	}
	return "object"
}

func typeOf(word string) (Type, bool) {
	for _, t := range []Type{Commit, Tree, Blob, Tag} {
		if t.String() == word {
			return t, true
		}
	}
	return 0, false
}

// An Object is one object.
type Object struct {
	Name history.Name
	Type Type
	Size int64
	// Bytes is its content, valid until the function that is shown it returns, and not to be changed.
	Bytes []byte
	// Reader is its content where it is too large to be held, as valid.
	Reader io.Reader
	// Job is which of the goroutines of a sweep shows it, from 0 up to Jobs.
	Job int
	// Candidates, where set, are all candidates of a blob, as SweepOptions.Candidate names them. They are valid as long.
	Candidates []detectors.Candidate
	// Version, where set, says how a tree was made, and takes what is to be known of it for those that are made of it. It is
	// valid as long.
	Version *history.Version
	// IsUnfinished is set of an object in a pack that is being written, or was when the writer died: what it names may never
	// have come.
	IsUnfinished bool
}

// CheckName returns an error where the content is not what the name says. In a pack the name is what the index says, which
// nothing in the pack contradicts where it is wrong. One that is streamed is checked where its stream ends.
func (o *Object) CheckName() error {
	if o.Reader != nil || nameOf(o.Type, o.Bytes, len(o.Name.Bytes())) == o.Name {
		return nil
	}
	return errMisnamed
}

// Errors of what can't be read.
var (
	ErrNotFound = errors.New("object not found")
	errCorrupt  = errors.New("corrupt")
	errTooLarge = errors.New("larger than what is held in memory")
	errLarge    = errors.New("large") // to be read as a stream
	errTooDeep  = errors.New("a chain of deltas without end")
)

const (
	// largeObject is the size from which an object that is no delta, and has none, is streamed.
	largeObject = 32 << 20
	// maxObject bounds an object that must be held to rebuild deltas, or is one.
	maxObject = 512 << 20
	// maxChain bounds a chain of deltas. git makes none of more than 4095.
	maxChain = 10_000
)
