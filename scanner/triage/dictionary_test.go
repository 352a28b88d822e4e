package triage

import (
	"strings"
	"testing"
)

// Every dictionary finds each of its words, and no other; a word in two lists would be found with what is known of one.
func TestDictionaries(t *testing.T) {
	checkDictionary(t, "claims", claimNames())
	checkDictionary(t, "domains", domainGroups())
	checkDictionary(t, "hosts", signInHosts())
	checkDictionary(t, "broad words", broadWords())
	checkDictionary(t, "audiences", audienceIssuers())
	checkDictionary(t, "none", newDictionary[int]())
}

func checkDictionary[V comparable](t *testing.T, name string, d *dictionary[V]) {
	t.Helper()
	seen := map[string]bool{}
	for number, word := range d.words {
		if seen[word] {
			t.Errorf("%s: %q stands twice", name, word)
		}
		seen[word] = true
		if got := d.number(word); got != number {
			t.Errorf("%s: %q is number %d, found as %d", name, word, number, got)
		}
		for _, other := range []string{word + "x", "x" + word, strings.ToUpper(word) + "\x00", word[:len(word)/2] + "\xff"} {
			if d.number(other) != 0 {
				t.Errorf("%s: %q is found, and is none of its words", name, other)
			}
		}
	}
	var none V
	if d.find("") != none || d.find("no such word") != none {
		t.Errorf("%s: something is known of what is not in it", name)
	}
}

// The scopes are told in the order of their names, which lists split at spaces begin and those within objects end.
func TestScopeNumbers(t *testing.T) {
	names := scopeNames()
	for number, name := range names {
		about := nameOf(name)
		if about.number != scopeNumber(number) {
			t.Errorf("%s is number %d, not %d", name, about.number, number)
		}
		if isNested := about.marks&markNestedScopes != 0; isNested != (about.number > lastScopeClaim) || isNested == (about.marks&markScopes != 0) {
			t.Errorf("%s has the marks %b", name, about.marks)
		}
	}
	if len(names) != int(otherNested) || names[lastSplitClaim] != "scopes" || names[realmAccess] != "realm_access" || names[registryAccess] != "access" {
		t.Errorf("the numbers are not those of %q", names)
	}
}
