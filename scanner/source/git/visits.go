package git

import (
	"strings"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A tree that is at several paths is gone into at each, since a token in it is at each of them. A tree that names another
// one under ten names, and so on down ten times, has ten thousand million paths in ten objects, and no bound on how many
// paths one tree may have stops such trees: each of a thousand others would have as many. So what is bounded is what all
// trees together are gone into again for. Each tree is gone into once whatever has been spent: all that it has is read.

// Trees are gone into again for maxAgain bytes of paths, and for so many bytes for each of the trees themselves: what is
// done follows what they hold. A path of a legitimate repository has some 60 bytes, and counts as pathCost more, or
// touchedCost where what is touched is kept or held: the first is enough for 500 copies of a directory with 500 files, or
// 5000 with 50, in one pull request. The second is for what is large: for histories, where what a branch or a revert has
// again comes with trees of its own around it, and for repositories of copies, such as Subversion's branches and tags, each
// of which differs somewhere.
const (
	maxAgain     = 48 << 20
	again        = 32
	againTouched = 8
	pathCost     = 16
	touchedCost  = 128
)

// maxPath bounds the length in bytes of the paths of directories that are gone into. Those on the way to one are held with it,
// each by itself, so that maxDepth is to bound how many these are.
const maxPath = 1 << 16

func isTooDeep(dir string) bool {
	return len(dir) > maxPath || len(dir) > maxDepth && strings.Count(dir, "/") > maxDepth
}

// visits bound how often trees are gone into.
type visits struct {
	of       map[history.Name]*visit
	again    int64
	pathCost int
	held     int64 // bytes of the trees that were gone into
	spent    int64 // on going into them again
	isCut    bool  // there were too many, which has been told
}

func newVisits() visits {
	return visits{of: map[history.Name]*visit{}, again: again, pathCost: pathCost}
}

// keepTouched has the bounds be those for what is touched.
func (c *comparing) keepTouched(by moving) {
	c.moving = by
	c.entered.again, c.entered.pathCost = againTouched, touchedCost
	c.left.again, c.left.pathCost = againTouched, touchedCost
}

// A visit is what is known of a tree that was gone into.
type visit struct {
	entries, size int64
	isWhole       bool // with nothing to compare it to: all that it has counted as new
}

// An entering is how a tree is gone into.
type entering int

const (
	// passOver is not at all: what it has has been read, or is too deep.
	passOver entering = iota
	goInto
	// goIntoAsNew is without what older versions have: they may have at one path what is new at another, and of what a
	// tree has nothing is to be lost. It is done once.
	goIntoAsNew
)

// enter says how to go into a directory, for what its tree has. The tree isNew where there is nothing to compare it to.
func (c *comparing) enter(dir string, tree history.Name, isNew bool) (entering, error) {
	return c.visit(&c.entered, dir, tree, isNew)
}

// leave is the same for what is no longer there: nothing in it is to be read, so that it is passed over or not.
func (c *comparing) leave(dir string, tree history.Name) (entering, error) {
	return c.visit(&c.left, dir, tree, true)
}

func (c *comparing) visit(visits *visits, dir string, tree history.Name, isNew bool) (entering, error) {
	if err := c.ctx.Err(); err != nil {
		return passOver, err
	}
	if isTooDeep(dir) {
		if c.isDeep {
			return passOver, nil
		}
		c.isDeep = true
		return passOver, c.problem(c.name(), "trees nested too deep are not read to their end")
	}
	known, ok := visits.of[tree]
	if !ok {
		listed, err := c.tree(tree)
		if err != nil {
			return passOver, err
		}
		visits.of[tree] = &visit{entries: int64(len(listed.entries)), size: listed.size, isWhole: isNew}
		visits.held += listed.size
		return goInto, nil
	}
	cost := (1+known.entries)*int64(visits.pathCost+len(dir)) + known.size
	if visits.spent+cost <= maxAgain+visits.again*visits.held {
		visits.spent += cost
		known.isWhole = known.isWhole || isNew
		return goInto, nil
	}
	if !visits.isCut {
		visits.isCut = true
		if err := c.problem(c.name(), "too many paths lead to the same trees to follow them all: what they have is told at some of its paths"); err != nil {
			return passOver, err
		}
	}
	if known.isWhole {
		return passOver, nil
	}
	known.isWhole = true
	return goIntoAsNew, nil
}
