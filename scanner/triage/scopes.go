package triage

import (
	"slices"
	"strings"
)

// maxScopes bounds what is taken of a token's scopes: more than any issuer grants, and little enough that a hostile
// token costs nothing.
const maxScopes = 512

// scopeClaim numbers the claims that say what the holder may do, in the order in which they are told.
func scopeClaim(name string) int {
	switch name {
	case "scope":
		return 0
	case "scp":
		return 1
	case "scopes":
		return 2
	case "role":
		return 3
	case "roles":
		return 4
	case "groups":
		return 5
	case "permissions":
		return 6
	case "perms":
		return 7
	case "authorities":
		return 8
	case "wids":
		return 9
	case "entitlements":
		return 10
	case "cognito:groups":
		return 11
	case "cognito:roles":
		return 12
	case "privileges":
		return 13
	case "rights":
		return 14
	case "abilities":
		return 15
	}
	return -1
}

// lastSplitClaim is the last of the scope claims whose strings are lists (RFC 6749, section 3.3): scope, scp, scopes.
const lastSplitClaim = 2

// scopes returns what the token says its holder may do, without repeats.
func (s *survey) scopes() []string {
	if !s.has(markScopes | markNestedScopes | markFlag | markPrivate) {
		return nil
	}
	var list scopeList
	for number := range s.scoped {
		if value := s.scoped[number]; value != nil {
			list.add(value, number <= lastSplitClaim)
		}
	}
	for _, name := range sortedKeys(s.Repeated) {
		for _, value := range s.Repeated[name] {
			if number := scopeClaim(name); number >= 0 {
				list.add(value, number <= lastSplitClaim)
			} else if markOf(name)&markFlag != 0 && value == true {
				list.one(name)
			}
		}
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

// nestedScopes takes the roles out of the objects in which Keycloak, Supabase, container registries and Hasura put them.
func (s *survey) nestedScopes(list *scopeList) {
	if realm, ok := s.Claims["realm_access"].(map[string]any); ok {
		list.add(realm["roles"], false)
	}
	if resources, ok := s.Claims["resource_access"].(map[string]any); ok {
		var room [8]string
		for _, client := range appendSortedKeys(room[:0], resources) {
			if resource, ok := resources[client].(map[string]any); ok {
				list.add(resource["roles"], false)
			}
		}
	}
	if metadata, ok := s.Claims["app_metadata"].(map[string]any); ok {
		for _, name := range [...]string{"role", "roles", "permissions", "authorization"} {
			list.add(metadata[name], false)
		}
	}
	if hasura, ok := s.Claims["https://hasura.io/jwt/claims"].(map[string]any); ok {
		list.add(hasura["x-hasura-default-role"], false)
		list.add(hasura["x-hasura-allowed-roles"], false)
	}
	list.add(s.Claims["x-hasura-default-role"], false)
	if hub, ok := s.Claims["mercure"].(map[string]any); ok {
		list.add(hub["publish"], false)
		list.add(hub["subscribe"], false)
	}
	if access, ok := s.Claims["access"].([]any); ok {
		list.addAccess(access)
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
	if len(scope) > 256 {
		return false
	}
	if strings.HasSuffix(scope, "*") && (len(scope) == 1 || strings.IndexByte(":/._-", scope[len(scope)-2]) >= 0) || strings.HasPrefix(scope, "*:") {
		return true
	}
	lower := strings.ToLower(scope)
	if isBroadWord(lower) || isPlatformWord(lower) {
		return true
	}
	lower, isRole := strings.CutPrefix(lower, "role_")
	first, last := -1, -1
	for i := range len(lower) {
		switch lower[i] {
		case ':':
			if first < 0 {
				first = i
			}
			last = i
		case '/', '.':
			last = i
		}
	}
	switch {
	case first >= 0 && isBroadWord(lower[:first]):
		return true
	case last >= 0:
		return isBroadWord(lower[last+1:])
	}
	return isRole && isBroadWord(lower)
}

func isBroadWord(word string) bool {
	switch word {
	case "admin", "admins", "administrator", "administrators", "superadmin", "super_admin", "super-admin", "superadministrator",
		"superuser", "super_user", "super-user", "root", "owner", "sysadmin", "sys_admin", "system_admin", "systemadmin",
		"global_admin", "globaladmin", "cluster-admin", "cluster_admin", "clusteradmin", "realm-admin", "org-admin", "org_admin",
		"orgadmin", "organization_admin", "tenant_admin", "tenant-admin", "tenantadmin", "account_admin", "accountadmin",
		"site_admin", "is_admin", "isadmin", "is_superuser", "issuperuser", "service_role", "full_access", "full-access", "fullaccess", "full_control", "all_access", "masters", "god":
		return true
	}
	return false
}

// isPlatformWord knows the words by which platforms grant everything: Google Cloud, Microsoft Graph and Exchange,
// Salesforce, GitLab, Kubernetes, and the template ids of the Entra roles that can grant any other.
func isPlatformWord(lower string) bool {
	switch lower {
	case "https://www.googleapis.com/auth/cloud-platform", "https://mail.google.com/", "full", "sudo",
		"https://www.googleapis.com/auth/admin.directory.user", "system:masters", "supabase_admin",
		"full_access_as_app", "full_access_as_user", "full_access_user", "rolemanagement.readwrite.directory",
		"approleassignment.readwrite.all", "application.readwrite.all", "directory.readwrite.all",
		"62e90394-69f5-4237-9190-012177145e10", // Global Administrator
		"e8611ab8-c189-46e8-94e1-60213ab1f814", // Privileged Role Administrator
		"7be44c8a-adaf-4e2a-84d6-ab2649e08a13": // Privileged Authentication Administrator
		return true
	}
	return strings.HasSuffix(lower, ".fullcontrol.all")
}
