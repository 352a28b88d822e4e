// Package fs has files and directories as a source.
//
// A directory is walked by several goroutines, each of which reads the files of one directory and leaves those below it, or
// files where they are many, to whoever has nothing to do (walk.go, crew.go). What lies in a directory is opened from there
// (directory.go), in a way that neither follows a link nor waits for a pipe (open_unix.go, open_other.go), since what was a
// file or a directory when its name was read may be something else when it is opened. A small one is read whole into a buffer that is used
// again, a larger one is given to the visitor as it is (file.go). What is in the page cache is read in the cheapest way there
// is (pagecache).
//
// Left out: symbolic links, whose targets inside the tree are met under their own names and whose targets outside are
// no part of it; sockets, pipes and devices; file systems of the kernel, which are no data at rest (kernel_linux.go),
// though not what is mounted below them, nor files among devices (mounts.go); and what the user's patterns leave out
// (patterns.go, match.go).
package fs
