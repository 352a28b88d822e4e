package git

import (
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// readPresent reads what is there now: HEAD, the indexes, and the files. No commit is asked who brought it in.
func (r *reading) readPresent() error {
	p := &presenting{comparing: r.compare(), present: presence{}, shown: map[pathObject]bool{}, read: map[knownBlob]bool{}}
	for _, tip := range r.tips {
		if tip.Ref != "HEAD" && !tip.IsWorktreeHead() {
			continue
		}
		if err := p.head(tip.Object); err != nil {
			return err
		}
	}
	if err := r.tellHeadless(); err != nil {
		return err
	}
	indexes, err := r.readIndexes()
	if err != nil {
		return err
	}
	r.tellSubmodules(indexes)
	for _, index := range indexes {
		for _, entry := range index.entries {
			place := r.place(entry.blob, objectTypeIndex)
			place.Path = entry.path
			if err := p.blob(place, entry.blob); err != nil {
				return err
			}
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	if err := r.readNames(indexes, p.present); err != nil {
		return err
	}
	return r.readFiles(p.present)
}

// A presenting shows blobs at their paths, each once.
type presenting struct {
	*comparing
	present presence
	shown   map[pathObject]bool // trees too, whose paths end with a slash
	read    map[knownBlob]bool  // the blobs that were read, and whether they have tokens
}

// A pathObject is a blob or tree at a path.
type pathObject struct {
	path   string
	object history.Name
}

// head shows the blobs of a commit that is checked out.
func (p *presenting) head(commit history.Name) error {
	header, err := p.commit(commit)
	if err != nil {
		return p.unread(commit, err)
	}
	place := p.place(commit, objectTypeBlob)
	place.Reachable, place.AtHead, place.OnBranch = true, true, true
	for _, tip := range p.tips {
		if tip.Object == commit && tip.IsBranchOrTag() && len(place.Tips) < history.MaxTips {
			place.AtTip, place.Tips = true, append(place.Tips, tip.Ref)
		}
	}
	return p.directory(place, "", header.Tree)
}

// directory shows what is below a directory. What another work tree's HEAD has there just so has been shown.
func (p *presenting) directory(place finding.GitPlace, dir string, tree history.Name) error {
	if p.shown[pathObject{dir, tree}] {
		return nil
	}
	if how, err := p.enter(dir, tree, true); how == passOver || err != nil {
		return err
	}
	p.shown[pathObject{dir, tree}] = true
	return p.eachEntry(tree, func(entry history.Entry) error {
		if err := p.treeName(place, dir+entry.Name, entry.Name, tree); err != nil {
			return err
		}
		switch {
		case entry.IsTree():
			return p.directory(place, dir+entry.Name+"/", entry.Object)
		case entry.IsBlob():
			place.Path = dir + entry.Name
			return p.blob(place, entry.Object)
		}
		return nil
	})
}

// treeName shows a name in a tree, if it may have a token.
func (p *presenting) treeName(place finding.GitPlace, path, name string, tree history.Name) error {
	if !p.mayTell(name) || !p.wants(path) {
		return nil
	}
	if often, err := p.isNameTooOften(tree, name); often || err != nil {
		return err
	}
	place.Path, place.Object, place.ObjectType = path, tree.String(), objectTypeTree
	return p.visitor.Visit(p.ctx, source.Text{Place: place, Bytes: []byte(name), IsName: true, Known: func(fingerprint finding.Fingerprint) bool {
		return !p.present.add(path+"/", fingerprint)
	}})
}

// blob shows a blob at a path. One that has no token is read once, wherever it is.
func (p *presenting) blob(place finding.GitPlace, blob history.Name) error {
	key := pathObject{place.Path, blob}
	as := knownBlob{blob, p.isNamedContainer(place.Path)}
	hasToken, known := p.read[as]
	if known && !hasToken || p.shown[key] || !p.wants(place.Path) {
		return nil
	}
	if known {
		if often, err := p.isTooOften(blob); often || err != nil {
			return err
		}
	} else {
		p.visitor.Count(finding.Stats{Blobs: 1})
	}
	place.Object = blob.String()
	here, met := newTokenSet(), false
	before := p.present[place.Path]
	err := p.showBlob(blob, place, func(fingerprint finding.Fingerprint) bool {
		here.add(fingerprint)
		return before[fingerprint]
	})
	for fingerprint := range here.all {
		met = true
		p.present.add(place.Path, fingerprint)
	}
	if p.read[as] = met; met {
		p.shown[key] = true
		p.times[blob] = max(1, p.times[blob])
	}
	return err
}
