package git

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

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
// been added like that, by their own names and by what led to them: of a million references most may name the same few objects.
func (c *comparing) addTip(tip history.Tip, ends *[]revision, from sides, numbers map[history.Name]int) error {
	number, ok := numbers[tip.Object]
	if !ok {
		commit, err := c.peel(tip.Object)
		if errors.Is(err, errNoCommit) {
			return nil
		}
		if err != nil {
			return c.unread(tip.Object, err)
		}
		if number, ok = numbers[commit]; !ok {
			number = len(*ends)
			numbers[commit] = number
			*ends = append(*ends, revision{commit: commit, from: from})
		}
		numbers[tip.Object] = number
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
