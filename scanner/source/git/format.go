package git

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A repository says by a version and by the names of extensions what whoever reads it must know (gitrepository-layout(5),
// "Repository format"), and a bundle by capabilities. git refuses one of which it does not know all. Here it is read as far as
// that goes, and what may have been misread is told.

// maxFormat is the newest version of a repository's format that there is.
const maxFormat = 1

// maxUnknown bounds how many extensions or capabilities are told of one by one.
const maxUnknown = 16

// A format is what a configuration says of the repository's format.
type format struct {
	version    string   // core.repositoryFormatVersion, as it stands there
	extensions []string // those that are not known, by name
	values     []string // what is wrong with the values of those that are
}

// extension takes a variable of the section extensions.
func (f *format) extension(name, value string) {
	switch name {
	case "noop", "noop-v1", "preciousobjects", "partialclone", "worktreeconfig", "relativeworktrees", "submodulepathconfig":
	case "objectformat", "compatobjectformat":
		f.value(name, value, "sha1", "sha256")
	case "refstorage":
		f.value(name, value, "files", "reftable")
	default:
		f.extensions = append(f.extensions, name)
	}
}

// value notes that an extension has a value that is not known.
func (f *format) value(name, value string, known ...string) {
	if !slices.Contains(known, strings.ToLower(value)) {
		f.values = append(f.values, fmt.Sprintf("the extension %s is %q, which is not known", name, value))
	}
}

// unknown says what is not known of the format. In version 0, that of a repository which says none, only extensions count that
// are known.
func (f *format) unknown() []string {
	unknown := f.values
	version, err := strconv.ParseInt(f.version, 0, 64)
	if f.version == "" {
		version, err = 0, nil
	}
	if err != nil || version > maxFormat {
		unknown = append(unknown, fmt.Sprintf("the version of the repository's format is %q, and %d the newest that is known", f.version, maxFormat))
	}
	if version < 1 {
		return unknown
	}
	for _, name := range f.extensions {
		unknown = append(unknown, fmt.Sprintf("the extension %q is not known", name))
	}
	return unknown
}

// tellUnknown tells what is not known of the format of the repository or bundle.
func (r *reading) tellUnknown() error {
	unknown := r.configuration.unknown
	more := ""
	if len(unknown) > maxUnknown {
		unknown, more = unknown[:maxUnknown], fmt.Sprintf("; and %d more", len(unknown)-maxUnknown)
	}
	if len(unknown) == 0 {
		return nil
	}
	return r.problem(r.name(), strings.Join(unknown, "; ")+more+": what it has may have been misread")
}
