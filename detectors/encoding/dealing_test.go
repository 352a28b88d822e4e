package encoding

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/detectors/prefilter"
)

// A bucketShape has the bits of the bytes that a bucket lets through, for the first three of its needles: of bytes, or of both halves of
// them.
type bucketShape [3][256 / 64]uint64

func (s *bucketShape) has(place int, b byte) bool { return s[place][b>>6]>>(b&63)&1 == 1 }

// shapeOfAll returns the shape of a bucket's needles.
func shapeOfAll(needles []string, byHalves bool) (s bucketShape) {
	for place := range s {
		var lows, highs uint16
		for _, needle := range needles {
			b := needle[place]
			s[place][b>>6] |= 1 << (b & 63)
			lows, highs = lows|1<<(b&15), highs|1<<(b>>4)
		}
		for b := range 256 {
			if byHalves && lows>>(b&15)&1 == 1 && highs>>(b>>4)&1 == 1 {
				s[place][b>>6] |= 1 << (b & 63)
			}
		}
	}
	return s
}

// Threes are how many places of texts begin with which three bytes: each kind of text weighs as much.
type threes struct {
	bytes  [][3]byte
	counts []int
}

// typicalTexts are what is scanned: the lines of logs, sources and documents, JSON, numbers, and what is in base64 or hexadecimal.
func typicalTexts(t *testing.T) [][]byte {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	var sources, log, json, numbers, encoded bytes.Buffer
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(path, "needle") || strings.Contains(path, "sparse") {
			return err
		}
		if ext := filepath.Ext(path); ext == ".go" || ext == ".md" || ext == ".txtar" {
			text, err := os.ReadFile(path)
			sources.Write(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 20000 {
		at := fmt.Sprintf("2026-%02d-%02dT%02d:%02d:%02d.%06dZ", r.IntN(12)+1, r.IntN(28)+1, r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1e6))
		level := []string{"INFO", "info", "WARN", "debug"}[r.IntN(4)]
		fmt.Fprintf(&log, "%s %s request completed method=GET path=/api/v1/orders/%d status=200 duration_ms=%d bytes=%d peer=10.%d.%d.%d:%d id=%016x\n",
			at, level, r.IntN(1e7), r.IntN(1000), r.IntN(1e6), r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(65536), r.Uint64())
		fmt.Fprintf(&json, `{"time":%q,"level":%q,"msg":"request completed","status":200,"took":%.3f,"user":"user-%d","ids":[%d, %d],"trace":"%x"}`+"\n",
			at, level, r.Float64(), r.IntN(1e5), r.IntN(1e5), r.IntN(1e5), r.Uint64())
		fmt.Fprintf(&numbers, "%d,%d, %d\t%.2f;%d.%d:%d|%d\n", r.IntN(1e6), r.IntN(1e4), r.IntN(100), 1000*r.Float64(), r.IntN(1e9), r.IntN(1e3), r.IntN(1e5), r.IntN(1e8))
	}
	data := make([]byte, 48)
	for range 10000 {
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		at := r.IntN(sources.Len() - len(data))
		fmt.Fprintf(&encoded, "%s\n%s\n", base64.StdEncoding.EncodeToString(data), base64.StdEncoding.EncodeToString(sources.Bytes()[at:at+len(data)]))
		fmt.Fprintf(&encoded, "%x\n\t% #x,\n", data[:32], data[:12])
		fmt.Fprintf(&encoded, "\t%#02x, %#02x, %#02x, %#02x,\n", data[0], data[1], data[2], data[3])
	}
	return [][]byte{sources.Bytes(), log.Bytes(), json.Bytes(), numbers.Bytes(), encoded.Bytes()}
}

// How much each of those texts counts. By halves of bytes, base64 is told from what is in it so badly that all would be dealt for it.
var (
	weightsByHalves = []int{30, 10, 10, 5, 2}
	weightsByBytes  = []int{10, 10, 10, 10, 10}
)

func countThrees(texts [][]byte, weights []int) (c threes) {
	all := map[[3]byte]int{}
	for i, text := range texts {
		counts := map[[3]byte]int{}
		for k := range len(text) - 2 {
			counts[[3]byte(text[k:])]++
		}
		for three, n := range counts {
			all[three] += n * weights[i] * 100 / (len(text)>>10 + 1)
		}
	}
	for three, n := range all {
		c.bytes, c.counts = append(c.bytes, three), append(c.counts, n)
	}
	return c
}

// passing returns how many places pass a bucket's shape, in a million or so.
func (c *threes) passing(s bucketShape) (n int) {
	for i, three := range c.bytes {
		if s.has(0, three[0]) && s.has(1, three[1]) && s.has(2, three[2]) {
			n += c.counts[i]
		}
	}
	return n
}

// passingAll returns how many pass buckets that needles are dealt into by digits.
func (c *threes) passingAll(needles []string, digits string, byHalves bool) (n int) {
	for bucket := range prefilter.Buckets {
		var of []string
		for i, needle := range needles {
			if digits[i] == byte('0'+bucket) {
				of = append(of, needle)
			}
		}
		if len(of) > 0 {
			n += c.passing(shapeOfAll(of, byHalves))
		}
	}
	return n
}

// A deal is which of the buckets each head of needles is in, and how many places each lets through.
type deal struct {
	*threes
	heads    []string
	in       []int
	costs    []int
	byHalves bool
}

// cost returns how many places a bucket lets through.
func (d *deal) cost(bucket int) int {
	var of []string
	for i, head := range d.heads {
		if d.in[i] == bucket {
			of = append(of, head)
		}
	}
	if of == nil {
		return 0
	}
	return d.passing(shapeOfAll(of, d.byHalves))
}

// move moves a head to where the fewest places pass, and reports whether that is another bucket.
func (d *deal) move(i int) bool {
	from := d.in[i]
	d.in[i] = -1
	without := d.cost(from)
	best, least := from, d.costs[from]-without
	for to := range d.costs {
		if d.in[i] = to; to == from {
			continue
		}
		if more := d.cost(to) - d.costs[to]; more < least {
			best, least = to, more
		}
	}
	if d.in[i] = best; best == from {
		return false
	}
	d.costs[from] = without
	d.costs[best] += least
	return true
}

// improve moves heads from bucket to bucket as long as fewer places pass, and returns how many do then.
func (d *deal) improve(r *rand.Rand) (total int) {
	for i := range d.in {
		d.in[i] = r.IntN(len(d.costs))
	}
	for bucket := range d.costs {
		d.costs[bucket] = d.cost(bucket)
	}
	for moved := true; moved; {
		moved = false
		for _, i := range r.Perm(len(d.heads)) {
			moved = d.move(i) || moved
		}
	}
	for _, cost := range d.costs {
		total += cost
	}
	return total
}

// best deals needles into buckets some times, and returns the digits of the best deal. Needles that begin alike stay together.
func (c *threes) best(needles []string, buckets int, byHalves bool) string {
	d := &deal{threes: c, costs: make([]int, buckets), byHalves: byHalves}
	for _, needle := range needles {
		if !slices.Contains(d.heads, needle[:3]) {
			d.heads = append(d.heads, needle[:3])
		}
	}
	d.in = make([]int, len(d.heads))
	digits, least := make([]byte, len(needles)), -1
	for try := range uint64(60) {
		total := d.improve(rand.New(rand.NewPCG(try, 1)))
		if least >= 0 && total >= least {
			continue
		}
		least = total
		for i, needle := range needles {
			digits[i] = byte('0' + d.in[slices.Index(d.heads, needle[:3])])
		}
	}
	return string(digits)
}

// TestDealing: each needle that is looked for everywhere has a bucket, and they let little of what is scanned through. With -update they
// are dealt anew, which takes minutes.
func TestDealing(t *testing.T) {
	needles := jwt.Needles()
	for _, n := range sparseNeedles {
		needles = append(needles, n.text)
	}
	texts := typicalTexts(t)
	byHalves, byBytes := countThrees(texts, weightsByHalves), countThrees(texts, weightsByBytes)
	if update := flag.Lookup("update"); update != nil && update.Value.String() == "true" {
		dealing = prefilter.Dealing{
			Halves: byHalves.best(needles, prefilter.Buckets, true), Bytes: byBytes.best(needles, prefilter.Buckets-1, false),
		}
		text := "package encoding\n\nimport \"github.com/jwtleak/jwtleak/detectors/prefilter\"\n\n" +
			"// dealing has the bucket of each of the needles in starts. TestDealing writes it, with -update.\n" +
			"var dealing = prefilter.Dealing{\n\tHalves: " + strconv.Quote(dealing.Halves) + ",\n\tBytes:  " + strconv.Quote(dealing.Bytes) + ",\n}\n"
		if err := os.WriteFile("dealing.go", []byte(text), 0o644); err != nil { //nolint:gosec // source
			t.Fatal(err)
		}
	}
	if len(dealing.Halves) != len(needles) || len(dealing.Bytes) != len(needles) {
		t.Fatalf("%d needles, of which %d and %d are dealt: run this test with -update", len(needles), len(dealing.Halves), len(dealing.Bytes))
	}
	halves, whole := byHalves.passingAll(needles, dealing.Halves, true), byBytes.passingAll(needles, dealing.Bytes, false)
	if halves > 14000 || whole > 17000 {
		t.Errorf("places pass, weighed: %d by halves, %d by bytes; run this test with -update", halves, whole)
	}
}
