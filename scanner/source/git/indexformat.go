package git

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // git's
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// The index is read here and not by go-git, which knows neither SHA-256 nor a split or sparse index.

// An indexParser reads an index file (gitformat-index(5)), of version 2, 3 or 4.
type indexParser struct {
	nameSize int
	version  uint32
	rest     []byte // in front of the checksum
	all      []indexEntry
	paths    int // the length of all paths in bytes
	maxPaths int
	cached   map[string]history.Name
	link     *splitLink
}

// A splitLink is what a split index says of the one that it builds on ("Split index").
type splitLink struct {
	base             history.Name
	deleted, changed []int // places in the base, in order
}

var errIndex = errors.New("malformed index")

const (
	indexHeader = 12
	indexStat   = 40 // of an entry, in front of the object's name
	indexModeAt = 24

	flagExtended     = 0x4000
	flagIntentToAdd  = 0x2000 // of the extended ones
	extensionHeader  = 8
	intentToAddFlags = 2

	// pathFactor is how many times the length of the file all paths together may have: in version 4 a few bytes make a
	// long one.
	pathFactor = 64
)

// parseIndex reads an index. The entries in front of a fault are returned beside the error.
func parseIndex(content []byte, nameSize int) (*indexParser, error) {
	p := &indexParser{nameSize: nameSize, maxPaths: pathFactor * len(content)}
	if len(content) < indexHeader+nameSize || !bytes.HasPrefix(content, []byte("DIRC")) {
		return p, errIndex
	}
	p.version = binary.BigEndian.Uint32(content[4:])
	if p.version < 2 || p.version > 4 {
		return p, fmt.Errorf("version %d of the index is not known", p.version)
	}
	count := binary.BigEndian.Uint32(content[8:])
	end := len(content) - nameSize
	p.rest = content[indexHeader:end]
	for range count {
		if err := p.entry(); err != nil {
			return p, err
		}
	}
	for len(p.rest) > 0 {
		if err := p.extension(); err != nil {
			return p, err
		}
	}
	// One that is all zeros was not computed (index.skipHash).
	if sum := content[end:]; !bytes.Equal(sum, make([]byte, nameSize)) && !bytes.Equal(sum, checksum(content[:end], nameSize)) {
		return p, errors.New("the checksum of the index does not match")
	}
	return p, nil
}

func checksum(content []byte, nameSize int) []byte {
	if nameSize == sha256Size {
		sum := sha256.Sum256(content)
		return sum[:]
	}
	sum := sha1.Sum(content) //nolint:gosec // as above
	return sum[:]
}

// entry reads one entry.
func (p *indexParser) entry() error {
	size := indexStat + p.nameSize + 2
	if len(p.rest) < size {
		return io.ErrUnexpectedEOF
	}
	entry := indexEntry{
		mode: binary.BigEndian.Uint32(p.rest[indexModeAt:]),
		blob: history.NameOf(p.rest[indexStat : indexStat+p.nameSize]),
	}
	if flags := binary.BigEndian.Uint16(p.rest[size-2:]); flags&flagExtended != 0 && p.version > 2 {
		if len(p.rest) < size+intentToAddFlags {
			return io.ErrUnexpectedEOF
		}
		entry.intentToAdd = binary.BigEndian.Uint16(p.rest[size:])&flagIntentToAdd != 0
		size += intentToAddFlags
	}
	before := ""
	if p.version == 4 {
		strip, n := stripLength(p.rest[size:])
		if n == 0 {
			return errIndex
		}
		size += n
		if last := len(p.all) - 1; last >= 0 {
			before = p.all[last].path
		}
		if strip > len(before) {
			return errIndex
		}
		before = before[:len(before)-strip]
	}
	length := bytes.IndexByte(p.rest[size:], 0)
	if length < 0 {
		return io.ErrUnexpectedEOF
	}
	entry.path = before + string(p.rest[size:size+length])
	if size += length + 1; p.version < 4 {
		size = (size + 7) / 8 * 8 // counted from the beginning of the entry
	}
	p.paths += len(entry.path)
	if len(entry.path) > maxPath || p.paths > p.maxPaths || size > len(p.rest) {
		return errIndex
	}
	p.all, p.rest = append(p.all, entry), p.rest[size:]
	return nil
}

// stripLength reads how much of the path before is not in the next one, and how many bytes say so; none where they can't be.
func stripLength(text []byte) (length, n int) {
	for i, c := range text {
		if i > 3 {
			break
		}
		length = length<<7 | int(c&0x7f)
		if c < 0x80 {
			return length, i + 1
		}
		length++
	}
	return 0, 0
}

// extension reads one extension. Those that an index can't be understood without have a name in lower case.
func (p *indexParser) extension() error {
	if len(p.rest) < extensionHeader {
		return io.ErrUnexpectedEOF
	}
	name, size := string(p.rest[:4]), int(binary.BigEndian.Uint32(p.rest[4:]))
	if size > len(p.rest)-extensionHeader {
		return io.ErrUnexpectedEOF
	}
	content := p.rest[extensionHeader : extensionHeader+size]
	p.rest = p.rest[extensionHeader+size:]
	switch {
	case name == "TREE":
		p.cached = cachedTrees(content, p.nameSize)
	case name == "link":
		return p.readLink(content)
	case name == "sdir": // a sparse index: entries may be directories
	case name[0] < 'A' || name[0] > 'Z':
		return errors.New("the index has an extension that is not known, without which it can't be read whole")
	}
	return nil
}

// cachedTrees reads the trees that directories make ("Cache tree"), by the directory: each tree stands in front of those
// below it, with how many these are; one that is not valid any more has a negative number of entries.
func cachedTrees(content []byte, nameSize int) map[string]history.Name {
	cached := map[string]history.Name{}
	type level struct {
		dir  string
		left int // trees below dir that are still to come
	}
	var above []level
	for first := true; len(content) > 0; first = false {
		name, rest, ok := bytes.Cut(content, []byte{0})
		line, rest, ok2 := bytes.Cut(rest, []byte{'\n'})
		entries, trees, ok3 := bytes.Cut(line, []byte{' '})
		count, err := strconv.Atoi(string(entries))
		below, err2 := strconv.Atoi(string(trees))
		if !ok || !ok2 || !ok3 || err != nil || err2 != nil || count >= 0 && len(rest) < nameSize {
			break
		}
		for len(above) > 0 && above[len(above)-1].left == 0 {
			above = above[:len(above)-1]
		}
		dir := ""
		if !first {
			if len(above) == 0 {
				break // more than the root has
			}
			last := &above[len(above)-1]
			last.left--
			dir = last.dir + string(name) + "/"
		}
		if count >= 0 {
			cached[dir] = history.NameOf(rest[:nameSize])
			rest = rest[nameSize:]
		}
		if below > 0 && len(above) <= maxDepth {
			above = append(above, level{dir: dir, left: below})
		}
		content = rest
	}
	return cached
}

func (p *indexParser) readLink(content []byte) error {
	if len(content) < p.nameSize {
		return io.ErrUnexpectedEOF
	}
	p.link = &splitLink{base: history.NameOf(content[:p.nameSize])}
	if content = content[p.nameSize:]; len(content) == 0 {
		return nil
	}
	var err error
	if p.link.deleted, content, err = readBitmap(content); err == nil {
		p.link.changed, _, err = readBitmap(content)
	}
	return err
}

// maxBits bounds the bits of a bitmap: the entries of an index.
const maxBits = 1 << 26

// readBitmap returns the places of the bits that are set in an EWAH bitmap (gitformat-bitmap(5), "Appendix A"), and what
// follows it.
func readBitmap(text []byte) (set []int, rest []byte, err error) {
	if len(text) < 8 {
		return nil, nil, io.ErrUnexpectedEOF
	}
	bits, words := int(binary.BigEndian.Uint32(text)), int(binary.BigEndian.Uint32(text[4:]))
	text = text[8:]
	if bits > maxBits || words > len(text)/8 || len(text) < 8*words+4 {
		return nil, nil, errIndex
	}
	rest = text[8*words+4:] // behind the position of the last word that counts others
	text = text[:8*words]
	at := 0
	for len(text) > 0 && at < bits {
		word := binary.BigEndian.Uint64(text)
		text = text[8:]
		run, literals := int(word>>1&(1<<32-1)), int(word>>33)
		end := min(at+64*run, bits)
		for ; word&1 == 1 && at < end; at++ {
			set = append(set, at)
		}
		at = end
		for ; literals > 0 && len(text) > 0 && at < bits; literals-- {
			word, text = binary.BigEndian.Uint64(text), text[8:]
			for i := range 64 {
				if word>>i&1 == 1 && at+i < bits {
					set = append(set, at+i)
				}
			}
			at += 64
		}
	}
	return set, rest, nil
}

// over returns the entries of a split index laid over those of its base.
func (p *indexParser) over(base []indexEntry) ([]indexEntry, error) {
	base = append([]indexEntry(nil), base...)
	own := p.all
	for _, place := range p.link.changed {
		if place >= len(base) || len(own) == 0 {
			return base, errIndex
		}
		path := base[place].path
		base[place], own = own[0], own[1:]
		base[place].path = path
	}
	gone := make([]bool, len(base))
	for _, place := range p.link.deleted {
		if place >= len(base) {
			return base, errIndex
		}
		gone[place] = true
	}
	kept := base[:0]
	for i, entry := range base {
		if !gone[i] {
			kept = append(kept, entry)
		}
	}
	return append(kept, own...), nil
}
