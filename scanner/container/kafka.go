package container

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/snappy"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A segment of a log of Kafka (00000000000000000000.log) is batches of records, one behind the other, each compressed as a whole by
// whoever has sent it. (Kafka's "Message Format")
const (
	kafkaHead   = 61 // bytes of a batch in front of its records
	kafkaBefore = 12 // bytes that its length does not count
	kafkaMagic  = 2
	kafkaSnappy = 2
	kafkaCodecs = 4 // 1 gzip, 2 snappy, 3 lz4, 4 zstd
	xerialMagic = "\x82SNAPPY\x00"
	xerialHead  = 16
)

var (
	errBatch    = errors.New("broken batch, behind which no other is unpacked")
	errOldBatch = errors.New("messages in the format before version 2, which are not unpacked")
)

// A kafkaBatch is the header of a batch.
type kafkaBatch struct {
	offset     int64 // of its first record
	size       int64 // bytes, all of it
	attributes uint16
	sum        uint32
}

func (b kafkaBatch) codec() uint16 { return b.attributes & 7 }

// readKafkaBatch reads a header. It has no magic worth the name: ok says that all of what it tells can be.
func readKafkaBatch(head []byte) (b kafkaBatch, ok bool) {
	if len(head) < kafkaHead {
		return b, false
	}
	order := binary.BigEndian
	length := order.Uint32(head[8:])
	b = kafkaBatch{
		offset: int64(order.Uint64(head)), size: int64(length) + kafkaBefore, //nolint:gosec // checked below
		attributes: order.Uint16(head[21:]), sum: order.Uint32(head[17:]),
	}
	const mostLength, mostRecords, mostTime = 1 << 30, 1 << 24, 1 << 43 // of which the latter is in the year 2248
	last, count := order.Uint32(head[23:]), order.Uint32(head[57:])
	first, latest := int64(order.Uint64(head[27:])), int64(order.Uint64(head[35:])) //nolint:gosec // checked below
	ok = head[16] == kafkaMagic && b.offset >= 0 && b.offset < 1<<56 && length >= kafkaHead-kafkaBefore && length <= mostLength &&
		b.attributes < 1<<7 && b.codec() <= kafkaCodecs && last < mostRecords && count <= last+1 &&
		first >= -1 && first < mostTime && latest >= -1 && latest < mostTime
	return b, ok
}

// isKafka reports whether a text begins with a batch of Kafka.
func isKafka(prefix []byte) bool {
	b, ok := readKafkaBatch(prefix)
	return ok && binary.BigEndian.Uint64(prefix[35:]) > 0 && // zeros alone are none
		(b.size > int64(len(prefix)) || kafkaSum(prefix[:b.size]) == b.sum)
}

func kafkaSum(batch []byte) uint32 {
	const summed = 21
	return crc32.Checksum(batch[summed:], crc32.MakeTable(crc32.Castagnoli))
}

// kafka shows the records of t that are compressed, and then all else as it is, at its place.
func (w *walker) kafka(ctx context.Context, t *text) error {
	w.containers++
	k := &kafkaSegment{walker: w, partReader: newPartReader(w, t, windowOf(t))}
	defer k.claim.release()
	failure, err := k.batches(ctx)
	if err != nil {
		return err
	}
	if k.failed > 0 {
		why := fmt.Errorf("%s not unpacked: %w", finding.CountOf(k.failed, "batch is", "batches are"), k.why)
		if err := w.problem(t, Kafka, why); err != nil {
			return err
		}
	}
	if failure != nil {
		if err := w.problem(t, Kafka, failure); err != nil {
			return err
		}
	}
	if len(k.shown) == 0 {
		return w.leaf(ctx, t)
	}
	rest := *t
	rest.held, rest.at = nil, &blanked{at: t.at, spans: k.shown}
	return w.leaf(ctx, &rest)
}

// A kafkaSegment is one that is being read.
type kafkaSegment struct {
	partReader
	walker *walker
	shown  []span // records that were shown
	failed int    // batches
	why    error
}

func (k *kafkaSegment) batches(ctx context.Context) (failure, err error) {
	var head [kafkaHead]byte
	for at := int64(0); at < k.of.size; {
		n, _ := k.near.ReadAt(head[:], at)
		b, ok := readKafkaBatch(head[:n])
		switch {
		case len(bytes.TrimLeft(head[:n], "\x00")) == 0: // room that was not written to
			return nil, nil
		case ok && b.size > k.of.size-at, n < kafkaHead:
			return io.ErrUnexpectedEOF, nil
		case !ok && head[16] < kafkaMagic:
			return errOldBatch, nil
		case !ok:
			return errBatch, nil
		}
		if b.codec() != 0 {
			if failure, err := k.show(ctx, b, at); failure != nil || err != nil {
				return failure, err
			}
		}
		at += b.size
	}
	return nil, ctx.Err()
}

// show shows the records of a batch that is compressed. The failure is a limit.
func (k *kafkaSegment) show(ctx context.Context, b kafkaBatch, at int64) (failure, err error) {
	w := k.walker
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if failure := w.entry(); failure != nil {
		return failure, nil
	}
	batch, failure := k.part(span{at, at + b.size})
	if failure == nil && kafkaSum(batch) != b.sum {
		failure = errChecksum
	}
	if failure != nil {
		if k.failed++; k.why == nil {
			k.why = failure
		}
		return nil, nil
	}
	child := k.of.labelled(fmt.Sprintf("batch %d", b.offset))
	records := batch[kafkaHead:]
	if b.codec() == kafkaSnappy {
		unpacked, release, failure := w.unxerial(records)
		if errors.Is(failure, errExpansion) {
			return failure, nil
		}
		if failure != nil {
			if k.failed++; k.why == nil {
				k.why = failure
			}
			return nil, nil
		}
		defer release()
		records = unpacked
	}
	child.hold(records) // the others have a magic
	k.shown = append(k.shown, span{at + kafkaHead, at + b.size})
	return nil, w.text(ctx, child)
}

// unxerial returns what is in blocks of Snappy as Java's library frames them, or in one block without a frame, as unsnappied does.
func (w *walker) unxerial(data []byte) (text []byte, release func(), err error) {
	if !bytes.HasPrefix(data, []byte(xerialMagic)) || len(data) < xerialHead {
		if !isSnappyBlock(data) {
			return nil, nil, errBlock
		}
		return w.unsnappied(data)
	}
	claim := &claim{walker: w}
	for data = data[xerialHead:]; len(data) > 4; {
		size := uint64(binary.BigEndian.Uint32(data))
		if data = data[4:]; size > uint64(len(data)) {
			err = io.ErrUnexpectedEOF
			break
		}
		block := data[:size]
		data = data[size:]
		length, _ := snappy.DecodedLen(block)
		switch {
		case !isSnappyBlock(block):
			err = errBlock
		case int64(len(text)+length) > w.limits.MaxMemory:
			err = errMemory
		case !w.budget.spend(length):
			err = errExpansion
		default:
			err = claim.raise(2 * int64(len(text)+length))
		}
		if err != nil {
			break
		}
		var unpacked []byte
		if err = guard(func() (err error) { unpacked, err = snappy.Decode(nil, block); return err }); err != nil {
			break
		}
		text = append(text, unpacked...)
	}
	if err != nil {
		claim.release()
		return nil, nil, err
	}
	return text, claim.release, nil
}
