package container

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// kafkaBatchOf is a batch of records, which are compressed already.
func kafkaBatchOf(offset uint64, codec uint16, records []byte) []byte {
	order := binary.BigEndian
	b := order.AppendUint64(nil, offset)
	b = order.AppendUint32(b, uint32(kafkaHead-kafkaBefore+len(records)))
	b = append(order.AppendUint32(b, 0), kafkaMagic, 0, 0, 0, 0)
	b = order.AppendUint32(order.AppendUint16(b, codec), 0)
	b = order.AppendUint64(order.AppendUint64(b, 1_780_000_000_000), 1_780_000_000_000)
	b = append(b, bytes.Repeat([]byte{0xff}, 14)...) // no producer
	b = append(order.AppendUint32(b, 1), records...)
	order.PutUint32(b[17:], kafkaSum(b))
	return b
}

func xerial(blocks ...[]byte) []byte {
	b := append([]byte(xerialMagic), 0, 0, 0, 1, 0, 0, 0, 1)
	for _, block := range blocks {
		packed := snappy.Encode(nil, block)
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(packed))), packed...)
	}
	return b
}

func TestBatchesOfKafkaAreUnpacked(t *testing.T) {
	record := []byte("a record, a record, a record, a record: " + secret + "\n")
	var framed bytes.Buffer
	z := lz4.NewWriter(&framed)
	if _, err := z.Write(record); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	first := kafkaBatchOf(0, 0, []byte("the first record, as it is"))
	for _, test := range []struct {
		name    string
		codec   uint16
		records []byte
	}{
		{"as it is", 0, record},
		{"gzip", 1, gzipped(record)},
		{"snappy", 2, xerial(record[:50], record[50:])},
		{"snappy without a frame", 2, snappy.Encode(nil, record)},
		{"lz4", 3, framed.Bytes()},
		{"zstd", 4, encoder.EncodeAll(record, nil)},
	} {
		data := append(bytes.Clone(first), kafkaBatchOf(1, test.codec, test.records)...)
		data = append(data, make([]byte, 100)...) // room
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				c := walk(t, way.input(data), Limits{})
				chain, ok := c.find(secret)
				if want := "batch 1"; !ok || test.codec > 0 && chain != want || len(c.problems) > 0 {
					t.Errorf("found at %q, want %q:\n%s", chain, want, c)
				}
				if chain, ok := c.find("the first record"); !ok || chain != "" {
					t.Errorf("what is not compressed is found at %q (%v)", chain, ok)
				}
			})
		}
	}
}

func TestBrokenBatchesOfKafkaAreTold(t *testing.T) {
	sound, packed := kafkaBatchOf(0, 1, gzipped([]byte(secret))), xerial([]byte(strings.Repeat("a", 1000)))
	flipped := bytes.Clone(sound)
	flipped[len(flipped)-1] ^= 1
	for _, test := range []struct {
		name string
		data []byte
	}{
		{"cut short", append(bytes.Clone(sound), sound[:len(sound)-2]...)},
		{"in the midst of a header", append(bytes.Clone(sound), sound[:20]...)},
		{"flipped", append(bytes.Clone(sound), flipped...)},
		{"snappy cut short", append(bytes.Clone(sound), kafkaBatchOf(1, 2, packed[:len(packed)-1])...)},
		{"snappy that is none", append(bytes.Clone(sound), kafkaBatchOf(1, 2, []byte("none"))...)},
		{"no batch", append(bytes.Clone(sound), strings.Repeat("no batch ", 20)...)},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := walk(t, Input{Bytes: test.data}, Limits{})
			if _, ok := c.find(secret); !ok || len(c.problems) != 1 {
				t.Errorf("found %v, want that and one problem:\n%s", ok, c)
			}
		})
	}
}

// FuzzKafka walks segments with any records: none fails.
func FuzzKafka(f *testing.F) {
	f.Add(uint16(1), gzipped([]byte("a record")))
	f.Add(uint16(2), xerial([]byte("a record")))
	f.Add(uint16(2), snappy.Encode(nil, []byte("a record")))
	f.Fuzz(func(t *testing.T, codec uint16, records []byte) {
		batch := kafkaBatchOf(1, codec&7, records)
		walk(t, Input{Bytes: append(batch, records...)}, Limits{FreeExpansion: 1 << 20, MaxEntries: 100})
	})
}
