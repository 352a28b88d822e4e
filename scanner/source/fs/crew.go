package fs

import (
	"slices"
	"sync"
	"sync/atomic"
)

// A crew has what is to be done by those who walk a directory together.
type crew struct {
	mu      sync.Mutex
	changed sync.Cond
	// directories are still to be read. The last one comes first, so that those that wait are few, and the ones that they are
	// in are soon done with.
	directories []errand
	// shared are the files that members are reading, for those who have nothing else to do.
	shared  []*files
	members int
	waiting int
}

// An errand is to read a directory, or files.
type errand struct {
	in    *directory // that holds what is to be read, in use; nil where it is gone by the path
	path  string     // of the directory
	files *files     // nil for a directory
}

// where is the path of the directory, or of that which the files are in.
func (e *errand) where() string {
	if e.files != nil && e.in != nil {
		return e.in.path
	}
	return e.path
}

// Files are some of one directory, or in none. Each is taken by one member of the crew.
type files struct {
	in    *directory
	names []string // in none the paths
	taken atomic.Int64
}

func (f *files) take() (name string, ok bool) {
	n := f.taken.Add(1)
	if n > int64(len(f.names)) {
		return "", false
	}
	return f.names[n-1], true
}

func (f *files) areLeft() bool { return f.taken.Load() < int64(len(f.names)) }

func newCrew(members int) *crew {
	c := &crew{members: members}
	c.changed.L = &c.mu
	return c
}

// add adds the errand of reading a directory.
func (c *crew) add(e errand) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.directories = append(c.directories, e)
	if c.waiting > 0 {
		c.changed.Signal()
	}
}

// share lets others read files, too. Whoever shares them stays until none are left, and then ends it.
func (c *crew) share(f *files) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shared = append(c.shared, f)
	if c.waiting > 0 {
		c.changed.Broadcast()
	}
}

func (c *crew) endSharing(f *files) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shared = slices.DeleteFunc(c.shared, func(other *files) bool { return other == f })
}

// next returns an errand, or none when all are done. It waits as long as another member may still add one.
func (c *crew) next() (errand, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if e, ok := c.first(); ok {
			return e, true
		}
		if c.waiting++; c.waiting == c.members {
			c.changed.Broadcast() // they all stay counted: this is the end
			return errand{}, false
		}
		c.changed.Wait()
		if c.waiting == c.members {
			return errand{}, false
		}
		c.waiting--
	}
}

func (c *crew) first() (errand, bool) {
	if last := len(c.directories) - 1; last >= 0 {
		e := c.directories[last]
		c.directories[last] = errand{}
		c.directories = c.directories[:last]
		return e, true
	}
	for _, f := range c.shared {
		if f.areLeft() {
			return errand{in: f.in.use(), files: f}, true
		}
	}
	return errand{}, false
}
