// Package pack reads the objects of a git repository (gitformat-pack(5)): all of them in one sweep, or one by name.
//
// A Store is the object directory with its alternates: their packs and their loose objects.
//
// The sweep reads each pack in its own order. An object that is no delta is the root of a tree of deltas; Sweep walks
// that tree depth first with the base in hand, so that each object is inflated once and rebuilt by copying. Most blobs
// hold no token. Whether one may is known without rebuilding it: a candidate (detectors.Prefilter) lies within a few
// bytes, so it stands in what the delta inserts, where two of its instructions meet, or within a range copied from a
// base that has it. A blob at the end of a chain that has none is never put together at all. One that has a candidate is
// shown whole, with the list of its candidates, those of copied ranges taken over from its base. That equals showing every
// blob whole and searching all of it, and that is what the tests hold it to.
//
//   - store.go: Store, Open, Read, Has; alternates.go: the object directories that are read with it
//   - loose.go: loose objects
//   - index.go: where a pack's objects are, from its .idx of version 1 or 2; unindexed.go, naming.go: where there is none, or
//     a wrong one, by reading the pack and hashing its objects
//   - entries.go: the entries of a pack; family.go: what is a delta of what; chain.go: one object, from its root on
//   - stream.go: a large blob by its name, as a stream; parts.go: what a chain of deltas makes, without making what is in between
//   - large.go: in a sweep, what deltas make of large blobs, and of what that makes, out of such parts
//   - window.go: the bytes of a pack, read without mapping them, into what memory_linux.go has for it; regions.go: large buffers
//   - delta.go: instructions of a delta, and what of its result is new
//   - candidates.go: the candidates of a blob, from those of its base
//   - sweep.go, walk.go, show.go: the sweep, the walk through one tree of deltas, and what is shown of it; late.go: packs that come while it goes on
//   - inflate: zlib streams into flat buffers
//
// What can't be read costs that object, and those that are deltas of it, and is told as a problem.
package pack
