package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jwtleak/jwtleak/detectors/prefilter"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// randomPack returns a pack of objects that descend from one another in every way that a pack knows.
func randomPack(t testing.TB, random *rand.Rand, objects int) *built {
	b := newBuilt(t)
	var names []history.Name
	for len(names) < objects {
		switch n := random.IntN(10); {
		case n == 0 || len(names) == 0:
			kinds := []Type{Blob, Blob, Blob, Tree, Commit, Tag}
			names = append(names, b.whole(kinds[random.IntN(len(kinds))], text(random, random.IntN(3000))))
		default:
			base := names[random.IntN(len(names))]
			if random.IntN(2) == 0 {
				base = names[len(names)-1] // long chains
			}
			target, delta := edited(random, b.objects[base].Bytes)
			names = append(names, b.delta(base, target, delta, random.IntN(3) == 0))
		}
	}
	return b
}

// A gathering keeps what a sweep shows.
type gathering struct {
	mu       sync.Mutex
	shown    map[string]string // type and content by name
	passed   int64
	problems []string
	again    []string
}

func sweepAll(t testing.TB, s *Store, options SweepOptions) *gathering {
	t.Helper()
	g := &gathering{shown: map[string]string{}}
	options.Visit = func(o Object) error {
		content := o.Bytes
		if o.Reader != nil {
			var err error
			if content, err = io.ReadAll(o.Reader); err != nil {
				return err
			}
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		if _, again := g.shown[o.Name.String()]; again {
			g.again = append(g.again, o.Name.String())
		}
		if int64(len(content)) != o.Size {
			return fmt.Errorf("%s says that it has %d bytes and has %d", o.Name, o.Size, len(content))
		}
		g.shown[o.Name.String()] = o.Type.String() + " " + string(content)
		return nil
	}
	options.Passed = func(blobs int64) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.passed += blobs
	}
	options.Problem = func(path, reason string) { g.problems = append(g.problems, filepath.Base(path)+": "+reason) }
	if err := s.Sweep(context.Background(), options); err != nil {
		t.Fatal(err)
	}
	if len(g.again) > 0 {
		t.Errorf("%d objects were shown twice", len(g.again))
	}
	return g
}

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (b *built) expected(keep func(Object) bool) map[string]string {
	want := map[string]string{}
	for name, object := range b.objects {
		if keep(object) {
			want[name.String()] = object.Type.String() + " " + string(object.Bytes)
		}
	}
	return want
}

func all() []Type { return []Type{Commit, Tree, Blob, Tag} }

// TestSweepEqualsReadingEveryObjectWhole is what the sweep's short cuts are held to: on random repositories it shows just
// those blobs that have a candidate, and every other object.
func TestSweepEqualsReadingEveryObjectWhole(t *testing.T) {
	candidate := prefilter.New("eyJ", "Jey.")
	container := func(prefix []byte) bool { return bytes.HasPrefix(prefix, []byte("ee")) }
	for seed := range uint64(16) {
		random := rand.New(rand.NewPCG(seed, 1))
		b := randomPack(t, random, 5+random.IntN(120))
		dir := t.TempDir()
		b.write(dir, int(seed%4))
		s := open(t, dir)
		jobs := 1 + random.IntN(3)
		if seed%3 > 0 { // as though all but the smallest blobs were large
			s.streamed, s.parts = 20+int64(random.IntN(300)), int(seed%3-1)*500
		}

		got := sweepAll(t, s, SweepOptions{Jobs: jobs, Types: all()})
		if diff := cmp.Diff(b.expected(func(Object) bool { return true }), got.shown); diff != "" || len(got.problems) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, got.problems, diff)
		}
		mayHave := func(o Object) bool {
			return o.Type != Tree && (o.Type != Blob || candidate.Index(o.Bytes) >= 0 || container(o.Bytes))
		}
		got = sweepAll(t, s, SweepOptions{Jobs: jobs, Types: []Type{Blob, Commit, Tag}, Candidate: candidate, Container: container})
		want := b.expected(mayHave)
		if s.streamed != largeBuffer { // what is a stream may be shown though it has no candidate
			for name, text := range b.expected(func(o Object) bool { return o.Type == Blob && o.Size > s.streamed }) {
				if _, ok := got.shown[name]; ok {
					want[name] = text
				}
			}
		}
		if diff := cmp.Diff(want, got.shown); diff != "" {
			t.Fatalf("seed %d: with a prefilter:\n%s", seed, diff)
		}
		blobs := b.expected(func(o Object) bool { _, ok := want[o.Name.String()]; return o.Type == Blob && !ok })
		if got.passed != int64(len(blobs)) {
			t.Errorf("seed %d: passed %d blobs, want %d", seed, got.passed, len(blobs))
		}
		for name, object := range b.objects {
			read, err := s.Read(name)
			if err != nil || read.Type != object.Type || !bytes.Equal(read.Bytes, object.Bytes) || !s.Has(name) {
				t.Fatalf("seed %d: Read: %v", seed, err)
			}
		}
	}
}

func TestSeveralPlaces(t *testing.T) {
	for _, version := range []int{2, 0} {
		t.Run(fmt.Sprintf("index version %d", version), func(t *testing.T) { testSeveralPlaces(t, version) })
	}
}

// testSeveralPlaces has objects in two packs, and loose, in two directories that borrow from each other.
func testSeveralPlaces(t *testing.T, version int) {
	random := rand.New(rand.NewPCG(7, 7))
	borrowed, dir := t.TempDir(), t.TempDir()
	first, second := randomPack(t, random, 30), newBuilt(t)
	first.write(borrowed, 2)
	// The second pack has some of the first one's objects again, and is thin: its deltas are of objects that are there.
	for name, object := range first.objects {
		if len(second.objects) < 5 {
			second.whole(object.Type, object.Bytes)
			continue
		}
		target, delta := edited(random, object.Bytes)
		second.add(object.Type, target, second.entry(referenceDelta, len(delta), name.Bytes(), delta))
		if len(second.objects) > 20 {
			break
		}
	}
	second.write(dir, version)
	loose := []byte("a loose object, eyJ")
	looseName := nameOf(Blob, loose, 20)
	for _, in := range []string{dir, borrowed} {
		path := loosePath(in, looseName)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, compressed(t, append(fmt.Appendf(nil, "blob %d\x00", len(loose)), loose...)), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	for in, to := range map[string]string{dir: borrowed, borrowed: dir} { // a cycle
		if err := os.MkdirAll(filepath.Join(in, "info"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(in, "info", "alternates"), []byte("# comment\n"+to+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := first.expected(func(Object) bool { return true })
	for name, content := range second.expected(func(Object) bool { return true }) {
		want[name] = content
	}
	want[looseName.String()] = "blob " + string(loose)
	got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
	if diff := cmp.Diff(want, got.shown); diff != "" || len(got.problems) > 0 {
		t.Errorf("%v\n%s", got.problems, diff)
	}
}

// TestBrokenPacks breaks packs in every way: what is told and what is shown make up all of it, and nothing panics.
func TestBrokenPacks(t *testing.T) {
	for seed := range uint64(48) {
		random := rand.New(rand.NewPCG(seed, 2))
		b := randomPack(t, random, 40)
		dir := t.TempDir()
		path := b.write(dir, []int{0, 2, 2, 1}[seed%4])
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch seed % 3 {
		case 0:
			content = content[:packHeader+random.IntN(len(content)-packHeader)]
		case 1:
			content[packHeader+random.IntN(len(content)-packHeader-20)] ^= 1 << random.IntN(8)
		default:
			at := packHeader + random.IntN(len(content)-packHeader-40)
			copy(content[at:], bytes.Repeat([]byte{0xff}, 12)) // sizes of 2^60
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		got := sweepAll(t, open(t, dir), SweepOptions{Jobs: 2, Types: all()})
		want := b.expected(func(Object) bool { return true })
		for name, content := range got.shown {
			if want[name] != "" && want[name] != content {
				t.Errorf("seed %d: an object is shown with another content", seed)
			}
		}
		if len(got.shown) < len(want) && len(got.problems) == 0 {
			t.Errorf("seed %d: %d of %d objects are shown, and no problem", seed, len(got.shown), len(want))
		}
	}
}

func TestDeltasInACircle(t *testing.T) {
	b := newBuilt(t)
	one, two := nameOf(Blob, []byte("one"), 20), nameOf(Blob, []byte("two"), 20)
	_, delta := edited(rand.New(rand.NewPCG(1, 1)), []byte("abc"))
	b.offsets[one] = b.entry(referenceDelta, len(delta), two.Bytes(), delta)
	b.offsets[two] = b.entry(referenceDelta, len(delta), one.Bytes(), delta)
	b.whole(Blob, []byte("sound"))
	dir := t.TempDir()
	b.write(dir, 2)
	s := open(t, dir)
	if _, err := s.Read(one); !errors.Is(err, errTooDeep) {
		t.Errorf("error %v, want that of a chain without end", err)
	}
	got := sweepAll(t, s, SweepOptions{Jobs: 2, Types: all()})
	if len(got.shown) != 1 || len(got.problems) == 0 {
		t.Errorf("%d objects shown, problems %v", len(got.shown), got.problems)
	}
}

func TestVisitEndsTheSweep(t *testing.T) {
	b := randomPack(t, rand.New(rand.NewPCG(9, 9)), 50)
	dir := t.TempDir()
	b.write(dir, 2)
	stop := errors.New("stop")
	err := open(t, dir).Sweep(t.Context(), SweepOptions{Jobs: 2, Types: all(), Visit: func(Object) error { return stop }, Problem: func(string, string) {}})
	if !errors.Is(err, stop) {
		t.Errorf("error %v, want that of Visit", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = open(t, dir).Sweep(ctx, SweepOptions{Jobs: 2, Types: all(), Visit: func(Object) error { return nil }, Problem: func(string, string) {}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

// TestEqualsGit compares with what git says of a repository that git made.
func TestEqualsGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: nothing to compare with")
	}
	dir := t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		command := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "gc.auto=0"}, args...)...)
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v: %s", args[0], err, out)
		}
		return string(out)
	}
	git("init", "-q")
	random := rand.New(rand.NewPCG(11, 11))
	content := text(random, 20_000)
	for i := range 25 {
		content, _ = edited(random, content)
		content = append(content, text(random, 3000)...)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint("file", i%3)), content, 0o644); err != nil {
			t.Fatal(err)
		}
		git("add", ".")
		git("commit", "-q", "-m", fmt.Sprint("change ", i))
		if i%10 == 5 {
			git("repack", "-q", "-d")
		}
	}
	git("tag", "-m", "a tag", "v1")
	for _, how := range []string{"packs and loose objects", "one pack"} {
		if how == "one pack" {
			git("repack", "-q", "-a", "-d", "-f", "--depth=50")
		}
		want := strings.Fields(strings.ReplaceAll(git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)%(objecttype)%(objectsize)"), "\r", ""))
		var got []string
		for name, shown := range sweepAll(t, open(t, filepath.Join(dir, ".git", "objects")), SweepOptions{Jobs: 2, Types: all()}).shown {
			kind, content, _ := strings.Cut(shown, " ")
			got = append(got, fmt.Sprintf("%s%s%d", name, kind, len(content)))
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", how, diff)
		}
	}
}

// FuzzDelta holds what is known of a delta's result without putting it together to the result.
func FuzzDelta(f *testing.F) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 3))
		base := text(random, 300)
		_, delta := edited(random, base)
		f.Add(base, delta)
	}
	f.Add([]byte("abc"), []byte("\x03\xff\xff\xff\xff\xff\xff\xff\xff\x0f\x80"))
	candidate, forms := prefilter.New("eyJ", "Jey."), newCopyForms()
	f.Fuzz(func(t *testing.T, base, text []byte) {
		d, err := parseDelta(text)
		if err != nil || d.size > 1<<20 {
			return
		}
		result := make([]byte, d.size)
		reach := candidate.Width() - 1
		copied, applyErr := forms.applyNoting(nil, 2*reach, result, base, d)
		short, prefix, condenseErr := forms.condensed(nil, make([]byte, 0, PrefixLength), base, d, reach)
		if (applyErr == nil) != (condenseErr == nil) {
			t.Fatalf("apply says %v, condensed %v", applyErr, condenseErr)
		}
		if applyErr != nil {
			return
		}
		if !bytes.Equal(prefix, result[:min(len(result), PrefixLength)]) {
			t.Error("the prefix is not that of the result")
		}
		if candidate.Index(base) < 0 && candidate.Index(result) >= 0 && candidate.Index(short) < 0 {
			t.Error("a candidate in the result is missed")
		}
		if candidate.Index(base) < 0 && (candidate.Index(result) >= 0) != mayHaveBetween(candidate, result, copied, reach) {
			t.Error("a candidate between what is copied is missed, or seen where there is none")
		}
	})
}

func FuzzIndex(f *testing.F) {
	for version := 1; version <= 3; version++ {
		f.Add(randomPack(f, rand.New(rand.NewPCG(4, 4)), 5).idx(version, make([]byte, 20)))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		x, err := parseIndex(content, 20)
		if err != nil {
			return
		}
		for i := range x.len() {
			if x.find(x.name(i)) != i {
				t.Fatal("a name is not found where it stands")
			}
		}
	})
}
