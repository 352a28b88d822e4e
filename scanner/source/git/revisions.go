package git

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// A revision is a commit that the user named.
type revision struct {
	commit history.Name
	refs   []string // the reference that was named; of the near ends, where none was, the branches and tags whose tip it is
	from   sides    // which end of the range it is
}

// A revisionRange is the commits that the include ones lead to and the exclude ones do not.
type revisionRange struct {
	include, exclude []revision
	symmetric        int // how many A...B there are, of each of which what both of its ends lead to is left out
	isNot            bool
}

// in returns the ends of the range that what is named goes to, and their sides: those to be left out, or the others. Behind
// --not it is the other way round.
func (r *revisionRange) in(isOut bool) (*[]revision, sides) {
	if isOut != r.isNot {
		return &r.exclude, fromExclude
	}
	return &r.include, fromInclude
}

// parseRange reads a range (gitrevisions(7)): A..B, A...B, or revisions with ^ in front of those to be left out. Where
// one side of the dots is empty it is HEAD. A^! is A alone, A^@ is its parents, and A^-N is A without its Nth parent, each of which
// may have ^ in front too. --all, --branches, --tags and --remotes
// are the references of that kind, and --not turns round what follows.
func (c *comparing) parseRange(text string) (revisionRange, error) {
	var parsed revisionRange
	for _, word := range rangeWords(text) {
		if err := c.parseWord(word, &parsed); err != nil {
			return parsed, fmt.Errorf("range %q: %w", text, err)
		}
	}
	if len(parsed.include) == 0 {
		return parsed, fmt.Errorf("range %q: no commit to start from", text)
	}
	return parsed, c.nameEnds(parsed.include)
}

// rangeWords splits a range at white space, but for that in @{2 days ago}.
func rangeWords(text string) []string {
	open := 0
	return strings.FieldsFunc(text, func(r rune) bool {
		switch r {
		case '{':
			open++
		case '}':
			open--
		}
		return open <= 0 && unicode.IsSpace(r)
	})
}

// nameEnds says of the near ends of a range that no reference was named for which references lead there.
func (c *comparing) nameEnds(ends []revision) error {
	for i := range ends {
		end := &ends[i]
		if len(end.refs) > 0 {
			continue
		}
		tips := c.tips
		if c.refs.asked != nil { // to read all takes longer than the range does
			leading := readRefsTo(c.location, end.commit)
			tips = leading.tips()
			c.refs.problems = append(c.refs.problems, leading.problems...)
			if err := c.tellRefs(); err != nil {
				return err
			}
		}
		if end.refs = tipsAt(tips, end.commit); len(end.refs) == 0 && c.options.RangeRef != "" {
			end.refs = []string{c.options.RangeRef}
		}
	}
	return nil
}

// What is left of "$A..$B" or "$A..HEAD" where a variable is not set is HEAD..HEAD, by which nothing would be looked at.
var (
	errNoEnds = errors.New("neither side of the dots names a commit")
	errNoEnd  = errors.New("from HEAD to HEAD there is no commit: one side of the dots names none")
)

// checkEnds returns an error for two sides of dots that say no more than HEAD..HEAD because one or both are empty.
func checkEnds(from, to string) error {
	switch {
	case from == "" && to == "":
		return errNoEnds
	case from == "" && isHeadItself(to), to == "" && isHeadItself(from):
		return errNoEnd
	}
	return nil
}

func isHeadItself(rev string) bool { return rev == "HEAD" || rev == "@" }

func (c *comparing) parseWord(word string, parsed *revisionRange) error {
	out, fromOut := parsed.in(true)
	in, fromIn := parsed.in(false)
	if strings.HasPrefix(word, "-") {
		return c.parseOption(word, parsed)
	}
	if from, to, ok := strings.Cut(word, "..."); ok {
		return c.parseSymmetric(from, to, parsed)
	}
	if from, to, ok := strings.Cut(word, ".."); ok {
		if err := checkEnds(from, to); err != nil {
			return err
		}
		if err := c.addEnd(orHead(from), out, fromOut); err != nil {
			return err
		}
		return c.addEnd(orHead(to), in, fromIn)
	}
	if rev, ok := strings.CutPrefix(word, "^"); ok {
		word, in, fromIn, out, fromOut = rev, out, fromOut, in, fromIn
	}
	if rev, ok := strings.CutSuffix(word, "^!"); ok {
		if err := c.addEnd(rev, in, fromIn); err != nil {
			return err
		}
		return c.addParents(rev, out, fromOut)
	}
	if rev, ok := strings.CutSuffix(word, "^@"); ok {
		return c.addParents(rev, in, fromIn)
	}
	if rev, which, ok := strings.Cut(word, "^-"); ok && strings.Trim(which, "0123456789") == "" {
		if err := c.addEnd(rev, in, fromIn); err != nil {
			return err
		}
		return c.addParent(rev, cmp.Or(which, "1"), out, fromOut)
	}
	return c.addEnd(word, in, fromIn)
}

// parseOption reads what git-rev-list(1) takes in the place of a revision.
func (c *comparing) parseOption(word string, parsed *revisionRange) error {
	kinds := map[string]string{"--all": "", "--branches": "refs/heads/", "--tags": "refs/tags/", "--remotes": "refs/remotes/"}
	prefix, ok := kinds[word]
	switch {
	case word == "--not":
		parsed.isNot = !parsed.isNot
		return nil
	case !ok:
		return fmt.Errorf("%q is not understood: of options there are --not, --all, --branches, --tags and --remotes", word)
	}
	if err := c.readAllRefs(); err != nil {
		return err
	}
	ends, from := parsed.in(false)
	numbers := map[history.Name]int{}
	for _, tip := range c.tips {
		isOf := strings.HasPrefix(tip.Ref, prefix)
		if word == "--all" {
			isOf = tip.Ref == "HEAD" || strings.HasPrefix(tip.Ref, "refs/")
		}
		if !isOf {
			continue
		}
		if err := c.addTip(tip, ends, from, numbers); err != nil {
			return err
		}
	}
	return nil
}

// addTip adds the commit that a reference leads to, if any, to some ends of a range. Numbers says where those are that have
// been added like that.
func (c *comparing) addTip(tip history.Tip, ends *[]revision, from sides, numbers map[history.Name]int) error {
	commit, err := c.peel(tip.Object)
	if errors.Is(err, errNoCommit) {
		return nil
	}
	if err != nil {
		return c.unread(tip.Object, err)
	}
	number, ok := numbers[commit]
	if !ok {
		number = len(*ends)
		numbers[commit] = number
		*ends = append(*ends, revision{commit: commit, from: from})
	}
	if end := &(*ends)[number]; tip.IsBranchOrTag() && len(end.refs) < history.MaxTips {
		end.refs = append(end.refs, tip.Ref)
	}
	return nil
}

func (c *comparing) parseSymmetric(left, right string, parsed *revisionRange) error {
	if err := checkEnds(left, right); err != nil {
		return err
	}
	if parsed.isNot {
		return errors.New("three dots behind --not are not understood")
	}
	if parsed.symmetric >= maxSymmetric {
		return fmt.Errorf("more than %d times three dots", maxSymmetric)
	}
	from := fromLeft << (2 * parsed.symmetric)
	parsed.symmetric++
	if err := c.addEnd(orHead(left), &parsed.include, from); err != nil {
		return err
	}
	return c.addEnd(orHead(right), &parsed.include, from<<1)
}

// addEnd adds what a revision names to some ends of a range.
func (c *comparing) addEnd(rev string, ends *[]revision, from sides) error {
	named, err := c.resolve(rev)
	if err != nil {
		return err
	}
	named.from = from
	*ends = append(*ends, named)
	return nil
}

// addParents adds the parents of the commit that a revision names to some ends of a range.
func (c *comparing) addParents(rev string, ends *[]revision, from sides) error {
	named, err := c.resolve(rev)
	if err != nil {
		return err
	}
	header, err := c.commit(named.commit)
	if err != nil {
		return fmt.Errorf("revision %q: %w", rev, err)
	}
	for _, parent := range header.Parents {
		*ends = append(*ends, revision{commit: parent, from: from})
	}
	return nil
}

// addParent adds one parent, by its number, of the commit that a revision names to some ends of a range.
func (c *comparing) addParent(rev, which string, ends *[]revision, from sides) error {
	named, err := c.resolve(rev)
	if err != nil {
		return err
	}
	parent, err := c.walkBack(named.commit, "^"+which)
	if err == nil {
		_, err = c.commit(parent) // which need not be there, as in a shallow clone
	}
	if err != nil {
		return c.revisionError(rev+"^"+which, err)
	}
	*ends = append(*ends, revision{commit: parent, from: from})
	return nil
}

func orHead(rev string) string {
	if rev == "" {
		return "HEAD"
	}
	return rev
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
