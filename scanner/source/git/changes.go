package git

import (
	"errors"
	"fmt"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// A change is a blob at a path, and what older versions have there.
type change struct {
	path string
	blob history.Name
	old  []history.Name
}

// A comparing shows the tokens of changes that older versions of the path have not.
type comparing struct {
	*reading
	// known has the tokens of the older blobs that were asked for.
	known map[knownBlob]map[finding.Fingerprint]bool
	trees treesHeld
	// moving, where set, takes into held the tokens that only move: see older.
	moving moving
	held   map[finding.Fingerprint]bool
	// entered and left bound how often trees are gone into, for what they have and for what is no longer there.
	entered, left visits
	isDeep        bool // a path was too long, which has been told
	// missing counts the objects that were asked for and are not there.
	missing map[history.Name]bool
	// cut has the commits of a range whose parents a shallow clone has not.
	cut map[history.Name]bool
	// misnamed has the objects that are not what their names say, or large and break off.
	misnamed map[history.Name]bool
	// times has how often a blob was shown, each time at another path.
	times  map[history.Name]int
	copies int  // how often blobs were to be shown that had been shown
	isCut  bool // that was too often, which has been told
}

// A knownBlob is a blob, and whether its name says that it is a container, on which it depends what is found in it.
type knownBlob struct {
	blob    history.Name
	isNamed bool
}

func (r *reading) compare() *comparing {
	return &comparing{
		reading: r,
		known:   map[knownBlob]map[finding.Fingerprint]bool{},
		entered: newVisits(), left: newVisits(),
		missing: map[history.Name]bool{}, cut: map[history.Name]bool{}, misnamed: map[history.Name]bool{},
		times: map[history.Name]int{},
	}
}

// maxTimes is how many paths one blob with tokens is shown at.
const maxTimes = 1 << 12

// A blob is read again wherever it is shown: so that a thousand with tokens in trees that name one another are not shown at
// all paths that each may have, all together are shown again maxCopies times, and copiesOfEach times for each of them.
const (
	maxCopies    = 1 << 16
	copiesOfEach = 16
)

// isTooOften counts a path that a blob is to be shown at, and reports whether there have been enough, which it tells.
func (c *comparing) isTooOften(blob history.Name) (bool, error) {
	return c.isOften(blob, "object "+blob.String())
}

// isNameTooOften is the same for a name in a tree.
func (c *comparing) isNameTooOften(tree history.Name, name string) (bool, error) {
	return c.isOften(history.TellingName(name), "a name in object "+tree.String())
}

func (c *comparing) isOften(key history.Name, called string) (bool, error) {
	c.times[key]++
	times := c.times[key]
	if times > maxTimes {
		if times > maxTimes+1 {
			return true, nil
		}
		return true, c.problem(c.name(), fmt.Sprintf("%s is at more than %d paths: the others are not told", called, maxTimes))
	}
	if times == 1 {
		return false, nil
	}
	if c.copies++; c.copies <= maxCopies+copiesOfEach*len(c.times) {
		return false, nil
	}
	if c.isCut {
		return true, nil
	}
	c.isCut = true
	return true, c.problem(c.name(), "too many paths lead to tokens to follow them all: some occurrences are not told")
}

// unread tells of an object that can't be read, once; those that are not there are told all together by end.
func (c *comparing) unread(name history.Name, err error) error {
	if errors.Is(err, pack.ErrNotFound) {
		c.missing[name] = true
		return nil
	}
	return c.faulty(name, err)
}

func (c *comparing) end() error {
	if err := c.tellCut(); err != nil {
		return err
	}
	if len(c.missing) == 0 {
		return nil
	}
	// What is missing may be an older version, with which what is new is compared.
	return c.problem(c.name(), c.missingWords(len(c.missing), anyOf(c.missing))+"; what is told as new may have been there before")
}

// tellCut tells what can't be told of commits whose parents were not cloned: what they had is not known, and what those
// before them in the range brought in was not read.
func (c *comparing) tellCut() error {
	if len(c.cut) == 0 {
		return nil
	}
	return c.problem(c.name(), fmt.Sprintf("a shallow clone: the parents of %s in the range were not cloned, %s for one: "+
		"what came before was not read, and what is told as brought in there may have been there before: %s",
		finding.CountOf(len(c.cut), "commit", "commits"), anyOf(c.cut), wayToWhole))
}

// tokens returns the tokens in a blob, which is at a path, without telling of them.
func (c *comparing) tokens(blob history.Name, path string) (map[finding.Fingerprint]bool, error) {
	key := knownBlob{blob, c.isNamedContainer(path)}
	if tokens, ok := c.known[key]; ok || blob == (history.Name{}) {
		return tokens, nil
	}
	tokens := newTokenSet()
	place := c.place(blob, objectTypeBlob)
	place.Path = path
	err := c.showBlob(blob, place, func(fingerprint finding.Fingerprint) bool {
		tokens.add(fingerprint)
		return true
	})
	if err != nil {
		return nil, err
	}
	c.known[key] = tokens.all
	return tokens.all, nil
}

// showBlob shows a blob's text, if it may have a token, leaving out those that are known.
func (c *comparing) showBlob(blob history.Name, place finding.GitPlace, known func(finding.Fingerprint) bool) error {
	return c.showObject(blob, place.Path, source.Text{Place: place, Known: known})
}

// showObject shows the text of an object, if it may have a token.
func (c *comparing) showObject(name history.Name, path string, text source.Text) error {
	return c.contained(name, func() error { return c.showUncontained(name, path, text) })
}

func (c *comparing) showUncontained(name history.Name, path string, text source.Text) error {
	object, done, err := c.store.Stream(name)
	if err != nil {
		return c.unread(name, err)
	}
	defer done() //nolint:errcheck // where nothing panics it is called below
	if object.Reader == nil && !c.mayHaveToken(object.Bytes, path) {
		return nil
	}
	if err := c.checkName(&object); err != nil {
		return err
	}
	text.Bytes, text.Reader, text.Size = object.Bytes, object.Reader, object.Size
	if err := c.visitor.Visit(c.ctx, text); err != nil {
		return err
	}
	if failure := done(); failure != nil && !c.misnamed[name] {
		c.misnamed[name] = true
		return c.faulty(name, failure)
	}
	return nil
}

// checkName tells, once, of an object that is not what its name says.
func (c *comparing) checkName(object *pack.Object) error {
	misnamed := object.CheckName()
	if misnamed == nil || c.misnamed[object.Name] {
		return nil
	}
	c.misnamed[object.Name] = true
	return c.faulty(object.Name, misnamed)
}

// news returns the tokens of a change that none of the older versions has, and that did not move here from another path.
func (c *comparing) news(ch *change) (map[finding.Fingerprint]bool, error) {
	tokens, err := c.tokens(ch.blob, ch.path)
	if err != nil || len(tokens) == 0 {
		return nil, err
	}
	news := make(map[finding.Fingerprint]bool, len(tokens))
	for fingerprint := range tokens {
		news[fingerprint] = true
	}
	for _, old := range ch.old {
		tokens, err := c.tokens(old, ch.path)
		if err != nil {
			return nil, err
		}
		without(news, tokens)
	}
	if len(news) == 0 {
		return nil, nil
	}
	held, err := c.older()
	without(news, held)
	return news, err
}

// without takes tokens out of news.
func without(news, tokens map[finding.Fingerprint]bool) {
	for fingerprint := range tokens {
		delete(news, fingerprint)
	}
}

// show shows the tokens of a change that are news, at their place.
func (c *comparing) show(ch *change, text source.Text) error {
	news, err := c.news(ch)
	if err != nil || len(news) == 0 {
		return err
	}
	text.Known = func(fingerprint finding.Fingerprint) bool { return !news[fingerprint] }
	return c.showObject(ch.blob, ch.path, text)
}
