package reading

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// A dripping stream brings its parts one by one, and nothing for a while behind those that are followed by an empty one.
type dripping struct {
	parts []string
	end   error
}

var _ Waiter = (*dripping)(nil)

func (d *dripping) Read(b []byte) (int, error) {
	for len(d.parts) > 0 && d.parts[0] == "" {
		d.parts = d.parts[1:]
	}
	if len(d.parts) == 0 {
		return 0, d.end
	}
	n := copy(b, d.parts[0])
	if d.parts[0] = d.parts[0][n:]; d.parts[0] == "" {
		d.parts = d.parts[1:]
	}
	return n, nil
}

// ReadSoon implements Waiter.
func (d *dripping) ReadSoon(b []byte) (n int, idle bool, err error) {
	if len(d.parts) > 0 && d.parts[0] == "" {
		d.parts = d.parts[1:]
		return 0, true, nil
	}
	n, err = d.Read(b)
	return n, false, err
}

func inParts(text string, size int, idle bool) (parts []string) {
	for part := range slices.Chunk([]byte(text), size) {
		if parts = append(parts, string(part)); idle {
			parts = append(parts, "")
		}
	}
	return parts
}

// A telling detector counts what is told of it not to have been undone.
type telling struct {
	*encoding.Detector
	times int
}

// DetectWithin implements detectors.Skimmer.
func (d *telling) DetectWithin(allowance *detectors.Allowance, fresh int, text []byte, atEOF bool, yield func(detectors.Match)) int {
	return d.DetectBoundedWithin(allowance, fresh, text, atEOF, yield, func(string) { d.times++ })
}

func signedToken(subject int) string {
	payload := fmt.Sprintf(`{"sub":"%d","exp":1900000000}`, subject)
	return "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + "." + base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("sign", 8)))
}

func wrapped(text string, times int) string {
	for range times {
		text = base64.StdEncoding.EncodeToString([]byte(text))
	}
	return text
}

// TestHoweverSmallThePartsOfAStream tells of a stream that is waited for what there is to tell of a file with the same bytes.
func TestHoweverSmallThePartsOfAStream(t *testing.T) {
	var log, folded strings.Builder
	for i := range 8 {
		fmt.Fprintf(&log, "12:00:00 request %d data=%s ok\n", i, wrapped(signedToken(i), 5))
	}
	for line := range slices.Chunk([]byte(wrapped(signedToken(1), 3)), 64) {
		folded.Write(append(line, '\n'))
	}
	for name, text := range map[string]string{
		"plain": signedToken(1), "5 deep": wrapped(signedToken(1), 5) + "\n", "10 deep": wrapped(signedToken(1), 10),
		"log": log.String(), "folded": folded.String(),
	} {
		detector := &telling{Detector: encoding.New()}
		want := gather(t, text, func(found func(Sighting) error) (int64, error) {
			return Bytes(t.Context(), []byte(text), detector, found)
		})
		if len(want) == 0 || detector.times > 0 {
			t.Fatalf("%s: found %d in all of it, told %d times", name, len(want), detector.times)
		}
		for _, size := range []int{1, 10, 52, 200} {
			for _, idle := range []bool{false, true} {
				got := gather(t, text, func(found func(Sighting) error) (int64, error) {
					return Stream(t.Context(), &dripping{parts: inParts(text, size, idle), end: io.EOF}, detector, found)
				})
				if len(got) != len(want) || got[0].Match.Token != want[0].Match.Token || detector.times > 0 {
					t.Errorf("%s, in parts of %d, idle %v: found %d, not %d, told %d times", name, size, idle, len(got), len(want), detector.times)
				}
			}
		}
	}
}

// TestATokenOfWhichSomeIsYetToCome cuts a token in two, with a while between them.
func TestATokenOfWhichSomeIsYetToCome(t *testing.T) {
	whole := "authorization: " + signedToken(7) + "\n"
	for cut := 1; cut < len(whole); cut++ {
		got := gather(t, whole, func(found func(Sighting) error) (int64, error) {
			stream := &dripping{parts: []string{whole[:cut], "", whole[cut:], ""}, end: io.EOF}
			return Stream(t.Context(), stream, encoding.New(), found)
		})
		if len(got) != 1 || !strings.Contains(whole, " "+got[0].Match.Token+"\n") {
			t.Errorf("cut at %d: found %d", cut, len(got))
		}
	}
}

// TestAnUnsignedTokenIsWhole tells of one at once, though a signature could follow.
func TestAnUnsignedTokenIsWhole(t *testing.T) {
	told := false
	stream := &dripping{parts: []string{"eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0.", ""}, end: io.EOF}
	_, err := Stream(t.Context(), readerAtLast{stream, func() { told = true }}, encoding.New(), func(Sighting) error {
		if told {
			t.Error("told at the end alone")
		}
		return nil
	})
	if err != nil || !told {
		t.Errorf("read to the end: %v, %v", told, err)
	}
}

// A readerAtLast says when nothing more has come.
type readerAtLast struct {
	*dripping
	last func()
}

func (r readerAtLast) Read(b []byte) (int, error) {
	n, err := r.dripping.Read(b)
	if err != nil {
		r.last()
	}
	return n, err
}

// TestWhatHadComeOfAStreamThatWasInterrupted tells of what was held until more would come.
func TestWhatHadComeOfAStreamThatWasInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	text := signedToken(7)
	text = text[:len(text)-5]
	found := 0
	stream := &dripping{parts: []string{text, ""}, end: context.Canceled}
	_, err := Stream(ctx, readerThatCancels{stream, cancel}, encoding.New(), func(Sighting) error { found++; return nil })
	if found != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("found %d, %v", found, err)
	}
}

type readerThatCancels struct {
	*dripping
	cancel context.CancelFunc
}

func (r readerThatCancels) Read(b []byte) (int, error) {
	n, err := r.dripping.Read(b)
	if err != nil {
		r.cancel()
	}
	return n, err
}
