package git

import (
	"encoding/hex"
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
	refs   []string // the reference that was named; of the near ends, where none was, the branches and tags whose tip it is
	from   sides    // which end of the range it is
}

// resolve finds the commit that a revision names: a reference, in full or by its last part, or an object's name, in full
// or abbreviated, with any number of ~N and ^N behind; or, behind :/, a commit by its message.
func (c *comparing) resolve(rev string) (revision, error) {
	if text, ok := strings.CutPrefix(rev, ":/"); ok && text != "" {
		commit, err := c.youngestSaying(text)
		if err != nil {
			return revision{}, c.revisionError(rev, err)
		}
		return revision{commit: commit}, nil
	}
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
		return found, c.revisionError(rev, err)
	}
	if steps != "" {
		found.refs = nil
		if found.commit, err = c.walkBack(found.commit, steps); err != nil {
			return found, c.revisionError(rev, err)
		}
		if _, err = c.commit(found.commit); err != nil { // a parent need not be there, as in a shallow clone
			return found, c.revisionError(rev, err)
		}
	}
	return found, nil
}

// errNoRevision is the error of a name that stands for nothing in the repository.
var errNoRevision = errors.New("no such reference or object")

// revisionError says which revision can't be found and, where that may be why, that not all of the history is here.
func (r *reading) revisionError(rev string, err error) error {
	if (errors.Is(err, errNoRevision) || errors.Is(err, pack.ErrNotFound)) && len(r.shallow()) > 0 {
		return fmt.Errorf("revision %q: %w: a shallow clone, fetch more of its history", rev, err)
	}
	return fmt.Errorf("revision %q: %w", rev, err)
}

// tipsAt returns the branches and tags whose tip a commit is.
func tipsAt(tips []history.Tip, commit history.Name) (refs []string) {
	for _, tip := range tips {
		if tip.Object == commit && tip.IsBranchOrTag() && len(refs) < history.MaxTips {
			refs = append(refs, tip.Ref)
		}
	}
	return refs
}

// refForms are what the full name of a reference may be that is called by a shorter one, the first that is there.
var refForms = [...]string{"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s", "refs/remotes/%s/HEAD"}

func (c *comparing) resolveBase(base string) (revision, error) {
	if strings.Contains(base, "@{") {
		return c.resolveSelector(base)
	}
	// As in git, no reference can take the place of the object that its name is that of: whoever may push one would choose what
	// is compared.
	if isObjectName(base) && len(base) == hex.EncodedLen(c.nameSize()) {
		if strings.Trim(base, "0") == "" {
			return revision{}, errZeros
		}
		name, err := history.ParseName(strings.ToLower(base))
		return revision{commit: name}, err
	}
	if base == history.MainWorktreeHead || strings.HasPrefix(base, "worktrees/") {
		if err := c.readAllRefs(); err != nil {
			return revision{}, err
		}
	}
	for _, form := range refForms {
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
	if name, ok := c.noted(base); ok {
		return revision{commit: name}, nil
	}
	if name, err := c.abbreviated(described(base)); name != (history.Name{}) || err != nil {
		return revision{commit: name}, err
	}
	return revision{}, c.revisionError(base, notSupported(base))
}

// errZeros is the error of the name that git gives its hooks, and servers their pipelines, in the place of the commit that a new
// branch did not have before.
var errZeros = errors.New("nothing but zeros is no commit: of a branch that is new take all that no other has, COMMIT --not --all")

// described returns the abbreviated name at the end of what git-describe(1) writes, v1-3-g12ab34c, or the text itself.
func described(base string) string {
	if at := strings.LastIndex(base, "-g"); at > 0 {
		return base[at+len("-g"):]
	}
	return base
}

// notSupported returns why nothing is found under a name that no reference or object has.
func notSupported(base string) error {
	switch before, _, isPath := strings.Cut(base, ":"); {
	case isPath && before == "":
		return errors.New("it names a file in the index, and no commit")
	case isPath:
		return errors.New("it names a file of a commit, and no commit")
	}
	return errNoRevision
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

// errNoCommit is wrapped in the error of what names another object than a commit.
var errNoCommit = errors.New("no commit")

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
			return name, fmt.Errorf("%s is a %s: %w", name, object.Type, errNoCommit)
		}
	}
	return name, errors.New("tags that name tags, too many of them")
}

// cutPeeling cuts off the front of what stands behind ^ in a revision what asks for the commit itself.
func cutPeeling(steps string) (rest string, ok bool) {
	for _, kind := range []string{"{}", "{commit}", "{object}"} {
		if rest, ok := strings.CutPrefix(steps, kind); ok {
			return rest, true
		}
	}
	return steps, false
}

// walkBack follows ~N, the first parent N times, and ^N, the Nth parent.
func (c *comparing) walkBack(name history.Name, steps string) (history.Name, error) {
	for steps != "" {
		kind := steps[0]
		steps = steps[1:]
		if rest, ok := cutPeeling(steps); ok && kind == '^' {
			steps = rest // what a tag leads to, which has been followed
			continue
		}
		if text, rest, ok := cutMessage(steps); ok && kind == '^' {
			found, err := c.reachableSaying(name, text)
			if err != nil {
				return name, err
			}
			name, steps = found, rest
			continue
		}
		if kind == '^' && steps != "" && strings.IndexByte("~^0123456789", steps[0]) < 0 {
			return name, fmt.Errorf("%q in a revision is not understood", string(kind)+steps)
		}
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
	if err := c.checkName(&object); err != nil {
		return history.CommitHeader{}, err
	}
	return history.ParseCommit(object.Bytes)
}
