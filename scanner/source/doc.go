// Package source says what a source is: something that has texts and shows them, one after the other or many at once.
//
// The kinds, one folder each, and what they share:
//
//   - fs: files and directories
//   - stdin: standard input
//   - git: a repository, its objects, index and working tree; pack reads its packs, history says who brought what in
//   - pagecache: how fs and git read what the system has in memory already
//   - sourcetest: the suite that each of them passes
package source
