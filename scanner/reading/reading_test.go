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
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

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

func gather(t *testing.T, text string, read func(found func(Sighting) error) (int64, error)) []Sighting {
	t.Helper()
	var got []Sighting
	n, err := read(func(s Sighting) error {
		// How much of the rest of the line is there depends on what was read; it never is anything else.
		if rest := restOfLine(text, s); !strings.HasPrefix(rest, string(s.LineRest)) {
			t.Errorf("LineRest %q at %d, the line goes on with %q", s.LineRest, s.Offset, rest)
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
	return rest[:min(len(rest), MaxLineRest)]
}

func TestTheRestOfALineIsTold(t *testing.T) {
	text := "<a> b <c>\n<d>" + strings.Repeat("e", 2*MaxLineRest) + "\n<f>"
	check := func(s Sighting) error {
		if want := restOfLine(text, s); string(s.LineRest) != want {
			t.Errorf("LineRest %q at %d, want %q", s.LineRest, s.Offset, want)
		}
		return nil
	}
	if _, err := Bytes(t.Context(), []byte(text), words{}, check); err != nil {
		t.Error(err)
	}
	if _, err := Stream(t.Context(), strings.NewReader(text), words{}, check); err != nil {
		t.Error(err)
	}
	if _, err := Parallel(t.Context(), strings.NewReader(text), int64(len(text)), 1<<20, 2, words{}, check); err != nil {
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
			ways[fmt.Sprintf("parallel, %d jobs, chunks of %d", jobs, chunk)] = gather(t, text, func(found func(Sighting) error) (int64, error) {
				return Parallel(t.Context(), strings.NewReader(text), int64(len(text)), chunk, jobs, words{}, found)
			})
		}
		for way, got := range ways {
			if diff := cmp.Diff(want, got); diff != "" {
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
	if !cmp.Equal(want, got) {
		t.Error("Stream lost the long token")
	}
	got = gather(t, text, func(found func(Sighting) error) (int64, error) {
		return Parallel(t.Context(), strings.NewReader(text), int64(len(text)), 1<<20, 2, words{}, found)
	})
	if !cmp.Equal(want, got) {
		t.Error("Parallel lost the long token")
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
			return Parallel(t.Context(), strings.NewReader(text), int64(len(text)), 1000, 4, words{}, func(Sighting) error { return stop })
		}, stop},
		{"reader", func() (int64, error) {
			return Stream(t.Context(), broken, words{}, func(Sighting) error { return nil })
		}, stop},
		{"canceled, stream", func() (int64, error) {
			return Stream(canceled, strings.NewReader(text), words{}, func(Sighting) error { return nil })
		}, context.Canceled},
		{"canceled, parallel", func() (int64, error) {
			return Parallel(canceled, strings.NewReader(text), int64(len(text)), 1000, 4, words{}, func(Sighting) error { return nil })
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
	})
	if err != nil || n != int64(len(text)) || len(got) != 1 {
		t.Errorf("%d bytes, %d tokens, %v", n, len(got), err)
	}
}
