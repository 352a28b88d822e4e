// Package inflate decodes zlib streams (RFC 1950, RFC 1951) whose decoded size is known beforehand, as that of a git object
// is, into one flat buffer.
//
// The standard library and those like it decode a stream piece by piece into a window of 32 KiB. A repository has a
// million streams of a few hundred bytes: there most of the time goes into setting such a decoder up again. Here the
// output is its own window, and all that is set up is tables as large as the codes of the stream need.
//
// It accepts what compress/zlib accepts, as a fuzz test holds it to, and a size that is not the stream's is an error.
package inflate
