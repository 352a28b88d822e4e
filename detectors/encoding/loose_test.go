package encoding_test

import (
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// quotedBy are ways in which the quotes of JSON are escaped alone, and all else stands as it is.
func quotedBy() map[string]func(json string) string {
	each := func(front, backslash, quote, behind string) func(string) string {
		return func(json string) string {
			return front + strings.NewReplacer(`\`, backslash, `"`, quote).Replace(json) + behind
		}
	}
	return map[string]func(string) string{
		"shell":                       each(`curl -d "`, `\\`, `\"`, `" https://a.example`),
		"shell in a shell's":          each(`sh -c "curl -d \"`, `\\\\`, `\\\"`, `\" https://a.example"`),
		"shell in JSON":               func(json string) string { return strconv.Quote("curl -d " + strconv.Quote(json)) },
		"code points":                 each("`", `\u005c`, `\u0022`, "`"),
		"bytes":                       each("'", `\x5c`, `\x22`, "'"),
		"octal":                       each("'", `\134`, `\042`, "'"),
		"code points twice":           each("'", `\\u005c`, `\\u0022`, "'"),
		"percent":                     each("data=", "%5C", "%22", ""),
		"percent twice":               each("data=", "%255C", "%2522", ""),
		"entities":                    each("<p>", `\`, "&quot;", "</p>"),
		"an attribute":                each(`<a data-x="`, `\`, "&quot;", `">`),
		"numbers":                     each("<p>", `\`, "&#34;", "</p>"),
		"entities twice":              each("<p>", `\`, "&amp;quot;", "</p>"),
		"quoted-printable":            each("", `\`, "=22", ""),
		"shell, continued":            func(json string) string { return strings.ReplaceAll(each(`-d "`, `\\`, `\"`, `"`)(json), "\n", "\\\n") },
		"shell in HTML":               func(json string) string { return html.EscapeString("-d " + strconv.Quote(json)) },
		"quotes and blanks, a form's": func(json string) string { return "a=1&q=" + url.QueryEscape(json) },
	}
}

// indented are JSON serializations of a token with other members, in the form of one line or of many.
func indented(r *rand.Rand, token, note string) (all []string) {
	s := strings.Split(token, ".")
	members := []string{`"protected": "` + s[0] + `"`, `"payload": "` + s[1] + `"`, `"signature": "` + s[2] + `"`, `"note": ` + note}
	r.Shuffle(len(members), func(i, k int) { members[i], members[k] = members[k], members[i] })
	signer := []string{`"signature": "` + s[2] + `"`, `"protected": "` + s[0] + `"`}
	for _, margin := range []string{" ", "\n", "\n  ", "\n\t", "\r\n    "} {
		end := strings.TrimRight(margin, " \t")
		all = append(all, "{"+margin+strings.Join(members, ","+margin)+end+"}",
			"{"+margin+`"signatures": [{`+margin+strings.Join(signer, ","+margin)+"}],"+margin+`"payload": "`+s[1]+`"`+end+"}")
	}
	return all
}

// TestQuotesEscapedAlone has JSON serializations in which the quotes are escaped alone, so that what breaks their lines stands there as
// it is, and other members have in them what ends a literal elsewhere. Of code points that are escaped twice one in some six hundred is lost,
// by what stands hundreds of bytes in front.
func TestQuotesEscapedAlone(t *testing.T) {
	notes := []string{`"a word"`, `"a > b"`, `"<b>x</b>"`, `"a & b; c = d"`, `"it's 5"`, `"é “x”"`, `"one\ntwo"`, `{"a": ["b", 1]}`, `"` + strings.Repeat("some words ", 60) + `"`}
	lost, all := 0, 0
	for round := range 6 * encoding.Rounds(4) {
		r := rand.New(rand.NewPCG(31, uint64(round)))
		token := mint{r}.token()
		note := notes[r.IntN(len(notes))]
		for _, json := range indented(r, token, note) {
			for name, quoted := range inOrder(quotedBy()) {
				text := filler(r, r.IntN(600)) + "\n" + quoted(json) + "\n" + filler(r, r.IntN(600))
				found := detect(text)
				switch {
				case len(found) == 1 && found[0].Token == token:
				case len(found) == 0 && name == "code points twice":
					lost++
				default:
					t.Errorf("%s, round %d, beside %.20s: found %d, not the one, of %d bytes", name, round, note, len(found), len(json))
				}
				all++
			}
		}
	}
	if most := 1 + all/len(quotedBy())/100; lost > most {
		t.Errorf("%d of %d with code points that are escaped twice are lost", lost, all/len(quotedBy()))
	}
}

// TestEscapedMembersApart has members of JSON serializations far apart, in one text and, where that is not the work of many blocks, in two.
func TestEscapedMembersApart(t *testing.T) {
	for _, between := range []int{3_000, 20_000, 60_000}[:encoding.Rounds(3)] {
		for round := range 2 {
			r := rand.New(rand.NewPCG(32, uint64(between+round)))
			token := mint{r}.token()
			s := strings.Split(token, ".")
			note := strings.Repeat("words of a note ", between/16)
			if round%2 == 1 {
				note = std(note)
			}
			json := fmt.Sprintf("{\n  \"signature\": %q,\n  \"note\": %q,\n  \"payload\": %q,\n  \"other\": %q,\n  \"protected\": %q\n}", s[2], note, s[1], note, s[0])
			for name, quoted := range inOrder(quotedBy()) {
				text := []byte("line\n" + quoted(json) + "\nline\n")
				whole := inTwo(text, len(text))
				if found := detect(string(text)); len(found) != 1 || found[0].Token != token {
					t.Errorf("%s, %d between: found %d, not the one", name, between, len(found))
				}
				for cut := 2 * between; cut > 0 && between < 10_000; cut -= 1 + 3*between/encoding.Rounds(4) {
					if split := inTwo(text, cut); !slices.Equal(split, whole) {
						t.Errorf("%s, %d between, cut at %d of %d: found %d tokens", name, between, cut, len(text), len(split))
					}
				}
			}
		}
	}
}

// TestSettledEscaped holds what may be an escaped JSON serialization that has begun, and nothing else.
func TestSettledEscaped(t *testing.T) {
	signature := segment([]byte(strings.Repeat("signed", 6)[:32]))
	for name, quoted := range inOrder(quotedBy()) {
		for _, note := range []string{"", "a note", strings.Repeat("a note ", 2000)} {
			front, _, _ := strings.Cut(quoted(`{"signature": "`+signature+`", "note": "`+note+"|"), "|")
			text := strings.Repeat("a line of words\n", 20) + front
			if done := encoding.New().Settled([]byte(text)); done > len(text)-len(front)+strings.IndexByte(front, '{') && done > strings.Index(text, "%7B") {
				t.Errorf("%s, behind a note of %d: done with %d of %d", name, len(note), done, len(text))
			}
		}
	}
	for _, text := range []string{"a line\n", `{"log":"said \"yes\" to it"}` + "\nlast", "GET /?q=%22word%22 HTTP/1.1\nlast line", "<p>&quot;word&quot;</p> and"} {
		text = strings.Repeat(text, 300)
		if done := encoding.New().Settled([]byte(text)); done < len(text)-64 {
			t.Errorf("done with %d of %d bytes: %.30s", done, len(text), text)
		}
	}
}
