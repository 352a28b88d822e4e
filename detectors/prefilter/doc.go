// Package prefilter looks for many short needles at once, as fast as memory can be read.
//
// It is the one loop of a scan that touches every byte. Whatever else looks at a text looks only where this points.
package prefilter
