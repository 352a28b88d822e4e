package report

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"
)

// TestIndentedJSONIsIndented compares random values with what the standard library makes of them.
func TestIndentedJSONIsIndented(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var encoded, want bytes.Buffer
		encoder := json.NewEncoder(&encoded)
		encoder.SetEscapeHTML(random.IntN(2) == 0)
		if err := encoder.Encode(randomValue(random, 0)); err != nil {
			t.Fatal(err)
		}
		compact := bytes.TrimSuffix(encoded.Bytes(), []byte("\n"))
		prefix := []string{"", "  ", "\t"}[random.IntN(3)]
		if err := json.Indent(&want, compact, prefix, "  "); err != nil {
			t.Fatal(err)
		}
		if got := indentedJSON(nil, compact, prefix); !bytes.Equal(got, plainJSON(nil, want.Bytes())) {
			t.Fatalf("%s\nindented:\n%s\nwant:\n%s", compact, got, want.Bytes())
		}
	}
}

func randomValue(random *rand.Rand, depth int) any {
	switch kind := random.IntN(8); {
	case kind < 2 && depth < 5:
		list := make([]any, random.IntN(4))
		for i := range list {
			list[i] = randomValue(random, depth+1)
		}
		return list
	case kind < 4 && depth < 5:
		object := map[string]any{}
		for range random.IntN(4) {
			object[randomString(random)] = randomValue(random, depth+1)
		}
		return object
	case kind < 6:
		return randomString(random)
	default:
		return []any{nil, true, false, 0, -1.5, 1e300}[random.IntN(6)]
	}
}

func randomString(random *rand.Rand) string {
	signs := []rune("ab \\\"{}[],:\n\t\x7f\u0085\u202e\U000e0001ü€\U0001f600")
	text := make([]rune, random.IntN(8))
	for i := range text {
		text[i] = signs[random.IntN(len(signs))]
	}
	return string(text)
}
