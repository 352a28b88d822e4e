// Package jwt knows what a JSON Web Token looks like and what it says.
//
//   - Detector finds tokens in a text: readers of headers start where a needle points and go on to a Match
//   - Decode reads one token into a Token, without verifying it
//   - IsForeign and IsOfOtherAlphabet tell what stands in a signature's place and is none (foreign.go)
//   - Redact and Redacted make a text or a token fit to be printed
//
// # What counts as a token
//
// A JWS (RFC 7515) in compact serialization whose header is a JSON object with a string alg that is not empty and whose payload is a JSON
// object; the signature is any run of base64url characters that encodes bytes, empty only where alg is none in any case: of one
// that was cut by a character, the last is left out. A JWE (RFC 7516) whose header is a JSON object with strings alg and enc;
// the encrypted key alone may be empty.
//
// Segments may be padded and in the standard alphabet; a token in a Match is always in the URL-safe one without
// padding. A header may begin with white space, and anything may be glued to its front, base64 characters too: it begins
// at the first place from which the characters up to the full stop decode to such an object. A signature ends where
// its characters do, or before: see lastSegment. Of a row of segments several threes of which are a token, with segments in
// common but for the last, the last three are: so what stands in front of a token never hides it.
//
// The JSON serializations (RFC 7515 and 7516, sections 7.2) count as one compact token for each signature or recipient, the
// match being the whole object. Where alg or enc stands in an unprotected header alone, which no compact serialization has, the
// header segment is made of all of them. They may be written as the literals of Python, JavaScript and Ruby are
// (objectliteral.go), or printed or written in any form that has the name of each member in front of its value, such as those
// of Go, Java, PHP, XML, YAML and TOML (printed.go), where those of one serialization are told apart from those of the next
// (printing.go, gap.go): as may be a token whose segments are a list (listed.go). There a signature or tag must have the size
// that its algorithm gives it. Behind a margin on each line, and where another sign stands for each quote, JSON is read as what
// it is (quoting.go). Other tokens in a JSON serialization are found, too. The disclosures of an SD-JWT belong to the match,
// not to the token; a key-binding JWT behind them is a token of its own.
//
// A detached payload (RFC 7515, appendix F), a header with an ellipsis or without alg, a word in place of a signature that says
// that there is none (placeholder.go), dotted code: none of these is a token. Of these Parts tells the first all the same, as what
// it is (detached.go). JSON is what encoding/json takes for it, so at most 10 000 levels deep (DetectBounded tells of more); the
// last of duplicate keys wins; it is in UTF-8.
package jwt
