package git

import (
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/jwtleak/jwtleak/scanner/fault"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// The kinds of text that places name.
const (
	objectTypeBlob   = "blob"
	objectTypeCommit = "commit"
	objectTypeTag    = "tag"
	objectTypeTree   = "tree"  // a name in it
	objectTypeIndex  = "index" // also a path in it
	objectTypeRef    = "ref"   // its name
)

// readAll reads the whole repository: every object, the indexes, the working tree and what lies beside the objects.
func (r *reading) readAll() error {
	key := real(r.location.path())
	if present, ok := r.options.Shared.of(key); ok {
		return r.readOwnFiles(present)
	}
	a := &account{reading: r, sightings: newSightings(), commits: history.NewCommits()}
	if err := a.sweepTexts(); err != nil {
		return err
	}
	indexes, err := r.readIndexes()
	if err != nil {
		return err
	}
	r.tellSubmodules(indexes)
	trees, err := a.sweepTrees(indexes)
	if err != nil {
		return err
	}
	missing, shallow := trees.Missing(), a.shallow()
	var wait fault.Group
	var unread map[history.Name]bool
	wait.Go(func() {
		a.addMissing(missing, indexes, shallow)
		unread = a.commits.Unread(a.store.Has, shallow, r.tips)
	})
	a.result = history.Attribute(a.commits, trees, a.blobs, r.tips, r.heads())
	wait.Wait()
	if err := errors.Join(a.tellAllMissing(missing, unread, shallow), a.tellUnreachable(), a.attribute(indexes)); err != nil {
		return err
	}
	if err := r.readNames(indexes, a.present); err != nil {
		return err
	}
	r.options.Shared.set(key, a.present)
	return r.readFiles(a.present)
}

// sweepTexts shows every blob that may have a token, and every commit and tag: their messages are text that leaks too,
// and so are names, addresses and signatures.
func (a *account) sweepTexts() error {
	return a.sweep([]pack.Type{pack.Blob, pack.Commit, pack.Tag}, func(object pack.Object) error {
		var malformed error
		if object.IsUnfinished { // its text is all that counts: nothing is said of what it belongs to
			return a.show(object)
		}
		switch object.Type {
		case pack.Commit:
			a.visitor.Count(finding.Stats{Commits: 1})
			malformed = a.commits.AddCommit(object.Name, object.Bytes)
		case pack.Tag:
			malformed = a.commits.AddTag(object.Name, object.Bytes)
		case pack.Blob:
			a.visitor.Count(finding.Stats{Blobs: 1})
		case pack.Tree:
		}
		if malformed != nil { // its text is scanned all the same
			if err := a.faulty(object.Name, malformed); err != nil {
				return err
			}
		}
		return a.show(object)
	})
}

// show shows an object's text, noting the tokens in it. A blob without a candidate has not come here: the sweep has
// looked for one.
func (a *account) show(object pack.Object) error {
	text := a.text(object)
	if object.Type != pack.Blob && !a.mayHaveToken(history.BehindNames(object.Bytes), "") {
		return nil
	}
	if err := a.showAs(object.Name, object.Type, text); err != nil || !a.sightings.has(object.Name) {
		return err
	}
	if misnamed := object.CheckName(); misnamed != nil { // of what has tokens alone: to hash all would take longer than the sweep
		return a.faulty(object.Name, misnamed)
	}
	return nil
}

// showAs shows a text, noting the tokens in it as those of an object.
func (a *account) showAs(name history.Name, kind pack.Type, text source.Text) error {
	sighted := a.sightings.in(name, kind)
	if a.isQuiet() {
		text.Known = func(fingerprint finding.Fingerprint) bool {
			sighted(fingerprint, finding.Occurrence{})
			return true
		}
	}
	text.Sighted = sighted
	return a.visitor.Visit(a.ctx, text)
}

// text returns an object's text. Of the paths of one that only its name tells to be a container, the last part of one is
// given.
func (a *account) text(object pack.Object) source.Text {
	place := a.place(object.Name, object.Type.String())
	place.Path = a.named[object.Name]
	return source.Text{
		Place: place,
		Bytes: object.Bytes, Reader: object.Reader, Size: object.Size, Candidates: object.Candidates,
	}
}

// mayHaveToken reports whether a text is worth showing. Its path may be empty.
func (r *reading) mayHaveToken(text []byte, path string) bool {
	return r.isNamedContainer(path) || r.options.Candidate.Index(text) >= 0 || r.isContainer(text)
}

func (r *reading) isNamedContainer(path string) bool {
	return slices.ContainsFunc(r.options.ContainerNames, func(end string) bool { return strings.HasSuffix(path, end) })
}

// sweepTrees gathers what leads to the blobs that have tokens. It is done where there are none too: only the trees tell
// whether an object that should be there is missing.
func (a *account) sweepTrees(indexes []*indexFile) (*history.Trees, error) {
	a.fingerprints = a.sightings.fingerprints()
	a.blobs = a.sightings.blobs(a.fingerprints)
	trees := history.NewTrees(a.blobs, a.nameSize(), a.jobs, a.store.Missing)
	trees.Watch(a.options.ContainerNames)
	trees.WatchNames(func(name []byte) bool { return a.options.Candidate.Index(name) >= 0 })
	err := a.sweep([]pack.Type{pack.Tree}, func(object pack.Object) error {
		if object.IsUnfinished {
			return nil
		}
		has, err := addTree(trees, object)
		if has && err == nil { // as for blobs: the path of a token is at stake
			err = object.CheckName()
		}
		if err != nil {
			return a.faulty(object.Name, err)
		}
		return nil
	})
	if err != nil {
		return trees, err
	}
	a.named = trees.Watched()
	for _, index := range indexes {
		for _, entry := range index.entries {
			if a.isNamedContainer(entry.path) {
				a.named[entry.blob] = path.Base(entry.path)
			}
		}
	}
	a.telling = map[history.Name]tellingName{}
	for name, tree := range trees.Telling() {
		a.telling[history.TellingName(name)] = tellingName{name, tree}
	}
	if len(a.named)+len(a.telling) == 0 {
		return trees, nil
	}
	if err := errors.Join(a.showNamed(), a.showTelling()); err != nil {
		return trees, err
	}
	a.fingerprints = a.sightings.fingerprints()
	a.blobs = a.sightings.blobs(a.fingerprints)
	trees.Adopt(a.blobs)
	return trees, nil
}

// addTree takes in a tree, with what is known of how it was made where that is so.
func addTree(trees *history.Trees, object pack.Object) (has bool, err error) {
	if object.Version == nil { // it is loose, say
		return trees.Add(object.Job, object.Name, object.Bytes)
	}
	return trees.AddVersion(object.Job, object.Name, object.Bytes, object.Version)
}

// showNamed shows the blobs that only their names in trees tell to be containers: the sweep that met them knew no names.
func (a *account) showNamed() error {
	names := slices.SortedFunc(maps.Keys(a.named), compareNames)
	var group fault.Group
	var next atomic.Int64
	errs := make([]error, max(1, a.jobs))
	for job := range errs {
		group.Go(func() {
			for errs[job] == nil {
				i := next.Add(1) - 1
				if i >= int64(len(names)) {
					return
				}
				errs[job] = a.showNamedBlob(names[i])
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

func (a *account) showNamedBlob(name history.Name) error {
	return a.contained(name, func() error {
		object, err := a.store.Read(name)
		switch {
		case errors.Is(err, pack.ErrNotFound): // which is told of all that are missing
			return nil
		case err != nil:
			return a.faulty(name, err)
		case object.Type == pack.Blob:
			return a.show(object)
		}
		return nil
	})
}

// contained deals with an object. A fault in that is told, and costs no other.
func (r *reading) contained(name history.Name, deal func() error) error {
	return fault.Confine(deal, func(faulty *fault.Error) error { return r.faulty(name, faulty) })
}

// heads returns the objects at the HEADs of the work trees, that of the target first.
func (r *reading) heads() []history.Name {
	var heads []history.Name
	for _, tip := range r.tips {
		if tip.Ref == "HEAD" {
			heads = append([]history.Name{tip.Object}, heads...)
		} else if tip.IsWorktreeHead() {
			heads = append(heads, tip.Object)
		}
	}
	return heads
}
