package container

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A capture of packets, as tcpdump and Wireshark write it: a header, and one for each packet. (pcap: draft-ietf-opsawg-pcap; pcapng:
// draft-ietf-opsawg-pcapng.) A token in a request may go over several packets, and the body of an answer is mostly compressed.
const (
	pcapMagic      = 0xa1b2c3d4
	pcapMagicNano  = 0xa1b23c4d
	pcapHead       = 24
	pcapPacketHead = 16
	mostPacket     = 256 << 10 // bytes of one, as the library that writes them has it
)

// Blocks of pcapng.
const (
	pcapngSection   = 0x0a0d0d0a
	pcapngInterface = 1
	pcapngOld       = 2
	pcapngSimple    = 3
	pcapngPacket    = 6
	pcapngOrder     = 0x1a2b3c4d
)

var errPacket = errors.New("broken header of a packet")

// isPcap reports whether a text begins as a capture does.
func isPcap(prefix []byte) bool {
	if len(prefix) < pcapHead {
		return false
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch order.Uint32(prefix) {
		case pcapMagic, pcapMagicNano:
			return order.Uint16(prefix[4:]) == 2
		case pcapngSection:
			if order.Uint32(prefix[8:]) == pcapngOrder {
				return true
			}
		}
	}
	return false
}

// pcap shows what went over each connection of TCP in t, and all other packets and notes.
func (w *walker) pcap(ctx context.Context, t *text) error {
	w.containers++
	capture := &capture{of: t, flows: newFlows(w, t)}
	if t.at != nil {
		capture.near = windowOf(t)
	} else {
		capture.source = t.tape()
	}
	failure, err := capture.packets(ctx)
	if err == nil {
		err = capture.flows.end(ctx)
	}
	if err == nil {
		err = capture.showOthers(ctx)
	}
	if err != nil || failure == nil {
		return err
	}
	if err := w.problem(t, Pcap, failure); err != nil {
		return err
	}
	if source := capture.source; source != nil {
		if len(capture.left) == 0 { // it goes on
			source.rewind(capture.at)
		}
		return errors.Join(w.part(ctx, t, "(unread data)", capture.left), w.rest(ctx, t, source))
	}
	return w.leaf(ctx, t.piece("(unread data)", span{capture.at, t.size}))
}

// A capture is one that is being read.
type capture struct {
	of     *text
	near   io.ReaderAt // where it can be read at any offset
	source *tape       // where it comes as a stream
	left   []byte      // that was read of it and could not be used
	at     int64       // the packet or block at hand
	order  binary.ByteOrder
	links  []uint32 // the kind of link of each interface
	room   []byte
	flows  *flows
	others []byte // packets that are none of TCP, and notes
}

// other takes in what is none of a connection's.
func (c *capture) other(ctx context.Context, data []byte) error {
	const most = 1 << 20
	c.others = append(append(c.others, data...), '\n')
	if len(c.others) < most {
		return nil
	}
	return c.showOthers(ctx)
}

func (c *capture) showOthers(ctx context.Context) error {
	defer func() { c.others = c.others[:0] }()
	return c.flows.walker.part(ctx, c.of, "(other packets)", c.others)
}

func (c *capture) read(at int64, n int) ([]byte, error) {
	if cap(c.room) < n {
		c.room = make([]byte, max(n, 2<<10))
	}
	read := 0
	if c.source == nil {
		read, _ = c.near.ReadAt(c.room[:n], at)
	} else if c.reach(at) {
		read, _ = io.ReadFull(c.source, c.room[:n])
	}
	if read < n {
		c.left = c.room[:read]
		return nil, io.ErrUnexpectedEOF
	}
	return c.room[:n], nil
}

// reach has the stream stand at an offset that it has not come to yet, or returns false where it ends before.
func (c *capture) reach(at int64) bool { return c.source.skip(at - c.source.offset()) }

// more reports whether there is anything at an offset.
func (c *capture) more(at int64) bool {
	if c.source == nil {
		return at < c.of.size
	}
	return c.reach(at) && len(c.source.peek(1)) > 0
}

// front returns the first bytes of what begins at an offset, n of them if it has as many, without going on behind it.
func (c *capture) front(at int64, n int) ([]byte, error) {
	if c.source == nil {
		return c.read(at, int(min(int64(n), c.of.size-at)))
	}
	if !c.reach(at) {
		return nil, io.ErrUnexpectedEOF
	}
	return append(c.room[:0], c.source.peek(n)...), nil
}

// packets takes in all packets.
func (c *capture) packets(ctx context.Context) (failure, err error) {
	head, failure := c.front(0, pcapHead)
	if failure != nil || len(head) < pcapHead {
		return io.ErrUnexpectedEOF, nil
	}
	for _, c.order = range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if magic := c.order.Uint32(head); magic == pcapMagic || magic == pcapMagicNano {
			c.links = []uint32{c.order.Uint32(head[20:]) & 0xffff}
			return c.plain(ctx)
		}
	}
	return c.blocks(ctx)
}

func (c *capture) plain(ctx context.Context) (failure, err error) {
	for at := int64(pcapHead); c.more(at); {
		c.at = at
		head, failure := c.read(at, pcapPacketHead)
		if failure != nil {
			return failure, nil
		}
		size := c.order.Uint32(head[8:])
		if size > mostPacket {
			return errPacket, nil
		}
		if failure, err := c.packet(ctx, 0, at+pcapPacketHead, int(size)); failure != nil || err != nil {
			return failure, err
		}
		at += pcapPacketHead + int64(size)
	}
	return nil, nil
}

// blocks reads pcapng.
func (c *capture) blocks(ctx context.Context) (failure, err error) {
	const mostBlock, least = 1 << 30, 12
	for at := int64(0); c.more(at); {
		c.at = at
		head, failure := c.front(at, 28)
		if failure != nil || len(head) < least {
			return io.ErrUnexpectedEOF, nil
		}
		if binary.LittleEndian.Uint32(head) == pcapngSection {
			if c.links, c.order = nil, binary.LittleEndian; binary.BigEndian.Uint32(head[8:]) == pcapngOrder {
				c.order = binary.BigEndian
			}
		}
		size := int64(c.order.Uint32(head[4:]))
		if size < least || size%4 != 0 || size > mostBlock {
			return errPacket, nil
		}
		if c.source == nil && size > c.of.size-at || size > int64(len(head)) && len(head) < 28 {
			return io.ErrUnexpectedEOF, nil
		}
		if failure, err := c.block(ctx, head, at, size); failure != nil || err != nil {
			return failure, err
		}
		at += size
	}
	return nil, nil
}

func (c *capture) block(ctx context.Context, head []byte, at, size int64) (failure, err error) {
	const most = 1 << 16 // interfaces
	link, from, length := uint32(0), int64(28), int64(0)
	switch kind := c.order.Uint32(head); {
	case kind == pcapngInterface && size >= 20 && len(c.links) < most:
		c.links = append(c.links, uint32(c.order.Uint16(head[8:])))
		return nil, nil
	case kind == pcapngPacket && size >= 32:
		link, length = c.order.Uint32(head[8:]), int64(c.order.Uint32(head[20:]))
	case kind == pcapngOld && size >= 32:
		link, length = uint32(c.order.Uint16(head[8:])), int64(c.order.Uint32(head[20:]))
	case kind == pcapngSimple && size >= 16:
		from = 12
		length = min(int64(c.order.Uint32(head[8:])), size-16)
	}
	if length > mostPacket || from+length > size-4 {
		return errPacket, nil
	}
	if from == 28 && length == 0 { // none, or an empty one
		from = 8
	} else if failure, err = c.packet(ctx, link, at+from, int(length)); failure != nil || err != nil {
		return failure, err
	}
	return c.note(ctx, at+from+length, at+size-4)
}

// note takes in what is in a block behind a packet, or all of one that has none: names, comments, keys of TLS.
func (c *capture) note(ctx context.Context, from, to int64) (failure, err error) {
	const least = 16
	for from+least <= to {
		n := int(min(to-from, mostPacket))
		data, failure := c.read(from, n)
		if failure != nil {
			return failure, nil
		}
		if err := c.other(ctx, data); err != nil {
			return nil, err
		}
		from += int64(n)
	}
	return nil, ctx.Err()
}

// packet takes in a packet, of an interface.
func (c *capture) packet(ctx context.Context, on uint32, at int64, size int) (failure, err error) {
	if int64(on) >= int64(len(c.links)) {
		return errPacket, nil
	}
	packet, failure := c.read(at, size)
	if failure != nil {
		return failure, nil
	}
	if s, ok := segmentOf(c.links[on], packet); ok {
		return c.flows.add(ctx, s)
	}
	return nil, errors.Join(c.other(ctx, packet), ctx.Err())
}

// A segment is one of TCP (RFC 9293).
type segment struct {
	key  flowKey
	seq  uint32
	syn  bool
	end  bool // it is the last, or the connection was reset
	data []byte
}

// A flowKey is one direction of a connection. IPv4 addresses are in the form that IPv6 has for them.
type flowKey struct {
	from, to         [16]byte
	fromPort, toPort uint16
}

// segmentOf finds the segment in a packet, from a kind of link.
func segmentOf(link uint32, packet []byte) (s segment, ok bool) {
	kind, offset := 0, 0
	switch link {
	case 0, 108: // of BSD, in front of which a number stands
		offset = 4
	case 1: // Ethernet
		offset, kind = 14, 12
	case 113: // cooked
		offset, kind = 16, 14
	case 276:
		offset, kind = 20, 0
	case 12, 14, 101, 228, 229: // IP as it is
	default:
		return s, false
	}
	if link == 1 {
		for len(packet) > kind+2 && (string(packet[kind:kind+2]) == "\x81\x00" || string(packet[kind:kind+2]) == "\x88\xa8") { // VLAN
			kind, offset = kind+4, offset+4
		}
	}
	if len(packet) < offset {
		return s, false
	}
	return s.inIP(packet[offset:])
}

// inIP finds the segment in a packet of IP (RFC 791, RFC 8200) that is none of several pieces.
func (s segment) inIP(packet []byte) (segment, bool) {
	const tcp, head4, head6 = 6, 20, 40
	switch {
	case len(packet) >= head4 && packet[0]>>4 == 4:
		size, total := int(packet[0]&15)*4, int(binary.BigEndian.Uint16(packet[2:]))
		if total == 0 { // the card was to fill it in
			total = len(packet)
		}
		if packet[9] != tcp || binary.BigEndian.Uint16(packet[6:])&0x3fff != 0 || size < head4 || total < size || len(packet) < size {
			return s, false
		}
		s.key.from, s.key.to = mapped(packet[12:16]), mapped(packet[16:20])
		return s.inTCP(packet[size:min(total, len(packet))])
	case len(packet) >= head6 && packet[0]>>4 == 6:
		next, total := packet[6], head6+int(binary.BigEndian.Uint16(packet[4:]))
		if total == head6 {
			total = len(packet)
		}
		s.key.from, s.key.to = [16]byte(packet[8:24]), [16]byte(packet[24:40])
		at := head6
		for next == 0 || next == 43 || next == 60 { // options and routes
			if len(packet) < at+8 {
				return s, false
			}
			next, at = packet[at], at+8+int(packet[at+1])*8
		}
		if end := min(total, len(packet)); next == tcp && at <= end {
			return s.inTCP(packet[at:end])
		}
	}
	return s, false
}

func mapped(address []byte) (in6 [16]byte) {
	in6[10], in6[11] = 0xff, 0xff
	copy(in6[12:], address)
	return in6
}

func (s segment) inTCP(packet []byte) (segment, bool) {
	const head, fin, syn, rst = 20, 1, 2, 4
	if len(packet) < head {
		return s, false
	}
	size := int(packet[12]>>4) * 4
	if size < head || size > len(packet) {
		return s, false
	}
	s.key.fromPort, s.key.toPort = binary.BigEndian.Uint16(packet), binary.BigEndian.Uint16(packet[2:])
	s.seq = binary.BigEndian.Uint32(packet[4:])
	s.syn, s.end = packet[13]&syn != 0, packet[13]&(fin|rst) != 0
	s.data = packet[size:]
	return s, true
}

func (k flowKey) String() string {
	return fmt.Sprintf("%s > %s", addressOf(k.from, k.fromPort), addressOf(k.to, k.toPort))
}
