package prefilter

import "testing"

func TestNext(t *testing.T) {
	set := New("eyJ", "yJh", "ewo", "ey")
	for _, test := range []struct {
		text       string
		from       int
		needle, at int
	}{
		{"", 0, -1, -1},
		{"e", 0, -1, -1},
		{"ey", 0, 3, 0},
		{"eyJ", 0, 0, 0},
		{"eyJh", 1, 1, 1},
		{"....ewo", 0, 2, 4},
		{"....ewo", 5, -1, -1},
		{"....ewo", 50, -1, -1},
		{"eyJ", -3, 0, 0},
	} {
		if needle, at := set.Next([]byte(test.text), test.from); needle != test.needle || at != test.at {
			t.Errorf("Next(%q, %d) = %d, %d; want %d, %d", test.text, test.from, needle, at, test.needle, test.at)
		}
	}
}
