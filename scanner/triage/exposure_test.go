package triage

import (
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

func TestExposure(t *testing.T) {
	const none = -1
	at := func(seconds int64) time.Time { return testNow().Add(time.Duration(seconds) * time.Second) }
	tests := []struct {
		name        string
		claims      object
		first, last int64 // seconds from now
		live        bool
		window      int64
	}{
		{"live when first seen, expired today", `{"iat":1795428000,"exp":1795435100}`, -7000, -7000, true, 6900},
		{"expired just when it was seen", `{"iat":1795428000,"exp":1795435100}`, -100, -100, false, 0},
		{"a second before it expired", `{"iat":1795428000,"exp":1795435100}`, -101, -101, true, 1},
		{"long expired when it was seen", `{"exp":1}`, -100, 0, false, 0},
		{"live from first to after its end", `{"exp":1795435100}`, -1000, 1000, true, 900},
		{"no expiry", `{}`, -1000, -1000, true, none},
		{"unreadable expiry", `{"exp":"x"}`, -1000, -1000, false, none},
		{"seen before it was issued, it says: from when it was seen", `{"iat":1795435100,"exp":1795435200}`, -1000, -1000, true, 1000},
		{"issued in the future, it says", `{"iat":1895435100,"exp":1795435200}`, -1000, -1000, true, 1000},
		{"issued after its end, it says", `{"iat":1795435300,"exp":1795435200}`, -1000, -1000, true, 1000},
		{"issued in milliseconds", `{"iat":1795435100000,"exp":1795435200}`, -1000, -1000, true, 1000},
		{"issued long before it was seen", `{"iat":1,"exp":1795435200}`, -1000, -1000, true, 1000},
		{"issued and valid later than seen", `{"iat":1795435150,"nbf":1795435100,"exp":1795435200}`, -1000, -50, true, 100},
		{"seen before nbf, and not again", `{"nbf":1795435100,"exp":1795435200}`, -1000, -1000, false, 100},
		{"seen before nbf by a clock that is behind", `{"nbf":1795435100,"exp":1795435200}`, -130, -130, true, 100},
		{"and by one that is more behind than clocks are", `{"nbf":1795435100,"exp":1795435200}`, -161, -161, false, 100},
		{"seen before nbf, and after", `{"nbf":1795435100,"exp":1795435200}`, -1000, -50, true, 100},
		{"nbf after exp: at no time", `{"nbf":1795435300,"exp":1795435200}`, -1000, 1000, false, 0},
		{"nbf equal to exp", `{"nbf":1795435200,"exp":1795435200}`, -1000, 1000, false, 0},
		{"milliseconds", `{"exp":1795435200000}`, -10, -10, true, 10},
		{"expires in 10^18, told as the end of RFC 3339", `{"exp":1000000000000000000}`, 0, 0, true, 253402300799 - 1795435200},
		{"expired at -10^18", `{"exp":-1000000000000000000}`, 0, 0, false, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := judged(t, test.claims).Facts.Exposure(at(test.first), at(test.last), finding.SeenByLog)
			if !got.FirstSeen.Equal(at(test.first)) || !got.LastSeen.Equal(at(test.last)) || got.SeenBy != "log" {
				t.Errorf("seen %v to %v by %s", got.FirstSeen, got.LastSeen, got.SeenBy)
			}
			if got.LiveWhenSeen != test.live {
				t.Errorf("live when seen: %t", got.LiveWhenSeen)
			}
			switch {
			case test.window == none && got.WindowSeconds != nil:
				t.Errorf("window %d, want none", *got.WindowSeconds)
			case test.window != none && got.WindowSeconds == nil:
				t.Errorf("no window, want %d", test.window)
			case test.window != none && *got.WindowSeconds != test.window:
				t.Errorf("window %d, want %d", *got.WindowSeconds, test.window)
			}
		})
	}
}

func TestSubtract(t *testing.T) {
	const most, least = 1<<63 - 1, -1 << 63
	for _, test := range [][3]int64{{5, 3, 2}, {3, 5, -2}, {most, -1, most}, {least, 1, least}, {0, least, most}, {-1, least, most}, {least, least, 0}, {most, most, 0}} {
		if got := subtract(test[0], test[1]); got != test[2] {
			t.Errorf("%d - %d is %d, want %d", test[0], test[1], got, test[2])
		}
	}
}
