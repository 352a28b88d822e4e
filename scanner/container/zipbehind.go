package container

import (
	"bytes"
	"io"
	"path"
	"strings"
)

// EndsAsZip reports whether a text that Recognise finds to be nothing ends as a zip does: a zip's readers look for its
// directory at the end, so anything may stand in front. The text is held, or else at reads it. Of one that may well be a zip,
// by its name or because it begins as no text does, the longest comment is looked behind too; of any other, its last bytes alone.
func EndsAsZip(prefix []byte, name string, held []byte, at io.ReaderAt, size int64) bool {
	window := int64(zipEndSize)
	if isZipName(name) || isImage(prefix) || bytes.IndexByte(prefix[:min(len(prefix), SniffLength)], 0) >= 0 {
		window += 1<<16 - 1
	}
	if held != nil || at == nil {
		return bytes.Contains(held[max(0, int64(len(held))-window):], []byte(zipEnd))
	}
	tail := make([]byte, min(window, size))
	n, _ := at.ReadAt(tail, size-int64(len(tail)))
	return bytes.Contains(tail[:n], []byte(zipEnd))
}

// isZipName reports whether a name is one that zips have.
func isZipName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".zip", ".jar", ".war", ".ear", ".aar", ".apk", ".xpi", ".crx", ".whl", ".egg", ".pyz", ".nupkg", ".vsix", ".ipa",
		".docx", ".xlsx", ".pptx", ".odt", ".ods", ".epub", ".kmz":
		return true
	}
	return false
}

// isImage reports whether a text begins as a JPEG, PNG or GIF, which show the same with a zip behind.
func isImage(prefix []byte) bool {
	for _, magic := range []string{"\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "GIF87a", "GIF89a"} {
		if bytes.HasPrefix(prefix, []byte(magic)) {
			return true
		}
	}
	return false
}

// holdForZip holds an entry that may be a zip with something in front, or is short, so that its end can be looked at. What
// it returns gives the memory back.
func (w *walker) holdForZip(t *text) (release func(), err error) {
	release = func() {}
	if t.at != nil || t.depth == 0 { // a stream may be without an end
		return release, nil
	}
	switch source := t.tape(); {
	case source.live && isPlain(source.front(SniffLength)): // what has come of a log is not held up
	case source.short():
		t.hold(source.peek(tapeSize))
	case isZipName(t.name) || isImage(source.peek(8)):
		held, _, err := w.hold(t)
		if held != nil {
			release = held
		}
		return release, err
	}
	return release, nil
}
