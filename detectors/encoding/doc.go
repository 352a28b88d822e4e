// Package encoding finds tokens in whatever they are wrapped in: base64, percent-encoding, escapes of source and markup,
// quoted-printable, UTF-16, hexadecimal, and lines or string literals that break them apart; one inside another, too.
//
// The way through it, of one text:
//
//   - runs.go: where there are long runs of characters such as wrappings consist of. But for sparse.go and framed.go nothing wrapped is
//     looked for elsewhere; that is what makes it cheap. runs_amd64.s does it as fast as memory is read.
//   - heads.go, matcher.go: needles, which are how the start of a header looks in each wrapping and chain of them.
//   - sextets.go: runs of base64 measured and undone many characters at a time.
//   - broken.go: needles with a line break in them.
//   - scan.go: how a text is gone through. needle.go: what is done where a needle stands. text.go: whether it stands there by chance. soft.go: wrappings that leave the start of a token as it is.
//   - encoded.go: text that is wholly written in base64, hexadecimal or UTF-16, whatever is in it.
//   - legible.go: what of that is text from beginning to end, where needles are of no interest.
//   - clearruns.go: the same of what is small, with nothing in it: all of that is undone at once, and passed over.
//   - stops.go: whether a full stop is behind a run that is like a header and goes on: without one nothing is undone again for it.
//   - narrow.go: the same in lines too narrow to tell by one of them.
//   - literal.go: JSON serializations, of which something stands in front of the header. begun.go: those that are escaped and are yet to be
//     pointed at, where a text is cut.
//   - follow.go: a wrapping is undone from a needle on, a little at first, and more for as long as what comes out may
//     be a token. What comes out is searched in the same way.
//   - framed.go: the same in narrow lines that have a margin or quotes, which are no long run: where prefilter.Mixed points at them.
//   - framedliterals.go: string literals on one line, in the same way.
//   - undoneframes.go, undonetext.go: such lines where their breaks are escaped, or in UTF-16.
//   - sparse.go, numbers.go: wrappings without long runs, which are looked for together with plain headers, and again in what
//     comes out of others.
//   - arraylines.go: source code as an array of strings, as a notebook has it.
//   - escapedliterals.go: string literals of escapes among them.
//   - numbers.go, words.go: lists of numbers, and dumps.
//   - wrapping.go, escapes.go, softbreaks.go, lines.go: the wrappings themselves. margins.go, prefixes.go, partial.go, linestops.go,
//     literaljoint.go, listjoint.go, unevenlist.go, lastline.go: what stands between the lines of one, in front of them and behind the
//     last. dumplines.go: the same of dumps.
//   - distinct.go: one match of those that are the same token at one place.
//   - candidates.go: the same search as a prefilter, for those who want to know only whether there may be a token.
//   - invain.go: what of that was looked at in vain, and is not looked at again.
//   - judging.go, marks.go: how a text is gone through for that, from run to run, and what is looked for beside each.
//
// What is undone is bounded: ten wrappings deep, by what bounds.go says of its cost, detectors.MaxHeld for a token. What one of
// the first two leaves undone is told to the caller of DetectBounded.
//
// Not undone is compression inside base64. Of what has no run of 47 characters, line breaks counted (lines that have a margin or are
// string literals, lists of numbers), found is what framed.go and sparse.go say.
//
// The first finds base64 of text, several times over, in lines of 4 to 46 characters and one length, of at most 63 bytes, with the same
// around the base64 in each, or in string literals on one line, which go on for 256 bytes at least; escaped lines are counted as what comes
// out, but go on for as many bytes as they are. How much of a line its margin may be depends on the sample, which has to have eight changes
// to upper case or from it in 64 bytes: twelve blanks are not too many for eight characters, nor are quotes in JSON in JSON for twenty.
//
// String literals of escapes are joined whatever is in them where one begins with \u00 or \x6. Those of a list are where they are of one
// width, the last aside, and the token is whole; of any width where they are pieces of a token that is not wrapped otherwise: see
// unevenlist.go.
//
// The second finds, in fewer lines, in lines behind prefixes that differ, and of hexadecimal: a header or payload that starts with {" and
// a letter, wrapped once (escapes also twice alike), the needle of one of which is not broken by the end of a line, unless it is one of
// numbers; and all in dumps whose offsets begin with 00, which are not in the lines of a patch; behind a prefix that ends with a blank,
// with 0000; quoted in JSON, with 000; in UTF-16, with 00. Those of od -c and -b, and of hexdump (words.go), have nothing else that tells.
// Decimal numbers are read as Node.js writes them in JSON, and nowhere else: needles for others would cost a tenth of a log's speed.
//
// A match names the wrappings outermost first. One of base64 or hexadecimal has the whole run as its place, unless that goes on
// for more than 64 KiB behind it, others the wrapped token. Base64 over several lines is base64, not broken lines of it.
package encoding
