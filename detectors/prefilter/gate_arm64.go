package prefilter

// openVector sets count words of 64 places from text on, and reads GateAhead bytes beyond them.
//
//go:noescape
func openVector(tables *[2]masks, text *byte, words *uint64, count int)
