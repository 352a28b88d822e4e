package scanner

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner/container"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
	"github.com/jwtleak/jwtleak/scanner/source/stdin"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// noon is when the tests judge.
var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func signed(t testing.TB, claims map[string]any) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims(claims)).SignedString([]byte("a key for tests alone"))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// A sourceFunc is a source made of a function.
type sourceFunc func(ctx context.Context, jobs int, visitor source.Visitor) error

func (f sourceFunc) Read(ctx context.Context, jobs int, visitor source.Visitor) error {
	return f(ctx, jobs, visitor)
}

// files is a source of texts in memory, shown all at once.
func files(texts map[string]string) sourceFunc {
	return func(ctx context.Context, _ int, visitor source.Visitor) error {
		var group sync.WaitGroup
		failures := make(chan error, len(texts))
		for path, text := range texts {
			group.Go(func() {
				failures <- visitor.Visit(ctx, source.Text{Place: finding.FilePlace{Target: ".", Path: path}, Bytes: []byte(text)})
			})
		}
		group.Wait()
		close(failures)
		for err := range failures {
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// A recorder is a sink that keeps what it is told. Its error, where set, is what it returns at event number failAt.
type recorder struct {
	events []finding.Event
	err    error
	failAt int
}

func (r *recorder) Begin(finding.Tool, finding.Scan) error { return nil }

func (r *recorder) Event(event finding.Event) error {
	r.events = append(r.events, event)
	if r.err != nil && len(r.events) >= r.failAt {
		return r.err
	}
	return nil
}

func options(sources ...source.Source) Options {
	return Options{
		Sources: sources, Detector: encoding.New(), Limits: container.DefaultLimits(), Judge: triage.Judge{At: noon}, Jobs: 4,
		Fails: func(severity finding.Severity, _ finding.Status) bool { return severity != finding.Info },
		Now:   func() time.Time { return noon },
	}
}

func scan(t *testing.T, o Options) (*recorder, Result) {
	t.Helper()
	sink := &recorder{}
	result, err := Scan(t.Context(), o, sink)
	if err != nil {
		t.Fatal(err)
	}
	return sink, result
}

func TestScanTellsEachTokenOnceAndEveryOccurrence(t *testing.T) {
	live := signed(t, map[string]any{"sub": "a", "iat": noon.Unix() - 60, "exp": noon.Unix() + 60})
	expired := signed(t, map[string]any{"sub": "b", "exp": noon.Unix()})
	texts := map[string]string{"one": "x " + live + " y", "two": live + "\n" + expired, "three": "Bearer " + live, "four": "nothing"}
	sink, result := scan(t, options(files(texts)))

	found, met := map[string]finding.Finding{}, map[string]int{}
	for _, event := range sink.events {
		switch event := event.(type) {
		case finding.Found:
			if _, again := found[event.Finding.ID]; again {
				t.Errorf("%s was found twice", event.Finding.ID)
			}
			found[event.Finding.ID] = event.Finding
			met[event.Finding.ID]++
		case finding.Met:
			if _, ok := found[event.ID]; !ok {
				t.Errorf("%s was met again before it was found", event.ID)
			}
			met[event.ID]++
		}
	}
	liveID, expiredID := finding.NewFingerprint(live).ID(), finding.NewFingerprint(expired).ID()
	if diff := cmp.Diff(map[string]int{liveID: 3, expiredID: 1}, met); diff != "" {
		t.Error(diff)
	}
	if found[liveID].Status != finding.Live || found[expiredID].Status != finding.Expired {
		t.Errorf("statuses %q and %q, want live and expired", found[liveID].Status, found[expiredID].Status)
	}
	want := finding.Summary{
		Findings: 2, Occurrences: 4, ByStatus: map[finding.Status]int{finding.Live: 1, finding.Expired: 1},
		BySeverity: result.Summary.BySeverity, ByIssuer: map[string]int{finding.NoIssuer: 2},
		ByHolder:    result.Summary.ByHolder,
		ExpiresNext: []finding.Upcoming{{ID: liveID, ExpiresAt: noon.Add(time.Minute)}},
		MostExposed: []finding.Exposed{{ID: liveID, Occurrences: 3, Severity: finding.High}, {ID: expiredID, Occurrences: 1, Severity: finding.Low}},
	}
	if diff := cmp.Diff(want, result.Summary); diff != "" {
		t.Error(diff)
	}
	if result.Failing != 2 || !result.Scan.Complete {
		t.Errorf("failing %d, complete %v; want 2, true", result.Failing, result.Scan.Complete)
	}
	if _, ok := sink.events[len(sink.events)-1].(finding.Ended); !ok {
		t.Errorf("the last event is a %T", sink.events[len(sink.events)-1])
	}
}

func TestScanKeepsStatusesApart(t *testing.T) {
	o := options(files(map[string]string{
		"a": signed(t, map[string]any{"exp": noon.Unix() + 60}), "b": signed(t, map[string]any{"exp": noon.Unix() - 60}),
	}))
	o.Statuses = []finding.Status{finding.Live}
	sink, result := scan(t, o)
	if len(sink.events) != 2 || result.Summary.Findings != 1 || result.Failing != 1 {
		t.Errorf("%d events, %d findings, %d failing; want 2, 1, 1", len(sink.events), result.Summary.Findings, result.Failing)
	}
}

func TestScanTellsWhatWasAccepted(t *testing.T) {
	o := options(files(map[string]string{"a": signed(t, map[string]any{"exp": noon.Unix() + 60})}))
	o.Accepts = func(finding.Finding) *finding.Suppression {
		return &finding.Suppression{By: finding.SuppressedByBaseline, Reason: "known"}
	}
	sink, result := scan(t, o)
	if found := sink.events[0].(finding.Found).Finding; found.Suppressed == nil {
		t.Error("the finding does not say that it was accepted")
	}
	if result.Failing != 0 || result.Summary.Suppressed != 1 || result.Summary.Findings != 1 {
		t.Errorf("failing %d, suppressed %d of %d; want 0, 1 of 1", result.Failing, result.Summary.Suppressed, result.Summary.Findings)
	}
}

func TestScanAttributes(t *testing.T) {
	token := signed(t, map[string]any{"exp": noon.Unix() + 60})
	place := finding.GitPlace{Target: ".", Repository: "r", Object: "b10b", ObjectType: "blob"}
	src := sourceFunc(func(ctx context.Context, _ int, visitor source.Visitor) error {
		var sighted []finding.Fingerprint
		for range 3 { // three versions of a file
			err := visitor.Visit(ctx, source.Text{Place: place, Bytes: []byte(token), Sighted: func(f finding.Fingerprint, _ finding.Occurrence) { sighted = append(sighted, f) }})
			if err != nil {
				return err
			}
		}
		if len(sighted) != 3 {
			return fmt.Errorf("sighted %d times", len(sighted))
		}
		attributed := place
		attributed.Path, attributed.Commit, attributed.Reachable, attributed.AtTip = "a.txt", "c0", true, true
		return visitor.Attribute(sighted[0], "r", []finding.Occurrence{{Place: attributed, Line: 1, Column: 1, SeenAt: noon.Add(-time.Hour), SeenBy: finding.SeenByCommit}})
	})
	sink, result := scan(t, options(src))
	updated, ok := sink.events[1].(finding.Updated)
	if !ok || len(updated.Occurrences) != 1 || updated.Repository != "r" || updated.Exposure == nil {
		t.Fatalf("second event is %T", sink.events[1])
	}
	if result.Summary.Occurrences != 1 || result.Summary.BySeverity[updated.Severity] != 1 {
		t.Errorf("summary %+v, want one occurrence of severity %s", result.Summary, updated.Severity)
	}
}

func TestScanRepeatsNoToken(t *testing.T) {
	token := signed(t, map[string]any{"sub": "s", "exp": noon.Unix() + 60})
	for wrapping, written := range map[string]string{
		"plain":   token,
		"base64":  base64.StdEncoding.EncodeToString([]byte("Bearer " + token)),
		"percent": strings.ReplaceAll(token, ".", "%2E"),
		"hex":     hex.EncodeToString([]byte(token)),
	} {
		t.Run(wrapping, func(t *testing.T) { repeatsNone(t, token, written) })
	}
}

// repeatsNone scans where a token, as it is written, stands in every name and claim.
func repeatsNone(t *testing.T, token, written string) {
	inner := signed(t, map[string]any{"sub": written, "jti": "x-" + written, written: 1, "roles": []any{map[string]any{"a": written}}})
	src := sourceFunc(func(ctx context.Context, _ int, visitor source.Visitor) error {
		place := finding.GitPlace{
			Target: written, Repository: written, Path: "a/" + written,
			Attribution: finding.Attribution{Author: written, AuthorEmail: written, Tips: []string{"refs/heads/" + written}},
		}
		return errors.Join(
			visitor.Problem(finding.Problem{Path: written, Reason: "not " + written}),
			visitor.Visit(ctx, source.Text{Place: place, Bytes: []byte(inner)}),
			visitor.Visit(ctx, source.Text{Place: finding.FilePlace{Target: written, Path: written}, Bytes: []byte(inner)}),
		)
	})
	for _, all := range []bool{false, true} {
		o := options(src)
		o.AllClaims, o.Targets = all, []finding.Target{{Kind: "file", Path: written}}
		sink, _ := scan(t, o)
		for _, event := range sink.events {
			text := fmt.Sprintf("%+v", event)
			if strings.Contains(text, written) || strings.Contains(text, token) || strings.Contains(text, inner) {
				t.Errorf("a %T repeats a token (all claims: %v)", event, all)
			}
		}
	}
	o := options(src)
	o.ShowTokens = true
	sink, _ := scan(t, o)
	if raw := firstFound(sink).Raw; raw != inner && raw != token {
		t.Error("the token is not shown though it was asked for")
	}
}

func firstFound(sink *recorder) finding.Finding {
	for _, event := range sink.events {
		if found, ok := event.(finding.Found); ok {
			return found.Finding
		}
	}
	return finding.Finding{}
}

func TestScanEndsWithItsSink(t *testing.T) {
	texts := map[string]string{}
	for i := range 50 {
		texts[fmt.Sprint(i)] = signed(t, map[string]any{"sub": fmt.Sprint(i)})
	}
	broken := errors.New("broken pipe")
	sink := &recorder{err: broken, failAt: 3}
	if _, err := Scan(t.Context(), options(files(texts)), sink); !errors.Is(err, broken) {
		t.Errorf("error %v, want the sink's", err)
	}
	if len(sink.events) != 3 {
		t.Errorf("told %d events, want none after the third failed", len(sink.events))
	}
}

func TestInterruptedScanIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	token := signed(t, map[string]any{"exp": noon.Unix() + 60})
	first := sourceFunc(func(ctx context.Context, _ int, visitor source.Visitor) error {
		err := visitor.Visit(ctx, source.Text{Place: finding.StdinPlace{}, Bytes: []byte(token)})
		cancel()
		return errors.Join(err, ctx.Err())
	})
	second := sourceFunc(func(context.Context, int, source.Visitor) error {
		t.Error("a source was read after the interrupt")
		return nil
	})
	sink := &recorder{}
	result, err := Scan(ctx, options(first, second), sink)
	if !errors.Is(err, context.Canceled) || result.Scan.Complete || result.Summary.Findings != 1 || len(result.Scan.Problems) != 1 {
		t.Errorf("error %v, complete %v, %d findings, %d problems", err, result.Scan.Complete, result.Summary.Findings, len(result.Scan.Problems))
	}
	if _, ok := sink.events[len(sink.events)-1].(finding.Ended); !ok {
		t.Error("the end was not told")
	}
}

func TestPresentableIsBounded(t *testing.T) {
	var deep any = "bottom"
	for range 10_000 {
		deep = []any{deep}
	}
	wide := map[string]any{}
	for i := range 10_000 {
		wide[fmt.Sprint(i)] = strings.Repeat("x", 10_000)
	}
	text := fmt.Appendf(nil, "%v", presentableObject(map[string]any{"deep": deep, "wide": wide, "bad": "\xff"}))
	if len(text) > maxElements*(maxString+100) {
		t.Errorf("%d bytes", len(text))
	}
	if !bytes.Contains(text, []byte("nested deeper")) || bytes.Contains(text, []byte{0xff}) {
		t.Error("the bounds are not told, or invalid UTF-8 came through")
	}
}

func TestProblemsAreListedOnceAndBounded(t *testing.T) {
	var list problemList
	for i := range maxProblems + 5 {
		list.add(finding.Problem{Path: "00000", Reason: "unreadable"})
		list.add(finding.Problem{Path: fmt.Sprintf("%05d", i), Reason: "unreadable"})
	}
	sorted := list.sorted()
	if len(sorted) != maxProblems+1 || !strings.HasPrefix(sorted[maxProblems].Reason, "5 more") {
		t.Errorf("%d listed, the last says %q", len(sorted), sorted[len(sorted)-1].Reason)
	}
}

// A faulty detector panics on some texts.
type faulty struct{ *encoding.Detector }

func (f faulty) fail(text []byte) {
	if i := bytes.Index(text, []byte("fault")); i >= 0 {
		_ = text[i:][len(text)] // beyond its end
	}
}

func (f faulty) Skim(text []byte, from int, atEOF bool) (judged, lines int, clean bool) {
	if bytes.Contains(text, []byte("skimmed")) {
		f.fail(text)
	}
	return f.Detector.Skim(text, from, atEOF)
}

func (f faulty) DetectBoundedWithin(allowance *detectors.Allowance, fresh int, text []byte, atEOF bool, yield func(detectors.Match), skipped func(string)) int {
	f.fail(text)
	return f.Detector.DetectBoundedWithin(allowance, fresh, text, atEOF, yield, skipped)
}

// TestAFaultOfADetectorIsContained has a detector panic on two of three texts: the third is searched, and the two are told of.
func TestAFaultOfADetectorIsContained(t *testing.T) {
	token := signed(t, map[string]any{"sub": "1"})
	tried := options(files(map[string]string{"good": token, "bad": "fault " + token, "skimmed": strings.Repeat("skimmed\n", 1<<15) + "fault\n" + token}))
	tried.Detector = faulty{encoding.New()}
	sink, result := scan(t, tried)
	if len(sink.events) == 0 {
		t.Error("the good one is not searched")
	}
	if len(result.Scan.Problems) != 2 || result.Scan.Complete || !strings.Contains(result.Scan.Problems[0].Reason, "a fault of this program (scan_test.go:") {
		t.Errorf("problems %v", result.Scan.Problems)
	}
}

// A faultyReader panics behind so many bytes of zeros, also where it is read by a goroutine of the engine's own.
type faultyReader struct{ sound int64 }

func (f faultyReader) Read(b []byte) (int, error) { return f.ReadAt(b, f.sound) }

func (f faultyReader) ReadAt(b []byte, offset int64) (int, error) {
	if left := f.sound - offset - int64(len(b)); left < 0 {
		_ = b[:0:0][1]
	}
	return len(b), nil
}

// TestAFaultBesidesADetectorIsContained has the reading of texts panic: the one behind them is read all the same.
func TestAFaultBesidesADetectorIsContained(t *testing.T) {
	token := signed(t, map[string]any{"sub": "1"})
	for name, bad := range map[string]source.Text{
		"a stream": {Reader: io.MultiReader(strings.NewReader("text\n"), faultyReader{})},
		"a huge":   {Reader: faultyReader{hugeText / 2}, Size: 2 * hugeText},
	} {
		bad.Place = finding.FilePlace{Path: name}
		sink, result := scan(t, options(sourceFunc(func(ctx context.Context, _ int, visitor source.Visitor) error {
			return errors.Join(visitor.Visit(ctx, bad), visitor.Visit(ctx, source.Text{Bytes: []byte(token), Place: finding.FilePlace{Path: "good"}}))
		})))
		if len(result.Scan.Problems) != 1 || result.Scan.Problems[0].Path != name || !strings.Contains(result.Scan.Problems[0].Reason, "a fault of this program (scan_test.go:") {
			t.Errorf("%s: problems %v", name, result.Scan.Problems)
		}
		if len(sink.events) < 2 {
			t.Errorf("%s: the good one is not searched", name)
		}
	}
}

// TestWhatIsNotOpenedIsTold scans a cabinet, alone and compressed.
func TestWhatIsNotOpenedIsTold(t *testing.T) {
	const cabinet = "MSCF\x00\x00\x00\x00\x10"
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := io.WriteString(writer, cabinet); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	_, result := scan(t, options(files(map[string]string{"a.cab": cabinet, "b.gz": packed.String(), "a.txt": "MSCF"})))
	var told []string
	for _, problem := range result.Scan.Problems {
		told = append(told, problem.Path+": "+problem.Reason[:len("cab: a format")])
	}
	if want := []string{"a.cab: cab: a format", "b.gz/b: cab: a format"}; !slices.Equal(told, want) {
		t.Errorf("told %q, not %q", told, want)
	}
}

func TestDockerLinesAreDatedBehindTheirToken(t *testing.T) {
	line := `{"log":"got ` + signed(t, map[string]any{"sub": "a"}) + `\n","stream":"stdout","time":"2026-05-03T04:05:06.5Z"}` + "\n"
	sink, _ := scan(t, options(files(map[string]string{"a-json.log": line})))
	want := time.Date(2026, 5, 3, 4, 5, 6, 500_000_000, time.UTC)
	if got := firstFound(sink).Occurrences[0]; got.SeenBy != finding.SeenByLog || !got.SeenAt.Equal(want) {
		t.Errorf("seen at %v by %q, want %v by the log", got.SeenAt, got.SeenBy, want)
	}
}

// The members of journald's JSON stand in any order, and a line of Docker's may be long: their time is found wherever it
// is, in a small file and in one that is read by several goroutines.
func TestLongLinesAreDatedByTheirOwnTime(t *testing.T) {
	want := time.Date(2026, 5, 3, 4, 5, 6, 0, time.UTC)
	filler := func(key string) string {
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, `,"%s_%d":"a field of some length"`, key, i)
		}
		return b.String()
	}
	for name, line := range map[string]string{
		"journald, behind":     `{"MESSAGE":"got TOKEN and TOKEN","_HOSTNAME":"h","__REALTIME_TIMESTAMP":"1777781106000000"}`,
		"journald, far behind": `{"MESSAGE":"got TOKEN"` + filler("_A") + `,"__REALTIME_TIMESTAMP":"1777781106000000"}`,
		"journald, far before": `{"_PID":"1"` + filler("_A") + `,"__REALTIME_TIMESTAMP":"1777781106000000","MESSAGE":"got TOKEN"}`,
		"Docker, far behind":   `{"log":"GET /?t=TOKEN ` + strings.Repeat("agent ", 100) + `\n","stream":"stdout","time":"2026-05-03T04:05:06Z"}`,
		"a logger, behind":     `{"level":"info","msg":"TOKEN","ts":1777781106}`,
	} {
		for size, before := range map[string]string{"small": "", "huge": strings.Repeat(strings.Repeat("x", 1<<16)+"\n", 1+hugeText>>16)} {
			line := strings.ReplaceAll(line, "TOKEN", signed(t, map[string]any{"sub": name}))
			sink, _ := scan(t, options(files(map[string]string{"a.log": before + line + "\n"})))
			if got := firstFound(sink).Occurrences[0]; got.SeenBy != finding.SeenByLog || !got.SeenAt.Equal(want) {
				t.Errorf("%s, in a %s file: seen at %v by %q, want %v by the log", name, size, got.SeenAt, got.SeenBy, want)
			}
		}
	}
}

// TestATokenInALogThatIsWrittenIsToldAtOnce has the last line of a stream end with a token, which might go on in the next
// line, and nothing more come; or not even the line's end, before a container's magic could have been ruled out by length.
func TestATokenInALogThatIsWrittenIsToldAtOnce(t *testing.T) {
	t.Run("lines", func(t *testing.T) { testToldAtOnce(t, "12:00:00 token %s\n", "12:00:00 token %s\n") })
	t.Run("without its end", func(t *testing.T) { testToldAtOnce(t, "12:00:00 token %s", "\n12:00:00 token %s") })
}

// testToldAtOnce writes a token in each of the formats.
func testToldAtOnce(t *testing.T, formats ...string) {
	t.Helper()
	r, w := io.Pipe()
	told := make(chan finding.Event, 10)
	sink := sinkFunc(func(event finding.Event) error { told <- event; return nil })
	ended := make(chan error, 1)
	go func() {
		_, err := Scan(context.Background(), options(stdin.New(r)), sink)
		ended <- err
	}()
	for i, format := range formats {
		token := signed(t, map[string]any{"sub": fmt.Sprint(i)})
		if _, err := fmt.Fprintf(w, format, token); err != nil {
			t.Fatal(err)
		}
		select {
		case event := <-told:
			found, ok := event.(finding.Found)
			if !ok || found.Finding.ID != finding.NewFingerprint(token).ID() || found.Finding.Occurrences[0].Line != int64(i+1) {
				t.Errorf("told a %T of another token or line", event)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("not told while the stream is open")
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if event := <-told; len(told) > 0 {
		t.Errorf("told a %T, and more, after the stream ended; want the end alone", event)
	}
}

type sinkFunc func(finding.Event) error

func (sinkFunc) Begin(finding.Tool, finding.Scan) error { return nil }
func (f sinkFunc) Event(event finding.Event) error      { return f(event) }

// TestCandidatesChangeNothing scans a text with and without its candidates, which lie farther apart than what is shown at
// once.
func TestCandidatesChangeNothing(t *testing.T) {
	var text strings.Builder
	for i := range 40 {
		text.WriteString(strings.Repeat("a line without a token\n", 50*i*i%3000))
		text.WriteString("token=" + signed(t, map[string]any{"sub": fmt.Sprint(i), "exp": noon.Unix()}) + "\n")
	}
	locator, ok := encoding.New().Prefilter().(detectors.Locator)
	if !ok {
		t.Fatal("the detector has no locator")
	}
	places := func(candidates []detectors.Candidate) (places []finding.Occurrence) {
		sink, _ := scan(t, options(sourceFunc(func(ctx context.Context, _ int, visitor source.Visitor) error {
			return visitor.Visit(ctx, source.Text{Place: finding.FilePlace{Target: ".", Path: "a.log"}, Bytes: []byte(text.String()), Candidates: candidates})
		})))
		for _, event := range sink.events {
			if found, ok := event.(finding.Found); ok {
				places = append(places, found.Finding.Occurrences...)
			}
		}
		return places
	}
	want, got := places(nil), places(locator.Candidates(nil, []byte(text.String()), 0, text.Len()))
	if diff := cmp.Diff(want, got); diff != "" || len(want) != 40 {
		t.Errorf("%d places, want 40 (-without +with):\n%s", len(want), diff)
	}
}
