// Package reading takes one plain text through a detector and says where in it each token stands.
//
//   - Stream reads from an io.Reader, and tells a token as soon as it has come whole
//   - Bytes reads a text that is in memory, without copying it
//   - Parallel reads one large file with several goroutines
//
// All three tell the same sightings in the same order. The text is read once, in blocks that stay in the processor's
// cache, and is never held whole: what is kept from one block to the next is what the detector asks to be shown again,
// at most detectors.MaxHeld, and the first bytes of the line that is being read.
//
// pass.go holds what they share: one pass of a detector over the blocks of a text. skim.go shows the detector only what is
// about a candidate. zeros.go passes over what is known to be empty.
//
// mapped.go is how Parallel looks at a large file without reading it, where the system has it in its memory and maps it: all of the file
// is mapped once, each goroutine has its window in it made ready by the system before it looks, and lets go of it in a few large parts. The
// copy saved is a fifth of the scan of a log. What is shown to a detector is a copy all the same, since a file may change while it is
// mapped; and where it is cut, which is a fault, what is left is read. Small files are cheaper to read, and files that are not in memory are
// waited for where Go's scheduler knows of it.
package reading
