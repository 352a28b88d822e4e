package prefilter

import (
	"syscall"
	"testing"
)

// TestReadsNothingBeyond searches texts that end, and begin, right at a page that may not be read.
func TestReadsNothingBeyond(t *testing.T) {
	page := syscall.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skipf("no memory map: %v", err)
	}
	defer func() { _ = syscall.Munmap(memory) }()
	for _, guard := range [][]byte{memory[:page], memory[2*page:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Skipf("no guard page: %v", err)
		}
	}
	inside := memory[page : 2*page]
	needles := []string{"eyJ", "abcdefghijklmnop", "xy"}
	for i := range inside {
		inside[i] = "eyJxab"[i%6]
	}
	for name, set := range sets(needles...) {
		for n := range 200 {
			for _, text := range [][]byte{inside[page-n:], inside[:n:n]} {
				count := 0
				for from := 0; ; count++ {
					_, at := set.Next(text, from)
					if at < 0 {
						break
					}
					from = at + 1
				}
				if want := (n + 3) / 6; count < want-1 || count > want+1 {
					t.Errorf("%s: %d hits in %d bytes", name, count, n)
				}
			}
		}
	}
	set, class := newSet(hasTeddy(), needles, Dealing{}), letters()
	clear(inside)
	if set.masks == nil {
		return
	}
	var words [2]uint64
	NewGate(gateNeedles).Open(inside[page-2*GateWord-GateAhead:], words[:])
	tables, ascii := newTables(set, class)
	for _, pass := range sieves(ascii) {
		s := &Sieve{needles: set, tables: tables, pass: pass}
		for n := range 200 {
			for _, text := range [][]byte{inside[page-n:], inside[:n:n]} {
				if cleared, _, _ := s.Clear(text, 0, 0, new(int)); cleared > n || cleared+sieved+lookahead <= n {
					t.Errorf("%d of %d bytes are clear", cleared, n)
				}
			}
		}
	}
}
