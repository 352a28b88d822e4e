// Package container takes apart what holds texts inside itself: compressed streams (gzip, zstd, ...), archives (zip,
// tar, ...) and files that break a text apart (PDF, SQLite), nested in any way. Walk shows each innermost text to a
// Visitor; the caller looks for tokens in it.
//
// The way through: Recognise tells a format from the first bytes of a text, and the table in format.go names the
// function that opens it. Such a function shows each text it finds inside to walker.text, which recognises again, one
// level deeper. What is no container is a Leaf.
//
// Nothing in a container is trusted. Limits bound depth, entries, expanded bytes and the memory that a format may ask
// for; each that is reached is told as a problem once, and the rest is still shown. What breaks on the way is told as a
// problem too, and its raw bytes are shown as a text of their own. Nothing is written to disk.
package container
