// Package pagecache reads what the system has in its memory already, at the least cost: names of files and what is in them. Go's
// scheduler is not told of such system calls, which take some microseconds: its watch over those that may last wakes every 20 of
// them, and takes a thread from what it does each time. What is not there is read in the usual way, and waited for.
//
// [Openat], [Fstat], [Pread] and [Close] are for who has descriptors, [ReaderAt] for who has a file. [Map] is for who looks at all of a
// large file, and need not have a copy.
package pagecache
