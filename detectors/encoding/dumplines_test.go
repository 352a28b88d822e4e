package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestPrefixedDumps has dumps in quotations, comments, patches and logs.
func TestPrefixedDumps(t *testing.T) {
	all := prefixes()
	for _, sign := range []string{"> ", ">> ", "// ", "# ", " * ", "; ", "-- ", "    ", "\t"} {
		all[sign] = func(int) string { return sign }
	}
	all["klog"] = func(line int) string {
		return fmt.Sprintf("I0501 10:00:%02d.%06d       1 main.go:123] ", 8+line/4, 998000+7*line)
	}
	all["cat -n, far on"] = func(line int) string { return fmt.Sprintf("%6d\t", 109_990+line) }
	all["epoch"] = func(line int) string { return fmt.Sprintf("%d ", 1_714_557_600+line) }
	for name, prefix := range all {
		lost := map[string]int{}
		for round := range encoding.Rounds(40) {
			r := rand.New(rand.NewPCG(93, uint64(round)))
			token := mint{r}.token()
			for !strings.HasPrefix(token, "eyJ") {
				token = mint{r}.token()
			}
			body := filler(r, r.IntN(60)) + " " + token + " " + filler(r, r.IntN(60))
			for form, text := range dumpsOf(body) {
				switch form {
				case "hexdump -C", "xxd", "xxd -g1 -c32", "od":
				default:
					continue
				}
				text = prefixed("a line\n"+strings.TrimSuffix(text, "\n")+"\nthe end", prefix)
				if found := detect(text); len(found) != 1 || found[0].Token != token {
					lost[form]++
				}
				if !isCandidate(text) {
					t.Errorf("%s: %s: no candidate", name, form)
				}
			}
		}
		for form, n := range lost {
			if name != "grep -n" || n > 4 { // of which nothing but the header tells, which a row may break
				t.Errorf("%s: %s: %d lost of 40", name, form, n)
			}
		}
	}
}

// TestDumpsInUTF16 has dumps as PowerShell saves them, with a sign behind the bytes as text.
func TestDumpsInUTF16(t *testing.T) {
	for round := range 60 {
		r := rand.New(rand.NewPCG(94, uint64(round)))
		token := mint{r}.any()
		body := filler(r, r.IntN(60)) + " " + token + " " + filler(r, r.IntN(60))
		for form, text := range dumpsOf(body) {
			if form != "hexdump -C" && form != "xxd" {
				continue
			}
			text = strings.ReplaceAll(text, "\n", "\r\n")
			for _, text := range []string{"\xff\xfe" + utf16Text(text, false), "\xfe\xff" + utf16Text(text, true)} {
				found := detect(text)
				if len(found) != 1 || !contains(found, token) {
					t.Errorf("%s, round %d: found %d, or another", form, round, len(found))
				}
				if !isCandidate(text) {
					t.Errorf("%s, round %d: no candidate", form, round)
				}
			}
		}
	}
}
