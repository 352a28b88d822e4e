package git

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/config"
)

// maxConfig bounds the configuration that is read, in bytes.
const maxConfig = 4 << 20

// A configuration is what is read, as data, from a repository's own configuration file. Nothing else in it has any
// effect: no included file is opened, no command is run, no path is followed. Neither the user's nor the system's
// configuration is read. This is why go-git opens its formats here and not the repository: it would refuse one whose
// configuration names an extension it does not know.
type configuration struct {
	// objectFormat is sha1 or sha256 (extensions.objectFormat).
	objectFormat string
	// partial is set where objects may be missing on purpose: a promisor remote has them.
	partial bool
	// origin is the URL of the remote of that name.
	origin string
}

func readConfiguration(location Location) (configuration, error) {
	read := configuration{objectFormat: "sha1"}
	content, err := readSmall(filepath.Join(location.CommonDir, "config"), maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return read, nil
	}
	if err != nil {
		return read, err
	}
	parsed := config.New()
	// A file that can't be parsed to its end has given its sections until there.
	err = config.NewDecoder(bytes.NewReader(content)).Decode(parsed)
	for _, section := range parsed.Sections {
		switch strings.ToLower(section.Name) {
		case "extensions":
			if format := section.Option("objectFormat"); format != "" {
				read.objectFormat = strings.ToLower(format)
			}
			read.partial = read.partial || section.Option("partialClone") != ""
		case "remote":
			for _, remote := range section.Subsections {
				read.partial = read.partial || isTrue(remote.Option("promisor"))
				if remote.Name == "origin" {
					read.origin = remote.Option("url")
				}
			}
		}
	}
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
