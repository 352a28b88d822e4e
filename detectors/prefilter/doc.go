// Package prefilter looks for many short needles at once, as fast as memory can be read.
//
// It is the one loop of a scan that touches every byte. Whatever else looks at a text looks only where this points.
//
// On amd64 with AVX2, and on arm64, it is the algorithm of Hyperscan that is called Teddy, in assembly: the needles are dealt into eight
// buckets (deal.go); for each of a needle's first three bytes two tables of sixteen say, for the low and for the high half of a
// byte, which buckets have such a byte there; six table look-ups in a register answer for 32 places at once, or 16. What passes
// is compared with the needles in Go. Elsewhere a table over pairs of bytes says how far to skip (Wu and Manber).
//
// Next and Set are all there is to it; nextPlain, the reference of the tests, is the specification. A Sieve passes over what
// has nothing in it in one reading, for needles, long runs and lines at once; with AVX-512 it takes 64 places at a time,
// and with its VBMI looks each byte up as a whole. On the way it looks at samples: whether they are mixed, as base64 is in lines that
// are no long run (mixed.go). Of the runs most are names and paths, and are passed over as well: one that has a token in it in another form
// has a telltale (telltale.go). A Gate is Teddy with sixteen buckets, for hundreds of needles: it says where one may start, and compares
// none.
package prefilter
