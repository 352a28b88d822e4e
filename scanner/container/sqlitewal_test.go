package container

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// walOf returns a log of transactions, each of which writes all pages of a database but the first.
func walOf(pageSize int, salt uint64, transactions ...[]byte) []byte {
	log := binary.BigEndian.AppendUint32(nil, 0x377f0682)
	log = binary.BigEndian.AppendUint32(log, 3007000)
	log = binary.BigEndian.AppendUint32(log, uint32(pageSize))
	log = append(log, make([]byte, 20)...)
	for _, pages := range transactions {
		for at := pageSize; at < len(pages); at += pageSize {
			committed := 0
			if at+pageSize == len(pages) {
				committed = len(pages) / pageSize
			}
			log = binary.BigEndian.AppendUint32(log, uint32(at/pageSize+1))
			log = binary.BigEndian.AppendUint32(log, uint32(committed))
			log = binary.BigEndian.AppendUint64(log, salt)
			log = append(append(log, make([]byte, 8)...), pages[at:at+pageSize]...)
		}
	}
	return log
}

// TestSQLiteWAL reads a log in which each of three transactions, the last of them of an older log, has another version of a
// value that runs over several pages.
func TestSQLiteWAL(t *testing.T) {
	for _, pageSize := range []int{512, 4096} {
		var versions []string
		var databases [][]byte
		for i := range 3 {
			version := strings.Repeat(fmt.Sprintf("version-%d-of-a-long-value.", i), 1000)
			versions = append(versions, version)
			databases = append(databases, sqliteFile(pageSize, []byte("short"), []byte(version)))
		}
		log := walOf(pageSize, 1, databases[0], databases[1])
		log = append(log, walOf(pageSize, 2, databases[2])[32:]...)
		for _, way := range ways {
			t.Run(fmt.Sprint(pageSize, way.name), func(t *testing.T) {
				found := walk(t, way.input(log), Limits{})
				for _, version := range versions {
					if _, ok := found.find(version); !ok {
						t.Errorf("lost %.9s", version)
					}
				}
				if len(found.problems) > 0 {
					t.Errorf("problems: %q", found.problems)
				}
			})
		}
		torn := append(bytes.Clone(log[:len(log)-pageSize/2]), "behind a torn frame"...)
		if _, ok := walk(t, Input{Bytes: torn}, Limits{}).find("behind a torn frame"); !ok {
			t.Error("the end of a torn log is lost")
		}
	}
}

// TestSQLiteWALAlone reads a log that has a row whose overflow pages are in the database: what there is of the value is shown,
// and nothing told, for the database has the rest.
func TestSQLiteWALAlone(t *testing.T) {
	database := sqliteFile(512, []byte("short"), []byte("begins here "+strings.Repeat("x", 4000)))
	found := walk(t, Input{Bytes: walOf(512, 1, database[:1024])}, Limits{})
	if _, ok := found.find("begins here"); !ok || len(found.problems) > 0 {
		t.Errorf("found %v\n%s", ok, found)
	}
}
