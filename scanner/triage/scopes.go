package triage

import (
	"slices"
	"strings"
	"sync"
)

// maxScopes bounds what is taken of a token's scopes: more than any issuer grants, and little enough that a hostile
// token costs nothing.
const maxScopes = 512

// A scopeNumber is the place of a claim among scopeNames.
type scopeNumber uint8

// scopeNames returns the claims that say what the holder may do, in the order in which they are told.
func scopeNames() []string {
	return []string{
		"scope", "scp", "scopes", // whose strings are lists (RFC 6749, section 3.3)
		"role", "roles", "groups", "permissions", "perms", "authorities", "wids", "entitlements", "cognito:groups", "cognito:roles",
		"privileges", "rights", "abilities",
		"realm_access", "resource_access", "app_metadata", "https://hasura.io/jwt/claims", "x-hasura-default-role",
		"x-hasura-allowed-roles", "mercure", "access", // which hold lists
	}
}

const (
	lastSplitClaim scopeNumber = 2  // the last whose strings are lists
	lastScopeClaim scopeNumber = 15 // the last that is a list itself
)

// The numbers of the claims that hold lists.
const (
	realmAccess scopeNumber = lastScopeClaim + 1 + iota
	resourceAccess
	appMetadata
	hasuraClaims
	hasuraRole
	hasuraRoles
	mercureTopics
	registryAccess
	otherNested  // one of which nothing is taken
	scopeNumbers // how many there are
)

// scopes returns what the token says its holder may do, without repeats.
func (s *survey) scopes() []string {
	if !s.has(markScopes | markNestedScopes | markFlag | markPrivate) {
		return nil
	}
	var list scopeList
	for number := scopeNumber(0); number <= lastScopeClaim; number++ {
		if value := s.scoped[number]; value != nil {
			list.add(value, number <= lastSplitClaim)
		}
	}
	if len(s.Repeated) > 0 {
		s.repeatedScopes(&list)
	}
	if s.has(markNestedScopes) {
		s.nestedScopes(&list)
	}
	if s.has(markFlag) {
		for _, name := range [...]string{"admin", "is_admin", "isAdmin", "superuser", "is_superuser", "isSuperuser", "root"} {
			if flag, _ := s.Claims[name].(bool); flag {
				list.one(name)
			}
		}
	}
	if s.has(markPrivate) {
		s.privateScopes(&list)
	}
	return list.all()
}

// repeatedScopes takes what the claims say that stand more than once, where they stand for the first times.
func (s *survey) repeatedScopes(list *scopeList) {
	for _, name := range sortedKeys(s.Repeated) {
		for _, value := range s.Repeated[name] {
			switch about := nameOf(name); {
			case about.marks&markScopes != 0:
				list.add(value, about.number <= lastSplitClaim)
			case about.marks&markNestedScopes != 0:
				list.addNested(about.number, value)
			case about.marks&markFlag != 0 && value == true:
				list.one(name)
			}
		}
	}
}

// nestedScopes takes the roles out of the objects in which Keycloak, Supabase, container registries and Hasura put them.
func (s *survey) nestedScopes(list *scopeList) {
	for number := lastScopeClaim + 1; number < otherNested; number++ {
		if value := s.scoped[number]; value != nil {
			list.addNested(number, value)
		}
	}
}

// addNested takes the roles out of the claim of that number.
func (l *scopeList) addNested(number scopeNumber, value any) {
	object, _ := value.(map[string]any)
	switch number {
	case realmAccess:
		l.add(object["roles"], false)
	case resourceAccess:
		var room [8]string
		for _, client := range appendSortedKeys(room[:0], object) {
			if resource, ok := object[client].(map[string]any); ok {
				l.add(resource["roles"], false)
			}
		}
	case appMetadata:
		for _, name := range [...]string{"role", "roles", "permissions", "authorization"} {
			l.add(object[name], false)
		}
	case hasuraClaims:
		l.add(object["x-hasura-default-role"], false)
		l.add(object["x-hasura-allowed-roles"], false)
	case hasuraRole, hasuraRoles:
		l.add(value, false)
	case mercureTopics:
		l.add(object["publish"], false)
		l.add(object["subscribe"], false)
	case registryAccess:
		if access, ok := value.([]any); ok {
			l.addAccess(access)
		}
	}
}

// addAccess takes the grants of a container registry's token, written as such scopes are asked for.
func (l *scopeList) addAccess(access []any) {
	for _, element := range access[:min(len(access), maxScopes)] {
		grant, _ := element.(map[string]any)
		kind, _ := grant["type"].(string)
		name, _ := grant["name"].(string)
		actions, _ := grant["actions"].([]any)
		for _, action := range actions[:min(len(actions), 16)] {
			if action, ok := action.(string); ok && kind != "" {
				l.one(kind + ":" + name + ":" + action)
			}
		}
	}
}

// privateScopes takes the claims that are named by a URI and end in a word for scopes, as Auth0 has them.
func (s *survey) privateScopes(list *scopeList) {
	for _, name := range sortedKeys(s.Claims) {
		if !strings.Contains(name, "://") {
			continue
		}
		switch name[strings.LastIndexAny(name, "/#:")+1:] {
		case "role", "roles", "groups", "permissions", "scope", "scopes", "authorities":
			list.add(s.Claims[name], false)
		}
	}
}

// A scopeList gathers scopes without repeats. Most tokens have few, which are allocated once, when all are known.
type scopeList struct {
	few   [12]string
	count int      // of few that are taken
	many  []string // all of them, where few has no room for them
}

// all returns the scopes, nil where there are none.
func (l *scopeList) all() []string {
	if l.many != nil || l.count == 0 {
		return l.many
	}
	return append([]string(nil), l.few[:l.count]...)
}

// add takes a string, split at spaces where it is a scope's (RFC 6749, section 3.3) and at commas too, or an array of
// strings, or of objects with a name.
func (l *scopeList) add(value any, split bool) {
	switch value := value.(type) {
	case string:
		begin := 0
		for i := range len(value) {
			if c := value[i]; c == ',' || split && (c == ' ' || c == '\t' || c == '\n') {
				l.one(strings.TrimSpace(value[begin:i]))
				begin = i + 1
			}
		}
		l.one(strings.TrimSpace(value[begin:]))
	case []any:
		for _, element := range value[:min(len(value), maxScopes)] {
			switch element := element.(type) {
			case string:
				l.one(element)
			case map[string]any:
				for _, name := range [...]string{"name", "authority", "role"} {
					if text, ok := element[name].(string); ok {
						l.one(text)
						break
					}
				}
			}
		}
	}
}

func (l *scopeList) one(scope string) {
	switch {
	case scope == "" || len(l.many) >= maxScopes || slices.Contains(l.few[:l.count], scope) || slices.Contains(l.many, scope):
	case l.count < len(l.few):
		l.few[l.count] = scope
		l.count++
	default:
		if l.many == nil {
			l.many = append(l.many, l.few[:]...)
		}
		l.many = append(l.many, scope)
	}
}

// broad returns the first scope that grants everything or the power to grant, and whether there is one.
func broad(scopes []string) (string, bool) {
	for _, scope := range scopes {
		if isBroad(scope) {
			return scope, true
		}
	}
	return "", false
}

// isBroad reports whether a scope, role or group grants everything or the power to grant: an administrator's name,
// whole or as the first or last part of a longer one, a wildcard, or one of the known words of a platform.
func isBroad(scope string) bool {
	if scope == "" || len(scope) > 256 {
		return false
	}
	if end := len(scope) - 1; scope[end] == '*' && (end == 0 || strings.IndexByte(":/._-", scope[end-1]) >= 0) || strings.HasPrefix(scope, "*:") {
		return true
	}
	first, last, lower := -1, -1, true // the first colon, and the last sign between parts
	for i := range len(scope) {
		switch c := scope[i]; {
		case c == ':':
			if first < 0 {
				first = i
			}
			last = i
		case c == '/' || c == '.':
			last = i
		case c >= 'A' && c <= 'Z':
			lower = false
		}
	}
	if !lower {
		scope = lowerASCII(scope)
	}
	words := broadWords()
	if words.find(scope) != notBroad {
		return true
	}
	if first >= 0 && isBroadPart(words, strings.TrimPrefix(scope[:first], rolePrefix)) {
		return true
	}
	if last < 0 {
		role, isRole := strings.CutPrefix(scope, rolePrefix)
		return isRole && isBroadPart(words, role)
	}
	return isBroadPart(words, scope[last+1:]) || strings.HasSuffix(scope, ".fullcontrol.all")
}

// rolePrefix is what Spring puts in front of a role.
const rolePrefix = "role_"

func isBroadPart(words *dictionary[broadWord], part string) bool {
	return words.find(part) == broadAnywhere
}

// lowerASCII returns a text with its letters from A to Z made small, at the same places.
func lowerASCII(text string) string {
	lower := []byte(text)
	for i, c := range lower {
		if c >= 'A' && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}

// A broadWord says where a word stands for an administrator.
type broadWord uint8

const (
	notBroad      broadWord = iota
	broadWhole              // by itself
	broadAnywhere           // as a part of a scope too
)

// broadWords are the names of administrators, and the words by which platforms grant everything: Google Cloud, Microsoft
// Graph and Exchange, Salesforce, GitLab, Kubernetes, and the template ids of the Entra roles that can grant any other.
var broadWords = sync.OnceValue(func() *dictionary[broadWord] {
	return newDictionary(
		wordList[broadWord]{broadAnywhere, []string{
			"admin", "admins", "administrator", "administrators", "superadmin", "super_admin", "super-admin", "superadministrator",
			"superuser", "super_user", "super-user", "root", "owner", "sysadmin", "sys_admin", "system_admin", "systemadmin",
			"global_admin", "globaladmin", "cluster-admin", "cluster_admin", "clusteradmin", "realm-admin", "org-admin", "org_admin",
			"orgadmin", "organization_admin", "tenant_admin", "tenant-admin", "tenantadmin", "account_admin", "accountadmin",
			"site_admin", "is_admin", "isadmin", "is_superuser", "issuperuser", "service_role", "full_access", "full-access",
			"fullaccess", "full_control", "all_access", "masters", "god",
		}},
		wordList[broadWord]{broadWhole, []string{
			"https://www.googleapis.com/auth/cloud-platform", "https://mail.google.com/", "full", "sudo",
			"https://www.googleapis.com/auth/admin.directory.user", "system:masters", "supabase_admin",
			"full_access_as_app", "full_access_as_user", "full_access_user", "rolemanagement.readwrite.directory",
			"approleassignment.readwrite.all", "application.readwrite.all", "directory.readwrite.all",
			"62e90394-69f5-4237-9190-012177145e10", // Global Administrator
			"e8611ab8-c189-46e8-94e1-60213ab1f814", // Privileged Role Administrator
			"7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
		}},
	)
})
