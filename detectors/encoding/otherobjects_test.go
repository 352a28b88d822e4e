package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestOtherObjects has a log whose lines each have a JSON object in base64 that is no header, percent-encoded or not, as cookies and cursors
// are: what is wrapped at its end is undone, and nothing is given up.
func TestOtherObjects(t *testing.T) {
	m := mint{rand.New(rand.NewPCG(101, 1))}
	var log strings.Builder
	for log.Len() < 450<<10 {
		cookie := std(fmt.Sprintf(`{"u": %q, "cart": %d, "csrf": "%x"}`, m.word(), m.IntN(1000), m.bytes(8)))
		if m.IntN(2) == 0 {
			cookie = strings.ReplaceAll(cookie, "=", "%3D")
		}
		fmt.Fprintf(&log, "10.0.0.40 - - [01/May/2024:10:00:32 +0000] \"GET /alpha HTTP/1.1\" 200 7565 \"-\" \"Mozilla/5.0 (X11)\" session=%s\n", cookie)
	}
	token := m.token()
	log.WriteString("basic " + std("user:"+token) + "\n")
	var found []detectors.Match
	tell := func(reason string) { t.Errorf("given up: %s", reason) }
	encoding.New().DetectBoundedWithin(&detectors.Allowance{}, log.Len(), []byte(log.String()), true, func(match detectors.Match) { found = append(found, match) }, tell)
	if len(found) != 1 || found[0].Token != token {
		t.Errorf("found %d, not the one at the end", len(found))
	}
}

// TestOtherObjectsInFront has objects that are no header where one may be all the same: as the payload or header of a serialization.
func TestOtherObjectsInFront(t *testing.T) {
	m := mint{rand.New(rand.NewPCG(102, 1))}
	protected, payload, signature := segment([]byte(`{"kid":"a"}`)), segment([]byte(`{"sub":"a"}`)), segment(m.bytes(32))
	serialization := fmt.Sprintf(`{"payload":"%s","protected":"%s","header":{"alg":"HS256"},"signature":"%s"}`, payload, protected, signature)
	for name, text := range inOrder(map[string]string{
		"as it is": serialization, "in JSON": fmt.Sprintf("%q", serialization), "in JSON twice": fmt.Sprintf("%q", fmt.Sprintf("%q", serialization)),
		"percent-encoded": strings.ReplaceAll(serialization, `"`, "%22"), "HTML": strings.ReplaceAll(serialization, `"`, "&quot;"),
	}) {
		if found := detect("a line\n" + text + "\nan end\n"); len(found) != 1 {
			t.Errorf("%s: found %d", name, len(found))
		}
	}
}
