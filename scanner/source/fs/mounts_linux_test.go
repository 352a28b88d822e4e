package fs

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const mountsTable = `22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw shared:13 - proc proc rw
24 22 0:22 / /sys rw - sysfs sysfs rw
25 22 0:5 / /dev rw - devtmpfs udev rw
26 25 0:23 / /dev/shm rw - tmpfs tmpfs rw
27 24 0:24 / /sys/fs/cgroup ro - tmpfs tmpfs ro
28 27 0:25 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw
29 27 0:26 / /sys/fs/cgroup/deeper rw - tmpfs tmpfs rw
30 23 0:27 / /proc/a\040b rw - tmpfs tmpfs rw
31 22 0:28 / /covered rw - proc proc rw
32 22 0:29 / /covered rw - ext4 /dev/sdb rw
33 22 0:30 / /sysroot rw - ext4 /dev/sdc rw
`

func TestMountsAreKnown(t *testing.T) {
	m := parseMounts(mountsTable)
	want := map[string]string{"/proc": "proc", "/sys": "sysfs", "/dev": devices, "/sys/fs/cgroup/cpu": "cgroup"}
	if diff := cmp.Diff(want, m.kernel); diff != "" {
		t.Error(diff)
	}
	for dir, want := range map[string][]string{"/proc": {"/proc/a b"}, "/sys": {"/sys/fs/cgroup"}, "/dev": {"/dev/shm"}, "/covered": nil} {
		if diff := cmp.Diff(want, m.below("/").dataBelow(dir)); diff != "" {
			t.Errorf("below %s: %s", dir, diff)
		}
	}
	if met := m.below("/var"); len(met.kernel)+len(met.data) > 0 {
		t.Errorf("a walk of /var meets %v", met)
	}
}
