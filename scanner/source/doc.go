// Package source says what a source is: something that has texts and shows them, one after the other or many at once.
//
// The kinds, one folder each:
//
//   - fs: files and directories
//   - stdin: standard input
//   - git: a repository, its objects, index and working tree; pack reads its packs, history says who brought what in
//   - sourcetest: the suite that each of them passes
package source
