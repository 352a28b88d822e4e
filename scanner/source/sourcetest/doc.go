// Package sourcetest is the suite that every source passes.
//
// A source's test calls Run with a function that opens the source over a tree of files. The suite shows the source's texts
// to visitors that fail, are slow or are canceled, and holds the source to its contract: see source.Source.
package sourcetest
