package container

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// pdfFile returns a file with one stream of each dictionary and data.
func pdfFile(streams ...[2]string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")
	for i, s := range streams {
		fmt.Fprintf(&b, "%d 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n", i+4, s[0], s[1])
	}
	b.WriteString("trailer\n<< /Root 1 0 R >>\n%%EOF\n")
	return b.Bytes()
}

func deflated(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func flateStream(s string) [2]string {
	d := deflated(s)
	return [2]string{fmt.Sprintf("/Filter /FlateDecode /Length %d", len(d)), d}
}

func TestPDF(t *testing.T) {
	half, rest := secret[:11], secret[11:]
	ascii := make([]byte, 1000)
	ascii = ascii[:ascii85.Encode(ascii, []byte(deflated(secret)))]
	page := func(operators string) [2]string { return flateStream("BT /F1 12 Tf 72 700 Td " + operators + " ET") }
	for _, test := range []struct {
		name   string
		stream [2]string
		chain  string
	}{
		{"one string", page("(" + secret + ") Tj"), "object 4"},
		{"two strings", page("(" + half + ") Tj (" + rest + ") Tj"), "object 4, text"},
		{"kerned", page("[(" + half + ") -12 (" + rest + ")] TJ"), "object 4, text"},
		{"moved along the line", page("(" + half + ") Tj 79.2 0 Td (" + rest + ") Tj"), "object 4, text"},
		{"placed by a matrix", page("1 0 0 1 72 700 Tm (" + half + ") Tj ET BT 1 0 0 1 151 700 Tm (" + rest + ") Tj"), "object 4, text"},
		{"hexadecimal", page("<" + hex.EncodeToString([]byte(secret)) + "> Tj"), "object 4, text"},
		{"octal escapes", page(`(the\055secret\
\055that\055must\055be\055found) Tj`), "object 4, text"},
		{"nothing encoded, in pieces", [2]string{"/Length 0", "BT (" + half + ") Tj (" + rest + ") Tj ET"}, "object 4, text"},
		{"object stream", flateStream("1 0 2 9 << /A (" + secret + ") >>"), "object 4"},
		{"wrong length", [2]string{"/Length 7/Filter/FlateDecode", deflated(secret)}, "object 4"},
		{"length elsewhere", [2]string{"/Filter[/FlateDecode]/Length 9 0 R", deflated(secret)}, "object 4"},
		{"escaped name", [2]string{"/Filter /Fl#61teDecode", deflated(secret)}, "object 4"},
		{"two filters", [2]string{"/Filter [ /ASCII85Decode /FlateDecode ]", string(ascii) + "~>"}, "object 4"},
		{"hex filter", [2]string{"/Filter /ASCIIHexDecode", hex.EncodeToString([]byte(secret)) + ">"}, "object 4"},
		{"run length", [2]string{"/Filter /RunLengthDecode", string(rune(len(half)-1)) + half + string(rune(len(rest)-1)) + rest + "\x80"}, "object 4"},
		{"attachment", flateStream(string(zipped("a.txt", []byte(secret)))), "object 4 > a.txt"},
	} {
		for _, way := range ways {
			t.Run(test.name+"/"+way.name, func(t *testing.T) {
				found := walk(t, way.input(pdfFile(test.stream)), Limits{})
				if chain, ok := found.find(secret); !ok || chain != test.chain || len(found.problems) > 0 {
					t.Errorf("found %v at %q, want %q\n%s", ok, chain, test.chain, found)
				}
				times := 0
				for _, leaf := range found.leaves {
					times += strings.Count(leaf.text, secret)
				}
				if times != 1 {
					t.Errorf("shown %d times, want once\n%s", times, found)
				}
			})
		}
	}
}

// TestPDFApart keeps apart what is drawn apart.
func TestPDFApart(t *testing.T) {
	for name, operators := range map[string]string{
		"word gap":   "[(one) -250 (two)] TJ",
		"lines":      "(one) Tj 0 -14 Td (two) Tj",
		"next line":  "(one) Tj T* (two) Tj",
		"table cell": "(one) Tj 200 0 Td (two) Tj",
	} {
		t.Run(name, func(t *testing.T) {
			found := walk(t, Input{Bytes: pdfFile(flateStream("BT /F1 12 Tf 72 700 Td " + operators + " ET"))}, Limits{})
			if chain, ok := found.find("onetwo"); ok {
				t.Errorf("joined at %q", chain)
			}
		})
	}
}

// TestPDFMany finds the last of many streams, across the edges of the window that is looked at.
func TestPDFMany(t *testing.T) {
	var streams [][2]string
	for i := range 300 {
		streams = append(streams, flateStream(strings.Repeat(fmt.Sprint(i), 100)), [2]string{"", strings.Repeat("x", 17*i)})
	}
	streams = append(streams, flateStream(secret))
	found := walk(t, Input{Bytes: pdfFile(streams...)}, Limits{})
	if chain, ok := found.find(secret); !ok || len(found.problems) > 0 {
		t.Errorf("found %v at %q\n%s", ok, chain, found)
	}
	seen := 0
	for _, leaf := range found.leaves {
		if strings.HasPrefix(leaf.chain, "object ") {
			seen++
		}
	}
	if seen != 301 {
		t.Errorf("%d encoded streams shown, want 301", seen)
	}
}

// TestPDFLines shows a long word that is drawn on several lines as those, and leaves lines out that are seen in the stream.
func TestPDFLines(t *testing.T) {
	word := strings.Repeat("a-long-word-", 20)
	want := word[:70] + "\n" + word[70:140] + "\n" + word[140:210] + "\n" + word[210:] + "\n"
	for name, next := range map[string]string{
		"moved": ") Tj 0 -12 Td (", "next line": ") Tj T* (", "text objects": ") Tj ET BT 72 60%d Td (",
		"matrices": ") Tj 1 0 0 1 72 60%d Tm (",
	} {
		operators := "BT /F1 12 Tf 72 700 Td (Once) Tj T* (upon a time) Tj T* ("
		for i := 0; i < len(word); i += 70 {
			if i > 0 {
				operators += strings.ReplaceAll(next, "%d", fmt.Sprint(9-i/70))
			}
			operators += word[i:min(i+70, len(word))]
		}
		operators += ") Tj T* (The end) Tj T* (of it) Tj ET"
		found := walk(t, Input{Bytes: pdfFile(flateStream(operators))}, Limits{})
		chain, ok := found.find(want)
		if !ok || chain != "object 4, text" {
			t.Errorf("%s: found %v at %q\n%s", name, ok, chain, found)
		}
		for _, leaf := range found.leaves {
			if leaf.chain == "object 4, text" && strings.Contains(leaf.text, "Once") {
				t.Errorf("%s: shown twice: %q", name, leaf.text)
			}
		}
	}
}

// differences writes rows as PNG does, by each of its methods in turn, or by one.
func differences(rows string, size, method int) string {
	var b strings.Builder
	above := make([]byte, size+1)
	for at := 0; at < len(rows); at += size {
		row := append([]byte{0}, rows[at:min(at+size, len(rows))]...)
		kind := method
		if method < 0 {
			kind = at / size % 5
		}
		b.WriteByte(byte(kind))
		for i := 1; i < len(row); i++ {
			left, up, corner := int(row[i-1]), int(above[i]), int(above[i-1])
			guess := 0
			switch plane := left + up - corner; kind {
			case 1:
				guess = left
			case 2:
				guess = up
			case 3:
				guess = (left + up) / 2
			case 4:
				guess = corner
				if a, b, c := abs(plane-left), abs(plane-up), abs(plane-corner); a <= b && a <= c {
					guess = left
				} else if b <= c {
					guess = up
				}
			}
			b.WriteByte(row[i] - byte(guess))
		}
		copy(above, row)
	}
	return b.String()
}

func abs(n int) int { return max(n, -n) }

// TestPDFPredictors reads streams that were written as differences.
func TestPDFPredictors(t *testing.T) {
	text := strings.Repeat("some text, ", 20) + secret + ", and more"
	for method := -1; method < 5; method++ {
		s := flateStream(differences(text, 7, method))
		s[0] += " /DecodeParms << /Predictor 15 /Columns 7 >>"
		if _, ok := walk(t, Input{Bytes: pdfFile(s)}, Limits{}).find(text); !ok {
			t.Errorf("lost by PNG's method %d", method)
		}
	}
	tiff := differences(text+strings.Repeat(" ", 7-len(text)%7), 7, 1)
	var rows strings.Builder
	for at := 0; at < len(tiff); at += 8 {
		rows.WriteString(tiff[at+1 : at+8])
	}
	s := flateStream(rows.String())
	s[0] += " /DecodeParms << /Predictor 2 /Columns 7 >>"
	if _, ok := walk(t, Input{Bytes: pdfFile(s)}, Limits{}).find(text); !ok {
		t.Error("lost by TIFF's way")
	}
}

// TestPDFFilters reads streams whose filter is named elsewhere.
func TestPDFFilters(t *testing.T) {
	for name, dictionary := range map[string]string{
		"by an object":       "/Filter 9 0 R",
		"one of several":     "/Filter [9 0 R]",
		"identity":           "/Filter [/Crypt /FlateDecode]",
		"too far in front":   "/Filter /FlateDecode /X [" + strings.Repeat("1 ", 4000) + "]",
		"far in front of it": "/X [" + strings.Repeat("1 ", 4000) + "] /Filter /FlateDecode",
	} {
		if _, ok := walk(t, Input{Bytes: pdfFile([2]string{dictionary, deflated(secret)})}, Limits{}).find(secret); !ok {
			t.Errorf("%s: lost", name)
		}
	}
}

// A photograph whose filter is named elsewhere is no stream that could not be read.
func TestPDFPhotographs(t *testing.T) {
	photograph := [2]string{"/Subtype 5 0 R /Filter 9 0 R", "\xff\xd8\xff\xe0\x00\x10JFIF and what a camera saw"}
	c := walk(t, Input{Bytes: pdfFile(photograph)}, Limits{})
	if len(c.problems) > 0 {
		t.Errorf("problems %v", c.problems)
	}
}
