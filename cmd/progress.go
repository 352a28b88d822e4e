package cmd

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/cupwriter"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/jwtleak/jwtleak/scanner"
)

// progressInterval is how often the progress line is drawn.
const progressInterval = 150 * time.Millisecond

// progressBeside returns how progress is shown beside a report in format that goes to out. Where lines come to a terminal
// while the scan goes on, they say how far it is, and a bar that removes itself would take the ends of them along.
func (s scanSettings) progressBeside(format string, out io.Writer) switchMode {
	if _, terminal := terminalWidth(out); terminal && format == "jsonl" && s.progressShown == switchAuto {
		return switchOff
	}
	return s.progressShown
}

// startProgress draws how far the scan is on stderr until stop is called, which removes the line again. total is how many
// bytes there are to read, or 0 where that is not known. A dumb terminal can't remove it, so that nothing is drawn there.
func startProgress(mode switchMode, quiet bool, stderr io.Writer, counters *scanner.Counters, total int64) (stop func()) {
	width, terminal := terminalWidth(stderr)
	if quiet || mode == switchOff || (mode == switchAuto && (!terminal || os.Getenv("TERM") == "dumb")) {
		return func() {}
	}
	if width == 0 {
		width = 80
	}
	console := cupwriter.New(fromLineStart{stderr}, false)
	if file, ok := stderr.(*os.File); ok && terminal {
		console.SetTermFd(int(file.Fd()))
	}
	container := mpb.New(mpb.WithConsoleWriter(console), mpb.WithWidth(width), mpb.WithRefreshRate(progressInterval), mpb.WithAutoRefresh())
	bar := newProgressBar(container, counters, total)
	done, drawn := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(drawn)
		ticker := time.NewTicker(progressInterval)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				current := counters.Stored.Load()
				bar.SetTotal(max(total, current+1), false) // a bar that is full would end itself
				bar.SetCurrent(current)
			}
		}
	}()
	return func() {
		close(done)
		<-drawn
		bar.Abort(true)
		container.Wait()
	}
}

// A fromLineStart goes to the start of the line before it writes. Each frame begins with the removal of the last one, from
// the cursor on, and what is typed is echoed there and moves it: behind the ^C of an interrupt, part of the bar would stay.
type fromLineStart struct{ io.Writer }

func (w fromLineStart) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(append([]byte{'\r'}, p...))
	return max(0, n-1), err
}

// newProgressBar puts first what matters most, since a narrow terminal cuts the end off.
func newProgressBar(container *mpb.Progress, counters *scanner.Counters, total int64) *mpb.Bar {
	speed := decor.AverageSpeed(decor.SizeB1024(0), "  % .1f")
	found := decor.Any(func(decor.Statistics) string { return fmt.Sprintf("  %d found", counters.Findings.Load()) })
	if total == 0 {
		read := decor.Any(func(decor.Statistics) string { return readSoFar(counters) })
		return container.New(0, mpb.NopStyle(), mpb.BarRemoveOnComplete(), mpb.PrependDecorators(read, found, speed))
	}
	left := decor.AverageETA(decor.ET_STYLE_GO)
	return container.New(total, mpb.BarStyle().Lbound("[").Rbound("]"), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersKibiByte("% .1f / % .1f"), found, decor.Name("  ")),
		mpb.AppendDecorators(speed, decor.Name("  "), left, decor.Name(" left")))
}

// readSoFar says how far a scan is whose end is not known.
func readSoFar(counters *scanner.Counters) string {
	text := fmt.Sprintf("% .1f", decor.SizeB1024(counters.Stored.Load()))
	if files := counters.Files.Load(); files > 0 {
		text += fmt.Sprintf(", %d files", files)
	}
	if blobs := counters.Blobs.Load(); blobs > 0 {
		text += fmt.Sprintf(", %d blobs", blobs)
	}
	return text
}
