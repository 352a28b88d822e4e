package container

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sent is a packet: some bytes of TCP that go from a client to a server, or back.
type sent struct {
	seq   uint32
	flags byte
	data  string
	back  bool
}

func (s sent) tcp() []byte {
	ports := []uint16{40000, 80}
	if s.back {
		slices.Reverse(ports)
	}
	b := binary.BigEndian.AppendUint16(nil, ports[0])
	b = binary.BigEndian.AppendUint16(b, ports[1])
	b = binary.BigEndian.AppendUint32(b, s.seq)
	b = append(b, 0, 0, 0, 0, 5<<4, s.flags, 1, 0, 0, 0, 0, 0)
	return append(b, s.data...)
}

func (s sent) ip() []byte {
	tcp := s.tcp()
	b := binary.BigEndian.AppendUint16([]byte{0x45, 0}, uint16(20+len(tcp)))
	b = append(b, 0, 1, 0x40, 0, 64, 6, 0, 0)
	if s.back {
		b = append(b, 10, 0, 0, 2, 10, 0, 0, 1)
	} else {
		b = append(b, 10, 0, 0, 1, 10, 0, 0, 2)
	}
	return append(b, tcp...)
}

func (s sent) ip6() []byte {
	tcp := s.tcp()
	b := binary.BigEndian.AppendUint16([]byte{0x60, 0, 0, 0}, uint16(8+len(tcp)))
	b = append(b, 0, 64) // options, and TCP behind them
	b = append(b, make([]byte, 32)...)
	return append(append(b, 6, 0, 0, 0, 0, 0, 0, 0), tcp...)
}

func (s sent) ethernet(vlan bool) []byte {
	b := make([]byte, 12)
	if vlan {
		b = append(b, 0x81, 0, 0, 5)
	}
	b = append(append(b, 8, 0), s.ip()...)
	return append(b, make([]byte, max(0, 60-len(b)))...) // as the wire has it at least
}

// captured is a pcap of packets.
func captured(order binary.AppendByteOrder, link uint32, packets ...[]byte) []byte {
	b := order.AppendUint32(nil, pcapMagic)
	b = order.AppendUint16(order.AppendUint16(b, 2), 4)
	b = order.AppendUint32(append(b, make([]byte, 8)...), 65535)
	b = order.AppendUint32(b, link)
	for _, packet := range packets {
		b = append(b, make([]byte, 8)...)
		b = order.AppendUint32(order.AppendUint32(b, uint32(len(packet))), uint32(len(packet)))
		b = append(b, packet...)
	}
	return b
}

// capturedNg is a pcapng of packets, with a comment of a section.
func capturedNg(order binary.AppendByteOrder, link uint16, comment string, packets ...[]byte) []byte {
	var b []byte
	block := func(kind uint32, body []byte) {
		body = append(body, make([]byte, -len(body)&3)...)
		b = order.AppendUint32(order.AppendUint32(b, kind), uint32(12+len(body)))
		b = order.AppendUint32(append(b, body...), uint32(12+len(body)))
	}
	section := append(order.AppendUint32(nil, pcapngOrder), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	block(pcapngSection, append(section, comment...))
	block(pcapngInterface, append(order.AppendUint16(nil, link), 0, 0, 0, 0, 4, 0))
	for _, packet := range packets {
		head := order.AppendUint32(make([]byte, 12), uint32(len(packet)))
		block(pcapngPacket, append(order.AppendUint32(head, uint32(len(packet))), packet...))
	}
	return b
}

func TestWhatWentOverAConnectionIsPutTogether(t *testing.T) {
	first, second := "GET / HTTP/1.1\r\nAuthorization: "+secret[:10], secret[10:]+"\r\n\r\n"
	next := 1000 + uint32(len(first))
	one, two := sent{seq: 1000, data: first}, sent{seq: next, data: second}
	long := sent{seq: 1000, data: first + second[:3]} // once more, with more
	for _, test := range []struct {
		name string
		data []byte
	}{
		{"in order", captured(binary.LittleEndian, 1, one.ethernet(false), two.ethernet(false))},
		{"of the other order of bytes", captured(binary.BigEndian, 1, one.ethernet(false), two.ethernet(false))},
		{"out of order", captured(binary.LittleEndian, 1, sent{seq: 999, flags: 2}.ethernet(false), two.ethernet(false), one.ethernet(false))},
		{"sent twice", captured(binary.LittleEndian, 1, one.ethernet(false), one.ethernet(false), long.ethernet(false), two.ethernet(false))},
		{"around zero", captured(binary.LittleEndian, 101, sent{seq: 1 - uint32(len(first)), data: first}.ip(), sent{seq: 1, data: second}.ip())},
		{"VLAN", captured(binary.LittleEndian, 1, one.ethernet(true), two.ethernet(true))},
		{"cooked", captured(binary.LittleEndian, 113, append(make([]byte, 16), one.ip()...), append(make([]byte, 16), two.ip()...))},
		{"loopback", captured(binary.LittleEndian, 0, append([]byte{2, 0, 0, 0}, one.ip()...), append([]byte{2, 0, 0, 0}, two.ip()...))},
		{"IPv6", captured(binary.LittleEndian, 101, one.ip6(), two.ip6())},
		{"pcapng", capturedNg(binary.LittleEndian, 1, "a comment on it all", one.ethernet(false), two.ethernet(false))},
		{"pcapng of the other order of bytes", capturedNg(binary.BigEndian, 101, "a comment on it all", one.ip(), two.ip())},
		{"the end of a connection", captured(binary.LittleEndian, 101, one.ip(), sent{seq: next, flags: 1, data: second}.ip(), sent{seq: 7, flags: 2}.ip(), sent{seq: 8, data: "again"}.ip())},
	} {
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				c := walk(t, way.input(test.data), Limits{})
				if _, ok := c.find(secret); !ok || len(c.problems) > 0 {
					t.Errorf("not found, or problems:\n%s", c)
				}
				if _, ok := c.find("a comment on"); !ok && strings.Contains(test.name, "pcapng") {
					t.Error("the comment is not shown")
				}
			})
		}
	}
}

func TestBodiesInACaptureAreUnpacked(t *testing.T) {
	packed := string(gzipped([]byte("a page with " + secret + " in it")))
	chunked := fmt.Sprintf("5\r\n%s\r\n%x;x=y\r\n%s\r\n0\r\n\r\n", packed[:5], len(packed)-5, packed[5:])
	plain := fmt.Sprintf("5\r\nthe-s\r\n%x\r\n%s\r\n0\r\n\r\n", len(secret)-5, secret[5:])
	for _, test := range []struct{ name, message string }{
		{"gzip", fmt.Sprintf("HTTP/1.1 200 OK\r\ncontent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(packed), packed)},
		{"until the end", "HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed},
		{"behind another", "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyHTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed},
		{"in chunks", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked},
		{"over two chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + plain},
	} {
		t.Run(test.name, func(t *testing.T) {
			var packets [][]byte
			for seq, data := uint32(1), test.message; len(data) > 0; {
				n := min(len(data), 50)
				packets = append(packets, sent{seq: seq, data: data[:n], back: true}.ip())
				seq, data = seq+uint32(n), data[n:]
			}
			c := walk(t, Input{Bytes: captured(binary.LittleEndian, 101, packets...)}, Limits{})
			if chain, ok := c.find(secret); !ok || !strings.HasPrefix(chain, "10.0.0.2:80 > 10.0.0.1:40000 > body at ") || len(c.problems) > 0 {
				t.Errorf("found at %q, want the body of an answer:\n%s", chain, c)
			}
		})
	}
}

// TestWhatIsMissingInACaptureHidesNothing loses a packet, and the end.
func TestWhatIsMissingInACaptureHidesNothing(t *testing.T) {
	packets := [][]byte{sent{seq: 1, data: "first "}.ip(), sent{seq: 1000, data: "behind a gap " + secret}.ip()}
	data := captured(binary.LittleEndian, 101, packets...)
	c := walk(t, Input{Bytes: data}, Limits{})
	if _, ok := c.find(secret); !ok {
		t.Errorf("what is behind a gap is not found:\n%s", c)
	}
	for _, way := range ways {
		c = walk(t, way.input(data[:len(data)-3]), Limits{})
		if _, ok := c.find("behind a gap"); !ok || len(c.problems) != 1 {
			t.Errorf("%s: of one that is cut short all is to be shown, and told:\n%s", way.name, c)
		}
	}
	c = walk(t, Input{Bytes: captured(binary.LittleEndian, 101, []byte("a packet that is none: "+secret))}, Limits{})
	if _, ok := c.find(secret); !ok {
		t.Errorf("what is no packet of TCP is not found:\n%s", c)
	}
}

// TestALargeConnectionIsShownInPieces is one of more than is kept, with a token over where that ends.
func TestALargeConnectionIsShownInPieces(t *testing.T) {
	var packets [][]byte
	seq, line := uint32(1), strings.Repeat("x", 998)+"\n"
	for total := 0; total < mostFlow+100<<10; total += 60 * len(line) {
		data := strings.Repeat(line, 60) + "the line with " // goes on in the next
		packets = append(packets, sent{seq: seq, data: data}.ip())
		seq += uint32(len(data))
	}
	c := walk(t, Input{Reader: bytes.NewReader(captured(binary.LittleEndian, 101, packets...)), Size: int64(len(packets)) * 70000}, Limits{})
	pieces := 0
	for _, leaf := range c.leaves {
		pieces += strings.Count(leaf.text, "the line with x")
	}
	if want := len(packets) - 1; pieces != want {
		t.Errorf("%d lines go on, want %d", pieces, want)
	}
}

// FuzzPcap walks captures of any packets: none fails, and no text is longer than the capture's.
func FuzzPcap(f *testing.F) {
	for _, link := range []uint32{0, 1, 101, 113} {
		f.Add(captured(binary.LittleEndian, link, sent{seq: 1, data: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"}.ip(), sent{seq: 500, flags: 1, data: "x"}.ip6()))
	}
	f.Add(capturedNg(binary.BigEndian, 101, "comment", sent{seq: 1 << 31, data: "a"}.ip(), sent{seq: 0, data: "b"}.ip()))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !isPcap(data) {
			return
		}
		limits := Limits{FreeExpansion: 1 << 20, MaxEntries: 100}
		held, stream := walk(t, ways[0].input(data), limits), walk(t, ways[2].input(data), limits)
		if len(held.leaves) > 0 && len(stream.leaves) == 0 {
			t.Errorf("as a stream it shows nothing:\n%s\nelse:\n%s", stream, held)
		}
	})
}
