package git

import (
	"bytes"
	"fmt"
	"strings"
)

// The configuration is parsed here and not by go-git, which refuses forms that git takes: a variable on the line of its
// section, and [section.subsection].

// A configParser reads a configuration file (git-config(1), "Syntax").
type configParser struct {
	rest []byte
	line int
	// section is in lower case, and has no subsection where that is empty.
	section, subsection string
}

// parseConfig calls yield for each variable, with section and key in lower case. A variable without a value is true. It
// reads on behind what is malformed, and returns an error with the first such line.
func parseConfig(content []byte, yield func(section, subsection, key, value string)) error {
	p := &configParser{rest: bytes.TrimPrefix(content, []byte("\ufeff")), line: 1}
	faulty := 0
	for p.space(); len(p.rest) > 0; p.space() {
		text, line, ok := p.rest, p.line, true
		switch p.rest[0] {
		case '#', ';':
			p.skipLine()
		case '[':
			ok = p.header()
		default:
			var key, value string
			if key, value, ok = p.variable(); ok {
				yield(p.section, p.subsection, key, value)
			}
		}
		if !ok {
			if faulty == 0 {
				faulty = line
			}
			p.rest, p.line = text, line
			p.skipLine()
		}
	}
	if faulty > 0 {
		return fmt.Errorf("line %d is malformed", faulty)
	}
	return nil
}

// next takes the next byte; a zero at the end.
func (p *configParser) next() byte {
	if len(p.rest) == 0 {
		return 0
	}
	c := p.rest[0]
	p.rest = p.rest[1:]
	if c == '\n' {
		p.line++
	}
	return c
}

func (p *configParser) skipLine() {
	for len(p.rest) > 0 && p.rest[0] != '\n' {
		p.next()
	}
}

func (p *configParser) space() {
	for len(p.rest) > 0 && strings.IndexByte(" \t\r\n", p.rest[0]) >= 0 {
		p.next()
	}
}

// name takes letters, digits, hyphens and what else is given.
func (p *configParser) name(more string) string {
	n := 0
	for n < len(p.rest) {
		c := p.rest[n]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && strings.IndexByte(more, c) < 0 {
			break
		}
		n++
	}
	name := strings.ToLower(string(p.rest[:n]))
	p.rest = p.rest[n:]
	return name
}

// header reads [section], [section "subsection"] or [section.subsection].
func (p *configParser) header() bool {
	p.next()
	name := p.name(".")
	p.section, p.subsection, _ = strings.Cut(name, ".")
	c := p.next()
	for c == ' ' || c == '\t' {
		c = p.next()
	}
	if c == '"' {
		var subsection []byte
		for c = p.next(); c != '"'; c = p.next() {
			if c == '\\' {
				c = p.next()
			}
			if c == '\n' || len(p.rest) == 0 {
				return false
			}
			subsection = append(subsection, c)
		}
		p.subsection = string(subsection)
		c = p.next()
	}
	return c == ']' && name != ""
}

// variable reads a key and its value, to the end of the line.
func (p *configParser) variable() (key, value string, ok bool) {
	key = p.name("")
	for len(p.rest) > 0 && strings.IndexByte(" \t\r", p.rest[0]) >= 0 {
		p.next()
	}
	switch {
	case key == "":
		return "", "", false
	case len(p.rest) == 0 || strings.IndexByte("\n#;", p.rest[0]) >= 0:
		p.skipLine()
		return key, "true", true
	case p.next() != '=':
		return "", "", false
	}
	value, ok = p.value()
	return key, value, ok
}

// value reads a value: parts of it may be quoted, and a backslash at its end continues it on the next line.
func (p *configParser) value() (string, bool) {
	var value []byte
	quoted, kept := false, 0 // kept is how much of it stays when white space at its end is cut
	for len(p.rest) > 0 && (p.rest[0] != '\n' || quoted) {
		c := p.next()
		switch {
		case c == '\n':
			return "", false // in quotes
		case c == '"':
			quoted = !quoted
			continue
		case !quoted && (c == '#' || c == ';'):
			p.skipLine()
			return string(value[:kept]), true
		case !quoted && (c == ' ' || c == '\t' || c == '\r'):
			if len(value) > 0 {
				value = append(value, c)
			}
			continue
		case c == '\\':
			if c, ok := p.escaped(); !ok {
				return "", false
			} else if c != 0 {
				value = append(value, c)
			}
		default:
			value = append(value, c)
		}
		kept = len(value)
	}
	return string(value[:kept]), !quoted
}

// escaped reads what stands behind a backslash: zero where that is the end of a line.
func (p *configParser) escaped() (byte, bool) {
	if bytes.HasPrefix(p.rest, []byte("\r\n")) {
		p.next()
	}
	switch c := p.next(); c {
	case '\n':
		return 0, true
	case 'n':
		return '\n', true
	case 't':
		return '\t', true
	case 'b':
		return '\b', true
	case '"', '\\':
		return c, true
	}
	return 0, false
}
