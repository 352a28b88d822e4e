package container

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"
)

// inflateAll decodes data and returns how much of it was read.
func inflateAll(source io.Reader) (decoded []byte, read int64, err error) {
	in := newTape(source, -1)
	decoded, err = io.ReadAll(newInflater(in))
	return decoded, in.offset(), err
}

func deflate(t testing.TB, level int, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	for len(data) > 0 { // flushed now and then, for empty blocks
		n := min(len(data), 50_000)
		_, _ = z.Write(data[:n])
		_ = z.Flush()
		data = data[n:]
	}
	_ = z.Close()
	return b.Bytes()
}

// inflateTexts are of every kind: of one byte, of few symbols, of many, with matches near and far.
func inflateTexts() map[string][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 100_000)
	few := make([]byte, 100_000)
	skewed := make([]byte, 100_000)
	far := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
		few[i] = "abc"[random.IntN(3)]
		skewed[i] = byte(int(random.ExpFloat64()*8) & 0xff)
		if far[i] = noise[i]; i >= 32768 && i%40000 > 100 {
			far[i] = far[i-32768]
		}
	}
	return map[string][]byte{
		"nothing": nil, "a byte": {'x'}, "zeros": make([]byte, 200_000), "log": readable(200_000),
		"noise": noise, "few symbols": few, "skewed": skewed, "far matches": far,
		"period of three": bytes.Repeat([]byte("abc"), 100_000), "period of seven": bytes.Repeat([]byte("abcdefg"), 50_000),
	}
}

func TestInflate(t *testing.T) {
	for name, text := range inflateTexts() {
		for _, level := range []int{flate.HuffmanOnly, 0, 1, 6, 9} {
			packed := deflate(t, level, text)
			behind := append(bytes.Clone(packed), "what follows"...)
			for _, source := range []io.Reader{bytes.NewReader(behind), iotest.HalfReader(bytes.NewReader(behind)), iotest.DataErrReader(bytes.NewReader(behind))} {
				got, read, err := inflateAll(source)
				if err != nil || !bytes.Equal(got, text) || read != int64(len(packed)) {
					t.Fatalf("%s, level %d: %d bytes of %d, read %d of %d: %v", name, level, len(got), len(text), read, len(packed), err)
				}
			}
		}
	}
}

// TestInflate64 decodes what 7z writes: matches of up to 64 KiB, from as far away.
func TestInflate64(t *testing.T) {
	noise := inflateTexts()["noise"]
	for name, text := range map[string][]byte{
		"far":    slices.Concat(noise[:65_000], noise[:60_000], noise[:65_536], noise[:65_536]),
		"long":   slices.Concat(make([]byte, 1_000_000), noise, bytes.Repeat(noise[:300], 1000)),
		"much":   logText(500_000),
		"skewed": inflateTexts()["skewed"],
	} {
		archive := run(t, text, "a.zip", "7z", "a", "-mm=deflate64", "-mx=9", "a.zip", "log.txt")
		for _, way := range ways {
			found := walk(t, way.input(archive), Limits{})
			if len(found.problems) > 0 || len(found.leaves) == 0 || found.leaves[0].text != string(text) {
				t.Errorf("%s, %s: not as it was\n%s", name, way.name, found)
			}
		}
		if !bytes.Equal(archive[8:10], []byte{zipDeflate64, 0}) {
			t.Errorf("%s: not in Deflate64", name)
		}
	}
}

// TestInflateByteByByte reads a stream that brings a byte at a time, and has all that can be known of it at each.
func TestInflateByteByByte(t *testing.T) {
	text := readable(20_000)
	got, _, err := inflateAll(iotest.OneByteReader(bytes.NewReader(deflate(t, 6, text))))
	if err != nil || !bytes.Equal(got, text) {
		t.Errorf("%d bytes of %d: %v", len(got), len(text), err)
	}
}

// TestInflateFlushed has what was flushed although the stream goes on.
func TestInflateFlushed(t *testing.T) {
	r, w := io.Pipe()
	defer func() { _ = w.Close() }()
	z, _ := flate.NewWriter(w, 6)
	go func() {
		_, _ = z.Write([]byte(secret))
		_ = z.Flush()
	}()
	got := make([]byte, len(secret))
	if _, err := io.ReadFull(newInflater(newTape(r, -1)), got); err != nil || string(got) != secret {
		t.Errorf("%v", err)
	}
}

// TestInflateBroken agrees with the standard library on data that is cut short or changed: on what is decoded, and on
// whether it is sound.
func TestInflateBroken(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, level := range []int{flate.HuffmanOnly, 0, 1, 6} {
		packed := deflate(t, level, readable(3000))
		for i := range 200 {
			data := bytes.Clone(packed)
			if i%3 == 0 {
				data = data[:random.IntN(len(data))]
			} else {
				data[random.IntN(min(len(data), 200))] ^= 1 << random.IntN(8)
			}
			compareInflate(t, data)
		}
	}
}

func compareInflate(t *testing.T, data []byte) {
	t.Helper()
	const most = 4 << 20
	in := bytes.NewReader(data)
	want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(in), most))
	source := newTape(bytes.NewReader(data), -1)
	got, err := io.ReadAll(io.LimitReader(newInflater(source), most))
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("got %v, want %v", err, wantErr)
	}
	if err == nil && !bytes.Equal(got, want) {
		t.Fatalf("got %d bytes, want %d", len(got), len(want))
	}
	if !bytes.HasPrefix(got, want) && !bytes.HasPrefix(want, got) {
		t.Fatal("what was decoded differs")
	}
	if err == nil && len(want) < most && source.offset() != int64(len(data)-in.Len()) {
		t.Fatalf("read %d bytes, want %d", source.offset(), len(data)-in.Len())
	}
	if err != nil && !errors.Is(err, errInflate) && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("a strange error: %v", err)
	}
}

func FuzzInflate(f *testing.F) {
	for _, text := range inflateTexts() {
		text = text[:min(len(text), 1000)]
		for _, level := range []int{flate.HuffmanOnly, 0, 1, 9} {
			f.Add(deflate(f, level, text))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		compareInflate(t, data)
		_, _ = io.Copy(io.Discard, io.LimitReader(newInflater64(newTape(bytes.NewReader(data), -1)), 4<<20))
	})
}
