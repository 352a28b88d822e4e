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
// Large files are read into a block that stays in cache, not mapped: to copy a page takes 0.3 us, to map one 0.06 to 2.5 us,
// as much as that where a hypervisor keeps the page tables, and a file that is cut while it is mapped is a fault.
package reading
