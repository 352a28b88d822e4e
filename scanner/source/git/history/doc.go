// Package history says which commit brought a token in, without going through history commit by commit.
//
// What comes in is gathered while objects are swept, in any order and by many goroutines: Commits takes commits and
// tags, Trees takes trees and keeps, of their entries, those that may lead to the blobs that have tokens; of one that
// is a delta of another (versions), those that it has not from that. Attribute then works upward from these blobs:
//
//   - views: a tree's view is what it shows of these blobs, the rest left out. Equal views have one number, so that a
//     hundred thousand trees come down to the few times that something about a token changed.
//   - layers: over the view of each commit, where each token in it comes from. Commits are visited parents first, and a
//     commit has its parent's layer but where its view differs; only there anything is compared. A token at a path that
//     no parent has there was brought in by the commit; one that all parents had there and the commit has not, removed.
//   - attribute: what references lead to, which tips still have it, and blobs that only loose trees name.
//
// The package reads nothing by itself. Whatever the objects say, its memory and time are bounded: see maxWork, maxPaths,
// maxDepth and maxCopies. What lies past a bound has no introduction, and Result.Cut is set.
package history
