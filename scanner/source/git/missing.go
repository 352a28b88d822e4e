package git

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// maxShallow bounds the list of a shallow clone's ends, in bytes.
const maxShallow = 64 << 20

// wayToWhole says how a shallow clone gets the history that it has not.
const wayToWhole = "fetch it with git fetch --unshallow or --deepen, or check out with fetch-depth: 0"

// shallow returns the commits whose parents were left out on purpose (gitrepository-layout(5), "shallow").
func (r *reading) shallow() map[history.Name]bool {
	ends := map[history.Name]bool{}
	if r.location.Bundle != "" {
		return ends
	}
	file := filepath.Join(r.location.CommonDir, "shallow")
	content, err := readSmall(file, maxShallow)
	if err != nil {
		return ends // there is none, as a rule
	}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for lines.Scan() {
		if name, err := history.ParseName(lines.Text()); err == nil {
			ends[name] = true
		}
	}
	return ends
}

// addMissing adds to what trees name and is not there what commits, tags and indexes do.
func (a *account) addMissing(missing map[history.Name]bool, indexes []*indexFile, shallow map[history.Name]bool) {
	maps.Copy(missing, a.commits.Missing(a.store.Has, shallow))
	for _, index := range indexes {
		for _, entry := range index.entries {
			if !a.store.Has(entry.blob) {
				missing[entry.blob] = true
			}
		}
	}
}

// tellAllMissing tells of what commits, tags, trees, indexes and references name and is not there.
func (a *account) tellAllMissing(missing, unread, shallow map[history.Name]bool) error {
	if len(shallow) > 0 {
		text := fmt.Sprintf("a shallow clone: what lies behind %d of its commits was not cloned: %s", len(shallow), wayToWhole)
		if err := a.problem(a.name(), text); err != nil {
			return err
		}
	}
	if len(a.prerequisites) > 0 {
		for _, name := range a.prerequisites {
			delete(missing, name)
		}
		text := fmt.Sprintf("a bundle of what came after %s, which it does not have", finding.CountOf(len(a.prerequisites), "commit", "commits"))
		if err := a.problem(a.name(), text); err != nil {
			return err
		}
	}
	if err := a.tellMissing(len(missing), anyOf(missing)); err != nil {
		return err
	}
	if err := a.tellUnread(unread); err != nil {
		return err
	}
	if count := a.result.UnreadTrees(missing); count > 0 {
		text := finding.CountOf(count, "object that is named as a tree", "objects that are named as trees") +
			" could not be read as such: what lies below is told without commit and path"
		if err := a.problem(a.name(), text); err != nil {
			return err
		}
	}
	var nowhere []string
	isThere := map[history.Name]bool{}
	for _, tip := range a.tips {
		if tip.Symbolic {
			continue
		}
		is, asked := isThere[tip.Object]
		if !asked { // to look for one that is loose is a call of the system
			is = a.store.Has(tip.Object)
			isThere[tip.Object] = is
		}
		if !is {
			nowhere = append(nowhere, tip.Ref)
		}
	}
	if len(nowhere) == 0 {
		return nil
	}
	return a.problem(a.name(), fmt.Sprintf("%s not there: %s for one", finding.CountOf(len(nowhere), "reference names an object that is", "references name objects that are"), nowhere[0]))
}

// tellUnread tells of what is named as a commit and could not be read as one: what came before it is not known.
func (a *account) tellUnread(unread map[history.Name]bool) error {
	if len(unread) == 0 {
		return nil
	}
	return a.problem(a.name(), fmt.Sprintf("%s could not be read as such, %s for one",
		finding.CountOf(len(unread), "object that is named as a commit", "objects that are named as commits"), anyOf(unread)))
}

// tellHeadless tells of a HEAD that leads to no commit though there are commits: what is checked out can't be told from a
// branch that was never committed to.
func (r *reading) tellHeadless() error {
	if slices.ContainsFunc(r.tips, func(tip history.Tip) bool { return tip.Ref == "HEAD" }) || len(r.tips) == 0 && !r.hasPast() {
		return nil
	}
	if r.location.Bundle != "" {
		return r.problem(r.location.Bundle, "has no HEAD that says what is checked out: nothing of it is read without its history")
	}
	return r.problem(filepath.Join(r.location.GitDir, "HEAD"), "leads to no commit, though there are some: what is checked out is not known")
}

// tellUnreachable tells of a repository whose HEAD leads nowhere, or whose objects no reference leads to, where what is
// reachable alone is asked for.
func (r *reading) tellUnreachable() error {
	if r.options.History != HistoryReachable {
		return nil
	}
	if len(r.tips) > 0 && r.location.Bundle == "" {
		return r.tellHeadless()
	}
	if len(r.tips) > 0 || !r.hasPast() {
		return nil
	}
	return r.problem(r.name(), "has objects and no reference that leads to any: nothing of it is reachable")
}

// hasPast reports whether something was ever committed, as packs and the log of HEAD tell.
func (r *reading) hasPast() bool {
	if r.location.Bundle != "" {
		return true
	}
	packs, _ := filepath.Glob(filepath.Join(r.location.CommonDir, "objects", "pack", "pack-*.pack")) // the pattern is one
	info, err := os.Stat(filepath.Join(r.location.GitDir, "logs", "HEAD"))
	return len(packs) > 0 || err == nil && info.Size() > 0
}

// tellMissing tells of objects that are named and not there. It is no fault of a shallow or partial clone, whose user
// wanted it so, but what is not there was not scanned all the same, and is never passed over in silence.
func (r *reading) tellMissing(count int, example history.Name) error {
	if count == 0 {
		return nil
	}
	return r.problem(r.name(), r.missingWords(count, example))
}

func (r *reading) missingWords(count int, example history.Name) string {
	text := fmt.Sprintf("%d objects are missing, %s for one", count, example)
	if count == 1 {
		text = fmt.Sprintf("object %s is missing", example)
	}
	switch {
	case r.configuration.partial && r.location.Bundle != "":
		text += ": the bundle was made with a filter, which left them out"
	case r.configuration.partial || r.store.HasPromisor():
		text += ": this is a partial clone, and its remote has what was left out"
	}
	return text
}

// anyOf returns one name of a set, always the same.
func anyOf(names map[history.Name]bool) history.Name {
	var least history.Name
	for name := range names {
		if least == (history.Name{}) || bytes.Compare(name.Bytes(), least.Bytes()) < 0 {
			least = name
		}
	}
	return least
}
