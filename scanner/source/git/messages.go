package git

import (
	"bytes"
	"container/heap"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// A commit may be named by a regular expression that its message has (gitrevisions(7), ":/<text>" and "<rev>^{/<text>}"):
// the youngest that any reference leads to, or the one.

// errNoMessage wraps errNoRevision, so that it is said of a shallow clone that there is more.
var errNoMessage = fmt.Errorf("no commit has such a message: %w", errNoRevision)

// cutMessage splits {/text} off the front of what stands behind ^ in a revision. Braces in the text are those of the expression,
// and in pairs.
func cutMessage(steps string) (text, rest string, ok bool) {
	if !strings.HasPrefix(steps, "{/") {
		return "", steps, false
	}
	open := 0
	for i := 0; i < len(steps); i++ {
		switch steps[i] {
		case '\\':
			i++
		case '{':
			open++
		case '}':
			if open--; open == 0 {
				return steps[len("{/"):i], steps[i+1:], true
			}
		}
	}
	return "", steps, false
}

// A messagePattern is what a message must have, or must not.
type messagePattern struct {
	expression *regexp.Regexp
	isNot      bool
}

// parseMessagePattern reads an extended regular expression (POSIX), as git does: over all of the message, whose lines' ends are
// characters as others. In front of it !- has those found that it does not match, and !! stands for an exclamation mark.
// References back (\1) and classes in letters (\w) there are none, which is an error.
func parseMessagePattern(text string) (messagePattern, error) {
	var pattern messagePattern
	if rest, ok := strings.CutPrefix(text, "!"); ok {
		negated, isNot := strings.CutPrefix(rest, "-")
		if !isNot && !strings.HasPrefix(rest, "!") {
			return pattern, errors.New("behind ! in what a message has only - and ! are understood")
		}
		pattern.isNot, text = isNot, negated
	}
	parsed, err := syntax.Parse(text, syntax.OneLine|syntax.ClassNL|syntax.DotNL)
	if err != nil {
		return pattern, fmt.Errorf("what a message has: %w", err)
	}
	if pattern.expression, err = regexp.Compile(parsed.String()); err != nil {
		return pattern, fmt.Errorf("what a message has: %w", err)
	}
	return pattern, nil
}

// matches reports whether a commit has such a message.
func (p messagePattern) matches(commit []byte) bool {
	_, message, hasMessage := bytes.Cut(commit, []byte("\n\n"))
	return p.isNot != (hasMessage && p.expression.Match(message))
}

// youngestSaying returns the youngest commit with a message that any reference leads to.
func (c *comparing) youngestSaying(text string) (history.Name, error) {
	if err := c.readAllRefs(); err != nil {
		return history.Name{}, err
	}
	// Of commits with one date git looks first at that of HEAD, and then goes through the references from the last.
	var from, heads []history.Name
	for i := len(c.tips) - 1; i >= 0; i-- {
		tip := c.tips[i]
		if tip.Ref != "HEAD" && !strings.HasPrefix(tip.Ref, "refs/") {
			continue
		}
		commit, err := c.peel(tip.Object)
		switch {
		case errors.Is(err, errNoCommit):
		case err != nil:
			if err := c.unread(tip.Object, err); err != nil {
				return commit, err
			}
		case tip.Ref == "HEAD":
			heads = append(heads, commit)
		default:
			from = append(from, commit)
		}
	}
	return c.firstSaying(append(heads, from...), text)
}

// reachableSaying returns the youngest commit with a message that one leads to. Without a text it is that one.
func (c *comparing) reachableSaying(from history.Name, text string) (history.Name, error) {
	if text == "" {
		return from, nil
	}
	return c.firstSaying([]history.Name{from}, text)
}

// firstSaying goes back from some commits, the youngest first, to one with a message. It holds a name for each that it has come by.
func (c *comparing) firstSaying(from []history.Name, text string) (history.Name, error) {
	pattern, err := parseMessagePattern(text)
	if err != nil {
		return history.Name{}, err
	}
	w := messageWalk{comparing: c, seen: map[history.Name]bool{}, shallows: c.shallow()}
	for _, name := range from {
		if err := w.add(name); err != nil {
			return name, err
		}
	}
	for w.queue.Len() > 0 {
		if err := c.ctx.Err(); err != nil {
			return history.Name{}, err
		}
		next := heap.Pop(&w.queue).(datedCommit) // it holds nothing else
		object, err := c.store.Read(next.name)
		if err != nil {
			return next.name, err // it was there before
		}
		if pattern.matches(object.Bytes) {
			return next.name, nil
		}
		header, err := history.ParseCommit(object.Bytes)
		if err != nil {
			return next.name, err
		}
		for _, parent := range header.Parents {
			w.isCut = w.shallows[next.name]
			if err := w.add(parent); err != nil {
				return parent, err
			}
		}
	}
	return history.Name{}, errNoMessage
}

// A messageWalk goes back through commits, the youngest first, and of those with one date the one first that it met first.
type messageWalk struct {
	*comparing
	queue    datedCommits
	seen     map[history.Name]bool
	shallows map[history.Name]bool
	isCut    bool // what is added next need not be there
}

func (w *messageWalk) add(name history.Name) error {
	if w.seen[name] {
		return nil
	}
	w.seen[name] = true
	header, err := w.commit(name)
	if w.isCut && errors.Is(err, pack.ErrNotFound) {
		return nil
	}
	if err != nil {
		return w.unread(name, err)
	}
	heap.Push(&w.queue, datedCommit{name: name, date: header.Committed, number: len(w.seen)})
	return nil
}

// A datedCommit waits to be looked at.
type datedCommit struct {
	name   history.Name
	date   time.Time
	number int
}

// datedCommits is a heap with the youngest on top.
type datedCommits []datedCommit

func (q datedCommits) Len() int { return len(q) }
func (q datedCommits) Less(i, j int) bool {
	if order := q[i].date.Compare(q[j].date); order != 0 {
		return order > 0
	}
	return q[i].number < q[j].number
}
func (q datedCommits) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *datedCommits) Push(x any) { *q = append(*q, x.(datedCommit)) } // see messageWalk

// Pop implements heap.Interface.
func (q *datedCommits) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
