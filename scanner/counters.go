package scanner

import (
	"sync/atomic"

	"github.com/jwtleak/jwtleak/scanner/finding"
)

// Counters count what a scan has done so far. Any goroutine may read them while it runs.
type Counters struct {
	Files, Bytes, Blobs, Commits, Containers, LeftOut atomic.Int64
	// Stored is how many bytes have been read as they are stored, containers as they are and not what they unpack to.
	Stored atomic.Int64
	// Findings is the number of distinct tokens told so far.
	Findings atomic.Int64
}

func (c *Counters) add(stats finding.Stats) {
	for _, part := range []struct {
		counter *atomic.Int64
		n       int64
	}{
		{&c.Files, stats.Files}, {&c.Bytes, stats.Bytes}, {&c.Blobs, stats.Blobs}, {&c.Commits, stats.Commits},
		{&c.Containers, stats.Containers}, {&c.LeftOut, stats.LeftOut},
	} {
		if part.n != 0 {
			part.counter.Add(part.n)
		}
	}
}

func (c *Counters) stats() finding.Stats {
	return finding.Stats{
		Files: c.Files.Load(), Bytes: c.Bytes.Load(), Blobs: c.Blobs.Load(),
		Commits: c.Commits.Load(), Containers: c.Containers.Load(), LeftOut: c.LeftOut.Load(),
	}
}
