// Package pagecache reads files of which most is in the memory of the system already, at the least cost: [Pread] from a
// descriptor, and what [ReaderAt] returns from a file. What is not there is read in the usual way.
package pagecache
