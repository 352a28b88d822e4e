package git

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// maxConfig bounds the configuration that is read, in bytes.
const maxConfig = 4 << 20

// A configuration is what is read, as data, from a repository's own configuration file. Nothing else in it has any
// effect: no included file is opened, no command is run, no path is followed. Neither the user's nor the system's
// configuration is read. This is why go-git does not open the repository: it would refuse one whose configuration names
// an extension it does not know.
type configuration struct {
	// objectFormat is sha1 or sha256 (extensions.objectFormat).
	objectFormat string
	// unknown says what of the repository's format is not known.
	unknown []string
	// partial is set where objects may be missing on purpose: a promisor remote has them.
	partial bool
	// origin is the URL of the remote of that name.
	origin string
	// upstreams are those of the branches, by name, and fetches the mappings of references of the remotes, by name.
	upstreams map[string]upstream
	fetches   map[string][]string
	// pushes are those by which references are pushed; pushRemotes says where a branch is, pushRemote where any, and
	// pushDefault under which name.
	pushes                  map[string][]string
	pushRemotes             map[string]string
	pushRemote, pushDefault string
}

func readConfiguration(location Location) (configuration, error) {
	read := configuration{
		objectFormat: "sha1", upstreams: map[string]upstream{}, fetches: map[string][]string{}, pushes: map[string][]string{},
		pushRemotes: map[string]string{},
	}
	content, err := readSmall(filepath.Join(location.CommonDir, "config"), maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return read, nil
	}
	if err != nil {
		return read, err
	}
	var stated format
	err = parseConfig(content, func(section, subsection, key, value string) {
		if section == "extensions" {
			stated.extension(strings.TrimPrefix(subsection+"."+key, "."), value)
		}
		switch section + "." + key {
		case "core.repositoryformatversion":
			stated.version = value
		case "extensions.objectformat":
			read.objectFormat = strings.ToLower(value)
		case "extensions.partialclone":
			read.partial = true
		case "remote.promisor":
			read.partial = read.partial || isTrue(value)
		case "branch.remote":
			read.upstreams[subsection] = upstream{remote: value, merge: read.upstreams[subsection].merge}
		case "branch.merge":
			read.upstreams[subsection] = upstream{remote: read.upstreams[subsection].remote, merge: value}
		case "remote.fetch":
			read.fetches[subsection] = append(read.fetches[subsection], value)
		case "remote.push":
			read.pushes[subsection] = append(read.pushes[subsection], value)
		case "branch.pushremote":
			read.pushRemotes[subsection] = value
		case "remote.pushdefault":
			read.pushRemote = value
		case "push.default":
			read.pushDefault = strings.ToLower(value)
		case "remote.url":
			if subsection == "origin" {
				read.origin = value
			}
		}
	})
	read.unknown = stated.unknown()
	if err != nil {
		return read, fmt.Errorf("parse the configuration: %w", err)
	}
	return read, nil
}

// isTrue reads a boolean of a configuration.
func isTrue(value string) bool {
	switch strings.ToLower(value) {
	case "true", "yes", "on", "1":
		return true
	}
	return false
}
