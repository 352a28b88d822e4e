package reading

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/jwtleak/jwtleak/detectors"
)

// words is a detector of the plainest kind: what stands between '<' and '>' is a token, however long it is.
type words struct{}

func (words) Detect(text []byte, atEOF bool, yield func(detectors.Match)) int {
	at := 0
	for {
		start := bytes.IndexByte(text[at:], '<')
		if start < 0 {
			return len(text)
		}
		start += at
		end := bytes.IndexByte(text[start:], '>')
		if end < 0 {
			if atEOF || len(text)-start >= detectors.MaxHeld {
				return len(text)
			}
			return start
		}
		at = start + end + 1
		yield(detectors.Match{Rule: detectors.JWS, Start: start, End: at, Token: string(text[start:at])})
	}
}

// reference is what must be told, found by a regular expression over the whole text.
func reference(text string) []Sighting {
	var want []Sighting
	for _, at := range regexp.MustCompile(`<[^>]*>`).FindAllStringIndex(text, -1) {
		before := text[:at[0]]
		lineStart := strings.LastIndexByte(before, '\n') + 1
		want = append(want, Sighting{
			Match:  detectors.Match{Rule: detectors.JWS, End: at[1] - at[0], Token: text[at[0]:at[1]]},
			Offset: int64(at[0]), Line: int64(strings.Count(before, "\n")) + 1, Column: int64(at[0]-lineStart) + 1,
			LineStart: []byte(before[lineStart:min(len(before), lineStart+MaxLineStart)]),
		})
	}
	return want
}

func randomText(random *rand.Rand, size int) string {
	var b strings.Builder
	for b.Len() < size {
		switch random.IntN(12) {
		case 0:
			b.WriteString("\n")
		case 1:
			b.WriteString("<" + strings.Repeat("t\n"[:1+random.IntN(2)], random.IntN(60)) + ">")
		case 2:
			b.WriteString("<") // one that opens inside of another, or never ends
		default:
			b.WriteString(strings.Repeat("x", random.IntN(40)))
		}
	}
	return b.String()
}

// told leaves out what a sighting keeps for Around, which depends on how the text was read.
var told = cmpopts.IgnoreUnexported(Sighting{})

func gather(t *testing.T, text string, read func(found func(Sighting) error) (int64, error)) []Sighting {
	t.Helper()
	var got []Sighting
	n, err := read(func(s Sighting) error {
		// How much of the rest of the line is there depends on what was read; it never is anything else.
		if rest, _, _ := strings.Cut(text[s.Offset+int64(s.Match.End):], "\n"); !strings.HasPrefix(rest, string(s.LineRest)) {
			t.Errorf("LineRest %.40q at %d, the line goes on with %.40q", s.LineRest, s.Offset, rest)
		}
		s.LineStart, s.LineRest = append([]byte{}, s.LineStart...), nil
		got = append(got, s)
		return nil
	})
	if err != nil || n != int64(len(text)) {
		t.Fatalf("read %d bytes of %d, %v", n, len(text), err)
	}
	return got
}

func restOfLine(text string, s Sighting) string {
	rest, _, _ := strings.Cut(text[s.Offset+int64(s.Match.End):], "\n")
	if len(rest) > MaxLineRest {
		return rest[:ShortLineRest]
	}
	return rest
}

func TestTheRestOfALineIsTold(t *testing.T) {
	text := "<a> b <c>\n<d>" + strings.Repeat("e", 2*MaxLineRest) + "\n<f>" + strings.Repeat("g", MaxLineRest) + "\n<h>"
	check := func(s Sighting) error {
		if want := restOfLine(text, s); string(s.LineRest) != want {
			t.Errorf("LineRest of %d bytes, %.40q, at %d, want %d", len(s.LineRest), s.LineRest, s.Offset, len(want))
		}
		return nil
	}
	if _, err := Bytes(t.Context(), []byte(text), words{}, check); err != nil {
		t.Error(err)
	}
	if _, err := Stream(t.Context(), strings.NewReader(text), words{}, check); err != nil {
		t.Error(err)
	}
	if _, err := Parallel(t.Context(), strings.NewReader(text), int64(len(text)), 1<<20, 2, words{}, check, func(int64) {}); err != nil {
		t.Error(err)
	}
}

func TestAllWaysTellTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 25 {
		text := randomText(random, random.IntN(5000))
		want := reference(text)
		ways := map[string][]Sighting{
			"bytes": gather(t, text, func(found func(Sighting) error) (int64, error) {
				return Bytes(t.Context(), []byte(text), words{}, found)
			}),
			"stream": gather(t, text, func(found func(Sighting) error) (int64, error) {
				return Stream(t.Context(), strings.NewReader(text), words{}, found)
			}),
			"byte by byte": gather(t, text, func(found func(Sighting) error) (int64, error) {
				return Stream(t.Context(), iotest.OneByteReader(strings.NewReader(text)), words{}, found)
			}),
			"data with EOF": gather(t, text, func(found func(Sighting) error) (int64, error) {
				return Stream(t.Context(), iotest.DataErrReader(strings.NewReader(text)), words{}, found)
			}),
		}
		for _, jobs := range []int{1, 3} {
			chunk := 1 + random.Int64N(400)
			var counted int64
			ways[fmt.Sprintf("parallel, %d jobs, chunks of %d", jobs, chunk)] = gather(t, text, func(found func(Sighting) error) (int64, error) {
				return Parallel(t.Context(), strings.NewReader(text), int64(len(text)), chunk, jobs, words{}, found, func(n int64) { counted += n })
			})
			if counted != int64(len(text)) {
				t.Errorf("counted %d bytes of %d", counted, len(text))
			}
		}
		for way, got := range ways {
			if diff := cmp.Diff(want, got, told); diff != "" {
				t.Fatalf("round %d, %s (-want +got):\n%s", round, way, diff)
			}
		}
	}
}

func TestLongTokensAreFoundOverManyBlocks(t *testing.T) {
	long := "<" + strings.Repeat("t", detectors.MaxHeld-2) + ">"
	text := strings.Repeat("line\n", 100_000) + "at " + long + "\nafter <a>"
	want := reference(text)
	got := gather(t, text, func(found func(Sighting) error) (int64, error) {
		return Stream(t.Context(), strings.NewReader(text), words{}, found)
	})
	if !cmp.Equal(want, got, told) {
		t.Error("Stream lost the long token")
	}
	got = gather(t, text, func(found func(Sighting) error) (int64, error) {
		return Parallel(t.Context(), strings.NewReader(text), int64(len(text)), 1<<20, 2, words{}, found, func(int64) {})
	})
	if !cmp.Equal(want, got, told) {
		t.Error("Parallel lost the long token")
	}
}

// A counting detector counts what it has found.
type counting struct{ found *atomic.Int64 }

func (c counting) Detect(text []byte, atEOF bool, yield func(detectors.Match)) int {
	return words{}.Detect(text, atEOF, func(match detectors.Match) {
		c.found.Add(1)
		yield(match)
	})
}

// What is kept of a text with a token on every line does not grow with the text while it waits to be told.
func TestWorkersWaitWhereTheyAreFarAhead(t *testing.T) {
	const jobs, tokens = 2, 200_000
	text := strings.Repeat("<token>\n", tokens)
	var found atomic.Int64
	told := int64(0)
	tell := func(sighting Sighting) error {
		if told == 0 {
			for before := int64(-1); before != found.Load(); time.Sleep(100 * time.Millisecond) {
				before = found.Load()
			}
			if most := int64(30_000); found.Load() > most {
				t.Errorf("%d tokens were found before the first was told, want at most %d", found.Load(), most)
			}
		}
		if told++; sighting.Line != told || sighting.Column != 1 {
			t.Fatalf("token %d is at %d:%d", told, sighting.Line, sighting.Column)
		}
		return nil
	}
	if _, err := Parallel(t.Context(), strings.NewReader(text), int64(len(text)), 400_000, jobs, counting{&found}, tell, func(int64) {}); err != nil {
		t.Fatal(err)
	}
	if told != tokens {
		t.Errorf("told %d tokens, want %d", told, tokens)
	}
}

// greedy never is done with anything.
type greedy struct{}

func (greedy) Detect(text []byte, atEOF bool, _ func(detectors.Match)) int {
	if atEOF {
		return len(text)
	}
	return 0
}

// endless is a text of one line without end.
type endless struct{ left int64 }

func (e *endless) Read(b []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(b)), e.left))
	e.left -= int64(n)
	return n, nil
}

func TestNoDetectorHoldsBackWithoutBound(t *testing.T) {
	n, err := Stream(t.Context(), &endless{left: 64 << 20}, greedy{}, func(Sighting) error { return nil })
	if n != 64<<20 || err != nil {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

func TestATokenInASlowStreamIsToldWhenItHasCome(t *testing.T) {
	r, w := io.Pipe()
	told := make(chan string)
	go func() {
		_, err := Stream(context.Background(), r, words{}, func(s Sighting) error {
			told <- s.Match.Token
			return nil
		})
		close(told)
		_ = err
	}()
	for _, word := range []string{"<one>", "<two>"} {
		if _, err := io.WriteString(w, "12:00:00 "+word+"\n"); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-told:
			if got != word {
				t.Errorf("told %q, want %q", got, word)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("not told while the stream is open")
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	<-told
}

func TestErrorsEndTheReading(t *testing.T) {
	text := strings.Repeat("<a>\n", 1<<20)
	stop := errors.New("stop")
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	broken := io.MultiReader(strings.NewReader(text), iotest.ErrReader(stop))
	for _, test := range []struct {
		name string
		read func() (int64, error)
		want error
	}{
		{"found, stream", func() (int64, error) {
			return Stream(t.Context(), strings.NewReader(text), words{}, func(Sighting) error { return stop })
		}, stop},
		{"found, bytes", func() (int64, error) {
			return Bytes(t.Context(), []byte(text), words{}, func(Sighting) error { return stop })
		}, stop},
		{"found, parallel", func() (int64, error) {
			return Parallel(t.Context(), strings.NewReader(text), int64(len(text)), 1000, 4, words{}, func(Sighting) error { return stop }, func(int64) {})
		}, stop},
		{"reader", func() (int64, error) {
			return Stream(t.Context(), broken, words{}, func(Sighting) error { return nil })
		}, stop},
		{"canceled, stream", func() (int64, error) {
			return Stream(canceled, strings.NewReader(text), words{}, func(Sighting) error { return nil })
		}, context.Canceled},
		{"canceled, parallel", func() (int64, error) {
			return Parallel(canceled, strings.NewReader(text), int64(len(text)), 1000, 4, words{}, func(Sighting) error { return nil }, func(int64) {})
		}, context.Canceled},
	} {
		if _, err := test.read(); !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", test.name, err, test.want)
		}
	}
}

func TestAFileThatWasCutShort(t *testing.T) {
	text := strings.Repeat("x", 5000) + "<a>"
	var got []Sighting
	n, err := Parallel(t.Context(), strings.NewReader(text), 50_000, 1000, 2, words{}, func(s Sighting) error {
		got = append(got, s)
		return nil
	}, func(int64) {})
	if err != nil || n != int64(len(text)) || len(got) != 1 {
		t.Errorf("%d bytes, %d tokens, %v", n, len(got), err)
	}
}

// A holed text is zeros but for what is written at some offsets. It counts what is read.
type holed struct {
	size  int64
	parts map[int64]string
	read  atomic.Int64
}

func (h *holed) ReadAt(b []byte, offset int64) (int, error) {
	n := int(max(0, min(int64(len(b)), h.size-offset)))
	clear(b[:n])
	for at, part := range h.parts {
		if at < offset+int64(n) && at+int64(len(part)) > offset {
			copy(b[max(0, at-offset):n], part[max(0, offset-at):])
		}
	}
	h.read.Add(int64(n))
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (h *holed) IsHole(from, to int64) bool {
	for at, part := range h.parts {
		if at < to && at+int64(len(part)) > from {
			return false
		}
	}
	return true
}

func TestHolesAreNotReadAndCount(t *testing.T) {
	text := &holed{size: 1 << 40, parts: map[int64]string{
		5 << 20:         "one\n<a>",
		1<<39 - 1:       "<b>\n <c>",
		1<<40 - 7:       "\n\n <d> ",
		1<<30 + 1<<20/2: strings.Repeat(" ", 1<<20/2-2) + "<e>", // over the edge of a chunk
	}}
	var got []string
	n, err := Parallel(t.Context(), text, text.size, 64<<20, 2, words{}, func(s Sighting) error {
		got = append(got, fmt.Sprintf("%s %d %d:%d", s.Match.Token, s.Offset, s.Line, s.Column))
		return nil
	}, func(int64) {})
	want := []string{
		"<a> 5242884 2:1", "<e> 1074790398 2:1069547515", "<b> 549755813887 2:549750571004",
		"<c> 549755813892 3:2", "<d> 1099511627772 5:2",
	}
	if diff := cmp.Diff(want, got, told); diff != "" || n != text.size || err != nil {
		t.Errorf("%d bytes, %v, (-want +got):\n%s", n, err, diff)
	}
	if read := text.read.Load(); read > 1<<30 {
		t.Errorf("read %d bytes of a text that is holes but for four chunks", read)
	}
}

// unseen fails where a detector is shown many zeros.
type unseen struct {
	words
	t *testing.T
}

func (u unseen) Detect(text []byte, atEOF bool, yield func(detectors.Match)) int {
	if n := bytes.Count(text, []byte{0}); n > 600_000 {
		u.t.Errorf("shown %d zeros", n)
	}
	return u.words.Detect(text, atEOF, yield)
}

func TestBlocksOfZerosAreNotShown(t *testing.T) {
	text := "<a>" + strings.Repeat("\x00", 3<<20) + "<b>\n" + strings.Repeat("\x00", 2<<20+7) + "<c>"
	want := reference(text)
	got := gather(t, text, func(found func(Sighting) error) (int64, error) {
		return Stream(t.Context(), strings.NewReader(text), unseen{t: t}, found)
	})
	if diff := cmp.Diff(want, got, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A damaged text can't be read from one offset to another.
type damaged struct {
	*strings.Reader
	from, to int64
}

var errDamaged = errors.New("input/output error")

func (d damaged) ReadAt(b []byte, offset int64) (int, error) {
	if offset >= d.to || offset+int64(len(b)) <= d.from {
		return d.Reader.ReadAt(b, offset)
	}
	n, _ := d.Reader.ReadAt(b[:max(0, d.from-offset)], offset)
	return n, errDamaged
}

func TestWhatLiesAroundDamageIsTold(t *testing.T) {
	text := "<a>" + strings.Repeat(".", 1997) + "<b>" + strings.Repeat(".", 1997) + "<c>"
	var got []string
	note := func(s Sighting) error {
		got = append(got, fmt.Sprint(s.Match.Token, s.Offset))
		return nil
	}
	_, err := Parallel(t.Context(), damaged{strings.NewReader(text), 500, 600}, int64(len(text)), 1000, 2, words{}, note, func(int64) {})
	if want := []string{"<a>0", "<b>2000", "<c>4000"}; !cmp.Equal(got, want, told) || !errors.Is(err, errDamaged) {
		t.Errorf("told %v, %v; want %v and the error", got, err, want)
	}
	got = nil
	_, err = Stream(t.Context(), io.MultiReader(strings.NewReader("<a> <b> and"), iotest.ErrReader(errDamaged)), words{}, note)
	if want := []string{"<a>0", "<b>4"}; !cmp.Equal(got, want, told) || !errors.Is(err, errDamaged) {
		t.Errorf("told %v, %v; want %v and the error", got, err, want)
	}
}
