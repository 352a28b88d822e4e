package container

import (
	"context"
	"io"
)

// A decoded is the output of a decoder: its panics are errors, its bytes are counted, and it ends where it breaks off,
// keeping the cause.
type decoded struct {
	ctx    context.Context
	reader io.Reader
	budget *budget
	err    error // nil until it ends; io.EOF at a sound end
}

// Read implements io.Reader. Its only errors are io.EOF and the context's.
func (d *decoded) Read(p []byte) (n int, err error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	if d.err != nil {
		return 0, io.EOF
	}
	n, d.err = guardedRead(d.reader, p)
	if !d.budget.spend(n) {
		d.err = errExpansion
	}
	if d.err != nil {
		return n, io.EOF
	}
	return n, nil
}

// failure returns what made it break off, nil if nothing did.
func (d *decoded) failure() error {
	if d.err == io.EOF { //nolint:errorlint // a wrapped io.EOF is a text cut short
		return nil
	}
	return d.err
}

// guardedRead reads from a third party's decoder and returns its panic as an error.
func guardedRead(reader io.Reader, p []byte) (n int, err error) {
	defer func() {
		if recover() != nil {
			n, err = 0, errDecoder
		}
	}()
	n, err = reader.Read(p)
	if n < 0 || n > len(p) {
		return 0, errDecoder
	}
	return n, err
}

// guard calls a third party's parser and returns its panic as an error.
func guard(call func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errDecoder
		}
	}()
	return call()
}
