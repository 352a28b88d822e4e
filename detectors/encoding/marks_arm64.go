package encoding

// markVector marks count times 64 bytes from text on, of which it reads one more.
//
//go:noescape
func markVector(b *markBytes, text *byte, marks *marks, count int)
