package encoding_test

import (
	"html"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestSerializations puts JSON serializations into literals: each needs what stands in front of its header undone too.
func TestSerializations(t *testing.T) {
	for round := range 40 {
		r := rand.New(rand.NewPCG(17, uint64(round)))
		token := mint{r}.token()
		var segments [3]string
		copy(segments[:], strings.Split(token, "."))
		members := []string{
			`"protected":"` + segments[0] + `"`, `"payload":"` + segments[1] + `"`, `"signature":"` + segments[2] + `"`,
			`"header": {"kid": "a1", "x": ["` + strings.Repeat("y", r.IntN(200)) + `"]}`,
		}
		r.Shuffle(len(members), func(i, k int) { members[i], members[k] = members[k], members[i] })
		flat := "{" + strings.Join(members, [...]string{",", ",\n  ", ", "}[r.IntN(3)]) + "}"
		general := `{"payload":"` + segments[1] + `", "signatures": [{"signature":"` + segments[2] + `","protected":"` + segments[0] + `"}]}`
		message := "got " + strings.Repeat("word ", r.IntN(100))
		for _, serialization := range []string{flat, general} {
			quoted := `{"log":` + strconv.Quote(message+serialization) + "}"
			escaped := strings.ReplaceAll(url.QueryEscape(serialization), "+", "%20")
			for name, test := range map[string]struct {
				text  string
				chain []string
			}{
				"JSON":            {quoted, []string{"json-escape"}},
				"JSON twice":      {strconv.Quote(quoted), []string{"json-escape", "json-escape"}},
				"percent":         {"GET /?body=" + escaped + "&x=1", []string{"percent"}},
				"percent twice":   {"GET /?body=" + url.QueryEscape(escaped), []string{"percent", "percent"}},
				"form":            {"body=" + url.QueryEscape(serialization), []string{"percent"}},
				"HTML":            {"<pre>" + message + html.EscapeString(serialization) + "</pre>", []string{"html-entity"}},
				"HTML attribute":  {`<a data-x="` + strings.ReplaceAll(serialization, `"`, "&quot;") + `">`, []string{"html-entity"}},
				"base64":          {std(message + serialization), []string{"base64"}},
				"base64 of JSON":  {std(quoted), []string{"base64", "json-escape"}},
				"percent in JSON": {`{"url":"https://a.example/?b=` + escaped + `"}`, []string{"percent"}},
			} {
				found := detect("line\n" + test.text + "\nline\n")
				if !contains(found, token) || !slices.Equal(found[0].Encodings, test.chain) {
					t.Errorf("%s, round %d: found %d, not by %q", name, round, len(found), test.chain)
				}
			}
		}
	}
}
