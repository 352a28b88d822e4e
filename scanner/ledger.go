package scanner

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"iter"
	"slices"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// A ledger knows every distinct token that was met. What it keeps of one is small and of fixed size, since there may be
// millions: the token itself and what it says are not kept.
//
// That is an entry of 104 bytes, held by value in pages that never move, and 4 bytes a slot in an index that is a third to
// two thirds full: 110 to 116 bytes. None of it holds pointers, so the garbage collector passes over it; but it lets as
// much garbage gather as there is memory in use, so that a process grows by about twice that for each distinct token: by
// 219 bytes from 100 thousand to 2 million, as jsonl. BenchmarkLedger measures what the ledger takes of it.
type ledger struct {
	index []uint32 // by hash, with linear probing: the number of an entry, from 1; 0 where there is none
	pages [][]entry
	count int
	seed  maphash.Seed // so that nobody can choose tokens that fall together
	names interned     // of issuers and of kinds of holder
}

const (
	pageSize   = 1 << 10 // entries
	firstIndex = 1 << 10 // slots, a power of two
)

func newLedger() ledger { return ledger{seed: maphash.MakeSeed()} }

// An entry is what the ledger keeps of a token.
type entry struct {
	fingerprint finding.Fingerprint
	facts       triage.Facts
	first, last int64 // when it was seen, in Unix seconds
	occurrences int64
	issuer      uint16
	holder      uint16
	place       triage.PlaceFacts // the worst of the places
	seenBy      seenByCode        // what told first
	severity    severityCode      // as last told
	seen        bool              // first and last hold something
	changed     bool              // since it was told
	hidden      bool              // not told: its status is not asked for
	accepted    bool              // beforehand, by the user: does not fail the scan
	open        bool              // met on a line that does not allow it
	obeyed      bool              // met on a line whose comment is obeyed
	provisional bool              // the occurrence told with the finding is one that Attribute replaces
}

// find returns the entry of a token, or nil. It is valid for as long as the ledger is.
func (l *ledger) find(fingerprint finding.Fingerprint) *entry {
	if l.count == 0 {
		return nil
	}
	en, _ := l.slot(&fingerprint)
	return en
}

// add makes an entry for a token that has none.
func (l *ledger) add(fingerprint finding.Fingerprint) *entry {
	if 3*(l.count+1) > 2*len(l.index) {
		l.grow()
	}
	if l.count%pageSize == 0 {
		l.pages = append(l.pages, make([]entry, pageSize))
	}
	l.count++
	en := l.entry(l.count)
	en.fingerprint = fingerprint
	_, slot := l.slot(&fingerprint)
	l.index[slot] = uint32(l.count)
	return en
}

// entry returns the one with a number, from 1.
func (l *ledger) entry(number int) *entry { return &l.pages[(number-1)/pageSize][(number-1)%pageSize] }

// slot returns the entry of a token and its place in the index, or nil and the place for it.
func (l *ledger) slot(fingerprint *finding.Fingerprint) (*entry, int) {
	mask := len(l.index) - 1
	for slot := int(l.hash(fingerprint)) & mask; ; slot = (slot + 1) & mask {
		number := l.index[slot]
		if number == 0 {
			return nil, slot
		}
		if en := l.entry(int(number)); en.fingerprint == *fingerprint {
			return en, slot
		}
	}
}

func (l *ledger) hash(fingerprint *finding.Fingerprint) uint64 {
	return maphash.Comparable(l.seed, binary.LittleEndian.Uint64(fingerprint[:8]))
}

// grow makes the index twice as large.
func (l *ledger) grow() {
	l.index = make([]uint32, max(firstIndex, 2*len(l.index)))
	for number := 1; number <= l.count; number++ {
		mask := len(l.index) - 1
		slot := int(l.hash(&l.entry(number).fingerprint)) & mask
		for l.index[slot] != 0 {
			slot = (slot + 1) & mask
		}
		l.index[slot] = uint32(number)
	}
}

// all returns the entries in the order in which they were added.
func (l *ledger) all() iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		for number := 1; number <= l.count; number++ {
			if !yield(l.entry(number)) {
				return
			}
		}
	}
}

// untold returns the entries of which something became known since they were told, by fingerprint.
func (l *ledger) untold() []*entry {
	var untold []*entry
	for en := range l.all() {
		if !en.hidden && (en.changed || en.allowed() != nil) {
			untold = append(untold, en)
		}
	}
	slices.SortFunc(untold, func(a, b *entry) int { return bytes.Compare(a.fingerprint[:], b.fingerprint[:]) })
	return untold
}

// sighted takes in where and when a token was met, and whether a comment that is obeyed stands beside it.
func (en *entry) sighted(occurrence finding.Occurrence, obeyed bool) {
	if place := en.place.With(triage.PlaceOf(occurrence)); place != en.place {
		en.place, en.changed = place, true
	}
	en.open, en.obeyed = en.open || !occurrence.Allowed, en.obeyed || obeyed
	if occurrence.SeenAt.IsZero() {
		return
	}
	at, by := occurrence.SeenAt.Unix(), codeOfSeenBy(occurrence.SeenBy)
	if !en.seen || at < en.first || at == en.first && by < en.seenBy { // whichever of two files is read first
		en.first, en.seenBy, en.changed = at, by, true
	}
	if !en.seen || at > en.last {
		en.last, en.changed = at, true
	}
	en.seen = true
}

// allowed returns what accepts a token that every line it was met on allows, one with a comment that is obeyed, or nil.
func (en *entry) allowed() *finding.Suppression {
	if en.open || !en.obeyed || en.accepted || en.provisional {
		return nil
	}
	return &finding.Suppression{By: finding.SuppressedByComment, Reason: AllowComment + " on its line"}
}

// judged returns the entry's severity and exposure as they stand now.
func (en *entry) judged() (finding.Severity, *finding.Exposure) {
	severity := en.facts.Severity(en.place)
	if !en.seen {
		return severity, nil
	}
	exposure := en.facts.Exposure(time.Unix(en.first, 0).UTC(), time.Unix(en.last, 0).UTC(), en.seenBy.word())
	return severity, &exposure
}

// A severityCode is a finding.Severity in a byte: its rank.
type severityCode uint8

func codeOfSeverity(severity finding.Severity) severityCode { return severityCode(severity.Rank()) }

func (c severityCode) word() finding.Severity { return finding.Severities()[c] }

// A seenByCode is a finding.SeenBy in a byte, the most telling first.
type seenByCode uint8

const (
	byCommit seenByCode = iota
	byLog
	byEntry
	byFile
)

func codeOfSeenBy(by finding.SeenBy) seenByCode {
	switch by {
	case finding.SeenByCommit:
		return byCommit
	case finding.SeenByLog:
		return byLog
	case finding.SeenByEntry:
		return byEntry
	default:
		return byFile
	}
}

func (c seenByCode) word() finding.SeenBy {
	return [...]finding.SeenBy{finding.SeenByCommit, finding.SeenByLog, finding.SeenByEntry, finding.SeenByFile}[c]
}

// An interned list gives each distinct string a small number.
type interned struct {
	numbers map[string]uint16
	strings []string
}

// maxNames bounds the distinct issuers that a summary tells apart; all further ones are counted together.
const maxNames = 10_000

// otherNames is what the summary counts those past maxNames as.
const otherNames = "(others)"

func (i *interned) number(s string) uint16 {
	if n, ok := i.numbers[s]; ok {
		return n
	}
	if len(i.strings) >= maxNames && s != otherNames {
		return i.number(otherNames)
	}
	if i.numbers == nil {
		i.numbers = map[string]uint16{}
	}
	n := uint16(len(i.strings)) //nolint:gosec // at most maxNames and one
	i.numbers[s], i.strings = n, append(i.strings, s)
	return n
}
