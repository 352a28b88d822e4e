package scanner

import "testing"

func TestReserveIsForLongerScans(t *testing.T) {
	for _, test := range []struct {
		name  string
		texts int
		size  int64
		want  int
	}{
		{"a file", 1, 1 << 20, 0},
		{"a few", reserveTexts - 1, 1 << 10, 0},
		{"many", reserveTexts, 1 << 10, reserveSize},
		{"a large file", 1, reserveBytes + 1, reserveSize},
		{"large together", 20, 1 << 20, reserveSize},
		{"of unknown size", 3, -1, 0},
	} {
		var r reserve
		for range test.texts {
			r.text(test.size)
		}
		if len(r.memory) != test.want {
			t.Errorf("%s: %d bytes, want %d", test.name, len(r.memory), test.want)
		}
	}
}
