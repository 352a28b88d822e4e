package container

import (
	"bytes"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"testing"
)

// inLines is base64 of data as mail has it.
func inLines(data []byte, margin string) string {
	encoded := base64.StdEncoding.EncodeToString(data)
	var b strings.Builder
	for len(encoded) > 0 {
		n := min(76, len(encoded))
		b.WriteString(margin + encoded[:n] + "\r\n")
		encoded = encoded[n:]
	}
	return b.String()
}

func TestContainersInBase64AreOpened(t *testing.T) {
	packed := gzipped([]byte("a log with " + secret + "\n"))
	once := base64.StdEncoding.EncodeToString(packed)
	twice := base64.StdEncoding.EncodeToString([]byte(once))
	odd := gzipped([]byte("another log with " + secret + "\n")) // of a length that needs no padding
	for n := 0; len(odd)%3 != 0; n++ {
		odd = gzipped([]byte(strings.Repeat("x", n) + " another log with " + secret + "\n"))
	}
	for _, test := range []struct{ name, text string }{
		{"mail", "From: a@b.example\r\nMIME-Version: 1.0\r\n\r\n--x\r\n\r\n" + inLines(packed, "") + "--x--\r\n"},
		{"mail without padding", "Received: by b.example\r\n\r\n--x\r\n\r\n" + inLines(odd, "") + "--x--\r\n"},
		{"box", "From a@b.example Mon Jun  1 12:00:00 2026\nSubject: x\n\n" + inLines(packed, "")},
		{"release of Helm", "apiVersion: v1\ndata:\n  release: " + twice + "\nkind: Secret\n"},
		{"folded", "apiVersion: v1\ndata:\n  release: >\n" + inLines(packed, "    ") + "kind: Secret\n"},
		{"list of Secrets", `{"apiVersion": "v1", "items": [{"data": {"release": "` + once + `"}}]}`},
		{"CloudWatch", `{"awslogs":{"data":"` + once + `"}}`},
		{"state of Terraform", "{\n  \"version\": 4,\n  \"terraform_version\": \"1.9.0\",\n  \"rendered\": \"" + once + "\"\n}\n"},
		{"cloud-init", "#cloud-config\nwrite_files:\n- encoding: gz+b64\n  content: " + once + "\n"},
		{"at the very end", "Subject: x\n\n" + once},
		{"a long one", "Subject: x\n\n" + strings.Repeat("a line\n", 30<<10) + inLines(gzipped(append(readable(1<<20), secret...)), "")},
	} {
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				c := walk(t, way.input([]byte(test.text)), Limits{})
				_, found := c.find(secret)
				whole := slices.ContainsFunc(c.leaves, func(leaf shown) bool { return leaf.chain == "" && leaf.text == test.text })
				if !found || !whole || len(c.problems) > 0 {
					t.Errorf("found %v, shown as it is %v:\n%s", found, whole, c)
				}
			})
		}
	}
}

func TestWhatOnlyLooksLikeAContainerInBase64IsPassedOver(t *testing.T) {
	for _, text := range []string{
		"Subject: H4sI\n\nH4sI and xH4sIAAAA\n" + strings.Repeat("UEsDB.\n", 1000),
		"From: a@b.example\n\nH4sIAAAAAAAA and so on",
	} {
		c := walk(t, Input{Name: "a", Bytes: []byte(text)}, Limits{})
		if len(c.leaves) != 1 {
			t.Errorf("showed %d texts of %.20q, want 1", len(c.leaves), text)
		}
	}
}

func TestContainersInBase64TakeBoundedMemory(t *testing.T) {
	large := make([]byte, 200<<10)
	for i := range large {
		large[i] = byte(i * i >> 3)
	}
	text := "Subject: x\n\n" + inLines(append([]byte("\x1f\x8b\x08\x00"), large...), "") + "=\n" + inLines(gzipped([]byte(secret)), "")
	c := walk(t, Input{Name: "a", Reader: struct{ io.Reader }{strings.NewReader(text)}, Size: -1}, Limits{MaxMemory: 100 << 10})
	if !slices.ContainsFunc(c.problems, func(problem string) bool { return strings.Contains(problem, "memory") }) {
		t.Errorf("problems %q, want the memory among them", c.problems)
	}
	if _, ok := c.find(secret); !ok {
		t.Error("what is behind it is not found")
	}
}

// FuzzAttachments has what is found not depend on the pieces that a text comes in.
func FuzzAttachments(f *testing.F) {
	f.Add([]byte("Subject: x\n\nH4sIAAAA\n--x\nUEsDBAAA="), uint8(3))
	f.Add([]byte("\"SDRzSUFBQUE=\" N3q8ryccAAAA"), uint8(1))
	f.Fuzz(func(t *testing.T, text []byte, size uint8) {
		all := func(size int) []attachment {
			a := &attachments{walker: &walker{limits: DefaultLimits()}, room: 1 << 20}
			for piece := range slices.Chunk(text, size) {
				a.hear(piece)
			}
			a.end()
			return a.kept
		}
		whole, pieces := all(len(text)+1), all(int(size)+1)
		if !slices.EqualFunc(whole, pieces, func(a, b attachment) bool { return a.where == b.where && bytes.Equal(a.data, b.data) }) {
			t.Errorf("found %d in one piece, %d in pieces of %d", len(whole), len(pieces), int(size)+1)
		}
	})
}
