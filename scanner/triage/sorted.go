package triage

import "slices"

// sortedKeys returns the names in an object in order, so that equal tokens have equal judgements.
func sortedKeys[V any](object map[string]V) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
