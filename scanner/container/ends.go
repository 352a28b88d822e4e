package container

import (
	"bytes"
	"io"
)

// RecogniseEnd says what a text is by how it ends, or by what stands far from its beginning, of which Recognise finds by its
// beginning that it is nothing, or a format that may be something else too: Executable where it ends as a zip does, for a zip's
// readers look for its directory at the end, so that anything may stand in front; LevelDB where it does as a table; FirefoxCache
// where it does as a file of that. The text is held, or else at reads it, once, and once more where it may be of the latter, or an
// image of a disc (ISO). Of one that may well be a zip, by its name or because it begins or ends as no text does, the longest
// comment is looked behind too; of any other, its last bytes alone.
func RecogniseEnd(prefix []byte, name string, held []byte, at io.ReaderAt, size int64) (Format, bool) {
	window := int64(zipEndWindow)
	if isZipName(name) || isImage(prefix) || bytes.IndexByte(prefix[:min(len(prefix), SniffLength)], 0) >= 0 {
		window += 1<<16 - 1
	}
	tail := held
	if held != nil {
		size = int64(len(held))
	}
	if held == nil && at != nil {
		tail = readTail(at, size, window)
	}
	if window == zipEndWindow && bytes.IndexByte(tail[max(0, len(tail)-zipEndSize):], 0) >= 0 {
		window += 1<<16 - 1
		if held == nil && at != nil {
			tail = readTail(at, size, window)
		}
	}
	switch {
	case endsTable(tail):
		return LevelDB, true
	case hasZipEnd(tail[max(0, int64(len(tail))-window):]):
		return Executable, true
	}
	body, mayBeCached := mayBeFirefoxCache(tail, size)
	mayBeDisc := mayBeISO(prefix, size)
	if !mayBeCached && !mayBeDisc {
		return None, false // as nearly all are
	}
	if at == nil {
		at = bytes.NewReader(held)
	}
	if mayBeDisc && isISO(at) {
		return ISO, true
	}
	if mayBeCached {
		if _, ok := readFirefoxCache(at, size, body); ok {
			return FirefoxCache, true
		}
	}
	return None, false
}

// zipEndWindow is how much of the end of a plain text is looked at for the end of a zip, in bytes: as much as a read takes that is
// worth its call.
const zipEndWindow = 4 << 10

// hasZipEnd reports whether the signature of a zip's end is in a tail. Its third byte is in hardly any text, where the first is in all.
func hasZipEnd(tail []byte) bool {
	const rare = 2
	for i := rare; i < len(tail); i++ {
		at := bytes.IndexByte(tail[i:], zipEnd[rare])
		if at < 0 {
			return false
		}
		if i += at; bytes.HasPrefix(tail[i-rare:], []byte(zipEnd)) {
			return true
		}
	}
	return false
}

func readTail(at io.ReaderAt, size, window int64) []byte {
	tail := make([]byte, min(window, size))
	n, _ := at.ReadAt(tail, size-int64(len(tail)))
	return tail[:n]
}
