package git

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// A revision is a commit that the user named.
type revision struct {
	commit history.Name
	refs   []string // the reference that was named; where none was, the branches and tags whose tip the commit is
}

// A revisionRange is the commits that the include ones lead to and the exclude ones do not.
type revisionRange struct {
	include, exclude []revision
	symmetric        bool // what both of two include ones lead to is left out
}

// parseRange reads a range (gitrevisions(7)): A..B, A...B, or revisions with ^ in front of those to be left out. Where
// one side of the dots is empty it is HEAD.
func (c *comparing) parseRange(text string) (revisionRange, error) {
	var parsed revisionRange
	for _, word := range strings.Fields(text) {
		if err := c.parseWord(word, &parsed); err != nil {
			return parsed, fmt.Errorf("range %q: %w", text, err)
		}
	}
	if len(parsed.include) == 0 {
		return parsed, fmt.Errorf("range %q: no commit to start from", text)
	}
	return parsed, nil
}

func (c *comparing) parseWord(word string, parsed *revisionRange) error {
	if from, to, ok := strings.Cut(word, "..."); ok {
		left, err := c.resolve(orHead(from))
		if err != nil {
			return err
		}
		right, err := c.resolve(orHead(to))
		if err != nil {
			return err
		}
		parsed.include, parsed.symmetric = append(parsed.include, left, right), true
		return nil
	}
	from, to, ok := strings.Cut(word, "..")
	if !ok {
		if from, ok = strings.CutPrefix(word, "^"); !ok {
			from, to = "", word
		}
	} else {
		from, to = orHead(from), orHead(to)
	}
	if from != "" {
		excluded, err := c.resolve(from)
		if err != nil {
			return err
		}
		parsed.exclude = append(parsed.exclude, excluded)
	}
	if to != "" {
		included, err := c.resolve(to)
		if err != nil {
			return err
		}
		parsed.include = append(parsed.include, included)
	}
	return nil
}

func orHead(rev string) string {
	if rev == "" {
		return "HEAD"
	}
	return rev
}

// resolve finds the commit that a revision names: a reference, in full or by its last part, or an object's name, in full
// or abbreviated, with any number of ~N and ^N behind.
func (c *comparing) resolve(rev string) (revision, error) {
	end := strings.IndexAny(rev, "~^")
	base, steps := rev, ""
	if end > 0 {
		base, steps = rev[:end], rev[end:]
	}
	if base == "@" {
		base = "HEAD"
	}
	found, err := c.resolveBase(base)
	if err != nil {
		return found, err
	}
	found.commit, err = c.peel(found.commit)
	if err != nil {
		return found, fmt.Errorf("revision %q: %w", rev, err)
	}
	if steps != "" {
		found.refs = nil
		if found.commit, err = c.walkBack(found.commit, steps); err != nil {
			return found, fmt.Errorf("revision %q: %w", rev, err)
		}
	}
	if found.refs == nil {
		found.refs = c.tipsAt(found.commit)
	}
	return found, nil
}

// tipsAt returns the branches and tags whose tip a commit is.
func (r *reading) tipsAt(commit history.Name) (refs []string) {
	for _, tip := range r.tips {
		if tip.Object == commit && tip.IsBranchOrTag() && len(refs) < history.MaxTips {
			refs = append(refs, tip.Ref)
		}
	}
	return refs
}

func (c *comparing) resolveBase(base string) (revision, error) {
	for _, form := range []string{"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s", "refs/remotes/%s/HEAD"} {
		object, ref, _ := c.refs.resolve(fmt.Sprintf(form, base))
		if object == "" {
			continue
		}
		name, err := history.ParseName(object)
		if err != nil {
			return revision{}, fmt.Errorf("revision %q: %w", base, err)
		}
		return revision{commit: name, refs: []string{ref}}, nil
	}
	if isObjectName(base) {
		name, err := history.ParseName(strings.ToLower(base))
		return revision{commit: name}, err
	}
	if name, err := c.abbreviated(base); name != (history.Name{}) || err != nil {
		return revision{commit: name}, err
	}
	return revision{}, fmt.Errorf("revision %q: no such reference or object", base)
}

// minAbbreviation is the least number of digits that may stand for an object's name, as in git.
const minAbbreviation = 4

// abbreviated returns the one commit, or tag, whose name begins with some hex digits; zero where there is none.
func (c *comparing) abbreviated(digits string) (history.Name, error) {
	if digits = strings.ToLower(digits); len(digits) < minAbbreviation || strings.Trim(digits, "0123456789abcdef") != "" {
		return history.Name{}, nil
	}
	var found []history.Name
	for _, name := range c.store.Abbreviated(digits) {
		if object, err := c.store.Read(name); err == nil && (object.Type == pack.Commit || object.Type == pack.Tag) {
			found = append(found, name)
		}
	}
	switch len(found) {
	case 0:
		return history.Name{}, nil
	case 1:
		return found[0], nil
	}
	return history.Name{}, fmt.Errorf("revision %q: %d commits begin like that, %s for one", digits, len(found), found[0])
}

// peel follows tags to a commit.
func (c *comparing) peel(name history.Name) (history.Name, error) {
	for range maxDepth {
		object, err := c.store.Read(name)
		if err != nil {
			return name, fmt.Errorf("read %s: %w", name, err)
		}
		switch object.Type {
		case pack.Commit:
			return name, nil
		case pack.Tag:
			target, ok := history.TagTarget(object.Bytes)
			if !ok {
				return name, history.ErrMalformedCommit
			}
			name = target
		default:
			return name, fmt.Errorf("%s is a %s and no commit", name, object.Type)
		}
	}
	return name, errors.New("tags that name tags, too many of them")
}

// walkBack follows ~N, the first parent N times, and ^N, the Nth parent.
func (c *comparing) walkBack(name history.Name, steps string) (history.Name, error) {
	for steps != "" {
		kind := steps[0]
		steps = steps[1:]
		end := len(steps) - len(strings.TrimLeft(steps, "0123456789"))
		count := 1
		if end > 0 {
			n, err := strconv.Atoi(steps[:end])
			if err != nil {
				return name, fmt.Errorf("number in a revision: %w", err)
			}
			count, steps = n, steps[end:]
		}
		times, which := count, 1
		switch {
		case kind == '^' && count == 0:
			continue // the commit itself
		case kind == '^':
			times, which = 1, count
		case kind != '~':
			return name, fmt.Errorf("%q in a revision is not understood", string(kind)+steps)
		}
		for range times {
			header, err := c.commit(name)
			if err != nil {
				return name, err
			}
			if len(header.Parents) < which {
				return name, fmt.Errorf("commit %s has no parent %d", name, which)
			}
			name = header.Parents[which-1]
		}
	}
	return name, nil
}

// commit reads the headers of a commit.
func (c *comparing) commit(name history.Name) (history.CommitHeader, error) {
	object, err := c.store.Read(name)
	if err != nil {
		return history.CommitHeader{}, err
	}
	if object.Type != pack.Commit {
		return history.CommitHeader{}, fmt.Errorf("%s is a %s and no commit", name, object.Type)
	}
	return history.ParseCommit(object.Bytes)
}
