package scanner

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// pageOf returns a PDF file with the content of one page, deflated or as it is.
func pageOf(t *testing.T, content string, deflate bool) string {
	t.Helper()
	filter := ""
	if deflate {
		var compressed bytes.Buffer
		writer := zlib.NewWriter(&compressed)
		if _, err := writer.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		content, filter = compressed.String(), "/Filter /FlateDecode "
	}
	return fmt.Sprintf("%%PDF-1.7\n4 0 obj\n<< %s/Length %d >>\nstream\n%s\nendstream\nendobj\n%%%%EOF\n", filter, len(content), content)
}

// The text that a page of a PDF draws is shown besides its content. What can be read in both is told of once for each time that it is
// drawn.
func TestWhatIsDrawnIsToldOfOnce(t *testing.T) {
	token := signed(t, map[string]any{"sub": "a"})
	hexed := func(s string) string { return hex.EncodeToString([]byte(s)) }
	half := len(token) / 2
	whole, pieces := "("+token+") Tj ", "("+token[:half]+") Tj ("+token[half:]+") Tj "
	const next = "0 -14 Td "
	for _, test := range []struct {
		name, operators string
		times           int
	}{
		{"as it is", whole, 1},
		{"hexadecimal", "<" + hexed(token) + "> Tj", 1},
		{"hexadecimal among others", "[<" + hexed("token: ") + "> -250 <" + strings.ToUpper(hexed(token)) + ">] TJ", 1},
		{"hexadecimal, in pieces", "[<" + hexed(token[:half]) + "> -3 <" + hexed(token[half:]) + ">] TJ", 1},
		{"hexadecimal of base64", "<" + hexed(base64.StdEncoding.EncodeToString([]byte(token))) + "> Tj", 1},
		{"escaped full stops", "(" + strings.ReplaceAll(token, ".", `\056`) + ") Tj", 1},
		{"escapes in front", `(a\(b\) ` + token + ") Tj", 1},
		{"two lines", whole + next + whole, 2},
		{"whole and in pieces", whole + next + pieces, 2},
		{"in pieces and hexadecimal", pieces + next + "<" + hexed(token) + "> Tj", 2},
		{"twice in one string", "<" + hexed(token+" "+token) + "> Tj", 2},
	} {
		for _, deflate := range []bool{false, true} {
			page := pageOf(t, "BT /F1 12 Tf 72 700 Td "+test.operators+" ET", deflate)
			if _, result := scan(t, options(files(map[string]string{"a.pdf": page}))); result.Summary.Findings != 1 || result.Summary.Occurrences != test.times {
				t.Errorf("%s, deflated %v: %d findings, %d occurrences, want 1 and %d", test.name, deflate, result.Summary.Findings, result.Summary.Occurrences, test.times)
			}
		}
	}
}
