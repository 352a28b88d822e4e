package triage

import (
	"strings"
	"testing"
	"time"
)

// A line without a time goes on from the nearest above that begins with one.
func TestContinuedTime(t *testing.T) {
	const token = "TOKEN"
	want := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		text string
		want bool
	}{
		"the headers of a request": {"2026-11-23 12:00:00,000 DEBUG GET /\nHost: shop.example\nAuthorization: Bearer " + token, true},
		"a stack":                  {"[2026-11-23T12:00:00Z] ERROR boom\n\tat a.b(C.java:7)\n\tat " + token, true},
		"an empty line between":    {"2026-11-23T12:00:00Z POST /\n\n{\"token\":\"" + token, true},
		"a later line":             {"2026-11-22T12:00:00Z a\n2026-11-23T12:00:00Z b\n  " + token, true},
		"syslog":                   {"<34>Nov 23 12:00:00 web app:\n  " + token, true},
		"RFC 5424":                 {"<165>1 2026-11-23T12:00:00.000Z web app - - -\n  " + token, true},
		"klog":                     {"I1123 12:00:00.000000 7 a.go:3] request\n  " + token, true},
		"a level first":            {"WARN  [2026-11-23 12:00:00] slow\n  " + token, true},
		"a level in brackets":      {"[INFO] 2026-11-23 12:00:00 request\n  " + token, true},
		"a level with a colon":     {"INFO: 2026-11-23 12:00:00 request\n  " + token, true},
		"coloured":                 {"\x1b[90m2026-11-23T12:00:00Z\x1b[0m request\n  " + token, true},
		"line feeds of Windows":    {"2026-11-23T12:00:00Z a\r\n  b\r\n  " + token, true},
		"a time further in":        {"created: 2026-11-23T12:00:00Z\ntoken: " + token, false},
		"a quoted time":            {"\"2026-11-23T12:00:00Z\"\n" + token, false},
		"a date alone":             {"2026-11-23\n" + token, false},
		"its own line":             {"2026-11-23T12:00:00Z " + token, false},
		"a time that means two":    {"2026-11-22T12:00:00Z a\n2026-11-23 12:00:00 IST b\n  " + token, false},
		"a line below":             {token + "\n2026-11-23T12:00:00Z a", false},
		"an entry of a journal":    {"2026-11-23T12:00:00Z a\n\n__CURSOR=s=1\n_PID=7\nMESSAGE=" + token, false},
		"nothing":                  {token, false},
	} {
		t.Run(name, func(t *testing.T) {
			before, _, _ := strings.Cut(test.text, token)
			got, ok := ContinuedTime([]byte(before), true, time.Time{}, want)
			if ok != test.want || ok && !got.Equal(want) {
				t.Errorf("%v, %t", got, ok)
			}
		})
	}
	cut := []byte("2026-11-23T12:00:00Z said of another\n  ")
	if got, ok := ContinuedTime(cut, false, time.Time{}, want); ok {
		t.Errorf("%v is read of a line whose beginning is not known", got)
	}
}

// Whatever stands in front of a token, a time is within what is believed.
func FuzzContinuedTime(f *testing.F) {
	f.Add([]byte("2026-11-23 12:00:00,000 DEBUG GET /\nHost: shop.example\nAuthorization: Bearer "))
	f.Add([]byte("<34>Nov 23 12:00:00 web app:\n  "))
	f.Add([]byte("[INFO] \x1b[90m2026-11-23 12:00:00 IST\n\n"))
	f.Fuzz(func(t *testing.T, before []byte) {
		got, ok := ContinuedTime(before, true, time.Time{}, testNow())
		if ok && (got.Unix() < firstEpoch || got.Unix() > lastEpoch) {
			t.Fatalf("%v is believed", got)
		}
	})
}
