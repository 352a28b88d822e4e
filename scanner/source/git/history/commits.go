package history

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Commits gathers, from one sweep, what commits and tags name. It keeps no text of theirs.
type Commits struct {
	mu      sync.Mutex
	commits []commit
	tags    map[Name]Name
}

type commit struct {
	name    Name
	tree    Name
	parents []Name
	when    int64 // the committer's time, in Unix seconds
	ofIndex bool
}

// ErrMalformedCommit says that the content of a commit object does not begin with the name of its tree, or that of a
// tag with the name of its object.
var ErrMalformedCommit = errors.New("malformed commit or tag")

// NewCommits returns an empty Commits.
func NewCommits() *Commits { return &Commits{tags: map[Name]Name{}} }

// AddCommit takes in a commit object. The content may be reused when it has returned. It may be called from any number
// of goroutines at once.
func (c *Commits) AddCommit(name Name, content []byte) error {
	header, err := ParseCommit(content)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commits = append(roomy(c.commits), commit{
		name: name, tree: header.Tree, parents: header.Parents, when: header.Committed.Unix(), ofIndex: header.OfIndex,
	})
	return nil
}

// roomy returns a list with room for one more: twice what it has where it is full. To append alone lets a long list grow by a
// quarter, and copies all of it each time.
func roomy[T any](list []T) []T {
	if len(list) == cap(list) {
		return slices.Grow(list, max(len(list), 1))
	}
	return list
}

// AddTag takes in a tag object, as AddCommit does a commit.
func (c *Commits) AddTag(name Name, content []byte) error {
	line, _, _ := bytes.Cut(content, []byte("\n"))
	object, ok := parseName(line, "object ")
	if !ok {
		return ErrMalformedCommit
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tags[name] = object
	return nil
}

// Len returns the number of commits.
func (c *Commits) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.commits)
}

// Missing returns the objects that commits and tags name and that are not there: trees, parents but those of the
// commits in shallow, and what was tagged.
func (c *Commits) Missing(has func(Name) bool, shallow map[Name]bool) map[Name]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	missing := map[Name]bool{}
	check := func(name Name) {
		if !missing[name] && !has(name) {
			missing[name] = true
		}
	}
	for i := range c.commits {
		check(c.commits[i].tree)
		if shallow[c.commits[i].name] {
			continue
		}
		for _, parent := range c.commits[i].parents {
			check(parent)
		}
	}
	for _, object := range c.tags {
		check(object)
	}
	return missing
}

// Unread returns the objects that are there and that commits have as parents, or branches as their tips, and that were not
// read as commits: one bit that is wrong in a pack makes a blob of a commit, which is whole as that.
func (c *Commits) Unread(has func(Name) bool, shallow map[Name]bool, tips []Tip) map[Name]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	read := make(map[Name]bool, len(c.commits))
	for i := range c.commits {
		read[c.commits[i].name] = true
	}
	unread := map[Name]bool{}
	check := func(name Name) {
		if !read[name] && !unread[name] && has(name) {
			unread[name] = true
		}
	}
	for i := range c.commits {
		if !shallow[c.commits[i].name] {
			for _, parent := range c.commits[i].parents {
				check(parent)
			}
		}
	}
	for _, tip := range tips {
		if strings.HasPrefix(tip.Ref, "refs/heads/") {
			check(tip.Object)
		}
	}
	return unread
}

// maxTagged bounds how many tags are followed from one to the next. A circle of them, which only wrong names can make,
// ends there.
const maxTagged = 64

// Peel follows tags from name to what is no tag, or returns name where that is too far.
func (c *Commits) Peel(name Name) Name {
	peeled := name
	for range maxTagged {
		object, ok := c.tags[peeled]
		if !ok {
			return peeled
		}
		peeled = object
	}
	return name
}

// Leading returns for each commit that is a tip, and each tag on the way there, the tips that lead to it: of many at least as
// many branches and tags as are named, and one other.
func (c *Commits) Leading(tips []Tip) map[Name][]Tip {
	leading := map[Name][]Tip{} // of the tips of a large repository most may lead to one object
	for _, tip := range tips {
		object := tip.Object
		for range maxTagged {
			if known := leading[object]; len(known) == 0 || len(known) <= MaxTips && tip.IsBranchOrTag() {
				leading[object] = append(known, tip)
			}
			target, ok := c.tags[object]
			if !ok {
				break
			}
			object = target
		}
	}
	return leading
}

// ParseTagger returns who made a tag; nobody where the tag object does not say.
func ParseTagger(content []byte) Signature {
	for len(content) > 0 {
		var line []byte
		line, content, _ = bytes.Cut(content, []byte("\n"))
		if tagger, ok := bytes.CutPrefix(line, []byte("tagger ")); ok {
			return parseSignature(tagger)
		}
		if len(line) == 0 { // the message follows
			break
		}
	}
	return Signature{}
}

// A CommitHeader is what the headers of a commit say.
type CommitHeader struct {
	Tree      Name
	Parents   []Name
	Author    Signature
	Committed time.Time // zero where it can't be read
	// OfIndex is set where the message is the one that git-stash gives the commit that keeps the index.
	OfIndex bool
}

// Made returns the commit's time: when it was made, which the committer's date says. The author's is older where the commit
// was amended or rebased, and what it brings in may have been written since. Zero where neither can be read.
func (h CommitHeader) Made() time.Time {
	if h.Committed.IsZero() {
		return h.Author.When
	}
	return h.Committed
}

// A Signature says who and when.
type Signature struct {
	Name, Email string // raw bytes, at most maxSignature of them
	When        time.Time
}

// maxSignature bounds the name and the address of a signature, in bytes.
const maxSignature = 1024

// ParseCommit reads the headers of a commit object, as far as the first that is not one of tree, parent, author and
// committer.
func ParseCommit(content []byte) (CommitHeader, error) {
	var header CommitHeader
	line, rest, _ := bytes.Cut(content, []byte("\n"))
	tree, ok := parseName(line, "tree ")
	if !ok {
		return header, ErrMalformedCommit
	}
	header.Tree = tree
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if parent, ok := parseName(line, "parent "); ok {
			header.Parents = append(header.Parents, parent)
		} else if author, ok := bytes.CutPrefix(line, []byte("author ")); ok {
			header.Author = parseSignature(author)
		} else if committer, ok := bytes.CutPrefix(line, []byte("committer ")); ok {
			header.Committed = parseSignature(committer).When
			header.OfIndex = len(header.Parents) == 1 && isOfIndex(rest)
			break
		} else {
			break
		}
	}
	return header, nil
}

// BehindNames returns what of a commit is text: what stands behind the names of its tree and its parents.
func BehindNames(commit []byte) []byte {
	key := "tree "
	for {
		line, rest, ok := bytes.Cut(commit, []byte("\n"))
		if _, isName := parseName(line, key); !ok || !isName {
			return commit
		}
		commit, key = rest, "parent "
	}
}

func parseName(line []byte, key string) (Name, bool) {
	digits, ok := bytes.CutPrefix(line, []byte(key))
	if !ok || len(digits) != 40 && len(digits) != 64 {
		return Name{}, false
	}
	var raw [32]byte
	n, err := hex.Decode(raw[:], digits)
	if err != nil {
		return Name{}, false
	}
	return NameOf(raw[:n]), true
}

// parseSignature reads NAME <EMAIL> SECONDS ZONE; what is not there is left empty. The zone is not kept: times are told in UTC.
func parseSignature(line []byte) Signature {
	var s Signature
	name, rest, ok := bytes.Cut(line, []byte("<"))
	s.Name = string(clip(bytes.TrimSpace(name)))
	if !ok {
		return s
	}
	end := bytes.LastIndexByte(rest, '>')
	if end < 0 {
		s.Email = string(clip(rest))
		return s
	}
	s.Email = string(clip(rest[:end]))
	fields := bytes.Fields(clip(rest[end+1:]))
	if len(fields) == 0 {
		return s
	}
	seconds, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err == nil && seconds >= 0 && seconds <= maxSeconds {
		s.When = time.Unix(seconds, 0).UTC()
	}
	return s
}

// maxSeconds is the end of the year 9999, the last that RFC 3339 can write.
const maxSeconds = 253402300799

func clip(b []byte) []byte { return b[:min(len(b), maxSignature)] }

// A graph is the commits, each with its parents, in an order in which parents come first and, where that leaves a
// choice, the older commit.
type graph struct {
	commits []commit
	parents [][]int32 // of each commit, those that are there
	numbers map[Name]int32
	order   []int32
	stashed []bool // the commits that stashes consist of
}

func (c *Commits) graph() *graph {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := &graph{commits: slices.Clone(c.commits)}
	slices.SortFunc(g.commits, func(a, b commit) int {
		return cmp.Or(cmp.Compare(a.when, b.when), bytes.Compare(a.name.Bytes(), b.name.Bytes()))
	})
	g.commits = slices.CompactFunc(g.commits, func(a, b commit) bool { return a.name == b.name })
	g.numbers = make(map[Name]int32, len(g.commits))
	for i := range g.commits {
		g.numbers[g.commits[i].name] = int32(i)
	}
	g.parents = make([][]int32, len(g.commits))
	taken := make([]int32, len(g.commits)) // by which commit a parent was taken last: one named twice is one
	for i := range g.commits {
		for _, parent := range g.commits[i].parents {
			if number, ok := g.numbers[parent]; ok && taken[number] != int32(i)+1 {
				taken[number] = int32(i) + 1
				g.parents[i] = append(g.parents[i], number)
			}
		}
	}
	g.sort()
	g.markStashes()
	return g
}

// sort fills order. Commits are numbered by age, so the least number that is ready is the oldest.
func (g *graph) sort() {
	children := make([][]int32, len(g.commits))
	waiting := make([]int32, len(g.commits))
	var ready ages
	for i, parents := range g.parents {
		waiting[i] = int32(len(parents))
		for _, parent := range parents {
			children[parent] = append(children[parent], int32(i))
		}
		if len(parents) == 0 {
			ready.push(int32(i))
		}
	}
	g.order = make([]int32, 0, len(g.commits))
	for len(ready) > 0 {
		next := ready.pop()
		g.order = append(g.order, next)
		for _, child := range children[next] {
			if waiting[child]--; waiting[child] == 0 {
				ready.push(child)
			}
		}
	}
}

// ancestors marks the commits that can be reached from the given ones, those included.
func (g *graph) ancestors(from []int32) []bool {
	reached := make([]bool, len(g.commits))
	stack := slices.Clone(from)
	for len(stack) > 0 {
		last := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if reached[last] {
			continue
		}
		reached[last] = true
		stack = append(stack, g.parents[last]...)
	}
	return reached
}

// ages is a binary heap of commits, the oldest on top.
type ages []int32

func (a *ages) push(n int32) {
	*a = append(*a, n)
	h := *a
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if h[up] <= h[i] {
			break
		}
		h[up], h[i] = h[i], h[up]
		i = up
	}
}

func (a *ages) pop() int32 {
	h := *a
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	*a = h
	for i := 0; ; {
		least := i
		for _, down := range [2]int{2*i + 1, 2*i + 2} {
			if down < len(h) && h[down] < h[least] {
				least = down
			}
		}
		if least == i {
			return top
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}

// TagTarget returns the object that a tag object names.
func TagTarget(content []byte) (Name, bool) {
	line, _, _ := bytes.Cut(content, []byte("\n"))
	return parseName(line, "object ")
}
