package encoding

import (
	"hash/maphash"
	"sync/atomic"
)

// What is beside a run is looked at once, and not where the same stands again with the same around it, as it does in the versions of
// a file, in licences and in what is generated: half of what is beside the runs of a repository is known to be in vain.

const (
	vainKeys = 1 << 16 // of which each takes eight bytes
	mostVain = 1 << 10 // bytes beside a run that are remembered: longer ones are seldom met again
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
	first, last := max(0, from-candidateBack), min(len(text), to+candidateAhead)
	const odd = 0x9e3779b97f4a7c15
	return maphash.Bytes(v.seed, text[first:last]) ^ (uint64(from-first)<<16|uint64(last-to))*odd | 1
}

func (v *vainMemory) has(key uint64) bool { return key != 0 && v.keys[key>>48].Load() == key }

func (v *vainMemory) add(key uint64) {
	if key != 0 {
		v.keys[key>>48].Store(key)
	}
}
