package scanner

import (
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

func numbered(n uint64) (fingerprint finding.Fingerprint) {
	binary.BigEndian.PutUint64(fingerprint[20:], n)
	return fingerprint
}

func TestLedgerKnowsWhatWasAdded(t *testing.T) {
	l := newLedger()
	random := rand.New(rand.NewPCG(1, 2))
	want := map[finding.Fingerprint]int64{}
	var order []finding.Fingerprint
	for range 50_000 {
		// Most differ in their last bytes alone, as nobody's do unless they are chosen to.
		fingerprint := numbered(random.Uint64N(20_000))
		if random.IntN(2) == 0 {
			binary.BigEndian.PutUint64(fingerprint[:], random.Uint64N(3))
		}
		en := l.find(fingerprint)
		if _, known := want[fingerprint]; (en != nil) != known {
			t.Fatalf("found %t, want %t", en != nil, known)
		}
		if en == nil {
			en = l.add(fingerprint)
			order = append(order, fingerprint)
		}
		en.occurrences++
		want[fingerprint]++
	}
	i := 0
	for en := range l.all() {
		if en.fingerprint != order[i] || en.occurrences != want[en.fingerprint] {
			t.Fatalf("entry %d is another's, or counts %d occurrences, want %d", i, en.occurrences, want[order[i]])
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%d entries, want %d", i, len(want))
	}
}

func TestLedgerCodesKeepTheWords(t *testing.T) {
	for _, severity := range finding.Severities() {
		if got := codeOfSeverity(severity).word(); got != severity {
			t.Errorf("%s became %s", severity, got)
		}
	}
	for _, by := range []finding.SeenBy{finding.SeenByCommit, finding.SeenByLog, finding.SeenByEntry, finding.SeenByFile} {
		if got := codeOfSeenBy(by).word(); got != by {
			t.Errorf("%s became %s", by, got)
		}
	}
}

func TestTheMostTellingTellsFirst(t *testing.T) {
	at := time.Unix(1780000000, 0)
	by := func(by finding.SeenBy) finding.Occurrence {
		return finding.Occurrence{Place: finding.StdinPlace{}, SeenAt: at, SeenBy: by}
	}
	for _, met := range [][]finding.SeenBy{{finding.SeenByFile, finding.SeenByEntry}, {finding.SeenByEntry, finding.SeenByFile}} {
		var en entry
		for _, seen := range met {
			en.sighted(by(seen), false)
		}
		if got := en.seenBy.word(); got != finding.SeenByEntry {
			t.Errorf("met by %v: told by %s", met, got)
		}
	}
}

// BenchmarkLedger measures the time and the memory of a distinct token.
func BenchmarkLedger(b *testing.B) {
	const tokens = 1 << 20
	at := finding.Occurrence{Place: finding.StdinPlace{}, SeenAt: time.Unix(1780000000, 0), SeenBy: finding.SeenByLog}
	var before, after runtime.MemStats
	b.ReportAllocs()
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		l := newLedger()
		for n := range uint64(tokens) {
			fingerprint := numbered(n)
			binary.BigEndian.PutUint64(fingerprint[:], n*0x9e3779b97f4a7c15)
			if l.find(fingerprint) == nil {
				l.add(fingerprint).sighted(at, false)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(&l)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/tokens, "B/token")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/tokens, "ns/token")
}
