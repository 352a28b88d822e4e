package policy

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// IgnoreFile is the name of the ignore file.
const IgnoreFile = ".jwtleakignore"

// An Ignored is one token that is accepted until a day, and why.
type Ignored struct {
	// ID is the token's fingerprint in hex, or its first 16 digits.
	ID string
	// Until is the first moment at which it is accepted no more; zero for never.
	Until time.Time
	// Reason is what the user wrote; never empty.
	Reason string
}

// maxIgnoreLine bounds a line of an ignore file, in bytes.
const maxIgnoreLine = 4096

// ReadIgnored reads an ignore file: a line a token, blank lines and those that begin with '#' left out.
//
//	<fingerprint or id>  <last day, YYYY-MM-DD, or '-'>  <reason>
//
// The error names the file by the name given, and the line.
func ReadIgnored(name string, r io.Reader) ([]Ignored, error) {
	var ignored []Ignored
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxIgnoreLine)
	number := 0
	for lines.Scan() {
		number++
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		one, err := parseIgnored(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number, err)
		}
		ignored = append(ignored, one)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, number+1, err)
	}
	return ignored, nil
}

func parseIgnored(line string) (Ignored, error) {
	id, rest := word(line)
	day, reason := word(rest)
	one := Ignored{ID: strings.ToLower(id), Reason: reason}
	if _, err := hex.DecodeString(one.ID); err != nil || (len(one.ID) != 16 && len(one.ID) != 64) {
		return one, errors.New("expected a fingerprint of 64 hex digits or an id of 16 first; never write the token itself")
	}
	if day != "-" {
		last, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return one, errors.New("expected the last day as YYYY-MM-DD, or '-' for none, after the fingerprint")
		}
		one.Until = last.AddDate(0, 0, 1)
	}
	if one.Reason == "" {
		return one, errors.New("expected a reason after the last day")
	}
	return one, nil
}

// word returns the first word of a text, and what follows the white space behind it.
func word(text string) (first, rest string) {
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		return text[:i], strings.TrimSpace(text[i:])
	}
	return text, ""
}
