package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// ConfigurationFile is the name of the configuration file.
const ConfigurationFile = ".jwtleak.yaml"

// A File is a configuration file. A flag on the command line wins over what stands here.
type File struct {
	// Include and Exclude are gitignore-style patterns, added to those of the command line.
	Include []string `yaml:"include"`
	Exclude []string `yaml:"exclude"`
	// FailOn is what makes exit code 1: a severity and above, statuses, or none.
	FailOn []string `yaml:"fail-on"`
	// MaxLifetime, MaxFileSize, MaxDepth and MaxExpansion are the flags of these names.
	MaxLifetime  Duration `yaml:"max-lifetime"`
	MaxFileSize  string   `yaml:"max-file-size"`
	MaxDepth     *int     `yaml:"max-depth"`
	MaxExpansion int64    `yaml:"max-expansion"`
	// Allow accepts tokens by what they say.
	Allow Allow `yaml:"allow"`
}

// Allow names tokens that are accepted by what they say of themselves. Whoever makes a token chooses what it says: this
// is for the issuers of test tokens.
type Allow struct {
	Issuers   []string `yaml:"issuers"`
	Audiences []string `yaml:"audiences"`
}

// A Duration is a time.Duration written as Go writes it: 36h, 90m.
type Duration time.Duration

// UnmarshalYAML reads the duration from its text.
func (d *Duration) UnmarshalYAML(text []byte) error {
	parsed, err := time.ParseDuration(string(bytes.Trim(bytes.TrimSpace(text), `"'`)))
	if err != nil || parsed <= 0 {
		return errors.New("expected a duration such as 24h")
	}
	*d = Duration(parsed)
	return nil
}

// maxFile bounds a configuration file, in bytes, and maxNesting how deep lists and maps lie in each other.
const (
	maxFile    = 64 << 10
	maxNesting = 16
)

// ReadFile reads a configuration file. A key it does not know is an error; errors name the line.
func ReadFile(r io.Reader) (File, error) {
	var file File
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return file, err
	}
	if len(text) > maxFile {
		return file, fmt.Errorf("larger than %d KiB", maxFile>>10)
	}
	if err := plain(text); err != nil {
		return file, err
	}
	if err := unmarshal(text, &file); err != nil && !errors.Is(err, io.EOF) {
		return File{}, inOneLine(err)
	}
	return file, nil
}

// plain refuses what no configuration needs and what a small file grows without bound by: anchors and aliases, and lists
// and maps that lie many deep in each other. The library's reader takes gigabytes for a few thousand brackets.
func plain(text []byte) error {
	nesting, line, entries := 0, 0, 0
	for _, part := range lexer.Tokenize(string(text)) {
		if part.Position != nil && part.Position.Line != line {
			line, entries = part.Position.Line, 0
		}
		switch part.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return fmt.Errorf("line %d: anchors and aliases are not taken here", line)
		case token.SequenceStartType, token.MappingStartType:
			nesting++
		case token.SequenceEndType, token.MappingEndType:
			nesting--
		case token.SequenceEntryType, token.MappingKeyType:
			entries++
		default:
		}
		if nesting > maxNesting || entries > maxNesting {
			return fmt.Errorf("line %d: nested too deep", line)
		}
	}
	return nil
}

// unmarshal contains the panics that the library has on some broken files.
func unmarshal(text []byte, file *File) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("no YAML that can be read")
		}
	}()
	return yaml.UnmarshalWithOptions(text, file, yaml.Strict())
}

// inOneLine says where a YAML error is and what, without the excerpt of the file that the library draws.
func inOneLine(err error) error {
	var located yaml.Error
	if !errors.As(err, &located) || located.GetToken() == nil || located.GetToken().Position == nil {
		return err
	}
	return fmt.Errorf("line %d: %s", located.GetToken().Position.Line, located.GetMessage())
}
