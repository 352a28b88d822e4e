package encoding

import "testing"

// TestNarrowEnd looks at base64 behind which a text ends with the beginning of a string literal.
func TestNarrowEnd(t *testing.T) {
	if isNarrow([]byte("ZXlK\"\n+\""), 0) {
		t.Error("goes on where the text ends")
	}
}
