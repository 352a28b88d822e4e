// Package container takes apart what holds texts inside itself, nested in any way, and shows each innermost text to a
// Visitor; the caller looks for tokens in it.
//
//	compressed streams   gzip, zlib, zstd, bzip2, xz, lzma, lz4, snappy, mozlz4, compress (.Z), brotli (by its name)
//	archives             zip (jar, docx, apk), tar, ar and deb, cpio, rpm, 7z, rar, ISO 9660 (zisofs), and those that a program carries
//	texts in pieces      PDF (streams, and text drawn in pieces), SQLite (values over several pages, in its write-ahead log too)
//	texts with base64    mail, lists of Kubernetes' objects (releases of Helm), what CloudWatch hands on, Terraform's state: the containers in them
//	captures             pcap and pcapng: what went over connections of TCP, bodies of HTTP in it; answers alone, in WARC and nginx's cache
//	stores               LevelDB (its tables and its logs), journals of systemd, logs of Kafka, caches of Chromium and Firefox
//
// The way through: Walk is given an outer text. walker.text asks Recognise for the format of a text from its first
// bytes; what has none is a Leaf, and walker.open has the function for any other. Such a function shows each text it finds
// inside to walker.text again, one level deeper. A stream is a codec (stream.go); an archive reads its headers and hands
// each entry to walker.content. A text comes in one of three forms (text.go): held in memory, readable at any offset, or a
// stream, which is read through a tape (tape.go) that knows where it is.
//
// Nothing inside is trusted. Limits bound depth, entries, unpacked bytes and memory for one outer text; each that is reached
// is told once, and what was read until then has been shown. What breaks is told as a problem, and its raw bytes are shown
// as they are. The panics of libraries are contained where they are called (decoded.go), any other costs the container that was
// being opened. Nothing is written to disk.
//
// Nothing is left out either: names and comments, what lies in front of, between and behind the entries, free pages and
// replaced objects are texts too.
//
// DEFLATE is decoded by hand (inflate.go), for speed; the directories of zip, the blocks of xz and the header of 7z
// are read by hand because libraries hold or allocate whatever these ask for.
package container
