package fs

import (
	"os"
	"strings"
)

// kernelMounts returns the mount points of file systems that show the kernel's own state and not data at rest, from
// /proc/self/mountinfo (proc_pid_mountinfo(5)), and their types. Reading all of them may not end, and some of their files
// act when they are read.
func kernelMounts() map[string]string {
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil // without /proc nothing of the kind is mounted where it would be met
	}
	mounts := map[string]string{}
	for line := range strings.Lines(string(table)) {
		before, after, ok := strings.Cut(line, " - ")
		fields, kinds := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(kinds) == 0 || !isKernelType(kinds[0]) {
			continue
		}
		mounts[unescaped(fields[4])] = kinds[0]
	}
	return mounts
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
