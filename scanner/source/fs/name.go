package fs

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source"
)

// minTelling is the length in bytes of the shortest name that is looked at: that of an unsigned token without claims.
const minTelling = 24

// mayTell reports whether a name may have a token in it: a cache or a session store may call its files by what they are for.
func (s *Source) mayTell(name string) bool {
	return len(name) >= minTelling && s.options.Prefilter != nil && s.options.Prefilter.Index([]byte(name)) >= 0
}

// readName shows the name of what is at a path.
func (s *Source) readName(ctx context.Context, path string, visitor source.Visitor) error {
	text := source.Text{Place: s.place(path), Bytes: []byte(filepath.Base(path)), IsName: true}
	if info, err := os.Lstat(path); err == nil {
		text.Modified = info.ModTime()
	}
	return visitor.Visit(ctx, text)
}

func (s *Source) place(path string) finding.FilePlace {
	return finding.FilePlace{Target: s.options.Target, Path: filepath.ToSlash(strings.TrimPrefix(path, here))}
}
