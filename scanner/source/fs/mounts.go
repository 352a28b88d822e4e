package fs

import (
	"path/filepath"
	"slices"
	"strings"
)

// mounts are the points at which file systems are mounted, absolute.
type mounts struct {
	// kernel has those, with their types, of file systems that show the kernel's own state and not data at rest. Reading
	// all of them may not end, and some of their files act when they are read.
	kernel map[string]string
	// data has all others.
	data map[string]bool
}

// devices is the type of a file system of the kernel that is of devices, which are not read. Reading it ends, and whoever
// hides a file likes to do it there.
const devices = "devtmpfs"

// below returns those of the mounts that a walk from root on meets: in most walks none of the kernel's.
func (m mounts) below(root string) mounts {
	met := mounts{kernel: map[string]string{}, data: map[string]bool{}}
	for point, kind := range m.kernel {
		if isBelow(point, root) {
			met.kernel[point] = kind
		}
	}
	if len(met.kernel) == 0 {
		return mounts{}
	}
	for point := range m.data {
		if isBelow(point, root) {
			met.data[point] = true
		}
	}
	return met
}

// dataBelow returns where data is mounted below a directory that is left out, of points inside one another the outermost:
// a directory in memory, or what somebody hid.
func (m mounts) dataBelow(dir string) []string {
	var points []string
	for point := range m.data {
		if isBelow(point, dir) {
			points = append(points, point)
		}
	}
	slices.Sort(points)
	var outermost []string
	for _, point := range points {
		if !slices.ContainsFunc(outermost, func(outer string) bool { return isBelow(point, outer) }) {
			outermost = append(outermost, point)
		}
	}
	return outermost
}

func isBelow(path, dir string) bool {
	return strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}
