package git

import (
	"net/url"
	"regexp"
	"strings"
)

// A Description says which repository this is, and what of it is checked out. Fields that nothing tells are empty.
type Description struct {
	// Remote is where it comes from, as a web address without user, password or query.
	Remote string
	Commit string // at HEAD
	Branch string
}

// Describe returns what the repository says of itself.
func (s *Source) Describe() Description {
	if s.location.Bundle != "" {
		return Description{}
	}
	var described Description
	if read, err := readConfiguration(s.location); err == nil {
		described.Remote = webAddress(read.origin)
	}
	object, ref, fault := readFewRefs(s.location).resolve("HEAD")
	if fault == "" && isObjectName(object) {
		described.Commit = object
		described.Branch, _ = strings.CutPrefix(ref, "refs/heads/")
	}
	return described
}

// webAddress turns the URL of a remote into that of its web page, or returns an empty string.
func webAddress(remote string) string {
	// user@host:path, as ssh takes it
	if short := regexp.MustCompile(`^(?:[^@/:]+@)?([A-Za-z0-9.-]+):([^/].*)$`).FindStringSubmatch(remote); short != nil && !strings.Contains(remote, "://") {
		remote = "https://" + short[1] + "/" + short[2]
	}
	parsed, err := url.Parse(remote)
	if err != nil || parsed.Hostname() == "" {
		return ""
	}
	switch parsed.Scheme {
	case "https", "http", "ssh", "git":
	default:
		return ""
	}
	clean := url.URL{Scheme: "https", Host: parsed.Hostname(), Path: strings.TrimSuffix(parsed.Path, ".git")}
	return clean.String()
}
