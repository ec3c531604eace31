package lab

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// descendants lists the processes below pid, parents first.
func descendants(pid int) []int {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		b, _ := os.ReadFile(path)
		// "PID (NAME) STATE PPID ...", and the name may hold anything.
		f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		if len(f) < 2 {
			continue
		}
		child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parent, _ := strconv.Atoi(f[1])
		children[parent] = append(children[parent], child)
	}
	found := children[pid]
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found
}

// descendant finds the process below pid that has this name; 0 if none has.
func descendant(pid int, name string) int {
	for _, d := range descendants(pid) {
		b, _ := os.ReadFile("/proc/" + strconv.Itoa(d) + "/comm")
		if strings.TrimSpace(string(b)) == name {
			return d
		}
	}
	return 0
}
