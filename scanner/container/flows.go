package container

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"slices"
)

// Bounds of what is kept of connections until it is shown.
const (
	mostFlow    = 8 << 20  // bytes of one
	mostFlows   = 32 << 20 // bytes of all, and at least flowCost for each
	flowCost    = 512
	mostWaiting = 64 // segments that came before what goes in front of them, of one
)

// flows puts together what went over connections of TCP.
type flows struct {
	walker *walker
	of     *text
	open   map[flowKey]*flow
	order  []*flow // those that are open, and some that are not any more, the one first that has been for longest
	held   int     // bytes
	claim  claim
}

// A flow is what went one way over a connection.
type flow struct {
	key     flowKey
	next    uint32 // the number of the byte that is to come
	data    []byte
	waiting []segment // ahead of next, in order
	begun   bool
	shown   int64 // bytes that were shown
	gone    bool  // it is not open any more
}

func newFlows(w *walker, of *text) *flows {
	return &flows{walker: w, of: of, open: map[flowKey]*flow{}, claim: claim{walker: w}}
}

func addressOf(address [16]byte, port uint16) string {
	return netip.AddrPortFrom(netip.AddrFrom16(address).Unmap(), port).String()
}

// add takes in a segment, whose data is not kept.
func (f *flows) add(ctx context.Context, s segment) (failure, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(f.open) == 0 {
		if failure := f.claim.raise(2 * mostFlows); failure != nil {
			return failure, nil
		}
	}
	fl := f.open[s.key]
	if fl != nil && s.syn && len(fl.data) > 0 { // the ports are used again
		if failure, err = f.close(ctx, fl); failure != nil || err != nil {
			return failure, err
		}
		fl = nil
	}
	if fl == nil {
		if len(s.data) == 0 && !s.syn {
			return nil, nil
		}
		fl = &flow{key: s.key}
		f.open[s.key] = fl
		f.order = append(f.order, fl)
		f.held += flowCost
	}
	f.held += fl.take(s)
	switch {
	case s.end && len(fl.waiting) == 0:
		failure, err = f.close(ctx, fl)
	case len(fl.data) >= mostFlow:
		failure, err = f.show(ctx, fl, fl.whole())
	}
	for failure == nil && err == nil && f.held > mostFlows {
		failure, err = f.close(ctx, f.oldest())
	}
	return failure, err
}

// oldest returns the flow that has been open for longest. There is one.
func (f *flows) oldest() *flow {
	for f.order[0].gone {
		f.order = f.order[1:]
	}
	return f.order[0]
}

// close shows a flow and forgets it.
func (f *flows) close(ctx context.Context, fl *flow) (failure, err error) {
	fl.gone = true
	delete(f.open, fl.key)
	if len(f.order) > 2*len(f.open)+64 {
		f.order = slices.DeleteFunc(f.order, func(other *flow) bool { return other.gone })
	}
	f.held -= flowCost
	for len(fl.waiting) > 0 { // what was to come in front of them is not there
		f.held += fl.skip()
	}
	return f.show(ctx, fl, len(fl.data))
}

// end shows all flows that are open.
func (f *flows) end(ctx context.Context) error {
	defer f.claim.release()
	for len(f.open) > 0 {
		failure, err := f.close(ctx, f.oldest())
		if err == nil && failure != nil {
			err = f.walker.problem(f.of, Pcap, failure)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// take takes in a segment and returns how many bytes more are held.
func (fl *flow) take(s segment) (more int) {
	if s.syn {
		s.seq++
	}
	if !fl.begun || s.syn && len(fl.data) == 0 {
		fl.begun, fl.next = true, s.seq
	}
	if len(s.data) == 0 {
		return 0
	}
	if ahead := int32(s.seq - fl.next); ahead > 0 {
		s.data = bytes.Clone(s.data)
		at, _ := slices.BinarySearchFunc(fl.waiting, s, func(a, b segment) int { return int(int32(a.seq - b.seq)) })
		fl.waiting = slices.Insert(fl.waiting, at, s)
		more = len(s.data)
		if len(fl.waiting) > mostWaiting {
			more += fl.skip()
		}
		return more
	}
	more = fl.append(s)
	for len(fl.waiting) > 0 && int32(fl.waiting[0].seq-fl.next) <= 0 {
		more += fl.first()
	}
	return more
}

// append adds what of a segment is new, and returns how much that is.
func (fl *flow) append(s segment) int {
	old := int64(fl.next - s.seq)
	if old >= int64(len(s.data)) {
		return 0
	}
	fl.data = append(fl.data, s.data[old:]...)
	fl.next = s.seq + uint32(len(s.data))
	return len(s.data) - int(old)
}

// first takes the first of those that wait.
func (fl *flow) first() (more int) {
	s := fl.waiting[0]
	fl.waiting = slices.Delete(fl.waiting, 0, 1)
	return fl.append(s) - len(s.data)
}

// skip goes on with the first of those that wait, though what comes in front of it is not there. No word goes over that.
func (fl *flow) skip() (more int) {
	fl.data = append(fl.data, '\n')
	fl.next = fl.waiting[0].seq
	more = 1 + fl.first()
	for len(fl.waiting) > 0 && int32(fl.waiting[0].seq-fl.next) <= 0 {
		more += fl.first()
	}
	return more
}

// whole returns how much of a flow that goes on is to be shown: to the end of a line, so that no token is cut.
func (fl *flow) whole() int {
	const far = 1 << 20
	from := max(0, len(fl.data)-far)
	if end := bytes.LastIndexByte(fl.data[from:], '\n'); end >= 0 {
		return from + end + 1
	}
	return len(fl.data)
}

// show shows the first bytes of a flow, and the bodies in them that are compressed, and forgets them.
func (f *flows) show(ctx context.Context, fl *flow, n int) (failure, err error) {
	if n == 0 {
		return nil, nil
	}
	w := f.walker
	if failure := w.entry(); failure != nil {
		return failure, nil
	}
	if !w.budget.spend(n) {
		return errExpansion, nil
	}
	name := fl.key.String()
	if fl.shown > 0 {
		name = fmt.Sprintf("%s, from byte %d", name, fl.shown)
	}
	child := f.of.labelled(name)
	child.hold(fl.data[:n])
	child.seen = &Seen{}
	if err := w.text(ctx, child); err != nil {
		return nil, err
	}
	if err := w.bodies(ctx, child); err != nil {
		return nil, err
	}
	fl.shown += int64(n)
	fl.data = append([]byte(nil), fl.data[n:]...)
	f.held -= n
	return nil, nil
}
