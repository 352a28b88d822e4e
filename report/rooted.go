package report

import (
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// place returns a place with its paths from the root, and those of targets as given.
func (o origin) place(place finding.Place, targets map[string]string) finding.Place {
	target := func(path string) string {
		if known, ok := targets[path]; ok {
			return known
		}
		return o.path(path)
	}
	switch at := place.(type) {
	case finding.FilePlace:
		return finding.FilePlace{Target: target(at.Target), Path: o.path(at.Path)}
	case finding.GitPlace:
		at.Target, at.Repository = target(at.Target), o.path(at.Repository)
		return at
	default:
		return place
	}
}

// fromRoot has all paths of what was told from the root of the repository that the scan was started in. Of places that
// are known by their hash alone, which is of another path then, no more than the number is kept.
func (f *Fold) fromRoot() {
	start := originOf(f.scan)
	if start == (origin{}) {
		return
	}
	f.scan.Directory, f.scan.Root = "", ""
	f.scan.Targets = slices.Clone(f.scan.Targets)
	targets := make(map[string]string, len(f.scan.Targets))
	for i, target := range f.scan.Targets {
		targets[target.Path] = start.target(target)
		f.scan.Targets[i].Path = targets[target.Path]
	}
	f.scan.Detached = f.scan.Detached.Elsewhere(func(place finding.Place) finding.Place { return start.place(place, targets) })
	for id, e := range f.entries {
		moved := &entry{finding: e.finding, unlisted: e.unlisted + len(e.hashed)}
		move := func(g *group) {
			moved.unlisted += g.count - len(g.kept)
			for _, occurrence := range g.kept {
				occurrence.Place = start.place(occurrence.Place, targets)
				f.add(moved, occurrence)
			}
		}
		move(&e.group)
		for _, g := range e.others {
			move(g)
		}
		f.entries[id] = moved
	}
}
