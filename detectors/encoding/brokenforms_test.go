package encoding_test

import (
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestBrokenForms breaks tokens as Haskell does literals, mails parameters, assemblers strings, and as HTML does lines.
func TestBrokenForms(t *testing.T) {
	for round := range encoding.Rounds(40) {
		m := mint{rand.New(rand.NewPCG(102, uint64(round)))}
		token, width := m.token(), 30+m.IntN(50)
		for name, form := range inOrder(map[string][3]string{
			"Haskell":             {`token = "`, "\\\n    \\", `"`},
			"Haskell, own lines":  {"token =\n  \"\\\n  \\", "\\\n  \\", "\\\n  \\\""},
			"an assembler":        {"tok:\n\t.ascii \"", "\"\n\t.ascii \"", "\"\n"},
			"NASM":                {"tok:\n    db '", "'\n    db '", "'\n"},
			"HTML":                {"<p>", "<br>\n", "</p>"},
			"XHTML":               {"<td>", "<br />", "</td>"},
			"HTML, where it may":  {"<code>", "<wbr>", "</code>"},
			"HTML, a word behind": {"<p>", "<br>", "<br>word of it</p>"},
			"HTML, a hash behind": {"<p>", "<br>", "<br>" + hex.EncodeToString(m.bytes(20)) + "<br></p>"},
		}) {
			found := detect("text\n" + form[0] + fold(token, width, form[1]) + form[2] + "\ntext\n")
			if len(found) != 1 || found[0].Token != token {
				t.Errorf("%s, round %d, of a width of %d: found %d, or another", name, round, width, len(found))
			}
		}
		mail := "Content-Type: x/y"
		for i, part := range strings.Split(fold(token, width, "\n"), "\n") {
			mail += ";\r\n name*" + string("0123456789abcdefghijklmnopq"[i]) + `="` + part + `"`
		}
		if found := detect(mail + "\r\n"); strings.Count(mail, "\n") <= 10 && (len(found) != 1 || found[0].Token != token) {
			t.Errorf("parameters, round %d, of a width of %d: found %d, or another", round, width, len(found))
		}
	}
}
