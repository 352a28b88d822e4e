package git

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
	"github.com/jwtleak/jwtleak/scanner/source/git/pack"
)

// A bundleHeader is what stands in a bundle in front of its pack (gitformat-bundle(5)).
type bundleHeader struct {
	objectFormat string
	// partial is set where the bundle was made with a filter, so that objects are missing on purpose.
	partial bool
	// unknown says which capabilities are not known.
	unknown []string
	// prerequisites are the commits that whoever unpacks the bundle must have: it has what came after them.
	prerequisites []history.Name
	refs          *refTable
	// size is the length of the header in bytes: where the pack begins.
	size int64
}

// loadBundle opens a repository that is a bundle, or a pack alone. The pack of a bundle is copied to a temporary file, which
// goes when the store is closed.
func (r *reading) loadBundle() error {
	if isPack(r.location.Bundle) {
		return r.loadPack()
	}
	file, err := os.Open(r.location.Bundle)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	header, err := readBundleHeader(file)
	if err != nil {
		return err
	}
	r.refs, r.prerequisites = header.refs, header.prerequisites
	r.configuration = configuration{objectFormat: header.objectFormat, partial: header.partial, unknown: header.unknown}
	dir, err := os.MkdirTemp("", "jwtleak-bundle-")
	if err != nil {
		return err
	}
	r.store, err = r.openUnpacked(dir, file, header.size)
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	return nil
}

// loadPack opens a pack alone, with the index beside it where there is one that is right. Its name says how long those of
// its objects are: it is itself such a one.
func (r *reading) loadPack() (err error) {
	path := r.location.Bundle
	r.configuration.objectFormat = "sha1"
	if name, _ := packName(path); len(name) == 2*sha256Size {
		r.configuration.objectFormat = "sha256"
	}
	r.refs = &refTable{values: map[string]string{}}
	r.store, err = pack.OpenPack(r.ctx, path, path, pack.Options{NameSize: r.nameSize(), Jobs: r.jobs})
	return err
}

// openUnpacked copies the pack that begins at offset to a directory and opens it there.
func (r *reading) openUnpacked(dir string, file *os.File, offset int64) (objectStore, error) {
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, "bundle.pack")
	copied, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(copied, &cancelReader{r.ctx, file})
	if err := errors.Join(err, copied.Close()); err != nil {
		return nil, err
	}
	store, err := pack.OpenPack(r.ctx, name, r.location.Bundle, pack.Options{NameSize: r.nameSize(), Jobs: r.jobs})
	if err != nil {
		return nil, err
	}
	return &temporaryStore{objectStore: store, dir: dir}, nil
}

// A temporaryStore takes its directory with it.
type temporaryStore struct {
	objectStore
	dir string
}

// Close implements objectStore.
func (s *temporaryStore) Close() error {
	return errors.Join(s.objectStore.Close(), os.RemoveAll(s.dir))
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
			if value != "sha1" && value != "sha256" {
				h.unknown = append(h.unknown, fmt.Sprintf("the object format is %q, which is not known", value))
			}
		case "filter":
			h.partial = true
		default:
			h.unknown = append(h.unknown, fmt.Sprintf("the capability %q is not known", key))
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

// A cancelReader ends with its context.
type cancelReader struct {
	ctx    context.Context // of the one read that it is made for
	reader io.Reader
}

// Read implements io.Reader.
func (r *cancelReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.reader.Read(b)
}
