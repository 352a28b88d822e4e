package container

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

func TestBodiesOfHTTPAreUnpacked(t *testing.T) {
	packed := string(gzipped([]byte("a page with " + secret)))
	answer := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(packed), packed)
	cached := string(binary.LittleEndian.AppendUint64(nil, 5)) + strings.Repeat("\x00", 328) + "\nKEY: httplocalhost/page\n" + answer
	for _, test := range []struct{ name, text string }{
		{"an answer", answer},
		{"WARC", "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99\r\n\r\n" + answer + "\r\n\r\nWARC/1.0\r\n\r\n"},
		{"cache of nginx", cached},
		{"WARC that is compressed", string(gzipped([]byte("WARC/1.1\r\nWARC-Type: response\r\n\r\n" + answer)))},
	} {
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				c := walk(t, way.input([]byte(test.text)), Limits{})
				if chain, ok := c.find(secret); !ok || !strings.Contains(chain, "body at ") || len(c.problems) > 0 {
					t.Errorf("found at %q, want a body:\n%s", chain, c)
				}
			})
		}
	}
}
