package pack

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"
)

// TestVersionsOfALargeBlob has each version of a large blob be a delta of the one before: one of them is held, and all are shown.
func TestVersionsOfALargeBlob(t *testing.T) {
	const versions = 4
	b := newBuilt(t)
	text := bytes.Repeat([]byte("0123456789abcdef"), largeBuffer/16+1)
	name := b.whole(Blob, text)
	for i := range versions {
		delta := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(text))), uint64(len(text)+1))
		delta = append(delta, 1, 'a'+byte(i))
		for at := 0; at < len(text); at += 1 << 16 {
			delta = append(delta, copying(at, min(1<<16, len(text)-at))...)
		}
		text = append([]byte{'a' + byte(i)}, text...)
		name = b.delta(name, text, delta, false)
	}
	dir := t.TempDir()
	b.write(dir, 2)
	s := open(t, dir)
	shown := 0
	err := s.Sweep(t.Context(), SweepOptions{
		Jobs: 2, Types: all(), Problem: func(path, reason string) { t.Errorf("%s: %s", path, reason) },
		Visit: func(o Object) error {
			shown++
			if o.Reader == nil {
				return nil
			}
			content, err := io.ReadAll(o.Reader)
			if !bytes.Equal(content, b.objects[o.Name].Bytes) {
				t.Errorf("%s is not what it was", o.Name)
			}
			return err
		},
	})
	if err != nil || shown != versions+1 || len(s.regions.all) != 1 {
		t.Errorf("%d are shown, %d were held, error %v", shown, len(s.regions.all), err)
	}
}
