// Package hostpath tells which paths of the host a container has inside, by what
// it was asked to mount and by what the kernel shows.
package hostpath

import (
	"path"
	"strings"
)

// Clean gives a path its shortest form. /var/run is a link to /run on every
// distribution that Docker supports.
func Clean(p string) string {
	p = path.Clean(p)
	if p == "/var/run" || strings.HasPrefix(p, "/var/run/") {
		return p[len("/var"):]
	}
	return p
}

// Within reports whether a path is the directory or below it.
func Within(p, dir string) bool {
	if dir == "/" || p == dir {
		return true
	}
	return len(p) > len(dir) && p[len(dir)] == '/' && strings.HasPrefix(p, dir)
}

// SocketFile reports whether a host path looks like the control socket of an
// engine or containerd.
func SocketFile(p string) bool {
	switch path.Base(p) {
	case "docker.sock", "podman.sock", "containerd.sock":
		return true
	}
	return false
}
