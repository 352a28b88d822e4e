package fault

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
	"sync"
)

// An Error is a panic, by the place of the faulty line.
type Error struct{ place string }

// Error says what a panic costs.
func (e *Error) Error() string {
	return "not all of it was searched, by a fault of this program (" + e.place + "): please report it"
}

// Of returns the error that a recovered panic is. It is to be called by the function that was deferred.
func Of(recovered any) *Error {
	if known, ok := recovered.(*Error); ok { // from a Group
		return known
	}
	return &Error{place()}
}

// Contain is to be deferred: a panic of the function becomes its error.
func Contain(err *error) {
	if recovered := recover(); recovered != nil {
		*err = Of(recovered)
	}
}

// Catch is Contain for the Error alone, of what looks at a text that may be mapped: a fault of memory is that of a file that was cut, which
// whoever mapped it expects, and goes on panicking.
func Catch(failed **Error) {
	recovered := recover()
	if recovered == nil {
		return
	}
	if _, isOfMemory := recovered.(interface{ Addr() uintptr }); isOfMemory {
		panic(recovered)
	}
	*failed = Of(recovered)
}

// Confine calls a function and returns its error. Where it panics, tell says what that costs, and its error is returned.
func Confine(call func() error, tell func(*Error) error) error {
	err := func() (err error) {
		defer Contain(&err)
		return call()
	}()
	var faulty *Error
	if err != nil && errors.As(err, &faulty) {
		return tell(faulty)
	}
	return err
}

// place returns the file and line that panicked.
func place() string {
	var callers [16]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers[:])])
	isBehind := false // the frames of the panic, and in front of them of what was deferred
	for frame, more := frames.Next(); more; frame, more = frames.Next() {
		if strings.HasPrefix(frame.Function, "runtime.") {
			isBehind = true
		} else if isBehind {
			return fmt.Sprintf("%s:%d", path.Base(frame.File), frame.Line)
		}
	}
	return "unknown"
}

// A Group is a sync.WaitGroup whose Wait panics where a goroutine did.
type Group struct {
	group sync.WaitGroup
	mu    sync.Mutex
	first *Error
}

// Go calls a function on a goroutine of its own.
func (g *Group) Go(call func()) {
	g.group.Go(func() {
		defer func() {
			if recovered := recover(); recovered != nil {
				g.mu.Lock()
				defer g.mu.Unlock()
				if g.first == nil {
					g.first = Of(recovered)
				}
			}
		}()
		call()
	})
}

// Wait waits until all goroutines have ended.
func (g *Group) Wait() {
	g.group.Wait()
	if g.first != nil {
		panic(g.first)
	}
}
