package report

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// lines is the sink of jsonl: a line an event, written as it comes. It keeps nothing of what it is told.
type lines struct {
	w      *bufio.Writer
	stream bool // someone may be reading along: no line is held back
	tool   finding.Tool
	buffer []byte
}

func newLines(w io.Writer) *lines {
	return &lines{w: bufio.NewWriterSize(w, 64<<10), stream: !isRegular(w)}
}

// isRegular reports whether w is a file on disk, where nobody waits for a line.
func isRegular(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

func (s *lines) Begin(tool finding.Tool, _ finding.Scan) error {
	s.tool = tool
	return nil
}

func (s *lines) Event(event finding.Event) error {
	if ended, ok := event.(finding.Ended); ok && ended.Tool == (finding.Tool{}) {
		ended.Tool = s.tool
		event = ended
	}
	line, err := finding.MarshalEvent(event)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	s.buffer = append(plainJSON(s.buffer[:0], line), '\n')
	if _, err := s.w.Write(s.buffer); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if s.stream {
		return s.Close()
	}
	return nil
}

func (s *lines) Close() error {
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
