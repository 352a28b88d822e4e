package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A table of LevelDB (*.ldb, *.sst), in which browsers and Electron's programs keep what pages store: blocks of entries in the
// order of their keys, each compressed by itself, then an index of them and a footer. (LevelDB's doc/table_format.md)
const (
	tableFooter  = 48
	tableMagic   = "\x57\xfb\x80\x8b\x24\x75\x47\xdb"
	rocksMagic   = "\xf7\xcf\xf4\x85\xb7\x41\xe2\x88" // of RocksDB, which has gone on from LevelDB
	pebbleMagic  = "\xf0\x9f\xaa\xb3\xf0\x9f\xaa\xb3"
	tableTrailer = 5 // bytes behind a block: how it is compressed, and a checksum
	// internalKey is what follows each key: a byte that says whether it is deleted, and seven of a number that counts up.
	internalKey = 8
)

// How a block is compressed.
const (
	blockRaw    = 0
	blockSnappy = 1
	blockZstd   = 2
)

var (
	errTableIndex = errors.New("the index at the end is missing or broken, the blocks are read in order")
	errTableOther = errors.New("a table of RocksDB or Pebble, of which at most the first blocks are unpacked, where Snappy is what compresses them")
	errBlock      = errors.New("broken block")
)

// endsTable reports whether a text ends as a table does.
func endsTable(tail []byte) bool {
	if len(tail) < tableFooter {
		return false
	}
	magic := string(tail[len(tail)-len(tableMagic):])
	return magic == tableMagic || magic == rocksMagic || magic == pebbleMagic
}

// isTableName reports whether a text is called as tables are.
func isTableName(name string) bool {
	suffix := strings.ToLower(path.Ext(name))
	return suffix == ".ldb" || suffix == ".sst"
}

// isTableHead reports whether a text may begin with a block of a table. The first entry shares no bytes of its key with one
// before, so that a block that is not compressed begins with a zero, and one that is with a literal that does.
func isTableHead(prefix []byte) bool {
	entry := prefix
	if len(prefix) > 0 && prefix[0] != 0 {
		_, n := binary.Uvarint(prefix)
		if n <= 0 || n > 4 || n >= len(prefix) {
			return false
		}
		length, header, back := snappyElement(prefix[n:])
		if header == 0 || back != 0 {
			return false
		}
		entry = prefix[n+header:]
		entry = entry[:min(uint64(len(entry)), length)]
	}
	if len(entry) < 4 || entry[0] != 0 {
		return false
	}
	key, n := binary.Uvarint(entry[1:])
	if n <= 0 || key < internalKey || key > 1<<20 {
		return false
	}
	_, m := binary.Uvarint(entry[1+n:])
	if m <= 0 {
		return false
	}
	kind := uint64(1+n+m) + key - internalKey
	return kind >= uint64(len(entry)) || entry[kind] <= 1
}

// levelDB shows what is in the blocks of t, a table.
func (w *walker) levelDB(ctx context.Context, t *text) error {
	w.containers++
	table := &levelDBTable{walker: w, partReader: newPartReader(w, t, t.at)}
	defer table.claim.release()
	index, ok := table.index()
	if !ok {
		return table.inOrder(ctx)
	}
	covered := slices.Concat(table.meta, []span{{t.size - tableFooter, t.size}})
	for number, at := range index {
		failure, err := table.show(ctx, number+1, at)
		if err != nil {
			return err
		}
		if failure != nil {
			if limit := table.failed(failure); limit != nil {
				return w.broken(ctx, t, LevelDB, nil, limit)
			}
			continue
		}
		covered = append(covered, at)
	}
	if err := table.tell(); err != nil {
		return err
	}
	return w.uncovered(ctx, t, covered)
}

// uncovered shows what of t none of the spans covers, as it is.
func (w *walker) uncovered(ctx context.Context, t *text, covered []span) error {
	return gaps(t.size, covered, func(gap span) error {
		rest := t.labelled("(outside the blocks)")
		if t.held != nil {
			rest.hold(t.held[gap.start:gap.end])
		} else {
			rest.at, rest.size = io.NewSectionReader(t.at, gap.start, gap.end-gap.start), gap.end-gap.start
		}
		return w.leaf(ctx, rest)
	})
}

// A levelDBTable is a table that is being read.
type levelDBTable struct {
	partReader
	walker *walker
	meta   []span // the blocks that have no entries of people's, with their trailers
	broken int    // blocks
	why    error  // of the first that is broken
	sums   int    // blocks whose checksum does not match
}

// failed takes in that a block could not be read. It returns the limit where that was one.
func (l *levelDBTable) failed(failure error) error {
	if errors.Is(failure, errExpansion) || errors.Is(failure, errEntries) {
		return failure
	}
	if l.broken++; l.why == nil {
		l.why = failure
	}
	return nil
}

// tell tells of what is broken.
func (l *levelDBTable) tell() error {
	w := l.walker
	if l.broken > 0 {
		failure := fmt.Errorf("%s not unpacked: %w", finding.CountOf(l.broken, "block is", "blocks are"), l.why)
		if err := w.problem(l.of, LevelDB, failure); err != nil {
			return err
		}
	}
	if l.sums > 0 {
		failure := fmt.Errorf("%s: %w", finding.CountOf(l.sums, "block", "blocks"), errChecksum)
		return w.problem(l.of, LevelDB, failure)
	}
	return nil
}

// index returns where the blocks of entries lie, with their trailers.
func (l *levelDBTable) index() (blocks []span, ok bool) {
	var footer [tableFooter]byte
	if n, _ := l.of.at.ReadAt(footer[:], l.of.size-tableFooter); n < tableFooter || string(footer[tableFooter-8:]) != tableMagic {
		return nil, false
	}
	meta, rest, ok := l.handle(footer[:])
	if !ok {
		return nil, false
	}
	index, _, ok := l.handle(rest)
	if !ok {
		return nil, false
	}
	block, release, failure := l.block(index)
	if failure != nil || l.sums > 0 {
		l.sums = 0
		return nil, false
	}
	defer release()
	most := l.mostBlocks()
	ok = entriesOf(block, func(_, value []byte) error {
		at, _, ok := l.handle(value)
		if most--; !ok || most < 0 {
			return errBlock
		}
		if int64(len(blocks)) <= l.walker.limits.MaxEntries { // the limit is met before the others are
			blocks = append(blocks, at)
		}
		return nil
	}) == nil
	l.meta = append([]span{meta, index}, l.filters(meta)...)
	return blocks, ok
}

// filters returns where the blocks lie that the one at meta lists, which have bits alone.
func (l *levelDBTable) filters(meta span) (blocks []span) {
	block, release, failure := l.block(meta)
	if failure != nil {
		return nil
	}
	defer release()
	most := l.mostBlocks()
	_ = entriesOf(block, func(key, value []byte) error {
		if int64(len(blocks)) == min(most, l.walker.limits.MaxEntries) {
			return errBlock
		}
		if at, _, ok := l.handle(value); ok && bytes.HasPrefix(key, []byte("filter.")) {
			blocks = append(blocks, at)
		}
		return nil
	})
	return blocks
}

// mostBlocks is how many blocks there is room for. What lists more names some of them twice, and may itself be short, for it is
// compressed.
func (l *levelDBTable) mostBlocks() int64 {
	const least = tableTrailer + 4 // the number of restarts
	return l.of.size / least
}

// handle reads where a block lies, and returns what is behind.
func (l *levelDBTable) handle(b []byte) (at span, rest []byte, ok bool) {
	offset, n := binary.Uvarint(b)
	if n <= 0 {
		return span{}, nil, false
	}
	size, m := binary.Uvarint(b[n:])
	total := uint64(l.of.size)
	if m <= 0 || offset > total || size > total-offset || total-offset-size < tableTrailer {
		return span{}, nil, false
	}
	return span{int64(offset), int64(offset + size + tableTrailer)}, b[n+m:], true
}

// block returns the entries of the block that lies at a place, in the form they are stored in. They are valid until the next
// call, and until release.
func (l *levelDBTable) block(at span) (entries []byte, release func(), failure error) {
	raw, failure := l.part(at)
	if failure != nil {
		return nil, nil, failure
	}
	if !l.walker.budget.spend(len(raw)) { // an index may name one over and over, and have each time its checksum made
		return nil, nil, errExpansion
	}
	data, trailer := raw[:len(raw)-tableTrailer], raw[len(raw)-tableTrailer:]
	if !isMasked(binary.LittleEndian.Uint32(trailer[1:]), data, trailer[:1]) {
		l.sums++
	}
	switch trailer[0] {
	case blockRaw:
		return data, func() {}, nil
	case blockSnappy:
		if !isSnappyBlock(data) {
			return nil, nil, errBlock
		}
		return l.walker.unsnappied(data)
	case blockZstd:
		return l.walker.unzstd(data)
	}
	return nil, nil, fmt.Errorf("compression type %d is not supported", trailer[0])
}

// show shows the entries of a block.
func (l *levelDBTable) show(ctx context.Context, number int, at span) (failure, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if failure := l.walker.entry(); failure != nil {
		return failure, nil
	}
	block, release, failure := l.block(at)
	if failure != nil {
		return failure, nil
	}
	defer release()
	shown := levelDBEntries{walker: l.walker, of: l.of, name: fmt.Sprintf("block %d", number)}
	failure = entriesOf(block, func(key, value []byte) error {
		var limit error
		if limit, err = shown.add(ctx, key[:max(0, len(key)-internalKey)], value); err != nil {
			return err
		}
		return limit
	})
	if err == nil {
		err = shown.show(ctx)
	}
	return failure, err
}

// inOrder shows the blocks one behind the other, as far as they are compressed with Snappy and sound, and what is behind them
// as it is: the index is lost, which has the lengths of others.
func (l *levelDBTable) inOrder(ctx context.Context) error {
	reason := errTableIndex
	var end [len(tableMagic)]byte
	if _, _ = l.of.at.ReadAt(end[:], max(0, l.of.size-int64(len(end)))); string(end[:]) == rocksMagic || string(end[:]) == pebbleMagic {
		reason = errTableOther
	}
	if err := l.walker.problem(l.of, LevelDB, reason); err != nil {
		return err
	}
	start, number := int64(0), 1
	for {
		at, ok := l.next(start)
		if !ok {
			break
		}
		if failure, err := l.show(ctx, number, at); err != nil {
			return err
		} else if failure != nil {
			if limit := l.failed(failure); limit != nil {
				return l.walker.broken(ctx, l.of, LevelDB, nil, limit)
			}
			break
		}
		start, number = at.end, number+1
	}
	if start == 0 {
		return l.walker.leaf(ctx, l.of)
	}
	return l.walker.uncovered(ctx, l.of, []span{{0, start}})
}

// next returns where the block ends that begins at start, if it is compressed with Snappy and its checksum matches.
func (l *levelDBTable) next(start int64) (at span, ok bool) {
	var head [8]byte
	n, _ := l.of.at.ReadAt(head[:], start)
	text, _ := binary.Uvarint(head[:n])
	most := min(int64(min(text, 1<<30))*7/6+64, l.of.size-start, l.walker.limits.MaxMemory) // as much as such a block may take, and its trailer
	raw, failure := l.part(span{start, start + most})
	if failure != nil {
		return span{}, false
	}
	size, _, ok := snappyExtent(raw)
	if !ok || size+tableTrailer > len(raw) || raw[size] != blockSnappy {
		return span{}, false
	}
	trailer := raw[size : size+tableTrailer]
	return span{start, start + int64(size+tableTrailer)}, isMasked(binary.LittleEndian.Uint32(trailer[1:]), raw[:size], trailer[:1])
}

// isMasked reports whether a masked checksum of LevelDB's is that of data and what follows it.
func isMasked(sum uint32, data, more []byte) bool {
	table := crc32.MakeTable(crc32.Castagnoli)
	crc := crc32.Update(crc32.Checksum(data, table), table, more)
	return sum == (crc>>15|crc<<17)+0xa282ead8
}

// entriesOf calls each with the entries of a block, the key whole. Where it is broken, what is left is the last value.
func entriesOf(block []byte, each func(key, value []byte) error) error {
	end := len(block) - 4
	if end < 0 {
		return errBlock
	}
	restarts := uint64(binary.LittleEndian.Uint32(block[end:]))
	if restarts > uint64(end)/4 {
		return errBlock
	}
	entries := block[:end-4*int(restarts)]
	var key []byte
	for len(entries) > 0 {
		var lengths [3]uint64
		at := 0
		for i := range lengths {
			length, n := binary.Uvarint(entries[at:])
			if n <= 0 {
				return errBlock
			}
			lengths[i], at = length, at+n
		}
		shared, own, size := lengths[0], lengths[1], lengths[2]
		left := uint64(len(entries) - at)
		if shared > uint64(len(key)) || own > left || size > left-own {
			return errBlock
		}
		key = append(key[:shared], entries[at:at+int(own)]...)
		value := entries[at+int(own) : at+int(own)+int(size)]
		if err := each(key, value); err != nil {
			return err
		}
		entries = entries[at+int(own)+int(size):]
	}
	return nil
}
