package encoding_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestFormMargins has tokens in the lines of a text in a form, of which each blank is a plus sign, and in JSON in one; and in patches,
// where each line begins with one.
func TestFormMargins(t *testing.T) {
	lost := map[string]int{}
	for round := range encoding.Rounds(40) {
		r := rand.New(rand.NewPCG(57, uint64(round)))
		token, width := mint{r}.any(), 40+r.IntN(50)
		for _, feed := range []string{"\n", "\r\n"} {
			for _, margin := range []string{" ", "  ", "    ", "# ", "// ", " * ", "> ", "-- "} {
				for kind, text := range map[string]string{
					"lines":    margin + fold(token, width, feed+margin) + feed,
					"YAML":     "token: |" + feed + margin + fold(token, width, feed+margin) + feed + "other: x" + feed,
					"base64":   "token: !!binary |" + feed + margin + fold(std(token), width, feed+margin) + feed,
					"literals": "x = '" + fold(token, width, "' +"+feed+margin+"'") + "'",
					"PHP":      `x = "` + fold(token, width, `"`+feed+margin+`. "`) + `"`,
				} {
					if strings.Trim(margin, " ") != "" && kind != "lines" {
						continue
					}
					quoted, err := json.Marshal(map[string]string{"token": text})
					if err != nil {
						t.Fatal(err)
					}
					for name, text := range map[string]string{
						"a form":         "a=1&t=" + url.QueryEscape(text) + "&z=1",
						"JSON in a form": "a=1&t=" + url.QueryEscape(string(quoted)) + "&z=1",
						"a patch":        "@@ -1 +1,9 @@\n+" + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n+") + "\n last",
					} {
						if !contains(detect("line\n"+text+"\nline\n"), token) {
							lost[kind+" with "+margin+" in "+name]++
						}
					}
				}
			}
		}
	}
	for form, n := range lost {
		if n > 1 { // what there is of base64 in a line may begin with the sign in front, of which each character may be of base64
			t.Errorf("%s: %d lost of 80", form, n)
		}
	}
}

// TestPlusOfBase64 has a line of base64 that begins with a plus sign, and one before it of which nothing tells how it begins.
func TestPlusOfBase64(t *testing.T) {
	token := mint{rand.New(rand.NewPCG(60, 1))}.token()
	words := strings.Repeat("words and ", 30)
	for width := 36; width < 77; width++ {
		front := strings.Repeat("one", width/4) + "\xfb\xef\xbe" // which is ++++
		if !contains(detect(words+fold(std(front+utf16Text(token, false)), width, "\n")+"\n\n"+words), token) {
			t.Errorf("in lines of %d: lost", width)
		}
	}
}

// TestLastLineInForm has a last line that is longer than the others by the parameters of a form that follow it.
func TestLastLineInForm(t *testing.T) {
	for width := 24; width < 80; width++ {
		token := mint{rand.New(rand.NewPCG(49, uint64(width)))}.token()
		for _, text := range []string{
			"a=b&token=" + fold(token, width, "\n") + "&zone=region+timeout+failed+with+a+reason+that+is+longer+than+any+line+of+the+token\n",
			"a=b&token=" + fold(token, width, "%0A") + "&zone=region+timeout+failed+with+a+reason+that+is+longer+than+any+line+of+the+token\n",
		} {
			if found := detect(text); len(found) != 1 || !contains(found, token) {
				t.Errorf("%d characters a line: found %d, or not all of it", width, len(found))
			}
		}
	}
}

// TestLastLineBeforeSign has a last line that is longer than the others by what follows a sign, without a blank.
func TestLastLineBeforeSign(t *testing.T) {
	behind := strings.Repeat("no_blank/in.what-follows", 5)
	for width := 24; width < 80; width++ {
		token := mint{rand.New(rand.NewPCG(62, uint64(width)))}.any()
		for _, sign := range []string{",", "|", ")", "]", ":", ";", "}", "&", "#", "~", "-", "_", ".", "+", "/"} {
			for form, text := range map[string]string{
				"lines":   fold(std("token="+token), width, "\n"),
				"percent": fold(std("token="+token), width, "%0D%0A"),
				"escapes": fold(std("token="+token), width, `\n`),
				"plain":   fold(token, width, "\n"),
			} {
				if found := detect("a:\n" + text + sign + behind + "\n"); len(found) != 1 || !contains(found, token) {
					t.Errorf("%s of %d before %s: found %d, or not all of it", form, width, sign, len(found))
				}
			}
		}
	}
}

// TestLastLineBeforeWord has a token that ends with a line, and a longer one behind it that begins as a signature may go on.
func TestLastLineBeforeWord(t *testing.T) {
	for round := range 100 {
		token := mint{rand.New(rand.NewPCG(63, uint64(round)))}.any()
		for width := 24; width < 80; width++ {
			for form, chars := range map[string]string{"lines": std("token=" + token), "plain": token} {
				if len(chars)%width != 0 || len(chars) < 2*width {
					continue
				}
				text := "a:\n" + fold(chars, width, "\n")
				for _, behind := range []string{"no_blank/in.what-follows", "abcdefgh", "/var/log/x", "Of.a-word"} {
					found := detect(text + "\n" + strings.Repeat(behind, 90/len(behind)+1) + "\n")
					if len(found) != 1 || found[0].Token != token || found[0].End != len(text) {
						t.Errorf("%s of %d before %s: found %d, or not as it is", form, width, behind, len(found))
					}
				}
			}
		}
	}
}
