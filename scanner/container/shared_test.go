package container

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
)

// However many walks there are, only so many decode at once; one that waits ends with its context.
func TestFewWalksDecodeAtOnce(t *testing.T) {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write([]byte("a line of a log\n"))
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	shared := NewShared()
	defer shared.Close()
	most := int64(cap(shared.turns))
	var inside, seen atomic.Int64
	full, leave := make(chan struct{}), make(chan struct{})
	visitor := visitorFunc(func(Leaf) error {
		if n := inside.Add(1); n == most {
			close(full)
		}
		seen.Store(max(seen.Load(), inside.Load()))
		<-leave
		inside.Add(-1)
		return nil
	})
	input := Input{Bytes: packed.Bytes(), Shared: shared}
	var walks sync.WaitGroup
	for range most {
		walks.Go(func() {
			if _, err := Walk(context.Background(), input, Limits{}, visitor); err != nil {
				t.Error(err)
			}
		})
	}
	<-full
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Walk(ctx, input, Limits{}, visitorFunc(func(Leaf) error { return errors.New("decoded") })); !errors.Is(err, context.Canceled) {
		t.Errorf("one walk more: %v", err)
	}
	w := &walker{shared: shared}
	waiting, stop := context.WithCancel(t.Context())
	go stop()
	if err := w.shared.enter(waiting); !errors.Is(err, context.Canceled) {
		t.Errorf("entered where there is no turn: %v", err)
	}
	close(leave)
	walks.Wait()
	if n := len(shared.turns); n != 0 {
		t.Errorf("%d turns were not given back", n)
	}
}

func TestFreeDecodersMakeRoomForLargeWindows(t *testing.T) {
	shared := NewShared()
	defer shared.Close()
	decoder, err := shared.decoder(DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	shared.takeBack(decoder, false)
	shared.take(64<<20, 128<<20)
	defer shared.give(64 << 20)
	if n := len(shared.free); n != 0 {
		t.Errorf("%d decoders are kept beside a large window", n)
	}
}

func TestLessGarbageGathersWhileThereAreContainers(t *testing.T) {
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for _, test := range []struct {
		name           string
		before, within int
	}{
		{"the usual", 100, garbagePercent},
		{"less is wanted", 20, 20},
		{"the collector is off", -1, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			debug.SetGCPercent(test.before)
			shared := NewShared()
			if got := percent(); got != test.before {
				t.Errorf("%d before anything is opened", got)
			}
			for range 2 {
				if err := shared.enter(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := percent(); got != test.within {
					t.Errorf("%d with a container open, want %d", got, test.within)
				}
			}
			shared.Close()
			if got := percent(); got != test.before {
				t.Errorf("%d behind the scan, want %d", got, test.before)
			}
		})
	}
}
