package git

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A bundleHeader is what stands in a bundle in front of its pack (gitformat-bundle(5)).
type bundleHeader struct {
	objectFormat string
	// partial is set where the bundle was made with a filter, so that objects are missing on purpose.
	partial bool
	// prerequisites are the commits that whoever unpacks the bundle must have: it has what came after them.
	prerequisites []history.Name
	refs          *refTable
	// size is the length of the header in bytes: where the pack begins.
	size int64
}

// maxBundleHeader bounds the header of a bundle, in bytes.
const maxBundleHeader = 256 << 20

var errBundle = errors.New("malformed bundle header")

// readBundleHeader reads the header of a bundle.
func readBundleHeader(r io.Reader) (*bundleHeader, error) {
	header := &bundleHeader{objectFormat: "sha1", refs: &refTable{values: map[string]string{}}}
	lines := bufio.NewReader(io.LimitReader(r, maxBundleHeader))
	for first := true; ; first = false {
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("%w: no end", errBundle)
		}
		header.size += int64(len(line))
		switch {
		case first && line != bundleV2 && line != bundleV3:
			return nil, fmt.Errorf("%w: neither version 2 nor 3", errBundle)
		case first:
		case line == "\n":
			return header, nil
		default:
			if err := header.line(strings.TrimSuffix(line, "\n")); err != nil {
				return nil, err
			}
		}
	}
}

func (h *bundleHeader) line(line string) error {
	if capability, ok := strings.CutPrefix(line, "@"); ok {
		key, value, _ := strings.Cut(capability, "=")
		switch key {
		case "object-format":
			h.objectFormat = value
		case "filter":
			h.partial = true
		}
		return nil
	}
	text, isPrerequisite := strings.CutPrefix(line, "-")
	object, ref, _ := strings.Cut(text, " ")
	if !isObjectName(object) {
		return fmt.Errorf("%w: a line that is no reference", errBundle)
	}
	if !isPrerequisite {
		h.refs.values[ref] = strings.ToLower(object)
		return nil
	}
	name, err := history.ParseName(object)
	h.prerequisites = append(h.prerequisites, name)
	return err
}
