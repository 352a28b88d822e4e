package sourcetest

import (
	"context"
	"runtime/pprof"
	"testing"
)

// TestLabeled finds a goroutine that outlives what started it, and one that it started, and no others.
func TestLabeled(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	defer close(end)
	started := make(chan struct{})
	go func() { <-end }()
	pprof.Do(t.Context(), pprof.Labels("sourcetest", t.Name()), func(context.Context) {
		go func() { go func() { close(started); <-end }() }()
	})
	<-started
	if labeled(t, `"sourcetest":"`+t.Name()+`"`) == "" {
		t.Error("a goroutine that is left behind is not found")
	}
	if left := labeled(t, `"sourcetest":"another test"`); left != "" {
		t.Errorf("found where there is none:\n%s", left)
	}
}
