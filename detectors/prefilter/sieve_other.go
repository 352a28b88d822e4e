//go:build !amd64

package prefilter

func sieves() []sieve { return nil }
