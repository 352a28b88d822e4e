package encoding_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// runtimeLog writes lines as a runtime of Kubernetes does, split where they are longer than size.
func runtimeLog(size int, lines ...string) string {
	var log strings.Builder
	for i, line := range lines {
		for n := 0; ; n++ {
			tag, part := "F", line
			if len(line) > size {
				tag, part = "P", line[:size]
			}
			fmt.Fprintf(&log, "2024-05-01T10:00:%02d.%09dZ stdout %s %s\n", i, 998+n, tag, part)
			if line = line[len(part):]; tag == "F" {
				break
			}
		}
	}
	return log.String()
}

// dockerLog does the same as Docker's json-file driver does.
func dockerLog(size int, lines ...string) string {
	var log strings.Builder
	for i, line := range lines {
		for line += "\n"; line != ""; {
			part := line[:min(len(line), size)]
			quoted, _ := json.Marshal(part)
			fmt.Fprintf(&log, `{"log":%s,"stream":"stdout","time":"2024-05-01T10:00:%02d.%09dZ"}`+"\n", quoted, i, 998+len(line))
			line = line[len(part):]
		}
	}
	return log.String()
}

// TestPartialLines has tokens in lines that the logs of containers have in parts: each may end anywhere in one.
func TestPartialLines(t *testing.T) {
	const size = 16 << 10
	lost := map[string]int{}
	for round := range 60 {
		r := rand.New(rand.NewPCG(91, uint64(round)))
		token := mint{r}.any()
		forms := map[string]string{
			"a token": "token=" + token, "base64": std("words " + token), "JSON": `{"level":"info","token":"` + token + `","a":"b"}`,
		}
		for _, form := range slices.Sorted(maps.Keys(forms)) {
			wrapped := forms[form]
			front := strings.Repeat("words and ", size/10+1)
			line := front[:size-r.IntN(len(wrapped))-1] + " " + wrapped + " " + filler(r, r.IntN(300))
			logs := map[string]string{
				"runtime": runtimeLog(size, "a line", line, "another line"), "Docker": dockerLog(size, "a line", line, "another line"),
			}
			for _, name := range slices.Sorted(maps.Keys(logs)) {
				log := logs[name]
				if found := detect(log); len(found) != 1 || !contains(found, token) {
					lost[name+": "+form]++
				}
				cut := len(log) - r.IntN(len(log)/2)
				if found := inTwo([]byte(log), cut); len(found) != 1 {
					t.Errorf("%s: %s, round %d, in two blocks cut at %d: found %d", name, form, round, cut, len(found))
				}
				if !isCandidate(log) {
					t.Errorf("%s: %s, round %d: no candidate", name, form, round)
				}
			}
		}
	}
	for name, n := range lost {
		t.Errorf("%s: %d lost of 60", name, n)
	}
}

// TestWholeLines has a token at the end of a line that such a log has whole: the next line is none of it, nor is what another stream
// of lines has.
func TestWholeLines(t *testing.T) {
	for round := range 40 {
		r := rand.New(rand.NewPCG(92, uint64(round)))
		token := mint{r}.token()
		for _, next := range []string{"started", "abcdefghijklmnop", "INFO started"} {
			for _, log := range []string{runtimeLog(1<<20, "Bearer "+token, next), dockerLog(1<<20, "Bearer "+token, next)} {
				if found := detect(log); len(found) != 1 || found[0].Token != token || found[0].Encodings != nil && !slices.Equal(found[0].Encodings, []string{"json-escape"}) {
					t.Errorf("before %q: found %d, or another", next, len(found))
				}
			}
		}
	}
}

// TestBrokenBehindPrefix breaks a header, and base64 of one, behind each of its first characters, in lines that have a prefix or a sign.
func TestBrokenBehindPrefix(t *testing.T) {
	all := prefixes()
	for _, sign := range []string{"> ", "// ", "# ", " * ", "; ", "-- ", "+", "-", "    "} {
		all[sign] = func(int) string { return sign }
	}
	const width = 60
	for name, prefix := range all {
		for round := range 6 {
			r := rand.New(rand.NewPCG(95, uint64(round)))
			token := mint{r}.any()
			for front := width - 6; front < width; front++ {
				words := strings.Repeat("w", front-1)
				for form, text := range map[string]string{
					"a token": fold(words+"/"+token, width, "\n"), "base64": fold(std(strings.Repeat("words ", 9)[:front*3/4]+token), width, "\n"),
				} {
					text = prefixed("a line\n"+text+"\nthe end", prefix)
					if !contains(detect(text), token) {
						t.Errorf("%s: %s behind %d characters: lost in round %d", name, form, front, round)
					}
				}
			}
		}
	}
}
