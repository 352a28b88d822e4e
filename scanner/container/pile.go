package container

import "io"

// A pile is bytes that come until they end. It is made of blocks, so that nothing is copied while it grows.
type pile struct {
	shared *Shared
	first  []byte // where it is known how many come, room for them
	blocks [][]byte
	size   int64
}

// read reads once.
func (p *pile) read(source io.Reader) error {
	if p.size < int64(len(p.first)) {
		n, err := source.Read(p.first[p.size:])
		p.size += int64(n)
		return err
	}
	last := len(p.blocks) - 1
	if last < 0 || len(p.blocks[last]) == cap(p.blocks[last]) {
		p.blocks = append(p.blocks, p.shared.block()[:0])
		last++
	}
	block := p.blocks[last]
	n, err := source.Read(block[len(block):cap(block)])
	p.blocks[last] = block[:len(block)+n]
	p.size += int64(n)
	return err
}

// bytes returns all that was read, the caller's to keep.
func (p *pile) bytes() []byte {
	if len(p.blocks) == 0 {
		return p.first[:p.size]
	}
	all := make([]byte, 0, p.size)
	all = append(all, p.first...)
	for i, block := range p.blocks {
		all = append(all, block...)
		p.shared.giveBlock(block)
		p.blocks[i] = nil
	}
	p.blocks = nil
	return all
}

// free gives back what is left.
func (p *pile) free() {
	for _, block := range p.blocks {
		p.shared.giveBlock(block)
	}
	p.blocks = nil
}
