package finding

import "strings"

// maxName is the longest name out of a token that is put into a text of ours. Names of namespaces, pools, projects and
// users are shorter.
const maxName = 128

// Harmless reports whether a name out of a token may stand in a command: letters, digits and a few signs that bash, sh,
// PowerShell and cmd leave alone, beginning with a letter or digit, ending with none that could pass for the end of a sentence,
// no token itself, and with no ".." by which a path of an API would lead elsewhere.
func Harmless(name string) bool {
	if name == "" || len(name) > maxName || !isAlphanumeric(name[0]) || strings.IndexByte(".:@+", name[len(name)-1]) >= 0 {
		return false
	}
	for i := range len(name) {
		switch c := name[i]; c {
		case '-', '_', ':', '/', '@', '+':
		case '.':
			if name[i-1] == '.' {
				return false
			}
		case 'e':
			if opensObject(name[i:]) {
				return false
			}
		default:
			if !isAlphanumeric(c) {
				return false
			}
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// opensObject reports whether a text begins with the beginning of a JSON object in base64, as every token does.
func opensObject(text string) bool {
	if len(text) < 3 {
		return false
	}
	switch text[:3] {
	case "eyJ", "eyA", "ewo", "ewk", "ew0":
		return true
	}
	return false
}
