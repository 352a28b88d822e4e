package prefilter

// sieves returns the sieve of this machine.
func sieves(bool) []sieve { return []sieve{sieve128} }

// sieve128 takes Advanced SIMD, which each of these machines has.
//
//go:noescape
func sieve128(t *tables, text *byte, n int, before uint64, due int) (clear, lines int, passed, runs, wrong uint64, next int)
