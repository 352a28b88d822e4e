package source

import (
	"context"
	"io"
	"time"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/scanner/finding"
)

// A Source has texts and shows them to a visitor.
type Source interface {
	// Read shows every text of the source to visitor, then returns. What could not be read it tells visitor as a
	// problem and goes on; the error it returns is one that ends the scan of the whole source: a canceled context, an
	// error of the visitor, or a source that is not there at all.
	//
	// A source may call visitor from several goroutines at once, at most jobs of them that work at any time, and has
	// ended them all when Read returns.
	Read(ctx context.Context, jobs int, visitor Visitor) error
}

// A Visitor is shown the texts of a source. The engine is one. All methods may be called from any number of goroutines.
type Visitor interface {
	// Visit reads a text to its end, through containers and wrappings, and tells what tokens are in it. It returns when
	// it is done with the text's buffer or reader. An error ends the scan (canceled, or the report can't be written); a
	// text that can't be read is no such error: it is told as a problem.
	Visit(ctx context.Context, text Text) error
	// Problem tells of a part that could not be read.
	Problem(problem finding.Problem) error
	// Attribute tells every occurrence of a token in a repository, in place of those told by Visit. Where there are many,
	// further ones are told by calls without the repository.
	Attribute(fingerprint finding.Fingerprint, repository string, occurrences []finding.Occurrence) error
	// Count adds to the statistics of the scan. Visit counts bytes and containers by itself.
	Count(stats finding.Stats)
}

// A Text is one piece of input: a file, an object, a stream.
type Text struct {
	Place finding.Place
	// Bytes is the whole text where it is in memory already. It is the source's and must not be kept or changed.
	Bytes []byte
	// Candidates, where set, are all places in Bytes that the detector's Locator names: they need not be looked for again.
	Candidates []detectors.Candidate
	// Reader is the text where it is not. One that is an io.ReaderAt too, with Size known, may be read in parts and in
	// parallel.
	Reader io.Reader
	// Size is the length of Reader's text in bytes, or negative where it is not known beforehand.
	Size int64
	// IsName says that the text is the name of what is at the place, and not what is in it.
	IsName bool
	// Modified is the text's own time, zero where it has none.
	Modified time.Time
	// Known, where set, is asked first for each token in the text: one for which it returns true is passed over as though
	// it were not there. A source that shows a text for what is new in it has it. It may be called from several
	// goroutines at once.
	Known func(fingerprint finding.Fingerprint) bool
	// Sighted, where set, is called for each token in the text instead of telling the occurrence: the source tells it
	// later with Attribute, when it knows more of the place. Only a token's very first sighting in the scan is told at
	// once. It may be called from several goroutines at once, and twice for the same token at the same place.
	Sighted func(fingerprint finding.Fingerprint, occurrence finding.Occurrence)
}
