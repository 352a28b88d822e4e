// Package scanner is the engine: it takes sources, a detector and a sink, and drives them.
//
//	source -> container -> detectors -> triage -> sink
//
// Scan asks each source in turn for its texts. A source shows them to the engine from as many goroutines as there are
// jobs; each of these carries its text all the way: through the containers around it (container), block by block
// through the detector (reading), and, for each token met, into the ledger. The ledger knows every distinct token by
// its fingerprint; a new one is decoded and judged (triage), described without being repeated, and told to the sink.
//
// The rooms below it:
//
//   - finding: the data that is passed along
//   - source: where texts come from
//   - container: what is inside a text
//   - reading: one plain text through a detector
//   - triage: what a found token means
//   - policy: what of that is accepted
//   - fault: what a panic costs, wherever foreign bytes are read
package scanner
