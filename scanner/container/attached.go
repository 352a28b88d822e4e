package container

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// What is compressed can't stand in a text, and is put there in base64 (RFC 4648): what is attached to mail (RFC 2045), releases of
// Helm in Kubernetes' Secrets, what CloudWatch hands on, what Terraform gives to cloud-init. That of a container begins with letters of its own.

// packedLetters are what base64 of a container begins with: of gzip, zip, zstd, xz, bzip2, 7z and rar, and then of gzip in base64 twice,
// as Helm's releases are where Kubernetes shows them.
var packedLetters = [...]string{"H4sI", "UEsDB", "KLUv/", "/Td6WFoA", "QlpoO", "QlpoN", "N3q8rycc", "UmFyIRoH", "SDRzSU"}

const mostLetters = 8 // of these

// isAttached reports whether a text begins as mail does, or as what else is known to have containers in base64.
func isAttached(prefix []byte) bool {
	switch prefix[0] {
	case 'a', '-':
		manifest := bytes.TrimPrefix(bytes.TrimPrefix(prefix, []byte("---\n")), []byte("- "))
		return bytes.HasPrefix(manifest, []byte("apiVersion:")) && mayHavePacked(prefix, "\nitems:")
	case '{':
		start := prefix[:min(len(prefix), 64)]
		return bytes.Contains(start, []byte(`"awslogs"`)) || bytes.Contains(start, []byte(`"terraform_version"`)) ||
			bytes.Contains(start, []byte(`"apiVersion"`)) && mayHavePacked(prefix, `"items"`)
	case '#':
		return bytes.HasPrefix(prefix, []byte("#cloud-config"))
	}
	return isMail(prefix)
}

// mayHavePacked reports whether a manifest of Kubernetes is a list of others, or has by its beginning what is compressed: few of all have,
// in a repository too.
func mayHavePacked(prefix []byte, list string) bool {
	for _, part := range [...]string{list, packedLetters[0], packedLetters[len(packedLetters)-1]} {
		if bytes.Contains(prefix, []byte(part)) {
			return true
		}
	}
	return false
}

// isMail reports whether a text begins with a field of a mail's header, or with the line in front of one in a box of them.
func isMail(prefix []byte) bool {
	if prefix[0] < 'A' || prefix[0] > 'X' {
		return false
	}
	if bytes.HasPrefix(prefix, []byte("From ")) {
		line, rest, _ := bytes.Cut(prefix, []byte("\n"))
		return bytes.Contains(line, []byte(":")) && bytes.Contains(rest, []byte(": "))
	}
	name, rest, ok := bytes.Cut(prefix[:min(len(prefix), 40)], []byte(":"))
	if !ok || len(rest) == 0 || rest[0] != ' ' && rest[0] != '\t' && rest[0] != '\r' && rest[0] != '\n' {
		return false
	}
	switch string(name) {
	case "From", "To", "Date", "Subject", "Received", "Return-Path", "Return-path", "Delivered-To", "Envelope-to", "Reply-To", "Sender", "Message-ID", "Message-Id",
		"MIME-Version", "Mime-Version", "Content-Type", "Content-Transfer-Encoding", "DKIM-Signature", "ARC-Seal", "Authentication-Results", "Received-SPF":
		return true
	}
	return bytes.HasPrefix(name, []byte("X-")) && !bytes.ContainsAny(name, " \t\"'=")
}

// attached shows t, and then the containers in it that are in base64. Its own tokens are where they are.
func (w *walker) attached(ctx context.Context, t *text) error {
	found := &attachments{walker: w, of: t, room: w.limits.MaxMemory - w.budget.held, claim: claim{walker: w}}
	defer found.claim.release()
	if t.at == nil {
		source := t.tape()
		reader := *t
		reader.reader, reader.stream = &overheard{reader: liveTape{source}, found: found}, nil
		if err := w.leaf(ctx, &reader); err != nil {
			return err
		}
		found.end()
		for _, a := range found.kept {
			if err := found.show(ctx, a); err != nil {
				return err
			}
		}
		return found.tell()
	}
	if err := w.leaf(ctx, t); err != nil {
		return err
	}
	source := t.tape()
	for len(source.peek(1)) > 0 {
		found.hear(source.peek(tapeSize / 2))
		source.skip(int64(len(source.peek(tapeSize / 2))))
		if err := found.showKept(ctx); err != nil {
			return err
		}
	}
	found.end()
	if err := found.showKept(ctx); err != nil {
		return err
	}
	return found.tell()
}

// An overheard text is one that is heard as it is read.
type overheard struct {
	reader liveTape
	found  *attachments
}

var _ waiter = (*overheard)(nil)

// Read implements io.Reader.
func (o *overheard) Read(p []byte) (int, error) {
	n, err := o.reader.Read(p)
	o.found.hear(p[:n])
	return n, err
}

// ReadSoon implements waiter.
func (o *overheard) ReadSoon(p []byte) (n int, idle bool, err error) {
	if !o.reader.live {
		n, err = o.Read(p)
		return n, false, err
	}
	n, idle, err = o.reader.ReadSoon(p)
	o.found.hear(p[:n])
	return n, idle, err
}

// An attachment is a container that stood in a text in base64, where is its offset.
type attachment struct {
	where int64
	data  []byte
}

// attachments finds containers in base64 in a text that it hears in order.
type attachments struct {
	walker *walker
	of     *text
	left   []byte // heard and not looked at: what may begin one
	at     int64  // where it stands
	before byte   // what stands in front of it
	within bool   // of an attachment
	line   bool   // of white space that may be the margin of its next line
	last   attachment
	bits   uint32 // of its letters that came to no byte yet
	some   int    // how many letters these are
	room   int64  // bytes that may still be kept
	claim  claim  // of what is
	kept   []attachment
	missed int // attachments for which there was no room
}

// hear takes in what follows in the text.
func (a *attachments) hear(p []byte) {
	a.left = append(a.left, p...)
	a.look(mostLetters)
}

// end takes in that the text has ended.
func (a *attachments) end() {
	a.look(0)
	a.close()
}

// look goes through what was heard but for the last bytes.
func (a *attachments) look(keep int) {
	rest := a.left
	for len(rest) > keep {
		var n int
		if a.within {
			n = a.letters(rest)
		} else if start, ok := nextPacked(rest[:len(rest)-keep], rest, a.before); ok {
			n = start
			a.within, a.line, a.last, a.bits, a.some = true, false, attachment{where: a.at + int64(start)}, 0, 0
		} else {
			n = len(rest) - keep
		}
		if n > 0 {
			a.before = rest[n-1]
			a.at += int64(n)
			rest = rest[n:]
		}
	}
	a.left = append(a.left[:0], rest...)
}

// nextPacked returns where in a part of a text, with what is behind it, the letters of a container begin that no other letter stands in
// front of.
func nextPacked(part, text []byte, before byte) (start int, ok bool) {
	for i, c := range part {
		if letterOf[c] > 0 && letterOf[before] == 0 {
			for _, letters := range packedLetters {
				if c == letters[0] && len(text)-i >= len(letters) && string(text[i:i+len(letters)]) == letters {
					return i, true
				}
			}
		}
		before = c
	}
	return 0, false
}

// letterOf has the value of a letter of base64, in either alphabet, and one more.
var letterOf = func() (values [256]byte) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(letters) {
		values[letters[i]] = byte(i + 1)
	}
	values['-'], values['_'] = 63, 64
	return values
}()

// letters takes the letters of an attachment off what was heard, over its lines, and returns how many bytes that were. A dash at the
// beginning of a line is that of a boundary.
func (a *attachments) letters(text []byte) int {
	for i, c := range text {
		value := letterOf[c]
		switch {
		case value > 0 && (c != '-' || !a.line):
			a.line = false
			a.bits = a.bits<<6 | uint32(value-1)
			if a.some++; a.some == 4 {
				a.keep(byte(a.bits>>16), byte(a.bits>>8), byte(a.bits))
				a.bits, a.some = 0, 0
			}
		case c == '\n', c == '\r':
			a.line = true
		case a.line && (c == ' ' || c == '\t'):
		default:
			a.close()
			return i
		}
	}
	return len(text)
}

// keep adds bytes to the attachment at hand, as long as there is room.
func (a *attachments) keep(data ...byte) {
	if a.room -= int64(len(data)); a.room < 0 {
		return
	}
	a.last.data = append(a.last.data, data...)
}

// close ends the attachment at hand.
func (a *attachments) close() {
	if !a.within {
		return
	}
	switch a.within = false; a.some {
	case 2:
		a.keep(byte(a.bits >> 4))
	case 3:
		a.keep(byte(a.bits>>10), byte(a.bits>>2))
	}
	if a.room < 0 || a.claim.raise(a.claim.bytes+int64(len(a.last.data))) != nil {
		a.missed++
		a.room = max(a.room, 0) + int64(len(a.last.data))
	} else {
		a.kept = append(a.kept, a.last)
	}
	a.last = attachment{}
}

// showKept shows what was kept, and forgets it.
func (a *attachments) showKept(ctx context.Context) error {
	for _, kept := range a.kept {
		if err := a.show(ctx, kept); err != nil {
			return err
		}
		a.room += int64(len(kept.data))
	}
	if len(a.kept) > 0 {
		a.kept = nil
		a.claim.release()
	}
	return nil
}

// show shows an attachment, unless by all of what it begins with it is no container.
func (a *attachments) show(ctx context.Context, kept attachment) error {
	data := kept.data
	if bytes.HasPrefix(data, []byte(packedLetters[0])) { // once more
		inner := attachments{walker: a.walker, of: a.of, room: int64(len(data)), claim: claim{walker: a.walker}}
		inner.hear(data)
		inner.end()
		if len(inner.kept) == 0 {
			return nil
		}
		data = inner.kept[0].data
	}
	w := a.walker
	const least = 24 // bytes of a container with something in it; fewer are the beginning of one that is quoted
	if _, ok := Recognise(data[:min(len(data), SniffLength)], ""); !ok || len(data) < least {
		return nil
	}
	child := a.of.labelled(fmt.Sprintf("base64 at %d", kept.where))
	if err := w.entry(); err != nil {
		return w.problem(a.of, Attached, err)
	}
	if !w.budget.spend(len(data)) {
		return w.problem(a.of, Attached, errExpansion)
	}
	w.containers++
	child.hold(data)
	return w.text(ctx, child)
}

// tell tells of what there was no room for.
func (a *attachments) tell() error {
	if a.missed == 0 {
		return nil
	}
	what := finding.CountOf(a.missed, "container in base64 needs", "containers in base64 need")
	return a.walker.visitor.Problem(slices.Clone(a.of.chain), what+" more memory than the limit")
}
