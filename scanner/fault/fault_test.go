package fault_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/fault"
)

// beyond panics for an index that is out of the slice.
func beyond(list []int, index int) int { return list[index] }

func TestAPanicIsAnError(t *testing.T) {
	for name, call := range map[string]func(){
		"where it is called": func() { beyond(nil, 1) },
		"on a goroutine": func() {
			var group fault.Group
			group.Go(func() { beyond(nil, 1) })
			group.Go(func() {})
			group.Wait()
		},
	} {
		err := func() (err error) {
			defer fault.Contain(&err)
			call()
			return nil
		}()
		var contained *fault.Error
		if !errors.As(err, &contained) || !strings.Contains(err.Error(), "a fault of this program (fault_test.go:12)") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatDoesNotPanicHasItsOwnError(t *testing.T) {
	want := errors.New("its own")
	err := func() (err error) {
		defer fault.Contain(&err)
		var group fault.Group
		group.Go(func() {})
		group.Wait()
		return want
	}()
	if !errors.Is(err, want) {
		t.Errorf("%v", err)
	}
}
