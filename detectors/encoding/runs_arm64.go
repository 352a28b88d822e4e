package encoding

import "github.com/jwtleak/jwtleak/detectors/prefilter"

func hasVectors() bool { return true }

// longRunVector is longRunPlain for n bytes from text on, n a multiple of blockSize; it returns n where there is none.
//
//go:noescape
func longRunVector(c *prefilter.Classes, text *byte, n int) (at int)

// classVector returns how many of n bytes from text on, n a multiple of blockSize, are of the class before one that is not.
//
//go:noescape
func classVector(c *prefilter.Classes, text *byte, n int) (at int)

// undoVector undoes blocks of undoneChars, and returns how many have no other characters.
//
//go:noescape
func undoVector(u *undoingTables, dst, chars *byte, blocks int) (undone int)
