package git

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/source/git/history"
)

// References are read here and not through go-git, which refuses a repository whose configuration names an extension
// that it does not know, knows no references of linked work trees, and stops at the first file that is no reference.

// A refTable is the references of a repository as they stand in its files, by full name, not resolved.
type refTable struct {
	dir      string            // of the repository, for problems
	values   map[string]string // an object's name in hex, or "ref: " and a reference
	problems []finding.Problem
	messages []byte // of the log, where that is not in files of its own
	logs     []tableLog

	// asked, where set, has the references that were looked for: all others have not been read yet, and each is when it is
	// asked for, in location.
	asked    map[string]bool
	location Location
	packed   []byte // the file of packed references, once it has been read for that
	// to, where set, is the only object that packed references lead to of which those are taken in.
	to string
}

const (
	symbolic  = "ref:"
	hexDigits = "0123456789abcdefABCDEF"
	// maxSymbolic is how many symbolic references are followed from one to the next, as in git.
	maxSymbolic = 5
	// maxRefDepth bounds how deep directories of references are followed.
	maxRefDepth = 128
	// maxRefLine bounds a line of packed-refs, in bytes.
	maxRefLine = 1 << 20
)

// readRefs reads the references of a repository: loose ones and packed ones, or those in reftables, and those of its
// linked work trees, whose names begin with worktrees/ and the work tree's id. HEAD is that of the location's own work
// tree; that of the main one, where it is another, is main-worktree/HEAD.
func readRefs(location Location) *refTable { return readRefsTo(location, history.Name{}) }

// readRefsTo is readRefs for whoever asks which references lead to an object: where that is set, not all that lead to others
// are read.
func readRefsTo(location Location, object history.Name) *refTable {
	t := &refTable{dir: location.CommonDir, values: map[string]string{}}
	if object != (history.Name{}) {
		t.to = object.String()
	}
	// Where there are reftables, what lies in the place of other references is there to keep older programs out.
	inTables := isDir(filepath.Join(location.CommonDir, "reftable"))
	read := func(dir, prefix string) {
		switch {
		case inTables:
			t.readReftables(filepath.Join(dir, "reftable"), prefix)
		default:
			t.readLoose(filepath.Join(dir, "refs"), prefix+"refs", 0)
			t.readFile(filepath.Join(dir, "HEAD"), prefix+"HEAD")
		}
	}
	if !inTables {
		t.readPacked(filepath.Join(location.CommonDir, "packed-refs"), "")
	}
	read(location.CommonDir, "")
	if location.GitDir != location.CommonDir {
		if head, ok := t.values["HEAD"]; ok {
			t.values[history.MainWorktreeHead] = head
			delete(t.values, "HEAD")
		}
		for i := range t.logs {
			if t.logs[i].ref == "HEAD" {
				t.logs[i].ref = history.MainWorktreeHead
			}
		}
		read(location.GitDir, "")
	}
	for _, id := range worktreeIDs(location) {
		if dir := filepath.Join(location.CommonDir, "worktrees", id); !sameDir(dir, location.GitDir) {
			read(dir, path.Join("worktrees", id)+"/")
		}
	}
	t.checkHead(location)
	return t
}

// checkHead tells of a HEAD that is not there: then nothing says what is checked out.
func (t *refTable) checkHead(location Location) {
	head := filepath.Join(location.GitDir, "HEAD")
	if _, err := os.Lstat(head); errors.Is(err, fs.ErrNotExist) && t.values["HEAD"] == "" {
		t.problem(head, "not there: what is checked out is not known")
	}
}

func sameDir(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// worktreeIDs returns the names of the linked work trees.
func worktreeIDs(location Location) []string {
	entries, err := os.ReadDir(filepath.Join(location.CommonDir, "worktrees"))
	if err != nil {
		return nil // none, as a rule
	}
	var ids []string
	for _, entry := range entries {
		if entry.IsDir() {
			ids = append(ids, entry.Name())
		}
	}
	return ids
}

func (t *refTable) problem(path, reason string) {
	t.problems = append(t.problems, finding.Problem{Path: path, Reason: reason})
}

// readLoose reads the files below a directory, each a reference.
func (t *refTable) readLoose(dir, name string, depth int) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			t.problem(dir, "read references: "+reason(err))
		}
		return
	}
	if depth > maxRefDepth {
		t.problem(dir, "directories of references nested too deep")
		return
	}
	for _, entry := range entries {
		below, ref := filepath.Join(dir, entry.Name()), name+"/"+entry.Name()
		switch {
		case entry.IsDir():
			t.readLoose(below, ref, depth+1)
		case strings.HasSuffix(entry.Name(), ".lock"): // being written, or left behind by a writer that died
		default:
			t.readFile(below, ref)
		}
	}
}

// readFile reads one loose reference: an object's name, or a symbolic reference in either of its forms. A symbolic link
// that is none, as it does not begin with refs/, is read through, as git does.
func (t *refTable) readFile(file, name string) {
	if target, err := os.Readlink(file); err == nil {
		if target = filepath.ToSlash(target); strings.HasPrefix(target, "refs/") {
			t.values[name] = symbolic + " " + target
			return
		}
		if info, err := os.Stat(file); err != nil || info.IsDir() {
			t.problem(file, "a symbolic link to no reference: not followed")
			return
		}
	}
	content, err := readPointer(file)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			t.problem(file, reason(err))
		}
		return
	}
	value, _, _ := strings.Cut(content, "\n")
	if object := value[:len(value)-len(strings.TrimLeft(value, hexDigits))]; isObjectName(object) && len(object) < len(value) && unicode.IsSpace(rune(value[len(object)])) {
		value = object // as in git, whatever follows
	}
	if !isObjectName(value) && !strings.HasPrefix(value, symbolic) {
		t.problem(file, "not a reference: neither an object's name nor the name of another reference")
		return
	}
	t.values[name] = value
}

// readPacked reads the packed-refs file: lines of an object's name, a space and a reference. Where only is not empty, the
// lines of other references are passed over.
func (t *refTable) readPacked(name, only string) {
	file, err := openRegular(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			t.problem(name, reason(err))
		}
		return
	}
	defer file.Close() //nolint:errcheck // opened for reading only
	t.parsePacked(name, only, file)
}

// cutPacked is what is told of packed references that are cut short.
const cutPacked = "its last line has no end: references may be missing"

func (t *refTable) parsePacked(name, only string, content io.Reader) {
	lines := bufio.NewScanner(content)
	lines.Buffer(nil, maxRefLine)
	faulty, cut := 0, false
	lines.Split(func(data []byte, atEOF bool) (advance int, token []byte, err error) {
		cut = cut || atEOF && len(data) > 0 && data[len(data)-1] != '\n'
		return bufio.ScanLines(data, atEOF)
	})
	for lines.Scan() {
		line := bytes.TrimRight(lines.Bytes(), "\r")
		if len(line) == 0 || line[0] == '#' || line[0] == '^' { // a header; what the tag of the line before peels to
			continue
		}
		if only != "" && !bytes.HasSuffix(line, []byte(only)) || t.to != "" && !bytes.EqualFold(line[:min(len(line), len(t.to))], []byte(t.to)) {
			continue
		}
		object, ref, ok := strings.Cut(string(line), " ")
		if !ok || !isObjectName(object) {
			faulty++
			continue
		}
		if only != "" && ref != only {
			continue
		}
		if !isReference(ref) || strings.ContainsFunc(ref, unicode.IsControl) {
			faulty++ // its object is there all the same
		}
		t.values[ref] = object
	}
	if cut {
		t.problem(name, cutPacked)
	}
	if err := lines.Err(); err != nil {
		text := reason(err)
		if errors.Is(err, bufio.ErrTooLong) {
			text = fmt.Sprintf("a line of more than %d bytes: not read to its end", maxRefLine)
		}
		t.problem(name, text)
	}
	if faulty > 0 {
		t.problem(name, "lines that are no references: "+strconv.Itoa(faulty))
	}
}

// resolve follows symbolic references from a name to an object's, and returns the last reference on the way too. It
// returns nothing for one that does not end at an object, with the reason where that is a fault: a HEAD whose branch has
// no commit yet is none.
func (t *refTable) resolve(name string) (object, ref, fault string) {
	first := name
	for range maxSymbolic + 1 {
		value, ok := t.value(name)
		switch {
		case !ok && name != first && !isReference(name):
			return "", "", "a symbolic reference to what is no reference: not followed"
		case !ok:
			return "", "", ""
		}
		target, isSymbolic := strings.CutPrefix(value, symbolic)
		if !isSymbolic {
			return strings.ToLower(value), name, ""
		}
		name = strings.TrimSpace(target)
	}
	return "", "", "symbolic references go in a circle, or too far"
}

// tips resolves all references, ordered by name. HEAD is among them, also where it is symbolic: see heads.
func (t *refTable) tips() []history.Tip {
	names := make([]string, 0, len(t.values))
	for name := range t.values {
		names = append(names, name)
	}
	slices.Sort(names)
	tips := make([]history.Tip, 0, len(names))
	for _, name := range names {
		object, _, fault := t.resolve(name)
		if fault != "" {
			t.problem(filepath.Join(t.dir, filepath.FromSlash(name)), fault)
			continue
		}
		isSymbolic := strings.HasPrefix(t.values[name], symbolic)
		switch parsed, err := history.ParseName(object); {
		case object == "" && (t.to != "" || mayDangle(name)): // the one that it names may be among those that were not read
		case object == "":
			t.problem(filepath.Join(t.dir, filepath.FromSlash(name)), "a symbolic reference to one that is not there")
		case strings.Trim(object, "0") == "":
			if !isSymbolic {
				t.problem(filepath.Join(t.dir, filepath.FromSlash(name)), "names no object: nothing but zeros")
			}
		case err == nil:
			tips = append(tips, history.Tip{Ref: name, Object: parsed, Symbolic: isSymbolic})
		}
	}
	return tips
}

// mayDangle reports whether it is everyday that a symbolic reference names one that is not there: the HEAD of a branch that has no
// commit yet, and what was the main branch of a remote, which has another one by now. Neither says of anything that it is
// lost, though git-fsck(1) has an error of the latter.
func mayDangle(name string) bool {
	return name == "HEAD" || history.Tip{Ref: name}.IsWorktreeHead() || strings.HasPrefix(name, "refs/remotes/") && strings.HasSuffix(name, "/HEAD")
}

// reason is an error's text without the path, which a problem names by itself.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Op + ": " + pathError.Err.Error()
	}
	return err.Error()
}
