package git

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// An account is what is known of the tokens in objects when the sweeps are over.
type account struct {
	*reading
	sightings    *sightings
	fingerprints []finding.Fingerprint
	blobs        []history.Blob
	commits      *history.Commits
	result       history.Result
	headers      map[history.Name]history.CommitHeader // of commits that were asked for
	// entries are the occurrences that are to be told, of each token, counted as fingerprints.
	entries [][]accountEntry
	// named has the blobs that only their names tell to be containers, each with one of these.
	named map[history.Name]string
	// telling has the names in trees that may have tokens, by what they are called as blobs.
	telling map[history.Name]tellingName
	// present has for each path in HEAD or the index the tokens that it has there.
	present presence
}

// An accountEntry is an occurrence without what the text itself says: line, column and the like.
type accountEntry struct {
	object history.Name
	place  finding.GitPlace
	seen   time.Time // when the commit or tag was made; zero where that is not known
}

// attribute tells every token's occurrences in the objects and indexes of the repository.
func (a *account) attribute(indexes []*indexFile) error {
	a.entries = make([][]accountEntry, len(a.fingerprints))
	a.headers = map[history.Name]history.CommitHeader{}
	a.present = presence{}
	for i := range a.result.Introductions {
		a.enterIntroduction(&a.result.Introductions[i])
	}
	for _, index := range indexes {
		a.enterIndex(index)
	}
	leading := a.commits.Leading(a.tips)
	for _, name := range a.sightings.others() {
		a.enterMessage(name, leading)
	}
	a.enterRest(leading)
	if a.result.Cut {
		if err := a.problem(a.name(), "too many paths lead to tokens to follow them all: some occurrences have no commit or are not told"); err != nil {
			return err
		}
	}
	if a.isQuiet() {
		if err := a.keepWanted(); err != nil {
			return err
		}
	}
	return a.tell()
}

// keepWanted drops the entries at paths that are not wanted, or that no reference leads to where that matters, and shows
// the objects of the others again: what the sweep met was not told, since neither was known yet.
func (a *account) keepWanted() error {
	all := a.options.History != HistoryReachable
	wanted := map[history.Name]map[finding.Fingerprint]bool{}
	for token, entries := range a.entries {
		entries = slices.DeleteFunc(entries, func(e accountEntry) bool {
			return !a.wants(e.place.Path) || !all && !e.place.Reachable && e.place.ObjectType != objectTypeIndex
		})
		a.entries[token] = entries
		for _, e := range entries {
			if wanted[e.object] == nil {
				wanted[e.object] = map[finding.Fingerprint]bool{}
			}
			wanted[e.object][a.fingerprints[token]] = true
		}
	}
	a.sightings = newSightings()
	for _, name := range slices.SortedFunc(maps.Keys(wanted), compareNames) {
		err := a.contained(name, func() error { return a.showWanted(name, wanted[name]) })
		if err != nil {
			return err
		}
	}
	return nil
}

// showWanted shows the text of an object, or of a name in a tree, for some of its tokens.
func (a *account) showWanted(name history.Name, tokens map[finding.Fingerprint]bool) error {
	text, kind, done, err := a.textOf(name)
	if err != nil {
		return a.faulty(name, err)
	}
	defer done() //nolint:errcheck // where nothing panics it is called below
	text.Known = func(fingerprint finding.Fingerprint) bool { return !tokens[fingerprint] }
	text.Sighted = a.sightings.in(name, kind)
	if err := a.visitor.Visit(a.ctx, text); err != nil {
		return err
	}
	if failure := done(); failure != nil {
		return a.faulty(name, failure)
	}
	return nil
}

// textOf returns the text of an object, or of a name in a tree, the type of object it is in, and what is to be called when it
// has been read.
func (a *account) textOf(name history.Name) (source.Text, pack.Type, func() error, error) {
	if telling, ok := a.telling[name]; ok {
		return a.nameText(telling), pack.Tree, func() error { return nil }, nil
	}
	object, done, err := a.store.Stream(name)
	return a.text(object), object.Type, done, err
}

// tell tells what has been entered.
func (a *account) tell() error {
	for token, entries := range a.entries {
		fingerprint := a.fingerprints[token]
		slices.SortFunc(entries, compareEntries)
		t := &telling{reading: a.reading, fingerprint: fingerprint, repeats: &a.sightings.repeats}
		for _, entry := range entries {
			object, ok := a.sightings.objects[entry.object]
			if !ok {
				continue // it could not be read a second time, which has been told
			}
			met := object.tokens[fingerprint]
			met.first.Place = entry.place
			if !entry.seen.IsZero() {
				met.first.SeenAt, met.first.SeenBy = entry.seen, finding.SeenByCommit
			}
			if err := t.tell(met.first, met.spots); err != nil {
				return err
			}
		}
		if err := t.flush(); err != nil {
			return err
		}
	}
	return a.tellRepeats(&a.sightings.repeats)
}

// compareEntries orders entries by time, then by place: they come from maps.
func compareEntries(a, b accountEntry) int {
	return cmp.Or(a.place.AuthoredAt.Compare(b.place.AuthoredAt), cmp.Compare(a.place.Path, b.place.Path),
		cmp.Compare(a.place.Commit, b.place.Commit), cmp.Compare(a.place.ObjectType, b.place.ObjectType), compareNames(a.object, b.object))
}

func compareNames(a, b history.Name) int { return a.Compare(b) }

// place returns the place of an object of this repository.
func (r *reading) place(name history.Name, kind string) finding.GitPlace {
	return finding.GitPlace{Target: r.options.Target, Repository: r.name(), Object: name.String(), ObjectType: kind}
}

// enter notes an occurrence of a token in an object.
func (a *account) enter(token int32, object history.Name, place finding.GitPlace, seen time.Time) {
	a.entries[token] = append(a.entries[token], accountEntry{object, place, seen})
}

func (a *account) enterIntroduction(in *history.Introduction) {
	blob := a.blobs[in.Blob].Name
	place := a.blobPlace(blob)
	place.Path = strings.TrimSuffix(in.Path, "/") // which stands behind a path whose last name has the token
	place.Reachable, place.AtTip, place.Tips = in.Reachable, in.AtTip(), in.Tips
	place.AtHead, place.OnBranch = in.AtHead, in.OnBranch
	var seen time.Time
	if in.Commit != (history.Name{}) {
		place.Commit = in.Commit.String()
		header := a.header(in.Commit)
		place.Author, place.AuthorEmail, place.AuthoredAt = header.Author.Name, header.Author.Email, header.Author.When
		seen = header.Made()
	}
	if in.RemovedBy != (history.Name{}) {
		place.RemovedBy = in.RemovedBy.String()
	}
	a.enter(in.Token, blob, place, seen)
	if in.AtHead {
		a.present.add(in.Path, a.fingerprints[in.Token])
	}
}

// enterIndex enters the tokens that an index has at a path where HEAD has them not.
func (a *account) enterIndex(index *indexFile) {
	for _, entry := range index.entries {
		object, ok := a.sightings.objects[entry.blob]
		if !ok || object.kind != pack.Blob {
			continue
		}
		for fingerprint := range object.tokens {
			if !a.present.add(entry.path, fingerprint) {
				continue
			}
			place := a.place(entry.blob, objectTypeIndex)
			place.Path = entry.path
			a.enter(a.number(fingerprint), entry.blob, place, time.Time{})
		}
	}
}

// number returns the number of a token.
func (a *account) number(fingerprint finding.Fingerprint) int32 {
	number, _ := slices.BinarySearchFunc(a.fingerprints, fingerprint, compareFingerprints)
	return int32(number)
}

// enterMessage enters the tokens in a commit or a tag.
func (a *account) enterMessage(name history.Name, leading map[history.Name][]history.Tip) {
	object := a.sightings.objects[name]
	place := a.place(name, object.kind.String())
	var by history.Signature
	var seen time.Time
	if object.kind == pack.Commit {
		place.Commit = name.String()
		place.Reachable, place.OnBranch = a.result.Reaches(name), a.result.IsOnBranch(name)
		header := a.header(name)
		by, seen = header.Author, header.Made()
	} else {
		by = a.tagger(name)
		seen = by.When
	}
	place.Author, place.AuthorEmail, place.AuthoredAt = by.Name, by.Email, by.When
	atTips(&place, leading[name])
	for fingerprint := range object.tokens {
		a.enter(a.number(fingerprint), name, place, seen)
	}
}

// atTips notes that these references lead to an object itself.
func atTips(place *finding.GitPlace, tips []history.Tip) {
	for _, tip := range tips {
		place.Reachable = true
		if tip.IsBranchOrTag() && len(place.Tips) < history.MaxTips {
			place.AtTip, place.OnBranch, place.Tips = true, true, append(place.Tips, tip.Ref)
		}
	}
}

// enterRest enters the tokens in blobs that no tree has, and those that no introduction was found for. A blob that is in
// an index alone has been entered as such. One that a tag names is at that tag's tip.
func (a *account) enterRest(leading map[history.Name][]history.Tip) {
	for i, blob := range a.blobs {
		for _, token := range blob.Tokens {
			if a.result.Placed[i] && len(a.entries[token]) > 0 || a.isEntered(token, blob.Name) {
				continue
			}
			place := a.blobPlace(blob.Name)
			place.Reachable = a.result.ReachableBlobs[i]
			atTips(&place, leading[blob.Name])
			a.enter(token, blob.Name, place, time.Time{})
		}
	}
}

func (a *account) isEntered(token int32, object history.Name) bool {
	return slices.ContainsFunc(a.entries[token], func(entry accountEntry) bool { return entry.object == object })
}

func (r *reading) content(name history.Name) ([]byte, error) {
	object, err := r.store.Read(name)
	return object.Bytes, err
}

// header returns what the headers of a commit say, nothing where it can't be read.
func (a *account) header(name history.Name) history.CommitHeader {
	if header, ok := a.headers[name]; ok {
		return header
	}
	var header history.CommitHeader
	if object, err := a.store.Read(name); err == nil {
		if parsed, err := history.ParseCommit(object.Bytes); err == nil {
			header = parsed
		}
		if misnamed := object.CheckName(); misnamed != nil {
			_ = a.faulty(name, misnamed) // what fails here fails Attribute too
		}
	}
	a.headers[name] = header
	return header
}

func (a *account) tagger(name history.Name) history.Signature {
	content, err := a.content(name)
	if err != nil {
		return history.Signature{}
	}
	return history.ParseTagger(content)
}
