package policy

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// maxNesting is how deep lists and maps may lie in each other.
const maxNesting = 16

// A lineError is an error at a line of a file.
type lineError struct {
	line int
	error
}

func (e lineError) Unwrap() error { return e.error }

// at says where an error is: at the line of a node.
func at(node ast.Node, err error) error {
	if node == nil || node.GetToken() == nil || node.GetToken().Position == nil {
		return err
	}
	return lineError{node.GetToken().Position.Line, err}
}

// keys are those that a map may have, each with what reads its value.
type keys map[string]func(key string, value ast.Node) error

// readMapping reads a text that is one map in YAML, or nothing.
func readMapping(text []byte, known keys) error {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if err := plain(text); err != nil {
		return err
	}
	file, err := parse(text)
	if err != nil {
		return err
	}
	var body ast.Node
	for _, document := range file.Docs {
		switch document.Body.(type) {
		case nil, *ast.CommentGroupNode, *ast.DirectiveNode:
			continue
		}
		switch {
		case body != nil:
			return at(document.Body, errors.New("a second document, where there can be one"))
		default:
			body = document.Body
		}
	}
	return readKeys("", body, known)
}

// readKeys reads a map's values. The prefix is of the names that errors have for its keys.
func readKeys(prefix string, node ast.Node, known keys) error {
	var entries []*ast.MappingValueNode
	switch node := node.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{node}
	case *ast.MappingNode:
		entries = node.Values
	default:
		return at(node, errors.New(strings.TrimSpace(nameOf(prefix)+" expected keys and values: "+list(known))))
	}
	read := map[string]bool{}
	for _, entry := range entries {
		key, _ := textOf(entry.Key)
		reader, ok := known[key]
		switch {
		case !ok:
			return at(entry.Key, fmt.Errorf("unknown key %.40q: it is one of %s", encoding.Redact(prefix+key), list(known)))
		case read[key]:
			return at(entry.Key, fmt.Errorf("%s%s: stands here twice", prefix, key))
		}
		read[key] = true
		if err := reader(prefix+key, entry.Value); err != nil {
			if errors.As(err, new(lineError)) {
				return err
			}
			return at(entry.Key, err)
		}
	}
	return nil
}

func nameOf(prefix string) string {
	if prefix == "" {
		return ""
	}
	return strings.TrimSuffix(prefix, ".") + ":"
}

func list(known keys) string { return strings.Join(slices.Sorted(maps.Keys(known)), ", ") }

// listOf reads a list of texts, each checked. One that is empty has no texts.
func listOf(into *[]string, check func(string) error) func(string, ast.Node) error {
	return func(key string, value ast.Node) error {
		if _, none := value.(*ast.NullNode); none || value == nil {
			return nil
		}
		sequence, ok := value.(*ast.SequenceNode)
		if !ok {
			return at(value, fmt.Errorf("%s: expected a list, as in %s: [one, two]", key, key))
		}
		for _, entry := range sequence.Values {
			text, ok := textOf(entry)
			if !ok {
				return at(entry, fmt.Errorf("%s: expected text in the list", key))
			}
			if err := check(text); err != nil {
				return at(entry, fmt.Errorf("%s: %w", key, err))
			}
			*into = append(*into, text)
		}
		return nil
	}
}

// one reads a single text or number.
func one(read func(string) error) func(string, ast.Node) error {
	return func(key string, value ast.Node) error {
		text, ok := textOf(value)
		if !ok {
			return fmt.Errorf("%s: expected one value", key)
		}
		if err := read(text); err != nil {
			return at(value, fmt.Errorf("%s: %w", key, err))
		}
		return nil
	}
}

// textOf returns what is written in place of a text, number or truth value.
func textOf(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.LiteralNode:
		return node.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return node.GetToken().Value, true
	default:
		return "", false
	}
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
			return lineError{line, errors.New("anchors and aliases are not taken here")}
		case token.SequenceStartType, token.MappingStartType:
			nesting++
		case token.SequenceEndType, token.MappingEndType:
			nesting--
		case token.SequenceEntryType, token.MappingKeyType:
			entries++
		default:
		}
		if nesting > maxNesting || entries > maxNesting {
			return lineError{line, errors.New("nested too deep")}
		}
	}
	return nil
}

// parse contains the panics that the library has on some broken files, and says where an error is and what in one line,
// without the excerpt of the file that the library draws.
func parse(text []byte) (file *ast.File, err error) {
	defer func() {
		if recover() != nil {
			file, err = nil, errors.New("no YAML that can be read")
		}
	}()
	file, err = parser.ParseBytes(text, 0)
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil && located.GetToken().Position != nil {
		return nil, lineError{located.GetToken().Position.Line, errors.New(located.GetMessage())}
	}
	return file, err
}
