package encoding

import (
	"hash/maphash"
	"sync/atomic"
)

// What is beside a run is looked at once, and not where the same stands again with the same around it, as it does in the versions of
// a file, in licences and in what is generated: half of what is beside the runs of a repository is known to be in vain.

const (
	vainBits = 14            // of a key that say where it is kept
	vainKeys = 1 << vainBits // of which each takes eight bytes: four times as many have a tenth more known, and are in no near cache
	mostVain = 1 << 10       // bytes beside a run that are remembered: longer ones are seldom met again

	// What is found depends on so much in front and behind, as far as it is remembered: lines, mostly, and the one in front of them.
	vainBack  = 2*mostFeed + leastBroken + nearStart
	vainAhead = mostFeed + before + 1
)

// A vainMemory has what was looked at in vain of late, as hashes by a seed that nobody knows beforehand. Any number of
// goroutines may share one.
type vainMemory struct {
	seed maphash.Seed
	keys [vainKeys]atomic.Uint64
}

func newVainMemory() *vainMemory { return &vainMemory{seed: maphash.MakeSeed()} }

// keyOf returns what text[from:to] is remembered by, with all that what is found there depends on; zero where it is not remembered.
func (v *vainMemory) keyOf(text []byte, from, to int) uint64 {
	if to-from > mostVain {
		return 0
	}
	first, last := max(0, from-vainBack), min(len(text), to+vainAhead)
	const odd = 0x9e3779b97f4a7c15
	return maphash.Bytes(v.seed, text[first:last]) ^ (uint64(from-first)<<16|uint64(last-to))*odd | 1
}

func (v *vainMemory) has(key uint64) bool {
	return key != 0 && v.keys[key>>(64-vainBits)].Load() == key
}

func (v *vainMemory) add(key uint64) {
	if key != 0 {
		v.keys[key>>(64-vainBits)].Store(key)
	}
}
