package policy

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/goccy/go-yaml/ast"

	"github.com/jwtleak/jwtleak/detectors/encoding"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/fs"
)

// ConfigurationFile is the name of the configuration file.
const ConfigurationFile = ".jwtleak.yaml"

// MisnamedFile is a name that other programs' configuration files have, and ours has not: one name is one policy.
const MisnamedFile = ".jwtleak.yml"

// A File is a configuration file. A flag on the command line wins over what stands here.
type File struct {
	// Include and Exclude are gitignore-style patterns, added to those of the command line.
	Include, Exclude []string
	// FailOn is what makes exit code 1: a severity and above, statuses, or none.
	FailOn []string
	// MaxLifetime, MaxFileSize, MaxDepth and MaxExpansion are the flags of these names; zero and empty where they are not
	// there.
	MaxLifetime  time.Duration
	MaxFileSize  string
	MaxDepth     int
	MaxExpansion int64
	// Allow accepts tokens by what they say.
	Allow Allow
}

// Allow names tokens that are accepted by what they say of themselves. Whoever makes a token chooses what it says: this
// is for the issuers of test tokens.
type Allow struct {
	Issuers, Audiences []string
}

// maxFile bounds a configuration file, in bytes.
const maxFile = 64 << 10

// ReadFile reads a configuration file. A key that it does not know, and a value that can't be, is an error that names the
// file by the name given, the line, and the key.
func ReadFile(name string, r io.Reader) (File, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(text) > maxFile {
		return File{}, fmt.Errorf("%s: larger than %d KiB", name, maxFile>>10)
	}
	var file File
	if err := readMapping(text, file.keys()); err != nil {
		var fault lineError
		if errors.As(err, &fault) && fault.line > 0 {
			return File{}, fmt.Errorf("%s:%d: %w", name, fault.line, fault.error)
		}
		return File{}, fmt.Errorf("%s: %w", name, err)
	}
	return file, nil
}

// keys says how the value of each key is read.
func (f *File) keys() keys {
	return keys{
		"include":       listOf(&f.Include, glob),
		"exclude":       listOf(&f.Exclude, glob),
		"fail-on":       f.readFailOn,
		"max-lifetime":  one(f.readMaxLifetime),
		"max-file-size": one(f.readMaxFileSize),
		"max-depth":     one(f.readMaxDepth),
		"max-expansion": one(f.readMaxExpansion),
		"allow":         f.readAllow,
	}
}

func (f *File) readAllow(key string, value ast.Node) error {
	return readKeys(key+".", value, keys{"issuers": listOf(&f.Allow.Issuers, notEmpty), "audiences": listOf(&f.Allow.Audiences, notEmpty)})
}

func (f *File) readFailOn(key string, value ast.Node) error {
	if err := listOf(&f.FailOn, severityOrStatus)(key, value); err != nil {
		return err
	}
	switch {
	case len(f.FailOn) == 0:
		return at(value, fmt.Errorf("%s: says nothing: give [none] to fail on nothing", key))
	case len(f.FailOn) > 1 && slices.Contains(f.FailOn, "none"):
		return at(value, fmt.Errorf("%s: none stands alone", key))
	}
	return nil
}

func severityOrStatus(word string) error {
	if word != "none" && !slices.Contains(finding.Severities(), finding.Severity(word)) && !slices.Contains(finding.Statuses(), finding.Status(word)) {
		return fmt.Errorf("%.40q is unknown: give a severity (critical, high, ...), statuses (live, no_expiry, ...) or none", encoding.Redact(word))
	}
	return nil
}

func (f *File) readMaxLifetime(text string) (err error) {
	if f.MaxLifetime, err = time.ParseDuration(text); err != nil || f.MaxLifetime <= 0 {
		return fmt.Errorf("%.40q is no duration, such as 24h or 90m", encoding.Redact(text))
	}
	return nil
}

func (f *File) readMaxFileSize(text string) error {
	if _, err := humanize.ParseBytes(text); err != nil {
		return fmt.Errorf("%.40q is no size, such as 512, 10MB or 4GiB", encoding.Redact(text))
	}
	f.MaxFileSize = text
	return nil
}

func (f *File) readMaxDepth(text string) (err error) {
	if f.MaxDepth, err = strconv.Atoi(text); err != nil || f.MaxDepth < 1 {
		return fmt.Errorf("%.40q is no whole number from 1 up", encoding.Redact(text))
	}
	return nil
}

func (f *File) readMaxExpansion(text string) (err error) {
	if f.MaxExpansion, err = strconv.ParseInt(text, 10, 64); err != nil || f.MaxExpansion < 1 {
		return fmt.Errorf("%.40q is no whole number from 1 up", encoding.Redact(text))
	}
	return nil
}

func glob(pattern string) error {
	if err := fs.CheckPattern(pattern); err != nil {
		return fmt.Errorf("%.80q is no pattern: %w", encoding.Redact(pattern), err)
	}
	return nil
}

func notEmpty(text string) error {
	if text == "" {
		return errors.New("an entry is empty")
	}
	return nil
}
