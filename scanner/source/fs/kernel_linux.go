package fs

import (
	"os"
	"strings"
)

// mountTable returns what is mounted where, from /proc/self/mountinfo (proc_pid_mountinfo(5)).
func mountTable() mounts {
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return mounts{} // without /proc nothing of the kernel's is mounted where it would be met
	}
	return parseMounts(string(table))
}

// parseMounts reads a table of mounts. Of several at one point the last lies on top.
func parseMounts(table string) mounts {
	m := mounts{kernel: map[string]string{}, data: map[string]bool{}}
	for line := range strings.Lines(table) {
		before, after, ok := strings.Cut(line, " - ")
		fields, kinds := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(kinds) == 0 {
			continue
		}
		point := unescaped(fields[4])
		delete(m.kernel, point)
		delete(m.data, point)
		if isKernelType(kinds[0]) {
			m.kernel[point] = kinds[0]
		} else {
			m.data[point] = true
		}
	}
	return m
}

func isKernelType(kind string) bool {
	switch kind {
	case "proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs", "bpf", "configfs", "pstore",
		"efivarfs", "mqueue", "hugetlbfs", "fusectl", "binfmt_misc", "autofs", "rpc_pipefs", "nsfs", "selinuxfs", "resctrl":
		return true
	}
	return false
}

// unescaped undoes the octal escapes of the mount table.
func unescaped(path string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(path)
}
