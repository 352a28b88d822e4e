package git

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// An account is what is known of the tokens in objects when the sweeps are over.
type account struct {
	*reading
	sightings    *sightings
	fingerprints []finding.Fingerprint
	blobs        []history.Blob
	commits      *history.Commits
	result       history.Result
	authors      map[history.Name]history.Signature
	// told has the occurrences of each token, counted as fingerprints.
	told [][]finding.Occurrence
	// present has for each path in HEAD or the index the tokens that it has there.
	present map[string]map[finding.Fingerprint]bool
}

// attribute tells every token's occurrences in the objects and indexes of the repository.
func (a *account) attribute(indexes []*indexFile) error {
	a.told = make([][]finding.Occurrence, len(a.fingerprints))
	a.authors = map[history.Name]history.Signature{}
	a.present = map[string]map[finding.Fingerprint]bool{}
	for i := range a.result.Introductions {
		a.tellIntroduction(&a.result.Introductions[i])
	}
	for _, index := range indexes {
		a.tellIndex(index)
	}
	for _, name := range a.sightings.others() {
		a.tellMessage(name)
	}
	a.tellRest()
	if a.result.Cut {
		if err := a.problem(a.name(), "too many paths lead to tokens to follow them all: some occurrences have no commit"); err != nil {
			return err
		}
	}
	for i, fingerprint := range a.fingerprints {
		if len(a.told[i]) == 0 {
			continue
		}
		sortOccurrences(a.told[i])
		if err := a.visitor.Attribute(fingerprint, a.name(), a.told[i]); err != nil {
			return err
		}
	}
	return nil
}

// place returns the place of an object of this repository.
func (r *reading) place(name history.Name, kind string) finding.GitPlace {
	return finding.GitPlace{Target: r.options.Target, Repository: r.name(), Object: name.String(), ObjectType: kind}
}

// tell adds an occurrence of a token that was sighted in an object.
func (a *account) tell(token int32, object history.Name, place finding.GitPlace) {
	occurrence := a.sightings.objects[object].tokens[a.fingerprints[token]]
	occurrence.Place = place
	if !place.AuthoredAt.IsZero() {
		occurrence.SeenAt, occurrence.SeenBy = place.AuthoredAt, finding.SeenByCommit
	}
	a.told[token] = append(a.told[token], occurrence)
}

func (a *account) tellIntroduction(in *history.Introduction) {
	blob := a.blobs[in.Blob].Name
	place := a.place(blob, objectTypeBlob)
	place.Path = in.Path
	place.Reachable, place.AtTip, place.Tips = in.Reachable, in.AtTip(), in.Tips
	if in.Commit != (history.Name{}) {
		place.Commit = in.Commit.String()
		author := a.author(in.Commit)
		place.Author, place.AuthorEmail, place.AuthoredAt = author.Name, author.Email, author.When
	}
	if in.RemovedBy != (history.Name{}) {
		place.RemovedBy = in.RemovedBy.String()
	}
	a.tell(in.Token, blob, place)
	if in.AtHead {
		a.isPresent(in.Path, a.fingerprints[in.Token])
	}
}

// isPresent notes that a token is at a path in HEAD or the index, and reports whether that was known.
func (a *account) isPresent(path string, fingerprint finding.Fingerprint) bool {
	tokens := a.present[path]
	if tokens[fingerprint] {
		return true
	}
	if tokens == nil {
		tokens = map[finding.Fingerprint]bool{}
		a.present[path] = tokens
	}
	tokens[fingerprint] = true
	return false
}

// tellIndex tells the tokens that an index has at a path where HEAD has them not.
func (a *account) tellIndex(index *indexFile) {
	for _, entry := range index.entries {
		object, ok := a.sightings.objects[entry.blob]
		if !ok || object.kind != typeBlob {
			continue
		}
		for fingerprint := range object.tokens {
			if a.isPresent(entry.path, fingerprint) {
				continue
			}
			place := a.place(entry.blob, objectTypeIndex)
			place.Path = entry.path
			a.tell(a.number(fingerprint), entry.blob, place)
		}
	}
}

// number returns the number of a token.
func (a *account) number(fingerprint finding.Fingerprint) int32 {
	number, _ := slices.BinarySearchFunc(a.fingerprints, fingerprint, func(x, y finding.Fingerprint) int { return bytes.Compare(x[:], y[:]) })
	return int32(number)
}

// tellMessage tells the tokens in a commit or a tag.
func (a *account) tellMessage(name history.Name) {
	object := a.sightings.objects[name]
	place := a.place(name, object.kind.String())
	var by history.Signature
	if object.kind == typeCommit {
		place.Commit = name.String()
		place.Reachable = a.result.ReachableCommits[name]
		by = a.author(name)
	} else {
		by = a.tagger(name)
	}
	place.Author, place.AuthorEmail, place.AuthoredAt = by.Name, by.Email, by.When
	for _, tip := range a.tips {
		leads := a.commits.Leads(tip.Object, name)
		place.Reachable = place.Reachable || leads
		if leads && tip.IsBranchOrTag() && len(place.Tips) < history.MaxTips {
			place.AtTip, place.Tips = true, append(place.Tips, tip.Ref)
		}
	}
	for fingerprint := range object.tokens {
		a.tell(a.number(fingerprint), name, place)
	}
}

// tellRest tells the tokens in blobs that no tree has, and those that no introduction was found for. A blob that is in
// the index alone has been told as such.
func (a *account) tellRest() {
	for i, blob := range a.blobs {
		for _, token := range blob.Tokens {
			if a.result.Placed[i] && len(a.told[token]) > 0 || a.toldIn(token, blob.Name) {
				continue
			}
			place := a.place(blob.Name, objectTypeBlob)
			place.Reachable = a.result.ReachableBlobs[i]
			a.tell(token, blob.Name, place)
		}
	}
}

func (a *account) toldIn(token int32, object history.Name) bool {
	name := object.String()
	return slices.ContainsFunc(a.told[token], func(occurrence finding.Occurrence) bool {
		place, ok := occurrence.Place.(finding.GitPlace)
		return ok && place.Object == name
	})
}

func (r *reading) content(name history.Name) ([]byte, error) {
	object, err := r.store.Read(name)
	return object.Bytes, err
}

// author returns who wrote a commit, nobody where it can't be read.
func (a *account) author(name history.Name) history.Signature {
	if author, ok := a.authors[name]; ok {
		return author
	}
	var author history.Signature
	if content, err := a.content(name); err == nil {
		if header, err := history.ParseCommit(content); err == nil {
			author = header.Author
		}
	}
	a.authors[name] = author
	return author
}

func (a *account) tagger(name history.Name) history.Signature {
	content, err := a.content(name)
	if err != nil {
		return history.Signature{}
	}
	return history.ParseTagger(content)
}

// sortOccurrences orders the occurrences of each token by path and commit, for they come from maps.
func sortOccurrences(occurrences []finding.Occurrence) {
	slices.SortFunc(occurrences, func(a, b finding.Occurrence) int {
		x, y := a.Place.(finding.GitPlace), b.Place.(finding.GitPlace) //nolint:forcetypeassert // all are
		return cmp.Or(x.AuthoredAt.Compare(y.AuthoredAt), cmp.Compare(x.Path, y.Path), cmp.Compare(x.Commit, y.Commit),
			cmp.Compare(x.ObjectType, y.ObjectType), cmp.Compare(x.Object, y.Object))
	})
}
