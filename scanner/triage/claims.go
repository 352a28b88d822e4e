package triage

import (
	"github.com/jwtleak/jwtleak/detectors/jwt"
)

// ShowableClaim reports whether a claim's value is shown where not all claims are asked for, and returns what of it is.
// Shown are the registered claims (RFC 7519, section 4.1) and those that say what the token is for: its scopes, its
// client, its kind, the workload that it is of. What may tell of a person is not shown, however it is named: a claim that
// is not known is not. Of objects only the members that are known are shown.
func ShowableClaim(_ *jwt.Token, name string, value any) (any, bool) {
	switch name {
	case "iss", "sub", "aud", "exp", "nbf", "iat", "jti":
		return value, true
	case "kubernetes.io":
		return members(value, 3, "namespace", "serviceaccount", "pod", "node", "secret", "name", "uid", "warnafter")
	case "act", "may_act":
		return members(value, 4, "sub", "iss", "client_id", "act")
	case "cnf":
		return members(value, 1, "jkt", "x5t#S256", "kid")
	case "app_metadata":
		return members(value, 1, "provider", "providers", "role", "roles", "permissions")
	case "https://hasura.io/jwt/claims":
		return members(value, 1, "x-hasura-default-role", "x-hasura-allowed-roles")
	case "realm_access":
		return members(value, 1, "roles")
	case "resource_access":
		return rolesByClient(value)
	case "access":
		return grants(value)
	case "mercure":
		return members(value, 1, "publish", "subscribe")
	case "video":
		return members(value, 1, "room", "roomJoin", "roomCreate", "roomAdmin", "roomList", "roomRecord", "canPublish", "canSubscribe")
	case "events":
		return eventNames(value)
	}
	switch about := nameOf(name); {
	case about.shown, about.marks&(markScopes|markFlag|markKubernetes) != 0, name == "x-ably-capability":
		return value, plain(value)
	case about.marks&markPrivate != 0:
		return value, nameOf(lastPart(name)).marks&markScopes != 0 && plain(value)
	}
	return nil, false
}

// plain reports whether a value is no object, nor holds one: what is within would be unknown.
func plain(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		return false
	case []any:
		for _, element := range value {
			if !plain(element) {
				return false
			}
		}
	}
	return true
}

// members returns an object with the members that are named, down to a depth; other values are not shown.
func members(value any, depth int, names ...string) (any, bool) {
	object, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	shown := make(map[string]any, len(names))
	for _, name := range names {
		member, ok := object[name]
		if !ok {
			continue
		}
		if plain(member) {
			shown[name] = member
		} else if depth > 1 {
			if inner, ok := members(member, depth-1, names...); ok {
				shown[name] = inner
			}
		}
	}
	return shown, true
}

// rolesByClient shows Keycloak's resource_access: the roles of each client.
func rolesByClient(value any) (any, bool) {
	clients, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	shown := make(map[string]any, len(clients))
	for client, access := range clients {
		if roles, ok := members(access, 1, "roles"); ok {
			shown[client] = roles
		}
	}
	return shown, true
}

// grants shows the list of a container registry's token.
func grants(value any) (any, bool) {
	list, ok := value.([]any)
	if !ok {
		return nil, false
	}
	shown := make([]any, 0, len(list))
	for _, element := range list {
		if grant, ok := members(element, 1, "type", "class", "name", "actions"); ok {
			shown = append(shown, grant)
		}
	}
	return shown, true
}

// eventNames shows which events a security event token tells of, and nothing of them.
func eventNames(value any) (any, bool) {
	events, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	shown := make([]any, 0, len(events))
	for _, name := range sortedKeys(events) {
		shown = append(shown, name)
	}
	return shown, true
}
