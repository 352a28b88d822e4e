// Package detectors says what a detector is: bytes in, matches out.
//
// A detector reads no file, knows no clock and keeps no state between calls, so any number of goroutines may share
// one. It is given a text in one piece or block by block, and names the tokens in it by their place in that block.
//
// The rooms below it:
//
//   - jwt: what a token looks like (JWS and JWE, RFC 7515 and 7516) and what it says (RFC 7519)
//   - encoding: the wrappings that are undone to find one: base64, percent, UTF-16, JSON escapes, ...
//   - prefilter: the one loop that touches every byte
//
// Nothing here imports anything else of this module.
package detectors
