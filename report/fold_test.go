package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/report"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// shuffled returns the events in another order that a scan could have told them in: a token's Found stays first, and
// what Updated replaces stays before it.
func shuffled(events []finding.Event, random *rand.Rand) []finding.Event {
	queues := map[string][]finding.Event{}
	var names []string
	for i, event := range events {
		name := fmt.Sprint("problem ", i)
		switch event := event.(type) {
		case finding.Found:
			name = event.Finding.ID
		case finding.Met:
			name = event.ID
		case finding.Updated:
			name = event.ID
		}
		if queues[name] == nil {
			names = append(names, name)
		}
		queues[name] = append(queues[name], event)
	}
	var mixed []finding.Event
	for len(names) > 0 {
		i := random.IntN(len(names))
		queue := queues[names[i]]
		mixed = append(mixed, queue[0])
		if queues[names[i]] = queue[1:]; len(queue) == 1 {
			names = append(names[:i], names[i+1:]...)
		}
	}
	return mixed
}

func TestFoldIsTheSameInEveryOrder(t *testing.T) {
	c := newCorpus(t)
	want := told(t, c, "json", report.Options{MaxOccurrences: 7})
	random := rand.New(rand.NewPCG(3, 4))
	events := c.events
	for range 20 {
		c.events = shuffled(events, random)
		if got := told(t, c, "json", report.Options{MaxOccurrences: 7}); !bytes.Equal(got, want) {
			t.Fatalf("another order gives another report:\n%s", cmp.Diff(string(want), string(got)))
		}
	}
}

// TestFoldAgainstSets counts and sorts places in the plainest way and compares.
func TestFoldAgainstSets(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for round := range 400 {
		fold := report.NewFold(10)
		fingerprint := finding.NewFingerprint(fmt.Sprint("fold", round))
		f := finding.Finding{ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Severity: finding.High}
		tell := func(event finding.Event) {
			if err := fold.Event(event); err != nil {
				t.Fatal(err)
			}
		}
		tell(finding.Found{Finding: f})
		set := map[string]finding.Occurrence{}
		for range random.IntN(200) {
			occurrence := randomOccurrence(random)
			if at, ok := occurrence.Place.(finding.GitPlace); ok && random.IntN(8) == 0 {
				for key, known := range set {
					if place, ok := known.Place.(finding.GitPlace); ok && place.Repository == at.Repository {
						delete(set, key)
					}
				}
				var occurrences []finding.Occurrence
				if random.IntN(2) == 0 { // else the token is not in that repository after all
					set[key(occurrence)], occurrences = occurrence, append(occurrences, occurrence)
				}
				tell(finding.Updated{ID: f.ID, Repository: at.Repository, Occurrences: occurrences})
				continue
			}
			set[key(occurrence)] = occurrence
			tell(finding.Met{ID: f.ID, Occurrence: occurrence})
		}
		tell(finding.Ended{Scan: finding.Scan{Complete: true}})
		got := fold.Report().Findings[0]
		if got.OccurrenceCount != len(set) {
			t.Fatalf("round %d: %d places counted, there are %d", round, got.OccurrenceCount, len(set))
		}
		if want := min(len(set), 10); len(got.Occurrences) != want {
			t.Fatalf("round %d: %d places listed, want %d", round, len(got.Occurrences), want)
		}
		listed := map[string]bool{}
		last := ""
		for _, occurrence := range got.Occurrences {
			k := standing(occurrence) + key(occurrence)
			if k <= last {
				t.Fatalf("round %d: %q comes after %q", round, k, last)
			}
			listed[k], last = true, k
		}
		for _, occurrence := range set {
			if k := standing(occurrence) + key(occurrence); !listed[k] && k < last {
				t.Fatalf("round %d: %q is not listed and comes before %q", round, k, last)
			}
		}
		if want := 8 * (len(set) - len(got.Occurrences)); len(got.OtherPlaces) != want {
			t.Fatalf("round %d: %d bytes of other places, want %d", round, len(got.OtherPlaces), want)
		}
	}
}

// standing says as a string that sorts whether a place is of now, of a branch, or of the past and how long ago.
func standing(o finding.Occurrence) string {
	at, ok := o.Place.(finding.GitPlace)
	switch {
	case ok && at.AtHead:
		return "0|"
	case !ok || at.ObjectType == "index":
		return "1|"
	case at.AtTip:
		return "2|"
	case at.Reachable:
		return fmt.Sprintf("3%09d|", 1000000-at.AuthoredAt.Unix())
	default:
		return fmt.Sprintf("4%09d|", 1000000-at.AuthoredAt.Unix())
	}
}

// key orders places as strings in the order of the contract.
func key(o finding.Occurrence) string {
	switch at := o.Place.(type) {
	case finding.GitPlace:
		return fmt.Sprintf("git|%s|%s|%v|%03d", at.Repository, at.Path, o.Container, o.Offset)
	case finding.FilePlace:
		return fmt.Sprintf("file|%s|%v|%03d", at.Path, o.Container, o.Offset)
	default:
		return fmt.Sprintf("stdin||||%03d", o.Offset)
	}
}

func randomOccurrence(random *rand.Rand) finding.Occurrence {
	o := finding.Occurrence{Line: 1, Column: 1, Offset: int64(random.IntN(4))}
	name := func() string { return string(rune('a' + random.IntN(4))) }
	if random.IntN(3) == 0 {
		o.Container = []string{name()}
	}
	switch random.IntN(3) {
	case 0:
		o.Place = finding.FilePlace{Target: name(), Path: name()}
	case 1:
		// What is known of a place follows from the place: two accounts of it agree.
		at := finding.GitPlace{Target: "t", Path: name(), Repository: name()}
		at.AtHead, at.AtTip, at.Reachable = at.Path == "a", at.Path <= "b", at.Path <= "c" || at.Repository > "b"
		at.AuthoredAt = time.Unix(int64(at.Repository[0])*100, 0)
		o.Place = at
	default:
		o.Place, o.Container = finding.StdinPlace{}, nil
	}
	return o
}

func TestFoldCombinesExposure(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	exposure := func(first, last int, by finding.SeenBy, window int64) *finding.Exposure {
		return &finding.Exposure{FirstSeen: day(first), LastSeen: day(last), SeenBy: string(by), WindowSeconds: &window}
	}
	fingerprint := finding.NewFingerprint("exposure")
	fold := report.NewFold(0)
	for _, event := range []finding.Event{
		finding.Found{Finding: finding.Finding{ID: fingerprint.ID(), Fingerprint: fingerprint.String(), Exposure: exposure(5, 6, finding.SeenByFile, 100)}},
		finding.Updated{ID: fingerprint.ID(), Exposure: exposure(3, 4, finding.SeenByCommit, 300)},
		finding.Updated{ID: fingerprint.ID(), Exposure: exposure(3, 9, finding.SeenByEntry, 300)},
		finding.Updated{ID: fingerprint.ID(), Severity: finding.Low},
	} {
		if err := fold.Event(event); err != nil {
			t.Fatal(err)
		}
	}
	got := fold.Report().Findings[0]
	if diff := cmp.Diff(exposure(3, 9, finding.SeenByCommit, 300), got.Exposure); diff != "" {
		t.Error(diff)
	}
	if got.Severity != finding.Low {
		t.Errorf("severity %s", got.Severity)
	}
}

func TestFoldOfACutStream(t *testing.T) {
	fold := report.NewFold(0)
	if err := fold.Event(finding.Met{ID: "0000000000000000", Occurrence: fileOccurrence("a", 1)}); err != nil {
		t.Fatal(err)
	}
	got := fold.Report()
	if got.Scan.Complete || len(got.Scan.Problems) != 2 || len(got.Findings) != 0 {
		t.Errorf("complete %v, problems %v", got.Scan.Complete, got.Scan.Problems)
	}
}

// A report rendered later from jsonl is the report written at once, byte for byte.
func TestLaterIsTheSameAsAtOnce(t *testing.T) {
	c := newCorpus(t)
	stream := told(t, c, "jsonl", report.Options{})
	read, err := report.Read(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	saved := told(t, c, "json", report.Options{})
	readSaved, err := report.Read(bytes.NewReader(saved))
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range report.Formats() {
		if format == "jsonl" {
			continue
		}
		want := told(t, c, format, report.Options{})
		for name, saved := range map[string]finding.Report{"jsonl": read, "json": readSaved} {
			var got bytes.Buffer
			if err := report.Render(format, &got, saved, report.Options{}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s rendered from %s (-at once +later):\n%s", format, name, diff)
			}
		}
	}
}

// TestEventsSurviveJSON writes and reads every event of the corpus and compares the two, and the two writings.
func TestEventsSurviveJSON(t *testing.T) {
	c := newCorpus(t)
	for i, event := range c.all() {
		line, err := finding.MarshalEvent(event)
		if err != nil {
			t.Fatal(err)
		}
		var kind struct{ Type string }
		if err := json.Unmarshal(line, &kind); err != nil || !bytes.HasPrefix(line, []byte(`{"type":"`+kind.Type+`"`)) {
			t.Errorf("event %d: type %q is not first: %v", i, kind.Type, err)
		}
		read, err := finding.UnmarshalEvent(line)
		if err != nil {
			t.Fatalf("event %d: %v", i, err)
		}
		if reflect.TypeOf(read) != reflect.TypeOf(event) {
			t.Fatalf("event %d: %T became %T", i, event, read)
		}
		again, err := finding.MarshalEvent(read)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(decoded(t, again), decoded(t, line)) {
			t.Errorf("event %d, a %s: what was read is written otherwise", i, kind.Type)
		}
		if met, ok := event.(finding.Met); ok {
			if diff := cmp.Diff(met.Occurrence.Place, read.(finding.Met).Occurrence.Place); diff != "" && !strings.Contains(diff, "Author") {
				t.Errorf("event %d: another place", i)
			}
		}
	}
}

func decoded(t *testing.T, document []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// A token in several repositories is reused, whether one scan or several tell so, and however often; one in several files
// of a repository, or in a repository and a file outside of any, is not.
func TestReused(t *testing.T) {
	in := func(repository, path string) finding.Occurrence {
		return finding.Occurrence{Place: finding.GitPlace{Target: ".", Repository: repository, Path: path, Object: "ab"}}
	}
	file := finding.Occurrence{Place: finding.FilePlace{Target: ".", Path: "f"}}
	for _, test := range []struct {
		name   string
		places []finding.Occurrence
		want   []string
	}{
		{"two repositories", []finding.Occurrence{in("a", "f"), in("b", "f")}, []string{"no-expiry", "reused", "no-issuer"}},
		{"a file, and two repositories", []finding.Occurrence{file, in("a", "f"), in("b", "f")}, []string{"no-expiry", "reused", "no-issuer"}},
		{"two files of one", []finding.Occurrence{in("a", "f"), in("a", "g")}, []string{"no-expiry", "no-issuer"}},
		{"a file, and one", []finding.Occurrence{file, in("a", "f")}, []string{"no-expiry", "no-issuer"}},
	} {
		token := finding.Finding{ID: "0", Risks: []finding.Risk{{ID: "no-expiry", Severity: finding.High}, {ID: "no-issuer", Severity: finding.Low}}}
		check := func(how string, told finding.Report) {
			var got []string
			for _, risk := range told.Findings[0].Risks {
				got = append(got, risk.ID)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%s, %s: risks %v, want %v", test.name, how, got, test.want)
			}
		}
		one, several := report.NewFold(0), report.NewMerger(0)
		_ = one.Event(finding.Found{Finding: token})
		for _, place := range test.places {
			_ = one.Event(finding.Met{ID: token.ID, Occurrence: place})
			apart := token
			apart.Occurrences, apart.OccurrenceCount = []finding.Occurrence{place}, 1
			several.Add(finding.Report{Findings: []finding.Finding{apart}})
		}
		whole := one.Report()
		check("one scan", whole)
		again := report.NewMerger(0)
		again.Add(whole)
		check("read again", again.Report())
		check("several reports", several.Report())
		if len(token.Risks) != 2 {
			t.Error("the risks that were told are changed")
		}
	}
}
