package triage

import (
	"strings"
	"testing"
	"time"
)

// The entry that a token stands in says when, and none beside it.
func TestJournalTime(t *testing.T) {
	const token = "TOKEN"
	wanted := time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC)
	const at, other = "1795435200123456", "1795348800000000"
	export := func(time string) string {
		return "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=" + time + "\n__MONOTONIC_TIMESTAMP=7\n_TRANSPORT=stdout\n"
	}
	pretty := func(time, text string) string {
		return "{\n\t\"__CURSOR\" : \"s=1\",\n\t\"__REALTIME_TIMESTAMP\" : \"" + time + "\",\n\t\"MESSAGE\" : \"" + text + "\"\n}\n"
	}
	for name, test := range map[string]struct {
		text string
		want bool
	}{
		"export":                 {export(at) + "MESSAGE=a " + token + "\n_PID=7\n\n", true},
		"export, a later entry":  {export(other) + "MESSAGE=a\n\n" + export(at) + "MESSAGE=a " + token + "\n\n" + export(other), true},
		"export, several lines":  {export(at) + "MESSAGE\n\x0c\x00\x00\x00\x00\x00\x00\x00first\n\n" + token + "\n\n", true},
		"export, without a time": {export(other) + "MESSAGE=a\n\n__CURSOR=s=2\nMESSAGE=" + token + "\n", false},
		"pretty":                 {pretty(at, "a "+token), true},
		"pretty, a later entry":  {pretty(other, "a") + pretty(at, "a "+token) + pretty(other, "a"), true},
		"pretty, time behind":    {pretty(other, "a") + "{\n\t\"MESSAGE\" : \"" + token + "\",\n\t\"__REALTIME_TIMESTAMP\" : \"" + at + "\"\n}\n" + pretty(other, "a"), true},
		"pretty, without a time": {pretty(other, "a") + "{\n\t\"MESSAGE\" : \"" + token + "\"\n}\n" + pretty(other, "a"), false},
		"pretty, in a message":   {"{\n\t\"A\" : \"\\\"__REALTIME_TIMESTAMP\\\" : " + at + "\",\n\t\"MESSAGE\" : \"" + token + "\"\n}\n", false},
		"verbose":                {"Mon 2026-11-23 12:00:00.123456 UTC [s=1;i=2;b=3]\n    _PID=7\n    MESSAGE=" + token + "\n", true},
		"verbose, later lines":   {"Mon 2026-11-23 12:00:00.123456 UTC [s=1;i=2;b=3]\n    MESSAGE=a\n            " + token + "\n", true},
		"indented, and no entry": {"2026-11-23 12:00:00 something else\n    " + token + "\n", false},
		"words":                  {"2026-11-23 12:00:00 something else\n" + token + "\n", false},
		"nothing":                {token, false},
	} {
		t.Run(name, func(t *testing.T) {
			before, after, _ := strings.Cut(test.text, token)
			got, ok := JournalTime([]byte(before), []byte(after), time.Time{}, time.Time{})
			if ok != test.want || ok && !got.Equal(wanted) {
				t.Errorf("%v, %t", got, ok)
			}
		})
	}
	if got, ok := JournalTime([]byte(export(at)+"MESSAGE="), nil, wanted.Add(-25*time.Hour), time.Time{}); ok {
		t.Errorf("%v is believed of a log that is older", got)
	}
}

// Whatever stands around a token, nothing of it is read beyond its end, and a time is within what is believed.
func FuzzJournalTime(f *testing.F) {
	f.Add([]byte("\n__REALTIME_TIMESTAMP=1795435200123456\nMESSAGE="), []byte("\n"))
	f.Add([]byte("{\n\t\"__REALTIME_TIMESTAMP\" : \"1795435200123456\",\n\t\"MESSAGE\" : \""), []byte("\"\n}\n"))
	f.Add([]byte("Mon 2026-11-23 12:00:00.123456 UTC [s=1]\n    MESSAGE="), []byte("\n"))
	f.Fuzz(func(t *testing.T, before, after []byte) {
		got, ok := JournalTime(before, after, time.Time{}, time.Time{})
		if ok && (got.Unix() < firstEpoch || got.Unix() > lastEpoch) {
			t.Fatalf("%v is believed", got)
		}
	})
}
