package container

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// simpleCacheOf returns a file of Chromium's cache.
func simpleCacheOf(address, coding string, body []byte) []byte {
	key := "1/0/_dk_https://a.example https://a.example " + address
	file := binary.LittleEndian.AppendUint32([]byte(simpleMagic), 5)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(key)))
	file = append(append(file, make([]byte, 8)...), key...)
	end := func(flags uint32, size int) {
		file = binary.LittleEndian.AppendUint32(append(file, simpleEnd...), flags)
		file = binary.LittleEndian.AppendUint32(append(file, "crc-"...), uint32(size))
		file = append(file, 0, 0, 0, 0)
	}
	file = append(file, body...)
	end(1, 0)
	headers := "\x00\x00HTTP/1.1 200 OK\x00Content-Encoding: " + coding + "\x00x-token: " + secret + "-2\x00\x00"
	file = append(append(file, headers...), make([]byte, 32)...)
	end(3, len(headers))
	return file
}

// firefoxCacheOf returns a file of Firefox's cache of a version.
func firefoxCacheOf(version uint32, address, coding string, body []byte) []byte {
	key := "O^partitionKey=%28http%2Ca.example%29,:" + address
	file := bytes.Clone(body)
	file = append(file, make([]byte, 4+2*((len(body)+firefoxChunk-1)/firefoxChunk))...)
	for _, field := range []uint32{version, 1, 1700000000, 1700000000, 1, 1800000000, uint32(len(key)), 0} {
		file = binary.BigEndian.AppendUint32(file, field)
	}
	file = append(file, key+"\x00request-method\x00GET\x00response-head\x00HTTP/1.1 200 OK\r\ncontent-encoding: "+coding+"\r\nx-token: "+secret+"-2\r\n\x00"...)
	if version > 3 {
		file = binary.BigEndian.AppendUint32(file, version)
	}
	return binary.BigEndian.AppendUint32(file, uint32(len(body)))
}

func TestBrowserCaches(t *testing.T) {
	const address = "https://a.example/api/token"
	for _, browser := range []struct {
		name string
		file func(coding string, body []byte) []byte
	}{
		{"chromium", func(coding string, body []byte) []byte { return simpleCacheOf(address, coding, body) }},
		{"firefox 3", func(coding string, body []byte) []byte { return firefoxCacheOf(3, address, coding, body) }},
		{"firefox 4", func(coding string, body []byte) []byte { return firefoxCacheOf(4, address, coding, body) }},
	} {
		text := append(readable(600_000), secret+"-1"...)
		for _, test := range []struct {
			coding   string
			body     []byte
			problems int
		}{
			{"br", brotliOf(text), 0}, {"", text, 0}, {"gzip", gzipped(text), 0}, {"zstd", zstdOf(t, text), 0}, {"deflate", zlibOf(text), 0},
			{"dcb", text, 1},
			{"br", append(brotliOf(text)[:1000], noise(1000)...), 1},
		} {
			data := browser.file(test.coding, test.body)
			for _, way := range ways {
				t.Run(fmt.Sprint(browser.name, way.name, test.coding), func(t *testing.T) {
					if way.name == "stream" && browser.name != "chromium" {
						t.Skip("the end of a stream is not known at its start")
					}
					found := walk(t, way.input(data), Limits{})
					broken := test.problems > 0 && test.coding == "br"
					if sum := found.told(1); (sum != 1) != broken {
						t.Errorf("told %d times\n%s", sum, found)
					}
					if sum := found.told(2); sum != 1 {
						t.Errorf("the header is told %d times\n%s", sum, found)
					}
					chain, _ := found.find(secret + "-1")
					if named := browser.name == "chromium" || test.coding == "br" || test.coding == ""; named && !broken && chain != address {
						t.Errorf("in %q\n%s", chain, found)
					}
					if len(found.problems) != test.problems {
						t.Errorf("problems: %q", found.problems)
					}
				})
			}
		}
	}
	t.Run("in a tar", func(t *testing.T) {
		body := append(noise(100_000), secret+"-1"...)
		data := tarred("cache2/entries/"+strings.Repeat("0AF3", 10), firefoxCacheOf(4, address, "br", brotliOf(body)))
		if found := walk(t, Input{Bytes: data}, Limits{}); found.told(1) != 1 {
			t.Errorf("%s", found)
		}
	})
}

// TestDamagedSimpleCache has files that are cut short, of one part, of parts of a body, and the index.
func TestDamagedSimpleCache(t *testing.T) {
	whole := simpleCacheOf("https://a.example/", "", []byte(secret+"-1"))
	key := int(binary.LittleEndian.Uint32(whole[12:])) + simpleHead
	script := slices.Concat(whole[:key], []byte(secret+"-1"))
	script = append(append(append(script, make([]byte, 32)...), simpleEnd+"\x02\x00\x00\x00crc-"...), byte(len(secret)+2), 0, 0, 0, 0, 0, 0, 0)
	for _, test := range []struct {
		name     string
		data     []byte
		problems int
	}{
		{"cut", whole[:len(whole)-30], 1},
		{"of one part", script, 0},
		{"of parts", append(append(whole[:key:key], simpleSparse...), secret+"-1"...), 0},
		{"a key beyond the end", append(append([]byte(simpleMagic), "\x05\x00\x00\x00\xff\xff\xff\xff........"...), secret+"-1"...), 1},
		{"index", append([]byte(simpleMagic), make([]byte, 16)...), 0},
	} {
		for _, way := range ways {
			found := walk(t, way.input(test.data), Limits{})
			if sum := found.told(1); (sum != 1) != (test.name == "index") || len(found.problems) != test.problems {
				t.Errorf("%s %s: told %d times\n%s", test.name, way.name, sum, found)
			}
		}
	}
}

// TestChromiumBody has bodies whose headers are elsewhere, in Brotli and not.
func TestChromiumBody(t *testing.T) {
	for _, test := range []struct {
		name string
		data []byte
	}{
		{"brotli", brotliOf(append(readable(5000), secret+"-1"...))},
		{"short", brotliOf([]byte(secret + "-1"))},
		{"text", []byte(secret + "-1")},
		{"noise", append(noise(100_000), secret+"-1"...)},
		{"image", append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), append(noise(10_000), secret+"-1"...)...)},
		{"brotli of noise", append(brotliOf(noise(100_000)), secret+"-1"...)},
	} {
		for _, way := range ways {
			input := way.input(test.data)
			input.Name = "Cache/f_00001a"
			if found := walk(t, input, Limits{}); found.told(1) != 1 || len(found.problems) > 0 {
				t.Errorf("%s %s: %s", test.name, way.name, found)
			}
		}
	}
}

// TestBlockFile has bodies in blocks, one behind the other, in each way that they are compressed.
func TestBlockFile(t *testing.T) {
	for _, size := range []int{256, 1024, 4096} {
		head := make([]byte, blockFileHead)
		copy(head, blockFileMagic)
		binary.LittleEndian.PutUint32(head[12:], uint32(size))
		file, want := head, map[int]string{}
		text := func(i int) []byte {
			return fmt.Appendf(nil, "%s %s-%d %s", strings.Repeat("a", size), secret, i, strings.Repeat("b", size))
		}
		for i, body := range [][]byte{
			brotliOf(text(0)), gzipped(text(1)), zstdOf(t, text(2)), zlibOf(text(3)), noise(3 * size), brotliOf(noise(size)),
			append(brotliOf(text(4)), noise(size)...), []byte(secret + "-5"), gzipped(text(6))[:40], bytes.Repeat([]byte("\x1b\x03\x00\xff"), size/4),
		} {
			if i < 4 || i == 6 {
				want[min(i, 4)] = fmt.Sprintf("block %d", (len(file)-blockFileHead)/size)
			}
			file = append(file, body...)
			file = append(file, make([]byte, size-1-(len(file)-1)%size)...)
		}
		for _, way := range ways {
			found := walk(t, way.input(file), Limits{})
			for i, at := range want {
				if chain, ok := found.find(fmt.Sprintf("%s-%d", secret, i)); !ok || chain != at || found.told(i) != 1 {
					t.Errorf("%d %s: %d. found %v at %q, want %q\n%s", size, way.name, i, ok, chain, at, found)
				}
			}
			if chain, ok := found.find(secret + "-5"); !ok || chain != "" || len(found.problems) > 0 {
				t.Errorf("%d %s: found %v at %q\n%s", size, way.name, ok, chain, found)
			}
		}
	}
}

// TestWindowsInABlockFile has blocks that are no streams of Brotli and ask for its largest window each.
func TestWindowsInABlockFile(t *testing.T) {
	file := make([]byte, blockFileHead, blockFileHead+500*256)
	copy(file, blockFileMagic)
	binary.LittleEndian.PutUint32(file[12:], 256)
	for range 500 {
		block := bytes.Repeat([]byte{0x80}, 256)
		copy(block, "\xcf\xff\xff\xff") // 16 MiB that are not compressed
		file = append(file, block...)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	found := walk(t, Input{Bytes: file}, Limits{})
	runtime.ReadMemStats(&after)
	if allocated := (after.TotalAlloc - before.TotalAlloc) >> 20; allocated > 100 || len(found.leaves) != 1 {
		t.Errorf("%d MiB allocated, %d texts", allocated, len(found.leaves))
	}
}
