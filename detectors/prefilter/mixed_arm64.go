package prefilter

func hasMixed() bool { return true }

// mixedVector returns where the first of the samples is, one each of Sampled of n bytes from text on, that is mixed, or -1.
//
//go:noescape
func mixedVector(text *byte, n int) (at int)
