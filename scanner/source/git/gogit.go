package git

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// A goGitStore reads objects with go-git, plainly.
type goGitStore struct{ storage *filesystem.Storage }

// openObjects opens the objects below the directory of a repository.
func openObjects(commonDir string) (objectStore, error) {
	if _, err := os.ReadDir(filepath.Join(commonDir, "objects")); err != nil {
		return nil, fmt.Errorf("open the objects: %w", err)
	}
	return newGoGitStore(commonDir), nil
}

func newGoGitStore(commonDir string) *goGitStore {
	options := filesystem.Options{AlternatesFS: osfs.New("/")}
	return &goGitStore{filesystem.NewStorageWithOptions(osfs.New(commonDir), cache.NewObjectLRUDefault(), options)}
}

// openPack opens the objects of a pack that is a stream, which it writes to a directory.
func openPack(dir string, pack io.Reader) (objectStore, error) {
	s := newGoGitStore(dir)
	w, err := s.storage.PackfileWriter()
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	_, err = io.Copy(w, pack)
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return s, nil
}

// Sweep implements objectStore.
func (s *goGitStore) Sweep(ctx context.Context, _ int, types []objectType, visit func(object) error, problem func(path, reason string)) error {
	for _, kind := range types {
		iter, err := s.storage.IterEncodedObjects(map[objectType]plumbing.ObjectType{
			typeCommit: plumbing.CommitObject, typeTree: plumbing.TreeObject, typeBlob: plumbing.BlobObject, typeTag: plumbing.TagObject,
		}[kind])
		if err != nil {
			return fmt.Errorf("list objects: %w", err)
		}
		var failed error
		err = iter.ForEach(func(encoded plumbing.EncodedObject) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			read, err := decode(encoded)
			if err != nil {
				return err
			}
			failed = visit(read)
			return failed
		})
		if failed != nil || ctx.Err() != nil {
			return err
		}
		if err != nil {
			problem(kind.String(), "not all objects could be read: "+err.Error())
		}
	}
	return nil
}

func decode(encoded plumbing.EncodedObject) (object, error) {
	hash := encoded.Hash()
	read := object{Name: history.NameOf(hash[:]), Size: encoded.Size()}
	switch encoded.Type() {
	case plumbing.CommitObject:
		read.Type = typeCommit
	case plumbing.TreeObject:
		read.Type = typeTree
	case plumbing.BlobObject:
		read.Type = typeBlob
	case plumbing.TagObject:
		read.Type = typeTag
	}
	r, err := encoded.Reader()
	if err != nil {
		return read, err
	}
	defer r.Close() //nolint:errcheck // nothing was written
	read.Bytes, err = io.ReadAll(r)
	return read, err
}

// Read implements objectStore.
func (s *goGitStore) Read(name history.Name) (object, error) {
	encoded, err := s.storage.EncodedObject(plumbing.AnyObject, plumbing.NewHash(name.String()))
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return object{}, errNotFound
	}
	if err != nil {
		return object{}, err
	}
	return decode(encoded)
}

// Has implements objectStore.
func (s *goGitStore) Has(name history.Name) bool {
	return s.storage.HasEncodedObject(plumbing.NewHash(name.String())) == nil
}

// HasPromisor implements objectStore.
func (s *goGitStore) HasPromisor() bool { return false }

// Close implements objectStore.
func (s *goGitStore) Close() error { return nil }
