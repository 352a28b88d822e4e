package encoding_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// accessLog makes a log of about so many bytes, with a token in one line of some thousand.
func accessLog(size int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for line := 0; b.Len() < size; line++ {
		fmt.Fprintf(&b, "2024-05-%02dT%02d:%02d:%02d.%03dZ INFO  [http-nio-8080-exec-%d] c.e.shop.OrderController - GET /api/v1/orders/%d?page=%d status=200 took=%dms user=%s trace=%016x%016x agent=\"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\"\n",
			1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1000), r.IntN(40), r.IntN(1e7), r.IntN(20), r.IntN(900), mint{r}.word()[:1], r.Uint64(), r.Uint64())
		if line%5000 == 4999 {
			fmt.Fprintf(&b, "2024-05-01T00:00:00.000Z DEBUG authorization: Bearer %s\n", mint{r}.token())
		}
	}
	return []byte(b.String()[:size])
}

func drain(d detectors.Detector, text []byte) (n int) {
	const block = 4 << 20
	for from := 0; from < len(text); {
		to := min(from+block, len(text))
		done := d.Detect(text[from:to], to == len(text), func(detectors.Match) { n++ })
		if to == len(text) {
			return n
		}
		from += done
	}
	return n
}

// BenchmarkLog compares the detector of plain tokens with that of all wrappings, on a log. The second says how many times
// the first it takes, in the same run.
func BenchmarkLog(b *testing.B) {
	text := accessLog(64 << 20)
	for _, alternative := range []struct {
		name     string
		detector detectors.Detector
	}{{"plain", jwt.NewDetector()}, {"wrapped", encoding.New()}} {
		b.Run(alternative.name, func(b *testing.B) {
			plain := fastest(jwt.NewDetector(), text)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				drain(alternative.detector, text)
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(plain), "times-plain")
		})
	}
}

// fastest returns how long a detector takes for a text, at best.
func fastest(d detectors.Detector, text []byte) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range 7 {
		began := time.Now()
		drain(d, text)
		best = min(best, time.Since(began))
	}
	return best
}

// hostile returns texts of one size that are made to cost much.
func hostile(size int) map[string]string {
	repeat := func(s string) string { return strings.Repeat(s, size/len(s)+1)[:size] }
	texts := map[string]string{
		"percent 25":          repeat("%25"),
		"percent 25 in lines": repeat(strings.Repeat("%25", 9) + "\n"),
		// Every object is a header that may go on to the end, inside the one before.
		"objects in base64": base64.StdEncoding.EncodeToString([]byte(repeat(`{"protected":"eyJhbGciOiJIUzI1NiJ9","p":`)))[:size],
		"nested base64": func() string {
			s := filler(rand.New(rand.NewPCG(3, 3)), size/8)
			for len(s) < size {
				s = base64.StdEncoding.EncodeToString([]byte(s))
			}
			return s[:size]
		}(),
		"random base64": func() string {
			r := rand.New(rand.NewPCG(4, 4))
			b := make([]byte, size)
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			return base64.StdEncoding.EncodeToString(b)[:size]
		}(),
		"every phase":          repeat("ZXlKV5SoleUoZXlKaxV5SleUp"),
		"heads":                repeat("eyJ"),
		"heads and percent":    repeat("eyJhbGci")[:size-3] + "%2E",
		"header over and over": repeat("eyJhbGciOiJIUzI1NiJ9."),
		"headers percent":      repeat("eyJhbGciOiJIUzI1NiJ9%2E"),
		"open strings":         repeat("eyJh"),
		"backslashes":          repeat(`\`),
		"u escapes":            repeat(`\u0065\u0079\u004a`),
		"x escapes":            repeat(`\x65\x79\x4a`),
		"entities":             repeat("&#101;&#121;&#74;"),
		"amp":                  repeat("&amp;#"),
		"quoted printable":     repeat("eyJ=\n"),
		"utf-16":               repeat("e\x00y\x00J\x00"),
		"utf-32":               repeat("e\x00\x00\x00y\x00\x00\x00J\x00\x00\x00"),
		"zeros":                repeat("\x00"),
		"hex":                  repeat("65794a"),
		"hex of hex":           repeat("363537393461"),
		"broken heads":         repeat("ey\nJ"),
		"broken base64":        repeat("ZX\nlK"),
		"lines":                repeat("eyJhbGciOiJIUzI1\n"),
		"lines of base64":      repeat("ZXlKaGJHY2lPaUpJVXpJMU5pSjk=\n"),
		"literals":             repeat(`"ey" + "J"`),
		"literals of heads":    repeat(`"eyJhbGciOiJ" + `),
		"mixed escapes":        repeat(`\u0025%5C&#92;=25`),
		"equals 3D":            repeat("=3D3D"),
		"equals once more":     repeat("eyJ=3D3D"),
		"endless dots":         repeat("eyJhbGciOiJIUzI1NiJ9" + strings.Repeat(".", 200)),
		"dots behind a header": "eyJhbGciOiJIUzI1NiJ9" + repeat(".")[20:],
		"amp of amp":           repeat("&amp;amp;"),
		"amp behind heads":     repeat("eyJh&amp;amp;"),
		"headers cut":          repeat("eyJhbGciOiJ"),
		"protected":            repeat(`{"protected":`),
		"protected heads":      repeat(`{"protected":"eyJ`),
		"base64 of heads":      repeat("ZXlK"),
		"base64 of heads at 1": repeat("V5SmV5SmV5Sm"),
		"base64 of heads at 2": repeat("leUpleUpleUp"),
		"base64 of cut heads":  repeat("ZXlKaGJHY2lPaUo"),
		"u escape over again":  repeat(`\u0065`),
		"heads with a slash":   repeat(`eyJ\`),
		"open buffers":         repeat(`"type":"Buffer":[`),
		"one object":           "{" + repeat(`"a":"eyJh",`)[1:],
		"one string":           `{"a":"` + repeat(`,'protected':'eyJh'`)[6:],
		"pointers":             (`{"a":"` + repeat("a")[:size/2] + `"` + repeat(`,"protected":"eyJh"`))[:size],
		"objects in a row":     repeat(`[{"protected":"eyJhbGciOiJIUzI1NiJ9"},`),
		"objects in objects":   repeat(`{"protected":"eyJhbGciOiJIUzI1NiJ9","a":`),
		"headers in utf-16":    repeat(utf16Text("eyJhbGciOiJIUzI1NiJ9.", false)),
		"base64 of utf-16":     std(repeat(utf16Text("eyJhbGciOiJIUzI1NiJ9.", false)))[:size],
		"base64 of percent":    std(repeat("eyJhbGciOiJIUzI1NiJ9%2E"))[:size],
		"base64 of hex":        std(repeat("65794a68624763694f694a49557a49314e694a392e"))[:size],
		"nested in base64":     std(repeat(`{"a":`))[:size],
		"objects":              "[" + repeat(`{"protected":"eyJhbGci"},`)[1:],
	}
	// Many small texts, each of which is nested.
	each := func(encode func(line string) string) string {
		var b strings.Builder
		for line := range strings.Lines(string(accessLog(size + 1000))) {
			b.WriteString(encode(strings.TrimSuffix(line, "\n")))
		}
		return repeat(b.String())
	}
	texts["lines in base64 twice"] = each(func(line string) string { return std(std(line)) + "\n" })
	texts["lines in base64 in JSON"] = each(func(line string) string { return `{"d":"` + std(std(line)) + "\"}\n" })
	texts["words in base64 twice"] = each(func(line string) string { return std(std(line[:min(60, len(line))])) + " " })
	r := rand.New(rand.NewPCG(6, 6))
	texts["tokens in base64 three times"] = func() string {
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(std(std(std(mint{r}.token()))) + "\n")
		}
		return b.String()[:size]
	}()
	nested := texts["nested base64"]
	texts["nested base64 in lines of 4"] = fold(nested, 4, "\n")[:size]
	texts["nested base64 in escaped lines"] = fold(nested, 24, `\n`)[:size]
	texts["nested base64 in lines of JSON"] = fold(nested, 76, `\r\n`)[:size]
	texts["percent 25 over again"] = repeat("%" + strings.Repeat("25", 30) + "2e")
	return texts
}

// BenchmarkHostile says how many times a log of their size texts take that are made to cost much.
func BenchmarkHostile(b *testing.B) {
	const size = 1 << 20
	texts := hostile(size)
	detector, log := encoding.New(), accessLog(size)
	texts["a log"] = string(log)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text := []byte(texts[name])
		b.Run(name, func(b *testing.B) {
			plain := fastest(detector, log)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				drain(detector, text)
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(plain), "times-log")
		})
	}
}
