package scanner

import (
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
)

// A panicking skimmer panics with each of these values in turn, and then no more.
type panicking struct {
	skimmer
	panics []any
	seen   [][]byte
}

func (f *panicking) next(text []byte) {
	f.seen = append(f.seen, text)
	if len(f.panics) > 0 {
		value := f.panics[0]
		f.panics = f.panics[1:]
		panic(value)
	}
}

func (f *panicking) Skim(text []byte, _ int, _ bool) (judged, lines int, clean bool) {
	f.next(text)
	return len(text), 1, true
}

func (f *panicking) Settled(text []byte) int {
	f.next(text)
	return len(text)
}

// memoryFault is what a fault of memory panics with, where debug.SetPanicOnFault makes it one.
type memoryFault struct{}

func (memoryFault) Error() string { return "a fault of memory" }
func (memoryFault) Addr() uintptr { return 1 }

// TestFaultsOfMappedText looks at a copy of a text where a look at it panics, since a text that is mapped may have changed, tells a fault
// that the copy has too, and leaves one of memory to whoever mapped the text.
func TestFaultsOfMappedText(t *testing.T) {
	for _, test := range []struct {
		name         string
		panics       []any
		told, looked int
		passes       bool
	}{
		{"none", nil, 0, 1, false},
		{"one that is gone with the copy", []any{"changed"}, 0, 2, false},
		{"one that stays", []any{"ours", "ours"}, 1, 2, false},
		{"of memory", []any{memoryFault{}}, 0, 1, true},
		{"of memory, when it is copied", []any{"changed", memoryFault{}}, 0, 2, true},
	} {
		for look, call := range map[string]func(detectors.Skimmer, []byte){
			"Skim":    func(s detectors.Skimmer, text []byte) { s.Skim(text, 0, true) },
			"Settled": func(s detectors.Skimmer, text []byte) { s.Settled(text) },
		} {
			detector, told := &panicking{panics: test.panics}, &reasons{}
			var place frankSkimmer
			frank, text := told.telling(detector, &place), []byte("a line\n")
			passed := func() (passed any) {
				defer func() { passed = recover() }()
				call(frank.(detectors.Skimmer), text)
				return nil
			}()
			if len(told.told) != test.told || len(detector.seen) != test.looked || (passed != nil) != test.passes {
				t.Errorf("%s, %s: %d reasons told, looked at %d times, panics with %v", test.name, look, len(told.told), len(detector.seen), passed)
			}
			if len(detector.seen) > 1 && &detector.seen[1][0] == &text[0] {
				t.Errorf("%s, %s: what is looked at again is no copy", test.name, look)
			}
		}
	}
}
