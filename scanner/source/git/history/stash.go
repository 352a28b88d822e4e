package history

import (
	"bytes"
	"slices"
)

// A stash is two commits, and a third for untracked files: one has the index as it was, and its parent is what was checked
// out; the other has the working tree, and these two are its parents (git-stash(1)). They remove nothing: what they have
// not is still where they were made.

// isOfIndex reports whether the rest of a commit, behind its committer, has the message of a stash's index.
func isOfIndex(rest []byte) bool {
	const message = "\nindex on "
	if bytes.HasPrefix(rest, []byte(message)) {
		return true
	}
	_, behind, ok := bytes.Cut(rest, []byte("\n\n"))
	return ok && bytes.HasPrefix(behind, []byte(message[1:]))
}

// IsStash reports whether a commit with these parents, of which headers knows what is known, is a stash: it has the
// working tree, and the second of its parents the index.
func IsStash(parents []Name, headers func(Name) (CommitHeader, bool)) bool {
	if len(parents) != 2 && len(parents) != 3 {
		return false
	}
	index, ok := headers(parents[1])
	return ok && index.OfIndex && slices.Equal(index.Parents, parents[:1])
}

// markStashes marks the commits that stashes consist of.
func (g *graph) markStashes() {
	headers := func(name Name) (CommitHeader, bool) {
		number, ok := g.numbers[name]
		if !ok {
			return CommitHeader{}, false
		}
		return CommitHeader{Parents: g.commits[number].parents, OfIndex: g.commits[number].ofIndex}, true
	}
	g.stashed = make([]bool, len(g.commits))
	for i := range g.commits {
		if parents := g.commits[i].parents; IsStash(parents, headers) {
			g.stashed[i], g.stashed[g.numbers[parents[1]]] = true, true
		}
	}
}
