package encoding_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// prefixed puts in front of each line what a format says of its number.
func prefixed(text string, prefix func(line int) string) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		b.WriteString(prefix(i) + line + "\n")
	}
	return b.String()
}

// prefixes are what stands in front of the lines of logs and of numbered ones, by name.
func prefixes() map[string]func(line int) string {
	return map[string]func(line int) string{
		"cat -n":        func(line int) string { return fmt.Sprintf("%6d\t", 97+line) },
		"grep -n":       func(line int) string { return fmt.Sprintf("app.log:%d:", 97+line) },
		"runtime":       func(line int) string { return fmt.Sprintf("2024-05-01T10:00:00.%09dZ stdout F ", 998_000+7*line) },
		"docker":        func(line int) string { return fmt.Sprintf("2024-05-01T10:00:00.%dZ ", 9998+line*17) },
		"syslog":        func(line int) string { return fmt.Sprintf("May  1 10:00:%02d host app[123]: ", 8+line/4) },
		"RFC 5424":      func(line int) string { return fmt.Sprintf("<14>1 2024-05-01T10:00:%02dZ host app 123 - - ", 8+line/4) },
		"in brackets":   func(line int) string { return fmt.Sprintf("[10:00:%02d] ", 8+line/4) },
		"name and pipe": func(int) string { return "web-1  | " },
	}
}

// TestPrefixes breaks tokens, base64 and hexadecimal over lines of which each has a prefix.
func TestPrefixes(t *testing.T) {
	for name, prefix := range prefixes() {
		lost := map[string]int{}
		for round := range 20 {
			r := rand.New(rand.NewPCG(71, uint64(round)))
			token := mint{r}.token()
			width := 48 + r.IntN(60)
			for form, text := range map[string]string{
				"a token":     fold(token, width, "\n"),
				"base64":      fold(std(`{"access_token":"`+token+`"}`), width, "\n"),
				"hexadecimal": fold(hex.EncodeToString([]byte(token)), width, "\n"),
				"PEM":         "-----BEGIN TOKEN-----\n" + fold(std(token), 64, "\n") + "\n-----END TOKEN-----",
				"YAML":        "data:\n  token: |\n    " + fold(token, width, "\n    ") + "\n  name: a",
				"literals":    `x = "` + fold(token, width, "\" +\n  \"") + `"`,
			} {
				text = prefixed("a line\n"+text+"\nthe end", prefix)
				if !contains(detect(text), token) {
					lost[form]++
				}
				if !isCandidate(text) {
					t.Errorf("%s: no candidate in %s", name, form)
				}
			}
		}
		for form, n := range lost {
			t.Errorf("%s: %s: %d lost", name, form, n)
		}
	}
}

// TestTraceOfCurl has requests as curl --trace-ascii shows them: lines of 64 characters behind their offsets, in hexadecimal.
func TestTraceOfCurl(t *testing.T) {
	for round := range 60 {
		r := rand.New(rand.NewPCG(73, uint64(round)))
		token := mint{r}.token()
		var text strings.Builder
		offset := 0
		for _, line := range []string{"GET /" + strings.ReplaceAll(filler(r, r.IntN(40)), " ", "/") + " HTTP/1.1", "Host: a.example", "Authorization: Bearer " + token, "Accept: */*", ""} {
			for at := 0; at == 0 || at < len(line); at += 64 {
				fmt.Fprintf(&text, "%04x: %s\n", offset+at, line[at:min(at+64, len(line))])
			}
			offset += len(line) + 2
		}
		if found := detect("=> Send header\n" + text.String()); len(found) != 1 || found[0].Token != token {
			t.Errorf("round %d: found %d, or another", round, len(found))
		}
		if !isCandidate(text.String()) {
			t.Errorf("round %d: no candidate", round)
		}
	}
}

// TestPrefixedWords has tokens at the ends of lines of a log: the word behind the next prefix is none of theirs.
func TestPrefixedWords(t *testing.T) {
	for name, prefix := range prefixes() {
		for round := range 20 {
			r := rand.New(rand.NewPCG(72, uint64(round)))
			token := mint{r}.token()
			for _, behind := range []string{"INFO started", "started", filler(r, 30)} {
				found := detect(prefixed("a line\nAuthorization: Bearer "+token+"\n"+behind+"\nanother line", prefix))
				if len(found) != 1 || found[0].Token != token {
					t.Errorf("%s, before %q: found %d, want the one of %d characters", name, behind, len(found), len(token))
				}
			}
		}
	}
}
