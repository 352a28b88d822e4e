package history

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
)

// A Trees gathers, from one sweep over all tree objects, which tree names which. Of the entries for blobs it keeps only
// those of the blobs it was made for; of those for trees all, at 24 bytes each, since which of them lead to such a blob
// is known only when the sweep is over; but an entry that many versions of a tree have is kept once.
//
// Trees are told apart by a 64-bit hash with a random seed, so that nobody can make two that collide beforehand.
type Trees struct {
	nameSize int
	seed     maphash.Seed
	blobs    map[Name]int32
	filter   []uint64 // one bit for the first 16 bits of each blob's name
	absent   func([]Name) []Name
	watched  []string
	telling  func(name []byte) bool

	chunks atomic.Int64 // of edges
	kept   atomic.Int64 // leaves
	cut    atomic.Bool  // there were more edges or leaves than are kept

	mu  sync.Mutex
	all []*gathering // by job
}

// A gathering is what one goroutine at a time adds to; they are joined at the end.
type gathering struct {
	keys     []uint64             // of the trees, in the order they came
	edges    [partitions][][]edge // by the first bits of the child's key, in chunks, so that growing copies nothing
	origins  []edgeOrigin         // of each edge
	versions []version            // in the order of their trees
	dropped  []uint32             // what they drop
	// uncounted is what was noted of versions and is not in Trees.chunks yet, in edges.
	uncounted int
	leaves    []leaf
	named     []namedLeaf
	told      []tellingLeaf
	toldBy    map[uint32]Name // of each name in told the least tree that has it
	names     map[string]uint32
	list      []string
	// there has the beginnings of names that were asked about, each in the slot that its first bits choose. Trees that come
	// one after the other are mostly alike, so that few have to be looked up.
	there   []uint64
	asked   []Name // of which nothing is known yet
	missing map[Name]bool

	parts []treePart // of the tree that is being added
	free  []*Noted   // to be used again
}

// Bounds of what is kept. The largest public repositories have some 60 million entries for trees; one that was made to
// have more, of which delta compression makes a few megabytes, must not take all memory.
const (
	maxEdgeChunks = 1 << 26 / edgeChunk // 1.5 GiB of edges
	maxLeaves     = 1 << 23
)

// thereBits is the binary logarithm of the number of names that a gathering remembers: 512 KiB of them.
const thereBits = 16

// askedAtOnce is about how many objects are asked at once.
const askedAtOnce = 16

// maxMissing bounds the missing objects that are told apart.
const maxMissing = 1 << 20

// An edge says that some trees have an entry for the tree child. Its number, among those of the gathering, says more.
type edge struct {
	child  uint64
	number uint32
}

// An edgeOrigin says of an edge which tree, by its number in keys, came first that has it, and what the entry's name is. Other
// trees that have it are versions of that.
type edgeOrigin struct{ tree, name uint32 }

// A namedLeaf is an entry for a blob whose name is watched for.
type namedLeaf struct {
	parent uint32
	name   uint32
	object Name
}

// A leaf says that a tree has an entry for a blob.
type leaf struct {
	parent uint32
	name   uint32
	blob   int32
}

// partitions is the number of parts that edges are kept in, so that joining them works on a piece of memory that fits
// into the cache, and on several at once. An edgeChunk of edges is allocated at once: 16 KiB.
const (
	partitions    = 1 << partitionBits
	partitionBits = 8
	edgeChunk     = 1 << 10
)

// ErrMalformedTree says that the content of a tree object does not follow the format.
var ErrMalformedTree = errors.New("malformed tree")

// NewTrees returns a Trees that looks for blobs, which it numbers as they stand. Object names in the trees are nameSize
// bytes long: 20, or 32 in a repository of SHA-256. Trees are added by so many jobs at once. Where absent is not nil, it is
// asked, by all of them, which of some objects that trees name are not there.
func NewTrees(blobs []Blob, nameSize, jobs int, absent func([]Name) []Name) *Trees {
	t := &Trees{
		absent:   absent,
		nameSize: nameSize,
		seed:     maphash.MakeSeed(),
		blobs:    make(map[Name]int32, len(blobs)),
		filter:   make([]uint64, 1<<16/64),
		all:      make([]*gathering, max(1, jobs)),
	}
	for job := range t.all {
		t.all[job] = &gathering{names: map[string]uint32{}, toldBy: map[uint32]Name{}, missing: map[Name]bool{}}
	}
	for i, blob := range blobs {
		t.blobs[blob.Name] = int32(i)
		prefix := prefixOf(blob.Name.Bytes())
		t.filter[prefix/64] |= 1 << (prefix % 64)
	}
	return t
}

func prefixOf(name []byte) uint16 { return uint16(name[0])<<8 | uint16(name[1]) }

// Add takes in a tree object. The content may be reused when Add has returned. It may be called from several goroutines
// at once, each of which is a job of its own, numbered from 0. Of a malformed tree the entries in front of the fault are
// kept. It reports whether the tree has one of the blobs that are looked for, or a name that is.
func (t *Trees) Add(job int, tree Name, content []byte) (has bool, err error) {
	return t.AddVersion(job, tree, content, &Version{})
}

// AddVersion is Add for a tree of which it is known how it was made of another.
func (t *Trees) AddVersion(job int, tree Name, content []byte, v *Version) (has bool, err error) {
	g := t.all[job]
	number := uint32(len(g.keys))
	g.keys = append(roomy(g.keys), maphash.Bytes(t.seed, tree.Bytes()))
	before := len(g.leaves) + len(g.named) + len(g.told)
	var noted *Noted
	if v.HasVersions && len(content) <= maxNoted {
		noted = g.note(number)
	}
	if v.Base != nil && t.chunks.Load() < maxEdgeChunks {
		err = t.addLike(g, tree, number, content, v, noted)
	} else {
		err = t.addWhole(g, tree, number, content, noted)
	}
	if err != nil {
		noted.Release()
		return false, err
	}
	if noted != nil {
		v.Noted = noted.end(len(content))
	}
	return len(g.leaves)+len(g.named)+len(g.told) > before, nil
}

// addWhole takes in all entries of a tree.
func (t *Trees) addWhole(g *gathering, tree Name, number uint32, content []byte, noted *Noted) error {
	for rest := content; len(rest) > 0; {
		entry, behind, err := nextEntry(rest, t.nameSize)
		if err != nil {
			return err
		}
		edge, isOwn := t.addEntry(g, tree, number, entry)
		if noted != nil {
			noted.add(len(content)-len(rest), edge, isOwn)
		}
		rest = behind
	}
	return nil
}

// addLike takes in the entries of a tree that it has not from its base.
func (t *Trees) addLike(g *gathering, tree Name, number uint32, content []byte, v *Version, noted *Noted) error {
	parts, err := g.compare(content, v, t.nameSize)
	if !v.Base.isLike(parts) {
		return t.addWhole(g, tree, number, content, noted)
	}
	t.derive(g, number, v.Base, parts)
	for i := range parts {
		part := &parts[i]
		if part.last > 0 {
			if noted != nil {
				noted.inherit(v.Base, part)
			}
			continue
		}
		edge, isOwn := t.addEntry(g, tree, number, part.entry)
		if noted != nil {
			noted.add(part.at, edge, isOwn)
		}
	}
	return err
}

// addEntry takes in an entry of a tree. It returns the number of the edge that it is, or noEdge, and whether each tree is to be
// noted that has it.
func (t *Trees) addEntry(g *gathering, tree Name, number uint32, entry rawEntry) (edge uint32, isOwn bool) {
	if t.absent != nil && entry.kind != linkEntry {
		g.check(entry.object, t.absent)
	}
	if len(entry.name) >= MinTelling && t.telling != nil && t.telling(entry.name) {
		t.tell(g, tree, number, entry.name)
		isOwn = true
	}
	switch entry.kind {
	case treeEntry:
		return t.addEdge(g, maphash.Bytes(t.seed, entry.object), edgeOrigin{number, g.number(entry.name)}), isOwn
	case blobEntry:
		isOwn = t.addBlob(g, number, entry) || isOwn
	case linkEntry:
	}
	return noEdge, isOwn
}

// addBlob takes in an entry for a blob, if anything is to be known of it, and reports whether that is so.
func (t *Trees) addBlob(g *gathering, parent uint32, entry rawEntry) bool {
	watched := t.watches(entry.name)
	if watched {
		if t.kept.Add(1) > maxLeaves {
			t.cut.Store(true)
			return true
		}
		g.named = append(g.named, namedLeaf{parent: parent, name: g.number(entry.name), object: NameOf(entry.object)})
	}
	prefix := prefixOf(entry.object)
	if t.filter[prefix/64]&(1<<(prefix%64)) == 0 {
		return watched
	}
	blob, ok := t.blobs[NameOf(entry.object)]
	if !ok {
		return watched
	}
	if t.kept.Add(1) > maxLeaves {
		t.cut.Store(true)
		return true
	}
	g.leaves = append(g.leaves, leaf{parent: parent, name: g.number(entry.name), blob: blob})
	return true
}

// check asks about an object, unless it was asked about not long ago.
func (g *gathering) check(object []byte, absent func([]Name) []Name) {
	if g.there == nil {
		g.there = make([]uint64, 1<<thereBits)
	}
	key := binary.BigEndian.Uint64(object)
	slot := &g.there[key>>(64-thereBits)]
	if *slot == key && key != 0 {
		return
	}
	*slot = key
	if g.asked = append(g.asked, NameOf(object)); len(g.asked) == askedAtOnce {
		g.ask(absent)
	}
}

// ask notes which of the objects that are to be asked about are not there.
func (g *gathering) ask(absent func([]Name) []Name) {
	for _, name := range absent(g.asked) {
		if len(g.missing) < maxMissing {
			g.missing[name] = true
		}
	}
	g.asked = g.asked[:0]
}

// Missing returns the objects that trees name and that are not there, at most maxMissing. It must be called in front of
// Attribute, and when no more trees are added.
func (t *Trees) Missing() map[Name]bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	missing := map[Name]bool{}
	for _, g := range t.all {
		if len(g.asked) > 0 {
			g.ask(t.absent)
		}
		maps.Copy(missing, g.missing)
	}
	return missing
}

func (g *gathering) number(name []byte) uint32 {
	if n, ok := g.names[string(name)]; ok {
		return n
	}
	n := uint32(len(g.list))
	s := string(name)
	g.names[s], g.list = n, append(g.list, s)
	return n
}

// addEdge adds an edge and returns its number, or noEdge where there are too many.
func (t *Trees) addEdge(g *gathering, child uint64, of edgeOrigin) uint32 {
	chunks := &g.edges[child>>(64-partitionBits)]
	last := len(*chunks) - 1
	if last < 0 || len((*chunks)[last]) == edgeChunk {
		if t.chunks.Add(1) > maxEdgeChunks {
			t.cut.Store(true)
			return noEdge
		}
		*chunks = append(*chunks, make([]edge, 0, edgeChunk))
		last++
	}
	number := uint32(len(g.origins))
	(*chunks)[last] = append((*chunks)[last], edge{child, number})
	g.origins = append(roomy(g.origins), of)
	return number
}

// entryKind is what an entry of a tree names.
type entryKind uint8

const (
	blobEntry entryKind = iota // a file, or a symbolic link's target
	treeEntry
	linkEntry // a commit of a submodule, which is in another repository
)

// A rawEntry is an entry as it stands in a tree.
type rawEntry struct {
	kind         entryKind
	name, object []byte
}

// nextEntry returns the entry at the front of a tree object, mode SP name NUL object-name, and what stands behind it: see
// git's "tree objects". The slices are parts of content.
func nextEntry(content []byte, nameSize int) (entry rawEntry, rest []byte, err error) {
	space := bytes.IndexByte(content[:min(len(content), 8)], ' ')
	if space < 1 {
		return rawEntry{}, nil, ErrMalformedTree
	}
	mode, rest := content[:space], content[space+1:]
	end := bytes.IndexByte(rest, 0)
	if end < 0 || len(rest)-end-1 < nameSize {
		return rawEntry{}, nil, ErrMalformedTree
	}
	return rawEntry{kindOf(mode), rest[:end], rest[end+1 : end+1+nameSize]}, rest[end+1+nameSize:], nil
}

// kindOf reads the octal mode of an entry: the format of a file, without leading zeros as a rule, but some writers had them.
func kindOf(mode []byte) entryKind {
	format := 0
	for _, digit := range mode {
		format = format<<3 | int(digit-'0')&7
	}
	switch format & 0o170000 {
	case 0o040000:
		return treeEntry
	case 0o160000:
		return linkEntry
	default:
		return blobEntry
	}
}

// An Entry is an entry of a tree.
type Entry struct {
	Name   string
	Object Name
	kind   entryKind
}

// IsTree reports whether the entry names a tree. The zero Entry is none of tree, blob and link.
func (e Entry) IsTree() bool { return e.kind == treeEntry && e.Object != (Name{}) }

// IsBlob reports whether the entry names a blob: a file, or the target of a symbolic link.
func (e Entry) IsBlob() bool { return e.kind == blobEntry && e.Object != (Name{}) }

// ParseTree returns the entries of a tree object as they stand in it, those in front of a fault beside the error.
func ParseTree(content []byte, nameSize int) ([]Entry, error) {
	count, length := 0, 0 // gone through twice, a tree of a million entries takes a third of the memory
	for rest := content; len(rest) > 0; count++ {
		entry, behind, err := nextEntry(rest, nameSize)
		if err != nil {
			break
		}
		length += len(entry.name)
		rest = behind
	}
	entries := make([]Entry, 0, count)
	var names strings.Builder // of all, one behind the other
	names.Grow(length)
	for len(content) > 0 {
		entry, rest, err := nextEntry(content, nameSize)
		if err != nil {
			return entries, err
		}
		start := names.Len()
		_, _ = names.Write(entry.name) // which takes all
		entries = append(entries, Entry{Name: names.String()[start:], Object: NameOf(entry.object), kind: entry.kind})
		content = rest
	}
	return entries, nil
}
