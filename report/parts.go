package report

import (
	"bytes"
	"cmp"
	"io"
	"runtime"
	"sync"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// together is how many findings are encoded at once by one goroutine.
const together = 64

// A partEncoder writes some of a list's findings, which are the first of it or not.
type partEncoder func(findings []finding.Finding, first bool) error

// A part is some of a list's findings as they are written.
type part struct {
	text   bytes.Buffer
	encode partEncoder // to text
	err    error
}

// writeParts writes a list's findings, in its order. Several goroutines encode them, each with an encoder of its own, since
// nothing else is left to do when a report is written.
func writeParts(w io.Writer, findings []finding.Finding, newEncoder func(w io.Writer) partEncoder) (err error) {
	workers := max(1, min(runtime.GOMAXPROCS(0), len(findings)/together))
	queue := make(chan chan *part, workers)
	written := sync.Pool{New: func() any {
		p := &part{}
		p.encode = newEncoder(&p.text)
		return p
	}}
	go func() {
		defer close(queue)
		slots := make(chan struct{}, workers)
		for start := 0; start < len(findings); start += together {
			done := make(chan *part, 1)
			slots <- struct{}{}
			queue <- done
			go func() {
				p := written.Get().(*part)
				p.text.Reset()
				p.err = p.encode(findings[start:min(start+together, len(findings))], start == 0)
				done <- p
				<-slots
			}()
		}
	}()
	for done := range queue {
		p := <-done
		if err = cmp.Or(err, p.err); err == nil {
			_, err = w.Write(p.text.Bytes())
		}
		written.Put(p)
	}
	return err
}
