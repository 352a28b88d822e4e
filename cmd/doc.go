// Package cmd is the command line: one file a command, flags in, options out.
//
// Each command is made by a newXCommand function, keeps its flags in an xOptions value, and does its work in runX, which
// takes a context and its streams and returns an error. What that error means for the exit code is decided in one
// place, Execute.
package cmd
