// Package fs has files and directories as a source.
//
// A directory is walked by several goroutines, which hand what they meet to others that read it (walk.go). A file is
// opened in a way that neither follows a link nor waits for a pipe (open_unix.go, open_other.go), since what was a file
// when its name was read may be something else when it is opened. A small one is read whole into a buffer that is used
// again, a larger one is given to the visitor as it is (file.go). What is in the page cache is read in the cheapest way there
// is (pread_linux.go).
//
// Left out: symbolic links, whose targets inside the tree are met under their own names and whose targets outside are
// no part of it; sockets, pipes and devices; file systems of the kernel, which are no data at rest (kernel_linux.go),
// though not what is mounted below them, nor files among devices (mounts.go); and what the user's patterns leave out
// (patterns.go, match.go).
package fs
