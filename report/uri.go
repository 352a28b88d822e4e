package report

import (
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// sourceRoot is the base of relative URIs: the root of the repository, or else the directory, that the scan was started in.
const sourceRoot = "%SRCROOT%"

// artifactOf returns where the file, object or stream of an occurrence is, as SARIF has it.
func artifactOf(start origin, occurrence finding.Occurrence) sarifArtifactLocation {
	switch at := occurrence.Place.(type) {
	case finding.FilePlace:
		return artifactAt(start, at.Path)
	case finding.GitPlace:
		inside := at.Path
		if inside == "" {
			inside = objectPath(at.Object)
		}
		base := artifactAt(start, at.Repository)
		if base.URI == "." {
			return sarifArtifactLocation{URI: treePath(inside), URIBaseID: sourceRoot}
		}
		base.URI = strings.TrimSuffix(base.URI, "/") + "/" + treePath(inside)
		return base
	default:
		return sarifArtifactLocation{URI: "stdin", URIBaseID: sourceRoot}
	}
}

// treePath escapes a path in a tree of git. A segment of dots that leads out of the tree, whoever wrote it there, is
// escaped too.
func treePath(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if segment == "." || segment == ".." {
			segments[i] = strings.ReplaceAll(segment, ".", "%2E")
		} else {
			segments[i] = escapedPath(segment)
		}
	}
	return strings.Join(segments, "/")
}

// objectPath is what git calls the file of an object that no tree names, such as a commit.
func objectPath(object string) string {
	if len(object) < 3 {
		return ".git/objects"
	}
	return ".git/objects/" + object[:2] + "/" + object[2:]
}

// artifactAt returns where a file is: absolute, or relative to the source root.
func artifactAt(start origin, path string) sarifArtifactLocation {
	path = start.path(path)
	switch {
	case path == "" || path == ".":
		return sarifArtifactLocation{URI: ".", URIBaseID: sourceRoot}
	case strings.HasPrefix(path, "/"):
		return sarifArtifactLocation{URI: "file://" + escapedPath(path)}
	case isAbsolute(path): // on a drive of Windows
		return sarifArtifactLocation{URI: "file:///" + path[:2] + escapedPath(path[2:])}
	case path == ".." || strings.HasPrefix(path, "../"):
		return sarifArtifactLocation{URI: escapedPath(path)} // not below the root
	default:
		return sarifArtifactLocation{URI: escapedPath(path), URIBaseID: sourceRoot}
	}
}

func isAbsolute(path string) bool {
	return strings.HasPrefix(path, "/") || len(path) > 2 && path[1] == ':' && path[2] == '/' && isLetter(path[0])
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// escapedPath percent-encodes every byte of a path that is not unreserved (RFC 3986, section 2.3) nor a slash, so that
// it is neither a scheme, a query nor a fragment, and is the same bytes when it is decoded.
func escapedPath(path string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case isLetter(c) || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
