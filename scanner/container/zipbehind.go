package container

import (
	"bytes"
	"path"
	"strings"
)

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

// holdForEnd holds an entry that may be a zip with something in front or a table, or is short, so that its end can be looked at. What
// it returns gives the memory back.
func (w *walker) holdForEnd(t *text) (release func(), err error) {
	release = func() {}
	if t.at != nil || t.depth == 0 { // a stream may be without an end
		return release, nil
	}
	switch source := t.tape(); {
	case source.live && isPlain(source.front(SniffLength)): // what has come of a log is not held up
	case source.short():
		t.hold(source.peek(tapeSize))
	case isZipName(t.name), isTableName(t.name), isFirefoxCacheName(t.name), isImage(source.peek(8)), isTableHead(source.peek(SniffLength)):
		held, _, err := w.hold(t)
		if held != nil {
			release = held
		}
		return release, err
	}
	return release, nil
}
