package container

import (
	"slices"
	"strings"
	"testing"
)

// What carries a zip is unpacked in whatever way it comes, or it is said that it was not.
func TestProgramsWithArchives(t *testing.T) {
	archive := zipped("log.txt", readable(10_000))
	program := append([]byte("MZ\x00\x01"), make([]byte, 3<<20)...)
	for _, test := range []struct {
		name   string
		data   []byte
		unread bool // as a stream it is not unpacked
	}{
		{"program", slices.Concat(program, archive), false},
		{"zipapp", slices.Concat([]byte("#!/usr/bin/env python3\n"), archive), false},
		{"script", slices.Concat([]byte("#!/bin/sh\n"+strings.Repeat("# nothing\n", 100)), archive), true},
		{"large program", slices.Concat(program, program, archive), true},
	} {
		for _, way := range ways {
			t.Run(test.name+" "+way.name, func(t *testing.T) {
				found := walk(t, way.input(test.data), Limits{MaxMemory: 4 << 20})
				_, ok := found.find(secret)
				told := len(found.problems) == 1 && strings.Contains(found.problems[0], "ends as a zip does")
				if unread := test.unread && way.name == "stream"; ok == unread || told != unread {
					t.Errorf("found %v, problems %q", ok, found.problems)
				}
			})
		}
	}
}
