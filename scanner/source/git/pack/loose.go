package pack

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/klauspost/compress/zlib"

	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// loosePath returns where a loose object is (gitrepository-layout(5)).
func loosePath(dir string, name history.Name) string {
	digits := name.String()
	return filepath.Join(dir, digits[:2], digits[2:])
}

// A looseObject is one that is being read.
type looseObject struct {
	Object
	file   *os.File
	stream io.Reader // passes what is read to sum
	sum    hash.Hash
	// plausible is the size, or where it claims more than a file as long as it is can have, what that can have at most.
	plausible int64
}

// errMisnamed is the error of an object that is whole, and another one than its name says.
var errMisnamed = fmt.Errorf("its content is not what its name says: %w", errCorrupt)

// check checks the name, once the content has been read to its end.
func (o *looseObject) check() error { return checkSum(o.sum, o.Name) }

// checkSum checks the name of an object whose header and content a hash has seen.
func checkSum(sum hash.Hash, name history.Name) error {
	if !bytes.Equal(sum.Sum(nil), name.Bytes()) {
		return errMisnamed
	}
	return nil
}

func (o *looseObject) close() { _ = o.file.Close() } // opened for reading only

// openLoose opens a loose object and reads its header.
func openLoose(dir string, name history.Name) (*looseObject, error) {
	path := loosePath(dir, name)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	object := &looseObject{Object: Object{Name: name}, file: file}
	if err := object.readHeader(); err != nil {
		object.close()
		return nil, err
	}
	return object, nil
}

func (o *looseObject) readHeader() error {
	inflated, err := zlib.NewReader(bufio.NewReader(o.file))
	if err != nil {
		return err
	}
	stream := bufio.NewReader(inflated)
	head, err := stream.ReadSlice(0)
	if err != nil || len(head) > 40 {
		return fmt.Errorf("its header: %w", errCorrupt)
	}
	word, size, _ := bytes.Cut(head[:len(head)-1], []byte{' '})
	var ok bool
	if o.Type, ok = typeOf(string(word)); !ok {
		return fmt.Errorf("its type: %w", errCorrupt)
	}
	if o.Size, err = strconv.ParseInt(string(size), 10, 64); err != nil || o.Size < 0 {
		return fmt.Errorf("its size: %w", errCorrupt)
	}
	info, err := o.file.Stat()
	if err != nil {
		return err
	}
	o.plausible = min(o.Size, info.Size()*maxRatio)
	o.sum = newSum(len(o.Name.Bytes()))
	_, _ = o.sum.Write(head) // a hash takes all
	o.stream = io.TeeReader(stream, o.sum)
	return nil
}

// readLoose reads a loose object whole. The error of one that is larger than most, where that is set, is errLarge.
func readLoose(dir string, name history.Name, most int64) (Object, error) {
	object, err := openLoose(dir, name)
	if err != nil {
		return Object{}, err
	}
	defer object.close()
	if most > 0 && object.Size > most {
		return object.Object, errLarge
	}
	whole, err := object.whole()
	if err == nil {
		err = object.check()
	}
	return whole, err
}

// whole reads the content. A size that the header claims is not believed before so much has come.
func (o *looseObject) whole() (Object, error) {
	if o.Size > maxObject {
		return Object{}, errTooLarge
	}
	var content bytes.Buffer
	content.Grow(int(min(o.Size, 1<<20)))
	n, err := io.Copy(&content, io.LimitReader(o.stream, o.Size+1))
	if err != nil {
		return Object{}, err
	}
	if n != o.Size {
		return Object{}, fmt.Errorf("its size: %w", errCorrupt)
	}
	o.Bytes = content.Bytes()
	return o.Object, nil
}

// errOtherFormat is the error of objects that have names of another length than the repository's, so that it is damaged
// what the configuration says of them.
var errOtherFormat = errors.New("objects of another object format than the configuration says (extensions.objectFormat): not read")

// looseNames calls yield for each loose object whose name begins with so many hex digits as a directory has.
func looseNames(dir string, first byte, nameSize int, yield func(history.Name) error) error {
	entries, err := os.ReadDir(filepath.Join(dir, fmt.Sprintf("%02x", first)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var other error
	for _, entry := range entries {
		name, err := history.ParseName(fmt.Sprintf("%02x", first) + entry.Name())
		if err != nil {
			continue // temporary files stand there too
		}
		if len(name.Bytes()) != nameSize {
			other = errOtherFormat
			continue
		}
		if err := yield(name); err != nil {
			return err
		}
	}
	return other
}
