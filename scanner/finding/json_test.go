package finding_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// The flat form of occurrences is a contract: these are its very bytes.
func TestOccurrenceJSON(t *testing.T) {
	day := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, test := range []struct {
		name       string
		occurrence finding.Occurrence
		want       string
	}{
		{
			"file", finding.Occurrence{
				Place: finding.FilePlace{Target: "logs", Path: "logs/<a>&b.zip"}, Line: 3, Column: 7, CharacterColumn: 5, Offset: 99,
				Container: []string{"a.tar", "b.log"}, Encodings: []string{"base64"}, SeenAt: day, SeenBy: finding.SeenByEntry,
			},
			`{"kind":"file","target":"logs","path":"logs/<a>&b.zip","line":3,"column":7,"character_column":5,"offset":99,"seen_at":"2026-01-02T03:04:05Z",` +
				`"seen_by":"entry","container":["a.tar","b.log"],"encodings":["base64"]}`,
		},
		{"stdin", finding.Occurrence{Place: finding.StdinPlace{}, Line: 1, Column: 1}, `{"kind":"stdin","line":1,"column":1,"offset":0}`},
		{
			"no UTF-8", finding.Occurrence{
				Place: finding.FilePlace{Path: "a\xffb"}, Line: 1, Column: 1, Container: []string{"ok", "\xfe"},
			},
			`{"kind":"file","path":"a\ufffdb","path_bytes":"Yf9i","line":1,"column":1,"offset":0,"container":["ok","\ufffd"],"container_bytes":[null,"/g=="]}`,
		},
		{
			"git", finding.Occurrence{
				Place: finding.GitPlace{
					Target: ".", Repository: "sub", Path: "x", Object: "ab", ObjectType: "blob",
					Attribution: finding.Attribution{
						Commit: "cd", Author: "A", AuthorEmail: "a@b.example", AuthoredAt: day, AtTip: true, Tips: []string{"refs/heads/main"}, RemovedBy: "ef",
					},
				}, Line: 1, Column: 2, Offset: 1,
			},
			`{"kind":"git","target":".","path":"x","line":1,"column":2,"offset":1,"repository":"sub","object":"ab","object_type":"blob",` +
				`"commit":"cd","author":"A","author_email":"a@b.example","authored_at":"2026-01-02T03:04:05Z","reachable":false,"at_tip":true,` +
				`"tips":["refs/heads/main"],"removed_by":"ef"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.occurrence.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.ReplaceAll(test.want, `\ufffd`, "\ufffd"); string(got) != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			var read finding.Occurrence
			if err := json.Unmarshal(got, &read); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(read, test.occurrence) {
				t.Errorf("\n read %+v\nwrote %+v", read, test.occurrence)
			}
		})
	}
}

// Times that RFC 3339 has no form for must not make a report impossible: a commit may claim any year.
func TestTimesOutsideOfRFC3339(t *testing.T) {
	for _, year := range []int{-40_000, 0, 10_000, 200_000} {
		when := time.Date(year, 6, 1, 0, 0, 0, 0, time.FixedZone("", 3600*14))
		o := finding.Occurrence{Place: finding.GitPlace{Attribution: finding.Attribution{AuthoredAt: when}}, SeenAt: when}
		if _, err := o.MarshalJSON(); err != nil {
			t.Errorf("year %d: %v", year, err)
		}
		f := finding.Finding{Token: finding.Token{ExpiresAt: &when}, Exposure: &finding.Exposure{FirstSeen: when, LastSeen: when}}
		for _, event := range []finding.Event{
			finding.Found{Finding: f}, finding.Updated{Exposure: f.Exposure},
			finding.Ended{Scan: finding.Scan{StartedAt: when, FinishedAt: when, EvaluatedAt: when}},
		} {
			if _, err := finding.MarshalEvent(event); err != nil {
				t.Errorf("year %d: %T: %v", year, event, err)
			}
		}
	}
}

func TestUnmarshalEventRefuses(t *testing.T) {
	for _, line := range []string{
		``, `{}`, `[]`, `null`, `{"type":"moon"}`, `{"type":"occurrence","id":"0"}`, `{"type":"occurrence","id":"0","occurrence":{"kind":"moon"}}`,
		`{"type":"occurrence","id":"0","occurrence":null}`, `{"type":"finding","occurrences":[null]}`, `{"type":"scan"}`,
		`{"type":"scan","schema":"jwtleak/report/v2"}`, `{"type":7}`, `{"type":"problem","path":{}}`,
	} {
		if event, err := finding.UnmarshalEvent([]byte(line)); err == nil {
			t.Errorf("%s is read as %T", line, event)
		}
	}
}

func FuzzUnmarshalEvent(f *testing.F) {
	for _, event := range []finding.Event{
		finding.Found{}, finding.Met{Occurrence: finding.Occurrence{Place: finding.StdinPlace{}}},
		finding.Updated{Repository: "\xff", Occurrences: []finding.Occurrence{{Place: finding.GitPlace{Path: "\xff"}}}},
		finding.Problem{Path: "a"}, finding.Ended{},
	} {
		line, err := finding.MarshalEvent(event)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		event, err := finding.UnmarshalEvent(line)
		if err != nil {
			return
		}
		written, err := finding.MarshalEvent(event)
		if err != nil {
			t.Fatalf("what was read can't be written: %v", err)
		}
		again, err := finding.UnmarshalEvent(written)
		if err != nil {
			t.Fatalf("what was written can't be read: %v", err)
		}
		rewritten, err := finding.MarshalEvent(again)
		if err != nil || string(rewritten) != string(written) {
			t.Errorf("reading and writing changes the event: %v", err)
		}
	})
}
