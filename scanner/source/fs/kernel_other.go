//go:build !linux

package fs

// kernelMounts returns nothing: other systems mount no such file systems where a walk would meet them.
func kernelMounts() map[string]string { return nil }
