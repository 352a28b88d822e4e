package reading

import (
	"context"
	"io"
	"sync"

	"github.com/jwtleak/jwtleak/detectors"
)

// Stream takes the text that r has through the detector and tells found each sighting, in order, on the caller's
// goroutine. What has come is looked at before more is waited for, so a token in a slow stream is told as soon as what
// follows shows that it has ended. It returns the number of bytes read. The error is the context's, r's, or found's,
// which ends the reading.
func Stream(ctx context.Context, r io.Reader, detector detectors.Detector, found func(Sighting) error) (int64, error) {
	p := pass{detector: detector, limit: -1, found: found, line: newLines()}
	return p.run(ctx, r)
}

// Bytes is Stream for a text in memory, which is not copied. The text stays the caller's.
func Bytes(ctx context.Context, text []byte, detector detectors.Detector, found func(Sighting) error) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	p := passes.Get().(*pass)
	defer passes.Put(p)
	*p = pass{detector: detector, limit: -1, found: found, line: newLines()}
	_, err := p.look(ctx, text, 0, true)
	*p = pass{}
	return int64(len(text)), err
}

// passes are used again: there is one for each of many thousand small files, and of objects in git.
var passes = sync.Pool{New: func() any { return new(pass) }}
