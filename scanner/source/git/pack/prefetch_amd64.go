package pack

// prefetch has memory be in the cache when it is read a while later.
//
//go:noescape
func prefetch(b *byte)
