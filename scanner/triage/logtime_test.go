package triage

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

type logTimeTest struct {
	name, line string
	want       string // RFC 3339 with nanoseconds, empty where there is no time
}

// The log's own time is 2026-11-23T15:00:00Z in all of these.
func logTimeTests() []logTimeTest {
	return []logTimeTest{
		{"RFC 3339", `2026-11-23T12:00:00Z GET /`, "2026-11-23T12:00:00Z"},
		{"RFC 3339 with fraction", `2026-11-23T12:00:00.123456789Z GET /`, "2026-11-23T12:00:00.123456789Z"},
		{"RFC 3339 with offset", `2026-11-23T12:00:00+02:00 GET /`, "2026-11-23T10:00:00Z"},
		{"RFC 3339 with negative offset", `2026-11-22T22:00:00.5-05:30 GET /`, "2026-11-23T03:30:00.5Z"},
		{"RFC 3339 in lower case", `2026-11-23t12:00:00z GET /`, "2026-11-23T12:00:00Z"},
		{"more digits than nanoseconds", `2026-11-23T12:00:00.1234567891234Z`, "2026-11-23T12:00:00.123456789Z"},
		{"without zone", `2026-11-23T12:00:00 GET /`, "2026-11-23T12:00:00Z"},
		{"offset without colon", `2026-11-23T12:00:00.123+0200 INFO`, "2026-11-23T10:00:00.123Z"},
		{"offset of hours alone", `2026-11-23 12:00:00.123+02 INFO`, "2026-11-23T10:00:00.123Z"},
		{"in brackets", `[2026-11-23T12:00:00Z] GET /`, "2026-11-23T12:00:00Z"},
		{"quoted", `"2026-11-23T12:00:00Z","a"`, "2026-11-23T12:00:00Z"},
		{"indented", "   \t2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"},
		{"byte order mark", "\xef\xbb\xbf2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"},
		{"coloured", "\x1b[90m2026-11-23T12:00:00Z\x1b[0m INF", "2026-11-23T12:00:00Z"},
		{"a leap second", `2016-12-31T23:59:60Z x`, "2017-01-01T00:00:00Z"},
		{"29 February of a leap year", `2024-02-29T00:00:00Z`, "2024-02-29T00:00:00Z"},
		{"29 February of another", `2023-02-29T00:00:00Z`, ""},
		{"month 13", `2026-13-01T00:00:00Z`, ""},
		{"hour 24", `2026-11-22T24:00:00Z`, ""},
		{"minute 60", `2026-11-22T10:60:00Z`, ""},
		{"second 61", `2026-11-22T10:00:61Z`, ""},
		{"day 0", `2026-11-00T10:00:00Z`, ""},
		{"a date alone", `2026-11-23 something`, ""},
		{"a version", `1.2026.11 12:00:00`, ""},
		{"in the future", `2026-11-25T12:00:00Z`, ""},
		{"within a day of the log's own time", `2026-11-24T14:59:59Z`, "2026-11-24T14:59:59Z"},
		{"before there were tokens", `1999-12-31T23:59:59Z`, ""},

		{"RFC 5424", `<34>1 2026-11-23T12:00:00.003Z host app 1 ID47 - msg`, "2026-11-23T12:00:00.003Z"},
		{"RFC 5424, counted", `83 <34>1 2026-11-23T12:00:00.003Z host app 1 ID47 - msg`, "2026-11-23T12:00:00.003Z"},
		{"RFC 3164", `<34>Nov 23 12:00:00 host app: msg`, "2026-11-23T12:00:00Z"},
		{"RFC 3164 in a file", `Nov 23 12:00:00 host app[7]: msg`, "2026-11-23T12:00:00Z"},
		{"RFC 3164, padded day", `Nov  3 12:00:00 host app: msg`, "2026-11-03T12:00:00Z"},
		{"RFC 3164, of last year", `Dec 31 23:59:59 host app: msg`, "2025-12-31T23:59:59Z"},
		{"RFC 3164, 29 February", `Feb 29 12:00:00 host app: msg`, "2024-02-29T12:00:00Z"},
		{"RFC 3164, 30 February", `Feb 30 12:00:00 host app: msg`, ""},
		{"RFC 3164 with year, as Cisco", `Nov 23 2026 12:00:00: %ASA-6`, "2026-11-23T12:00:00Z"},

		{"Common Log Format", `192.0.2.1 - frank [23/Nov/2026:12:00:00 +0100] "GET / HTTP/1.0" 200 1`, "2026-11-23T11:00:00Z"},
		{"Combined Log Format", `shop.example:443 2001:db8::1 - - [23/Nov/2026:12:00:00 -0500] "GET /?token=x" 200 1 "-" "curl"`, "2026-11-23T17:00:00Z"},
		{"HAProxy", `192.0.2.1:1 [23/Nov/2026:12:00:00.123] fe be/srv`, "2026-11-23T12:00:00.123Z"},
		{"S3", `owner bucket [23/Nov/2026:12:00:00 +0000] 192.0.2.1`, "2026-11-23T12:00:00Z"},
		{"load balancer", `https 2026-11-23T12:00:00.186641Z app/a/b 192.0.2.1:1`, "2026-11-23T12:00:00.186641Z"},
		{"Common Log Format, a user that is a date", `192.0.2.1 - 2020-01-01T00:00:00Z [23/Nov/2026:14:00:00 +0200] "GET / HTTP/1.0" 200 1`, "2026-11-23T12:00:00Z"},
		{"Common Log Format, a user with a bracket", `192.0.2.1 - [01/Jan/2020:00:00:00 [23/Nov/2026:14:00:00 +0200] "GET / HTTP/1.0" 200 1`, "2026-11-23T12:00:00Z"},
		{"a request with a bracket", `2026-11-23T12:00:00Z 192.0.2.1 "GET /[01/Jan/2020:00:00:00 +0000]"`, "2026-11-23T12:00:00Z"},
		{"a message with a bracket, behind a name", `web | 2026-11-23T12:00:00Z said "[01/Jan/2020:00:00:00 +0000]"`, "2026-11-23T12:00:00Z"},
		{"CloudFront", "2026-11-23\t12:00:00\tFRA", "2026-11-23T12:00:00Z"},
		{"nginx error", `2026/11/23 12:00:00 [error] 7#7: *1 open()`, "2026-11-23T12:00:00Z"},
		{"Apache error", `[Mon Nov 23 12:00:00.123456 2026] [core:error] [pid 7]`, "2026-11-23T12:00:00.123456Z"},

		{"Python", `2026-11-23 12:00:00,123 INFO root: msg`, "2026-11-23T12:00:00.123Z"},
		{"Postgres", `2026-11-23 12:00:00.123 UTC [7] LOG:  statement`, "2026-11-23T12:00:00.123Z"},
		{"MySQL", `2026-11-23T12:00:00.123456Z 7 Query`, "2026-11-23T12:00:00.123456Z"},
		{"Go", `2026/11/23 12:00:00.123456 main.go:7: msg`, "2026-11-23T12:00:00.123456Z"},
		{"Rails", `I, [2026-11-23T12:00:00.123456 #7]  INFO -- : msg`, "2026-11-23T12:00:00.123456Z"},
		{"Java util logging", `Nov 23, 2026 12:00:00 PM com.example.Main run`, "2026-11-23T12:00:00Z"},
		{"Java util logging, midnight", `Nov 23, 2026 12:00:00 AM com.example.Main run`, "2026-11-23T00:00:00Z"},
		{"Java util logging, afternoon", `Nov 22, 2026 1:02:03 PM com.example.Main run`, "2026-11-22T13:02:03Z"},
		{"Tomcat", `23-Nov-2026 12:00:00.123 INFO [main]`, "2026-11-23T12:00:00.123Z"},
		{"Redis", `7:M 23 Nov 2026 12:00:00.123 * Ready`, "2026-11-23T12:00:00.123Z"},
		{"Oracle", `2026-Nov-23 12:00:00 x`, "2026-11-23T12:00:00Z"},
		{"ISO basic", `20261123T120000Z x`, "2026-11-23T12:00:00Z"},
		{"HDFS", `20261123 12:00:00 INFO`, "2026-11-23T12:00:00Z"},
		{"without seconds", `2026-11-23 12:00 INFO`, "2026-11-23T12:00:00Z"},
		{"klog", `I1123 12:00:00.123456       7 main.go:7] msg`, "2026-11-23T12:00:00.123456Z"},
		{"klog of last year", `E1231 12:00:00.123456       7 main.go:7] msg`, "2025-12-31T12:00:00.123456Z"},
		{"glog with year", `W20261123 12:00:00.123456 7 main.cc:7] msg`, "2026-11-23T12:00:00.123456Z"},
		{"logcat", `11-23 12:00:00.123  7  7 I tag: msg`, "2026-11-23T12:00:00.123Z"},
		{"German", `23.11.2026 12:00:00 msg`, "2026-11-23T12:00:00Z"},
		{"German, short", `3.1.2026 7:05:00,123 msg`, "2026-01-03T07:05:00.123Z"},
		{"an address and a clock", `10.11.12.2026 12:00:00 msg`, ""},
		{"American, afternoon", `11/22/2026 1:02:03 PM msg`, "2026-11-22T13:02:03Z"},
		{"American, both could be months", `03/04/2026 1:02:03 PM msg`, "2026-03-04T13:02:03Z"},
		{"American without PM", `11/23/2026 12:00:00 msg`, "2026-11-23T12:00:00Z"},
		{"British", `23/11/2026 12:00:00 msg`, "2026-11-23T12:00:00Z"},
		{"American or British", `03/04/2026 12:00:00 msg`, ""},
		{"American or British, and a date behind", `03/04/2026 12:00:00 msg 2026-01-01T00:00:00Z`, ""},
		{"a day and month that are one", `03/03/2026 12:00:00 msg`, "2026-03-03T12:00:00Z"},
		{"ISO week", `2026-W48-1T12:00:00Z msg`, "2026-11-23T12:00:00Z"},
		{"ISO week of the year before", `2026-W01-1T12:00:00Z msg`, "2025-12-29T12:00:00Z"},
		{"ISO week 54", `2026-W54-1T12:00:00Z msg`, ""},
		{"ISO week, day 8", `2026-W48-8T12:00:00Z msg`, ""},
		{"ordinal date", `2026-327T12:00:00Z msg`, "2026-11-23T12:00:00Z"},
		{"day 0 of a year", `2026-000T12:00:00Z msg`, ""},
		{"a number that is no ordinal date", `2026-327 12:00:00 msg`, ""},
		{"Eastern time", `2026-11-23 07:00:00 EST msg`, "2026-11-23T12:00:00Z"},
		{"Eastern time in ctime", `Mon Nov 23 07:00:00 EST 2026 msg`, "2026-11-23T12:00:00Z"},
		{"Pacific summer time", `Jul 23, 2026 12:00:00 PDT msg`, "2026-07-23T19:00:00Z"},
		{"Pacific summer time, year first", `2026-07-23 05:00:00,5 PDT [7] msg`, "2026-07-23T12:00:00.5Z"},
		{"Central Europe, Postgres", `2026-11-23 13:00:00.123 CET [7] LOG:  msg`, "2026-11-23T12:00:00.123Z"},
		{"Adelaide", `2026-11-23 22:30:00 ACDT msg`, "2026-11-23T12:00:00Z"},
		{"GMT", `2026-11-23 12:00:00 GMT msg`, "2026-11-23T12:00:00Z"},
		{"IST, of India, Israel or Ireland", `2026-11-23 12:00:00 IST msg`, ""},
		{"CST, of Chicago or China", `Mon Nov 23 12:00:00 CST 2026 msg`, ""},
		{"CST in JSON", `{"time":"2026-11-23 12:00:00 CST","ts":"2026-11-23T12:00:00Z"}`, ""},
		{"a word that is no zone", `2026-11-23 12:00:00 INFO msg`, "2026-11-23T12:00:00Z"},
		{"a method that is no zone", `2026-11-23 12:00:00 GET /`, "2026-11-23T12:00:00Z"},
		{"ESTABLISHED is no zone", `2026-11-23 12:00:00 ESTABLISHED`, "2026-11-23T12:00:00Z"},
		{"Windows event", `<Event><System><TimeCreated SystemTime="2026-11-23T12:00:00.1234567Z"/>`, "2026-11-23T12:00:00.1234567Z"},
		{"Windows event, its time far in", `<Event xmlns="x"><System><Provider Name="` + strings.Repeat("x", 3000) +
			`"/><TimeCreated SystemTime='2026-11-23T12:00:00.1234567Z'/>`, "2026-11-23T12:00:00.1234567Z"},
		{"Windows event without a time", `<Event><System><TimeCreated SystemTime=`, ""},
		{"ctime", `Mon Nov 23 12:00:00 2026: msg`, "2026-11-23T12:00:00Z"},
		{"date(1)", `Mon Nov 23 12:00:00 UTC 2026 msg`, "2026-11-23T12:00:00Z"},
		{"RFC 1123", `Mon, 23 Nov 2026 12:00:00 GMT msg`, "2026-11-23T12:00:00Z"},
		{"containerd", `2026-11-23T12:00:00.123456789+00:00 stdout F msg`, "2026-11-23T12:00:00.123456789Z"},
		{"docker compose", `web-1  | 2026-11-23T12:00:00Z GET /`, "2026-11-23T12:00:00Z"},
		{"kubectl logs --prefix", `[pod/shop-0/web] 2026-11-23T12:00:00Z GET /`, "2026-11-23T12:00:00Z"},
		{"grep -n", `shop.log:7:2026-11-23 12:00:00 GET /`, "2026-11-23T12:00:00Z"},
		{"logfmt", `level=info ts=2026-11-23T12:00:00.123Z msg=x`, "2026-11-23T12:00:00.123Z"},
		{"logrus", `time="2026-11-23T12:00:00Z" level=info msg=x`, "2026-11-23T12:00:00Z"},
		{"logfmt with epoch", `level=info ts=1795435200.5 msg=x`, "2026-11-23T12:00:00.5Z"},
		{"a number that is a spaced offset of nothing", `2026-11-23 12:00:00 -10 x`, "2026-11-23T12:00:00Z"},

		{"epoch seconds", `1795435200 GET /`, "2026-11-23T12:00:00Z"},
		{"epoch seconds with fraction (Squid)", `1795435200.123    45 192.0.2.1 TCP_MISS/200`, "2026-11-23T12:00:00.123Z"},
		{"epoch milliseconds", `1795435200123 GET /`, "2026-11-23T12:00:00.123Z"},
		{"epoch microseconds", `1795435200123456 x`, "2026-11-23T12:00:00.123456Z"},
		{"epoch nanoseconds", `1795435200123456789 x`, "2026-11-23T12:00:00.123456789Z"},
		{"epoch in brackets", `[1795435200] x`, "2026-11-23T12:00:00Z"},
		{"epoch alone on its line", `1795435200`, "2026-11-23T12:00:00Z"},
		{"audit", `type=USER_CMD msg=audit(1795435200.123:456): pid=7`, "2026-11-23T12:00:00.123Z"},
		{"a number of ten digits elsewhere", `order 1795435200 done`, ""},
		{"a number of ten digits that goes on", `1795435200abc done`, ""},
		{"a number of eleven digits", `17954352001 done`, ""},
		{"a telephone number", `0301234567 called`, ""},
		{"dmesg", `[    7.123456] usb 1-1`, ""},

		{"JSON", `{"level":"info","time":"2026-11-23T12:00:00Z","msg":"x"}`, "2026-11-23T12:00:00Z"},
		{"JSON, spaced", `{ "@timestamp" : "2026-11-23T12:00:00.123Z", "message" : "x" }`, "2026-11-23T12:00:00.123Z"},
		{"zap", `{"level":"info","ts":1795435200.123456,"msg":"x"}`, "2026-11-23T12:00:00.123456Z"},
		{"pino", `{"level":30,"time":1795435200123,"pid":7}`, "2026-11-23T12:00:00.123Z"},
		{"journald", `{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1795435200123456","MESSAGE":"x"}`, "2026-11-23T12:00:00.123456Z"},
		{"Docker", `{"log":"token=x\n","stream":"stdout","time":"2026-11-23T12:00:00.123456789Z"}`, "2026-11-23T12:00:00.123456789Z"},
		{"Docker, the log having one of its own", `{"log":"{\"time\":\"2020-01-01T00:00:00Z\",\"a\":1}\n","stream":"stdout","time":"2026-11-23T12:00:00Z"}`, "2026-11-23T12:00:00Z"},
		{"CloudTrail", `{"eventVersion":"1.08","eventTime":"2026-11-23T12:00:00Z"}`, "2026-11-23T12:00:00Z"},
		{"JSON with the access log's time", `{"remote":"192.0.2.1","time_local":"23/Nov/2026:12:00:00 +0000"}`, "2026-11-23T12:00:00Z"},
		{"JSON, a time that is a value", `{"a":"time","b":"2026-11-23T12:00:00Z"}`, ""},
		{"JSON, no time", `{"exp":1795435200,"expires":"2026-11-23T12:00:00Z"}`, ""},
		{"JSON, null", `{"time":null,"ts":"2026-11-23T12:00:00Z"}`, "2026-11-23T12:00:00Z"},
		{"JSON, cut in a string", `{"log":"abc \" def`, ""},
		{"JSON, cut behind a key", `{"time":`, ""},

		{"a date that is asked for", `GET /x?date=2020-01-02T03:04:05Z&a=b done at 2026-11-23T12:00:00Z`, "2026-11-23T12:00:00Z"},
		{"a date that is asked for, behind another", `GET /x?a=b&from=2020-01-02T03:04:05Z`, ""},
		{"a date in an address", `fetch https://a.example/logs/2020-01-02T03:04:05Z`, ""},
		{"logfmt, then an address", `time=2026-11-23T12:00:00Z url=https://a.example/?at=2020-01-02T03:04:05Z`, "2026-11-23T12:00:00Z"},
		{"an address, then logfmt", `url=https://a.example/?at=2020-01-02T03:04:05Z time=2026-11-23T12:00:00Z`, "2026-11-23T12:00:00Z"},

		{"empty", ``, ""},
		{"spaces", "  \t\r\n", ""},
		{"words", `May I come in at Sunday, Marching on`, ""},
		{"an address", `192.168.100.200 12:00:00`, ""},
		{"a UUID", `20261123-1200-0000-0000-000000000000 x`, ""},
		{"a token", `Authorization: Bearer abcdefghij`, ""},
		{"a time far into the line", strings.Repeat("x ", 200) + `2026-11-23T12:00:00Z`, ""},
	}
}

func TestLogTime(t *testing.T) {
	modified := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for _, test := range logTimeTests() {
		t.Run(test.name, func(t *testing.T) {
			got, ok := LogTime([]byte(test.line), modified, time.Time{})
			if test.want == "" {
				if ok {
					t.Errorf("%q: %v, want none", test.line, got)
				}
				return
			}
			if !ok || got.Format(time.RFC3339Nano) != test.want {
				t.Errorf("%q: %v, %t, want %s", test.line, got, ok, test.want)
			}
		})
	}
}

// Without a time of its own a log gives no year, and nothing is too late.
func TestLogTimeUnknownModified(t *testing.T) {
	for line, want := range map[string]string{
		`Nov 23 12:00:00 host app: msg`: "",
		`I1123 12:00:00.123456 7 a.go`:  "",
		`2099-11-23T12:00:00Z`:          "2099-11-23T12:00:00Z",
	} {
		got, ok := LogTime([]byte(line), time.Time{}, time.Time{})
		if ok != (want != "") || ok && got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, %t, want %q", line, got, ok, want)
		}
	}
}

// A stream has no time of its own: its lines are dated by now, and nothing is too late.
func TestLogTimeOfStream(t *testing.T) {
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for line, want := range map[string]string{
		`Nov 23 12:00:00 host app: msg`: "2026-11-23T12:00:00Z",
		`Nov 25 12:00:00 host app: msg`: "2025-11-25T12:00:00Z",
		`I1123 12:00:00.123456 7 a.go`:  "2026-11-23T12:00:00.123456Z",
		`11-23 12:00:00.123  7 I Tag: `: "2026-11-23T12:00:00.123Z",
		`2099-11-23T12:00:00Z`:          "2099-11-23T12:00:00Z",
	} {
		got, ok := LogTime([]byte(line), time.Time{}, now)
		if ok != (want != "") || ok && got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, %t, want %q", line, got, ok, want)
		}
	}
}

// A log whose own time is just past midnight of New Year has lines of both years.
func TestLogTimeAtNewYear(t *testing.T) {
	modified := time.Date(2027, 1, 1, 0, 0, 30, 0, time.UTC)
	for line, want := range map[string]int{"Dec 31 23:59:59 h a: m": 2026, "Jan  1 00:00:00 h a: m": 2027, "Jan  3 00:00:00 h a: m": 2026} {
		if got, ok := LogTime([]byte(line), modified, time.Time{}); !ok || got.Year() != want {
			t.Errorf("%q: %v, %t, want %d", line, got, ok, want)
		}
	}
}

func TestLogTimeAround(t *testing.T) {
	modified := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for rest, want := range map[string]bool{
		`rest\n","stream":"stdout","time":"2026-11-23T12:00:00Z"}`:                    true,
		`rest\n","stream":"stdout","time": 1795435200123}`:                            true,
		`rest {\"time\":\"2020-01-01T00:00:00Z\"}\n","time":"2026-11-23T12:00:00Z"}`:  true,
		strings.Repeat("x", 1<<16) + `","time":"2026-11-23T12:00:00Z"}`:               true,
		`rest","_HOSTNAME":"h","__REALTIME_TIMESTAMP":"1795435200000000","_PID":"1"}`: true,
		`rest","_SOURCE_REALTIME_TIMESTAMP" : "1795435200000000"}`:                    true,
		`rest","level":"info","ts":1795435200.123}`:                                   true,
		`rest","@timestamp":"2026-11-23T12:00:00.000Z"}` + strings.Repeat(" ", 1<<16): true,
		strings.Repeat("x", 1<<16) + `","__REALTIME_TIMESTAMP":"1795435200000000"}`:   true,
		`rest {\"time\":\"2020-01-01T00:00:00Z\"}`:                                    false,
		`rest {\"ts\":1795435200}","a":"b"}`:                                          false,
		`rest","contents":1795435200}`:                                                false,
		`rest ts:1795435200"}`:                                                        false,
		`rest`:                                                                        false,
		`","time":`:                                                                   false,
		``:                                                                            false,
	} {
		for _, whole := range []bool{true, false} {
			if _, ok := LogTimeAround([]byte(`{"log":"`), []byte(rest), whole, modified, time.Time{}); ok != want {
				t.Errorf("%.80q: %t", rest, ok)
			}
		}
	}
	long := `{"log":"` + strings.Repeat("x", 1<<16) + `","stream":"stdout","time":"2026-11-23T12:00:00Z"}`
	if _, ok := LogTime([]byte(long), modified, time.Time{}); !ok {
		t.Error("the time at the end of a long line is not found")
	}
}

// What a member of a member says of a request or an object is not when the entry was written, where that says so itself,
// on whichever side of the token.
func TestLogTimeOfEntry(t *testing.T) {
	modified := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	const want = "2026-11-23T12:00:00Z"
	for _, line := range []string{
		`{"req":{"query":{"date":"2020-01-02T03:04:05Z"},"url":"TOKEN"},"time":"2026-11-23T12:00:00Z"}`,
		`{"req":{"query":{"date":"2020-01-02T03:04:05Z"}},"time":"2026-11-23T12:00:00Z","msg":"TOKEN"}`,
		`{"msg":"TOKEN","req":{"query":{"date":"2020-01-02T03:04:05Z"}},"ts":1795435200,"pid":7}`,
		`{"kind":"Event","requestObject":{"metadata":{"managedFields":[{"time":"2020-01-02T03:04:05Z"}]},"data":"TOKEN"},` +
			`"requestReceivedTimestamp":"2026-11-23T12:00:00.000Z","stageTimestamp":"2026-11-23T12:00:01Z"}`,
		`{"jsonPayload":{"startTime":"2020-01-02T03:04:05Z","header":"a \" TOKEN"},"timestamp":"2026-11-23T12:00:00Z"}`,
		`{"jsonPayload":{"startTime":"2020-01-02T03:04:05Z","header":"a {\"a\":[ TOKEN"},"a":["time",{"t":1}],"timestamp":"2026-11-23T12:00:00Z"}`,
		`{"start_time":"2020-01-02T03:04:05Z","a":"TOKEN","@timestamp":"2026-11-23T12:00:00Z"}`,
		`{"a":"TOKEN","start_time":"2026-11-23T12:00:00Z","b":{"time":"2020-01-02T03:04:05Z"}}`,
		`{"a":{"date":"2020-01-02T03:04:05Z"},"log":"TOKEN` + strings.Repeat("x", 1<<16) + `","time":"2026-11-23T12:00:00Z"}`,
		`{"a":{"date":"2020-01-02T03:04:05Z"},"log":"` + strings.Repeat("x", 1<<16) + `TOKEN","time":"2026-11-23T12:00:00Z"}` + "\n",
		`{"a":{"time":"2026-11-23T12:00:00Z"},"log":"TOKEN"}`,
	} {
		start, rest, _ := strings.Cut(line, "TOKEN")
		for _, part := range []struct {
			start string
			whole bool
		}{{start, true}, {start[:min(len(start), 8<<10)], len(start) <= 8<<10}} {
			got, ok := LogTimeAround([]byte(part.start), []byte(rest), part.whole, modified, time.Time{})
			if !ok || got.Format(time.RFC3339) != want {
				t.Errorf("%.200s: %v, %t", line, got, ok)
			}
		}
		if got, ok := LogTime([]byte(line), modified, time.Time{}); !ok || got.Format(time.RFC3339) != want {
			t.Errorf("the whole of %.200s: %v, %t", line, got, ok)
		}
	}
}

func FuzzLogTime(f *testing.F) {
	for _, test := range logTimeTests() {
		f.Add([]byte(test.line), int64(1795446000))
	}
	f.Fuzz(func(t *testing.T, line []byte, seconds int64) {
		modified := time.Unix(seconds%(1<<40), 0)
		before := bytes.Clone(line)
		got, ok := LogTime(line, modified, time.Time{})
		again, okAgain := LogTime(line, modified, time.Time{})
		if ok != okAgain || !got.Equal(again) {
			t.Fatal("the same line has two times")
		}
		if !bytes.Equal(before, line) {
			t.Fatal("the line was changed")
		}
		if !ok {
			return
		}
		if got.After(modified.Add(25 * time.Hour)) {
			t.Fatalf("%v is after the log's own time %v", got, modified)
		}
		if got.Location() != time.UTC {
			t.Fatalf("the zone is %v", got.Location())
		}
		if _, ok := LogTimeAround(nil, line, false, modified, time.Time{}); ok && !bytes.Contains(line, []byte(`:`)) {
			t.Fatal("a time from nowhere")
		}
	})
}

func BenchmarkLogTime(b *testing.B) {
	modified := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for _, name := range []string{"RFC 3339", "Common Log Format", "RFC 3164", "klog", "Docker", "words"} {
		for _, test := range logTimeTests() {
			if test.name != name {
				continue
			}
			b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
				line := []byte(test.line)
				b.ReportAllocs()
				b.SetBytes(int64(len(line)))
				for b.Loop() {
					LogTime(line, modified, time.Time{})
				}
			})
		}
	}
}
