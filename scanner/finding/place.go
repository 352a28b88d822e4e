package finding

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Spot is what tells two occurrences of a token apart, in the order that reports list them by. By way of which target
// it was met is none of it: whoever names a directory and one inside of it has each place once.
type Spot struct {
	Kind, Repository, Path string
	Container              []string
	Offset                 int64
	Object                 string
	ObjectType             string
	Commit                 string
	ReadAt                 time.Time // of standard input
}

// SpotOf returns the spot of an occurrence.
func SpotOf(occurrence *Occurrence) Spot {
	p := Spot{Container: occurrence.Container, Offset: occurrence.Offset}
	switch at := occurrence.Place.(type) {
	case FilePlace:
		p.Kind, p.Path = at.Kind(), at.Path
	case GitPlace:
		p.Kind, p.Repository, p.Path = at.Kind(), at.Repository, at.Path
		p.Object, p.ObjectType, p.Commit = at.Object, at.ObjectType, at.Commit
	case StdinPlace:
		p.Kind, p.ReadAt = at.Kind(), at.ReadAt
	}
	return p
}

// ComparePlaces orders occurrences by place; equal are those of the very same place.
func ComparePlaces(a, b *Occurrence) int {
	if p, ok := a.Place.(FilePlace); ok {
		if q, ok := b.Place.(FilePlace); ok {
			return cmp.Or(strings.Compare(p.Path, q.Path), slices.Compare(a.Container, b.Container), cmp.Compare(a.Offset, b.Offset))
		}
	}
	p, q := SpotOf(a), SpotOf(b)
	if c := cmp.Or(strings.Compare(p.Kind, q.Kind), strings.Compare(p.Repository, q.Repository), strings.Compare(p.Path, q.Path)); c != 0 {
		return c
	}
	if c := slices.Compare(p.Container, q.Container); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(p.Offset, q.Offset), strings.Compare(p.Object, q.Object),
		strings.Compare(p.ObjectType, q.ObjectType), strings.Compare(p.Commit, q.Commit), p.ReadAt.Compare(q.ReadAt),
	)
}
