package git

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// maxReflog bounds a log of a reference that is read for what the reference was, in bytes.
const maxReflog = 64 << 20

// A reflogLine is an entry of the log of a reference: what it was, what it became, and why.
type reflogLine struct {
	before, after string // objects' names in hex
	at            time.Time
	message       string
}

// parseReflogLine reads a line: two objects' names, who and when, a tab and the message.
func parseReflogLine(line []byte) (reflogLine, bool) {
	head, message, _ := bytes.Cut(line, []byte("\t"))
	before, rest, _ := strings.Cut(string(head), " ")
	after, who, _ := strings.Cut(rest, " ")
	_, when, _ := strings.Cut(who[strings.LastIndexByte(who, '>')+1:], " ")
	seconds, _, _ := strings.Cut(when, " ")
	n, _ := strconv.ParseInt(seconds, 10, 64) // 1970 where it can't be read: before any that is asked for
	return reflogLine{before, after, time.Unix(n, 0), string(message)}, isObjectName(before) && isObjectName(after)
}

// reflog returns the log of a reference, the last entry first.
func (c *comparing) reflog(ref string) ([]reflogLine, error) {
	dir := c.location.CommonDir
	switch {
	case c.location.Bundle != "":
		return nil, errors.New("a bundle has no log of its references")
	case isDir(filepath.Join(dir, "reftable")):
		return c.refs.logOf(ref)
	case ref == "HEAD":
		dir = c.location.GitDir
	case !isReference(ref):
		return nil, errNoRevision
	}
	content, err := readSmall(filepath.Join(dir, "logs", filepath.FromSlash(ref)), maxReflog)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no log of %s", ref)
	}
	if err != nil {
		return nil, fmt.Errorf("the log of %s: %w", ref, err)
	}
	var log []reflogLine
	for end := len(content); end > 0; {
		start := bytes.LastIndexByte(content[:end], '\n') + 1
		if line, ok := parseReflogLine(content[start:end]); ok {
			log = append(log, line)
		}
		end = max(0, start-1)
	}
	return log, nil
}

// resolveBack finds what a reference was so many changes ago: the current branch, where no name is given.
func (c *comparing) resolveBack(name string, back int) (revision, error) {
	ref, err := c.loggedName(name)
	if err != nil {
		return revision{}, err
	}
	log, err := c.reflog(ref)
	if err != nil {
		return revision{}, err
	}
	object := ""
	switch {
	case back < len(log):
		object = log[back].after
	case back == len(log) && back > 0:
		object = log[back-1].before
	}
	if strings.Trim(object, "0") == "" {
		return revision{}, fmt.Errorf("the log of %s has %d entries only", ref, len(log))
	}
	commit, err := history.ParseName(strings.ToLower(object))
	return revision{commit: commit}, err
}

// resolveAt finds what a reference was at a time: the current branch, where no name is given.
func (c *comparing) resolveAt(name string, at time.Time) (revision, error) {
	ref, err := c.loggedName(name)
	if err != nil {
		return revision{}, err
	}
	log, err := c.reflog(ref)
	if err != nil {
		return revision{}, err
	}
	for _, line := range log {
		if line.at.After(at) {
			continue
		}
		if strings.Trim(line.after, "0") == "" {
			return revision{}, fmt.Errorf("%s was not there then", ref)
		}
		commit, err := history.ParseName(strings.ToLower(line.after))
		return revision{commit: commit}, err
	}
	if len(log) == 0 {
		return revision{}, fmt.Errorf("the log of %s is empty", ref)
	}
	return revision{}, fmt.Errorf("the log of %s only goes back to %s", ref, log[len(log)-1].at.UTC().Format(time.RFC3339))
}

// now returns what the clock says.
func (r *reading) now() time.Time {
	if r.options.Now != nil {
		return r.options.Now()
	}
	return time.Now()
}

// loggedName returns the full name of a reference that has a log.
func (c *comparing) loggedName(name string) (string, error) {
	if name == "" {
		_, ref, _ := c.refs.resolve("HEAD")
		if ref == "" {
			return "", errNoRevision
		}
		return ref, nil
	}
	if name == "@" || name == "HEAD" {
		return "HEAD", nil
	}
	for _, form := range refForms {
		if _, ref, _ := c.refs.resolve(fmt.Sprintf(form, name)); ref != "" {
			return ref, nil
		}
	}
	return "", errNoRevision
}

// movedFrom is how the message of a checkout begins.
const movedFrom = "checkout: moving from "

// resolvePrevious finds the branch, or the commit, that was checked out so many checkouts ago.
func (c *comparing) resolvePrevious(back int) (revision, error) {
	log, err := c.reflog("HEAD")
	if err != nil {
		return revision{}, err
	}
	for _, line := range log {
		from, isCheckout := strings.CutPrefix(line.message, movedFrom)
		if !isCheckout {
			continue
		}
		if back--; back > 0 {
			continue
		}
		from, _, _ = strings.Cut(from, " to ")
		if strings.Contains(from, "@{") {
			break
		}
		return c.resolveBase(from) // in git, too, a tag that is called so comes before the branch
	}
	return revision{}, errors.New("the log of HEAD has no such checkout")
}

// resolveSelector finds the commit that name@{selector} stands for (gitrevisions(7)).
func (c *comparing) resolveSelector(rev string) (revision, error) {
	name, selector, _ := strings.Cut(rev, "@{")
	selector, isClosed := strings.CutSuffix(selector, "}")
	if !isClosed {
		return revision{}, fmt.Errorf("revision %q: @{ without }", rev)
	}
	var found revision
	var err error
	back, notNumber := strconv.Atoi(selector)
	switch word := strings.ToLower(selector); {
	case word == "u" || word == "upstream":
		found, err = c.resolveTracking(name, "upstream", c.configuration.tracking)
	case word == "push":
		found, err = c.resolveTracking(name, "place to push to", c.configuration.pushing)
	case notNumber != nil || back >= leastTime:
		var at time.Time
		if at, err = parseDate(selector, c.now()); err == nil {
			found, err = c.resolveAt(name, at)
		}
	case back >= 0 && selector[0] != '-' && selector[0] != '+':
		found, err = c.resolveBack(name, back)
	case back < 0 && name == "":
		found, err = c.resolvePrevious(-back)
	default:
		err = errors.New("@{-N} has no name in front, and N is not 0")
	}
	if err != nil {
		return found, fmt.Errorf("revision %q: %w", rev, err)
	}
	return found, nil
}
