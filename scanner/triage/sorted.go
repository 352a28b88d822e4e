package triage

import (
	"maps"
	"slices"
)

// sortedKeys returns the names in an object in order, so that equal tokens have equal judgements.
func sortedKeys(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
