package cmd

import (
	"fmt"
	"io"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/jwtleak/jwtleak/scanner"
)

// progressInterval is how often the progress line is drawn.
const progressInterval = 150 * time.Millisecond

// startProgress draws how far the scan is on stderr until stop is called, which removes the line again.
func startProgress(mode switchMode, quiet bool, stderr io.Writer, counters *scanner.Counters) (stop func()) {
	width, terminal := terminalWidth(stderr)
	if quiet || mode == switchOff || (mode == switchAuto && !terminal) {
		return func() {}
	}
	if width == 0 {
		width = 80
	}
	container := mpb.New(mpb.WithOutput(stderr), mpb.WithWidth(width), mpb.WithRefreshRate(progressInterval), mpb.WithAutoRefresh())
	bar := container.New(0, mpb.BarStyle().Rbound("]").Lbound("["),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersKibiByte("% .1f / % .1f")),
		mpb.AppendDecorators(
			decor.AverageSpeed(decor.SizeB1024(0), "% .1f"),
			decor.Name(" "),
			decor.OnPredicate(decor.AverageETA(decor.ET_STYLE_GO), func() bool { return counters.Total.Load() > 0 }),
			decor.Any(func(decor.Statistics) string { return fmt.Sprintf(" %d found", counters.Findings.Load()) }),
		))
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
				current := counters.Bytes.Load()
				bar.SetTotal(max(counters.Total.Load(), current+1), false)
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
