// Package git is the source that a git repository is: all that it holds, and who brought each token in.
//
// Find says whether a path is a repository and where its parts are; Open makes a Source of it. Read then goes, in the
// order of the files here, through
//
//   - config, refs, reftable: what the repository says of itself, read as data. No command is run, no included file opened, no
//     path in a configuration followed, and no git process started.
//   - sweep: every blob that may have a token, and every commit and tag, each once. sightings keeps what was met where.
//   - sweep again, over the trees: what leads to the blobs that have tokens (package history), and the blobs that only
//     their names tell to be containers, which are then shown. So are the names that may have tokens themselves (telling).
//   - attribute: from that, for each token and path, the commit that brought it in, told with visitor.Attribute; and
//     what is in the index and not in HEAD.
//   - absent: what the repository names and is kept elsewhere.
//   - files: the working tree, where a token that HEAD or the index has at the same path is the same occurrence; and what
//     lies in the .git directory beside the objects, such as a configuration with a token in a URL, or a reflog.
//   - nested: submodules, clones and linked work trees met below. shared keeps a repository that several work trees lead
//     to from being read more than once.
//
// Objects come from an objectStore (objects): of a directory, or of a bundle (bundle), which is a list of references in
// front of a pack.
//
// With a range or the index alone to look at, changes are compared tree by tree instead, and what is read follows their
// size and not that of the repository: revisions, revisionrange, messages, commitwalk, range, rangetrees, staged, changes; moved knows what only
// moves there, and following what becomes of what is new. Without history, present goes through what HEAD and the indexes
// have. Trees for these come from trees; visits bounds how often one is gone into, whatever names it.
//
// # Decisions
//
// A directory inside a work tree is no repository to Find: whoever names it wants that directory. Whoever stands in it and
// names nothing means the repository around it, which Discover finds.
//
// An occurrence in git is a token at a path together with the commit that brought it there, not each version of the blob
// that goes on having it. Its lines, columns and object are those in that commit: one occurrence for each place that the
// blob has it at then (repeats). One more that a later version has at the same path is not new.
//
// Reachable means that a reference leads there: branches, tags, remotes' branches, refs/stash, notes, pull requests, and
// the HEAD of every work tree. What only a reflog or an index names is not reachable. A tip is that of a branch, a
// remote's branch or a tag, or a HEAD that is detached.
//
// A repository whose .git points out of what is being scanned is not followed there, and neither are its alternates, the
// links among its objects, or core.worktree. The target's own are, wherever they point.
//
// Objects that are named and not there are a problem, in a shallow or partial clone too: its user wanted it so, but what
// was not there was not scanned.
package git
