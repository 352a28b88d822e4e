package prefilter

func hasTeddy() bool { return true }

// teddy looks at n places from text on, n a multiple of lanes and more than none, and returns the offset of the first
// block of lanes in which any passes, and which of them do, a bit for each; n and none, if none does. It reads
// n+lookahead bytes.
//
//go:noescape
func teddy(m *masks, text *byte, n int) (block int, hits uint32)
