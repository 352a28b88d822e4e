package scanner

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// What a report shows of a token was written by whoever made the token. These bounds keep one of several megabytes from
// filling a report, and are far above what any real issuer writes.
const (
	maxString   = 4096
	maxElements = 256
	maxNesting  = 16
)

// presentableString returns s without any token in it, as valid UTF-8, and cut where it is long.
func presentableString(s string) string {
	s = encoding.Redact(s)
	if len(s) > maxString {
		cut := maxString
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = fmt.Sprintf("%s... (%d bytes)", s[:cut], len(s))
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func presentableStrings(values []string) []string {
	if len(values) > maxElements {
		values = values[:maxElements]
	}
	presentable := make([]string, len(values))
	for i, value := range values {
		presentable[i] = presentableString(value)
	}
	return presentable
}

func presentableObject(object map[string]any) map[string]any {
	if object == nil {
		return nil
	}
	presentable, _ := presentableValue(object, 0).(map[string]any)
	return presentable
}

func presentableValue(value any, depth int) any {
	if depth > maxNesting {
		return "... (nested deeper)"
	}
	switch value := value.(type) {
	case string:
		return presentableString(value)
	case []any:
		elements := value[:min(len(value), maxElements)]
		presentable := make([]any, len(elements))
		for i, element := range elements {
			presentable[i] = presentableValue(element, depth+1)
		}
		return presentable
	case map[string]any:
		return presentableMembers(value, depth)
	default:
		return value // a number, a boolean or null
	}
}

// presentableMembers returns an object's members; of too many the first by name. Where names that differ are shown alike,
// the last of them by name is kept.
func presentableMembers(object map[string]any, depth int) map[string]any {
	presentable := make(map[string]any, min(len(object), maxElements))
	if len(object) <= maxElements && arePresentable(object) {
		for name, value := range object {
			presentable[name] = presentableValue(value, depth+1)
		}
		return presentable
	}
	names := slices.Sorted(maps.Keys(object))
	for _, name := range names[:min(len(names), maxElements)] {
		presentable[presentableString(name)] = presentableValue(object[name], depth+1)
	}
	return presentable
}

// arePresentable reports whether all names of an object's members are shown as they are.
func arePresentable(object map[string]any) bool {
	for name := range object {
		if presentableString(name) != name {
			return false
		}
	}
	return true
}

// presentable returns the occurrence without any token in its names.
func (e *engine) presentable(occurrence finding.Occurrence) finding.Occurrence {
	switch place := occurrence.Place.(type) {
	case finding.FilePlace:
		place.Target, place.Path = encoding.Redact(place.Target), encoding.Redact(place.Path)
		occurrence.Place = place
	case finding.GitPlace:
		place.Target, place.Repository, place.Path = encoding.Redact(place.Target), encoding.Redact(place.Repository), encoding.Redact(place.Path)
		place.Author, place.AuthorEmail = encoding.Redact(place.Author), encoding.Redact(place.AuthorEmail)
		tips := slices.Clone(place.Tips)
		for i := range tips {
			tips[i] = encoding.Redact(tips[i])
		}
		place.Tips = tips
		occurrence.Place = place
	case finding.StdinPlace:
	}
	container := slices.Clone(occurrence.Container)
	for i := range container {
		container[i] = encoding.Redact(container[i])
	}
	occurrence.Container = container
	return occurrence
}

// pathOf names a place in a problem.
func pathOf(place finding.Place) string {
	switch place := place.(type) {
	case finding.FilePlace:
		return place.Path
	case finding.GitPlace:
		if place.Path != "" {
			return place.Path
		}
		return place.Object
	default:
		return "standard input"
	}
}
