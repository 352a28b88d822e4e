//go:build !amd64

package prefilter

func sieves(bool) []sieve { return nil }
