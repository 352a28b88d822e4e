package scanner

import "github.com/jwtleak/jwtleak/scanner/finding"

// A Sink is told what a scan finds, as it happens. The engine calls it from one goroutine at a time.
type Sink interface {
	// Begin is called once, before all events, with what is known of the scan beforehand.
	Begin(tool finding.Tool, scan finding.Scan) error
	// Event tells one event. The last of a scan is finding.Ended, also where the scan was interrupted or failed. An
	// error ends the scan.
	Event(event finding.Event) error
}
