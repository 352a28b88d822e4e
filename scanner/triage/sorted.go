package triage

import "slices"

// sortedKeys returns the names in an object in order, so that equal tokens have equal judgements.
func sortedKeys[V any](object map[string]V) []string { return appendSortedKeys(nil, object) }

// appendSortedKeys is sortedKeys into a list that is empty and may have room.
func appendSortedKeys[V any](keys []string, object map[string]V) []string {
	keys = slices.Grow(keys, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
