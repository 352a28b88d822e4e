package git

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zlib"
)

// References may be kept in reftables (git's reftable(5)): a stack of files, each with what it changes of those below it.

const (
	maxTableList = 1 << 20
	// maxTables bounds the files of a stack, maxTable one of them, in bytes.
	maxTables = 1 << 10
	maxTable  = 1 << 28
)

// readReftables reads the stack of tables in a directory. Its references get prefix in front of their names.
func (t *refTable) readReftables(dir, prefix string) {
	list := filepath.Join(dir, "tables.list")
	content, err := readSmall(list, maxTableList)
	if err != nil {
		t.problem(list, reason(err))
		return
	}
	names := strings.Fields(string(content))
	if len(names) > maxTables {
		t.problem(list, fmt.Sprintf("more than %d tables of references: not read", maxTables))
		return
	}
	for _, name := range names {
		file := filepath.Join(dir, filepath.Base(name))
		content, err := readSmall(file, maxTable)
		if err == nil {
			err = t.addReftable(content, prefix)
		}
		if err != nil {
			t.problem(file, "read a table of references: "+reason(err))
		}
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// addReftable takes in what one table says.
func (t *refTable) addReftable(content []byte, prefix string) error {
	table, err := parseReftable(content)
	if table == nil {
		return err
	}
	err = errors.Join(err, table.references(func(name, value string) {
		switch {
		case name != "HEAD" && !strings.HasPrefix(name, "refs/"): // ORIG_HEAD and the like, which nothing is reachable by
		case value == "":
			delete(t.values, prefix+name)
		default:
			t.values[prefix+name] = value
		}
	}))
	return errors.Join(err, table.messages(func(logged tableLog) error {
		logged.ref = prefix + logged.ref
		if len(t.messages) > maxTable || len(t.logs) > maxLogs {
			return errors.New("the log is too long to be read to its end")
		}
		if !logged.isGone {
			logged.message += len(t.messages)
			t.messages = append(t.messages, logged.text...)
			logged.end = len(t.messages)
			t.messages = append(t.messages, '\n')
		}
		logged.text = nil
		t.logs = append(t.logs, logged)
		return nil
	}))
}

// maxLogs bounds the entries of the log of all references.
const maxLogs = 1 << 22

// A tableLog is an entry of the log: what reference was changed, how manyeth change of all that was, and how.
type tableLog struct {
	ref           string
	index         uint64
	before, after string // bytes of objects' names
	seconds       int64
	text          []byte // name, e-mail address and message
	message, end  int    // where in it, or in the messages of all, the message begins and ends
	isGone        bool   // the entry was taken out
}

// logOf returns the log of a reference, the last entry first.
func (t *refTable) logOf(ref string) ([]reflogLine, error) {
	byIndex := map[uint64]tableLog{} // what a table further up the stack says of one counts
	for _, logged := range t.logs {
		if logged.ref == ref {
			byIndex[logged.index] = logged
		}
	}
	var log []reflogLine
	for _, index := range slices.Backward(slices.Sorted(maps.Keys(byIndex))) {
		if logged := byIndex[index]; !logged.isGone {
			log = append(log, reflogLine{
				hex.EncodeToString([]byte(logged.before)), hex.EncodeToString([]byte(logged.after)),
				time.Unix(logged.seconds, 0), strings.TrimRight(string(t.messages[logged.message:logged.end]), "\n"),
			})
		}
	}
	if len(log) == 0 {
		return nil, fmt.Errorf("there is no log of %s", ref)
	}
	return log, nil
}

// A reftable is one file.
type reftable struct {
	content  []byte // in front of the footer
	header   int    // its length
	nameSize int
	refs     int64 // where the blocks of references end
	logs     int64 // where those of the log begin; 0 where there is none
	budget   int   // for the names of references, which share their beginnings
}

var errReftable = errors.New("malformed")

const (
	reftableHeader  = 24 // of version 1
	reftableHeader2 = 28
	blockHeader     = 4
	restartSize     = 3
)

// parseReftable reads the header and the footer. Beside the error that the checksum is wrong the table is returned.
func parseReftable(content []byte) (*reftable, error) {
	if len(content) < reftableHeader || !bytes.HasPrefix(content, []byte("REFT")) {
		return nil, errReftable
	}
	table := &reftable{header: reftableHeader, nameSize: sha1Size}
	switch version := content[4]; version {
	case 1:
	case 2:
		table.header = reftableHeader2
		if len(content) >= reftableHeader2 && string(content[24:28]) == "s256" {
			table.nameSize = sha256Size
		}
	default:
		return nil, fmt.Errorf("version %d is not known", version)
	}
	footer := table.header + 5*8 + 4
	if len(content) < table.header+footer {
		return nil, io.ErrUnexpectedEOF
	}
	table.content = content[:len(content)-footer]
	table.budget = pathFactor * len(content)
	tail := content[len(content)-footer:]
	if !bytes.Equal(tail[:table.header], content[:table.header]) {
		return nil, errReftable
	}
	position := func(i int) int64 { return int64(binary.BigEndian.Uint64(tail[table.header+8*i:])) } //nolint:gosec // checked below
	table.refs = int64(len(table.content))
	for _, end := range []int64{position(0), position(1) >> 5, position(2), position(3), position(4)} {
		if end < 0 || end > int64(len(table.content)) {
			return nil, errReftable
		}
		if end > 0 {
			table.refs = min(table.refs, end)
		}
	}
	table.logs = position(3)
	if len(table.content) > table.header && table.content[table.header] == 'g' { // a table of nothing but a log
		table.refs, table.logs = int64(table.header), int64(table.header)
	}
	var err error
	if crc32.ChecksumIEEE(tail[:footer-4]) != binary.BigEndian.Uint32(tail[footer-4:]) {
		err = errors.New("its checksum does not match")
	}
	return table, err
}

// references calls yield for each reference: with an object's name in hex, "ref: " and another reference, or nothing where
// the table says that it is no more.
func (t *reftable) references(yield func(name, value string)) error {
	at := t.header
	for at < int(t.refs) {
		if t.content[at] == 0 { // blocks may be filled up
			at++
			continue
		}
		if t.content[at] != 'r' || len(t.content)-at < blockHeader {
			return errReftable
		}
		start := at
		if start == t.header {
			start = 0 // the first block counts the header as its own
		}
		end := start + uint24(t.content[at+1:])
		if end <= at+blockHeader || end > int(t.refs) {
			return errReftable
		}
		if err := t.block(t.content[at+blockHeader:end], t.reference(yield)); err != nil {
			return err
		}
		at = end
	}
	return nil
}

// block calls yield for each record of a block: with its name, its type, and what follows these. It returns what is left.
func (t *reftable) block(text []byte, yield func(name []byte, kind int, value []byte) (rest []byte, err error)) error {
	if len(text) < 2 {
		return io.ErrUnexpectedEOF
	}
	restarts := restartSize * int(binary.BigEndian.Uint16(text[len(text)-2:]))
	if restarts > len(text)-2 {
		return errReftable
	}
	text = text[:len(text)-2-restarts]
	var name []byte
	for len(text) > 0 {
		shared, n := tableNumber(text)
		length, m := tableNumber(text[n:])
		text = text[n+m:]
		kind := int(length & 7)
		if length >>= 3; n == 0 || m == 0 || shared > int64(len(name)) || length > int64(len(text)) || shared+length > maxPath {
			return errReftable
		}
		name = append(name[:shared], text[:length]...)
		if t.budget -= len(name); t.budget < 0 {
			return errReftable
		}
		var err error
		if text, err = yield(name, kind, text[length:]); err != nil {
			return err
		}
	}
	return nil
}

// reference reads the value of a reference.
func (t *reftable) reference(yield func(name, value string)) func(name []byte, kind int, value []byte) ([]byte, error) {
	return func(name []byte, kind int, value []byte) ([]byte, error) {
		_, n := tableNumber(value) // when it was changed
		value = value[n:]
		size := []int{0, t.nameSize, 2 * t.nameSize, 0}
		if n == 0 || kind >= len(size) || len(value) < size[kind] {
			return nil, errReftable
		}
		switch kind {
		case 0:
			yield(string(name), "")
		case 1, 2: // what the tag there peels to, which is second, is known from the tag
			yield(string(name), hex.EncodeToString(value[:t.nameSize]))
		case 3:
			length, n := tableNumber(value)
			if value = value[n:]; n == 0 || length > int64(len(value)) {
				return nil, errReftable
			}
			yield(string(name), symbolic+" "+string(value[:length]))
			return value[length:], nil
		}
		return value[size[kind]:], nil
	}
}

// messages calls yield for each entry of the log: who moved a reference, and why. Its text is valid until yield returns.
func (t *reftable) messages(yield func(tableLog) error) error {
	if t.logs == 0 {
		return nil
	}
	at := int(t.logs)
	for at+blockHeader <= len(t.content) && t.content[at] == 'g' {
		start := at
		if start == t.header {
			start = 0
		}
		// Its length is that of what it inflates to, with the header, and for the first block of a file with the file's.
		length := uint24(t.content[at+1:]) - blockHeader - (at - start)
		if length < 0 {
			return errReftable
		}
		input := bytes.NewReader(t.content[at+blockHeader:])
		inflated, err := zlib.NewReader(input)
		if err != nil {
			return fmt.Errorf("inflate a block of the log: %w", err)
		}
		text, err := io.ReadAll(io.LimitReader(inflated, int64(length)+1))
		if err != nil || len(text) != length {
			return errors.Join(errReftable, err)
		}
		if err := t.block(text, t.logged(yield)); err != nil {
			return err
		}
		at = len(t.content) - input.Len()
	}
	return nil
}

// logged reads an entry of the log, whose key is the name of the reference, a zero byte, and what is left to 2^64-1 from the
// number of the change.
func (t *reftable) logged(yield func(tableLog) error) func(key []byte, kind int, value []byte) ([]byte, error) {
	return func(key []byte, kind int, value []byte) ([]byte, error) {
		const number = 8
		at := len(key) - number - 1
		if at < 0 || key[at] != 0 {
			return nil, errReftable
		}
		logged := tableLog{ref: string(key[:at]), index: ^binary.BigEndian.Uint64(key[at+1:])}
		if kind == 0 { // one that was taken out
			logged.isGone = true
			return value, yield(logged)
		}
		if kind != 1 || len(value) < 2*t.nameSize {
			return nil, errReftable
		}
		logged.before, logged.after = string(value[:t.nameSize]), string(value[t.nameSize:2*t.nameSize])
		value = value[2*t.nameSize:]
		text := func() (text []byte, ok bool) {
			length, n := tableNumber(value)
			if value = value[n:]; n == 0 || length > int64(len(value)) {
				return nil, false
			}
			text, value = value[:length], value[length:]
			return text, true
		}
		name, ok := text()
		email, ok2 := text()
		seconds, n := tableNumber(value)
		const zone = 2
		if !ok || !ok2 || n == 0 || len(value) < n+zone {
			return nil, errReftable
		}
		value = value[n+zone:]
		message, ok := text()
		if !ok {
			return nil, errReftable
		}
		logged.seconds = seconds
		logged.text, logged.message = bytes.Join([][]byte{name, email, message}, []byte{' '}), len(name)+len(email)+2
		return value, yield(logged)
	}
}

func uint24(text []byte) int { return int(text[0])<<16 | int(text[1])<<8 | int(text[2]) }

// tableNumber reads a number of variable length, and how many bytes say so; none where they can't be, or where it has more
// bits than any that is true.
func tableNumber(text []byte) (number int64, n int) {
	const maxBytes = 8 // of seven bits each: with what is added for each byte, nine could be more than an int64 holds
	for i, c := range text {
		if i == maxBytes {
			return 0, 0
		}
		number = number<<7 | int64(c&0x7f)
		if c < 0x80 {
			return number, i + 1
		}
		number++
	}
	return 0, 0
}
