package snapshot

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
)

// File is what stat and getxattr tell of a file, directory or socket. Its
// content is never part of it.
type File struct {
	// Role says what the file is to the engine or the client: one of the Role
	// constants, or for a binary its name ("dockerd", "runc", …).
	Role string `json:"role,omitempty"`
	Path string `json:"path"`
	// Type is "file", "dir", "socket", "symlink" or "device".
	Type string `json:"type"`
	// Mode is what owner, group and others are granted. Where the file has an
	// ACL, ls shows the ACL's mask in place of the group's bits.
	Mode  Mode   `json:"mode"`
	UID   int    `json:"uid"`
	GID   int    `json:"gid"`
	Owner string `json:"owner,omitempty"` // name of UID, if it has one
	Group string `json:"group,omitempty"` // name of GID, if it has one
	// ACL are the entries of the POSIX access ACL beyond the mode bits.
	ACL []ACLEntry `json:"acl,omitempty"`
	// Parents are the directories above the file, nearest first, up to /; then
	// those that hold a symbolic link on the way to it.
	Parents []File `json:"parents,omitempty"`
}

// The roles of files. Binaries have their own names as role: "dockerd",
// "containerd", "containerd-shim-runc-v2", "runc", "docker-init", "docker-proxy",
// "rootlesskit", "docker", …
const (
	RoleConfig      = "config"            // daemon.json; a client's config.json
	RoleConfigDir   = "config-dir"        // the directory of daemon.json
	RoleEnvironment = "environment"       // EnvironmentFile= of the unit
	RoleDefaults    = "defaults"          // /etc/default/docker and /etc/sysconfig/docker where no unit reads them
	RoleUnit        = "unit"              // the service and socket units
	RoleDropIn      = "drop-in"           // their drop-ins
	RoleUnitDir     = "unit-dir"          // where systemd looks for the units and their drop-ins
	RolePluginDir   = "plugin-dir"        // where the engine or the CLI looks for plugins, CDI included
	RolePlugin      = "plugin"            // a file in such a directory
	RoleCLIPlugin   = "cli-plugin"        // a program in a CLI plugin directory
	RoleTLSKey      = "tls-key"           // private key of server or client
	RoleTLSCert     = "tls-cert"          // certificate
	RoleTLSCA       = "tls-ca"            // CA certificate
	RoleCertsDir    = "certs-dir"         // /etc/docker/certs.d and the directories in it
	RoleContainerd  = "containerd-config" // configuration of a containerd that runs beside dockerd, and directories of its extensions
	RoleDataRoot    = "data-root"         // the engine's data directory
	RoleContextMeta = "context-meta"      // meta.json of a CLI context

	RoleHelper       = "credential-helper" // a program that keeps a client's passwords
	RoleBindSource   = "bind-source"       // what a container's bind mount brings in
	RoleBindProgram  = "bind-program"      // a file in it that the container starts
	RoleBindArgument = "bind-argument"     // a file in it that the container's program is given
	RoleCompose      = "compose"           // a file that a Compose project is made from
	RoleComposeEnv   = "compose-env"       // its file of variables
)

// notPrograms are the roles of an engine's files that are no programs.
var notPrograms = [...]string{
	RoleConfig, RoleConfigDir, RoleEnvironment, RoleDefaults, RoleUnit, RoleDropIn, RoleUnitDir, RolePluginDir, RolePlugin,
	RoleTLSKey, RoleTLSCert, RoleTLSCA, RoleCertsDir, RoleContainerd, RoleDataRoot,
}

// IsProgram reports whether a role of an engine's file is that of a program:
// programs have their own names as roles.
func IsProgram(role string) bool { return !slices.Contains(notPrograms[:], role) }

// Mode is the permission bits of a file, with setuid (04000), setgid and
// sticky. It is encoded in octal, as people write it.
type Mode uint32

// String writes the mode in octal: "0660".
func (m Mode) String() string { return fmt.Sprintf("%04o", uint32(m)) }

// MarshalText encodes the mode as String does.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText decodes an octal number of at most 07777.
func (m *Mode) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 8, 12)
	if err != nil {
		return lang.Errorf("file mode %q: want octal digits", text)
	}
	*m = Mode(n)
	return nil
}

// ACLEntry is a named entry of a POSIX ACL (acl(5)).
type ACLEntry struct {
	Kind string `json:"kind"` // "user" or "group"
	ID   int    `json:"id"`
	Name string `json:"name,omitempty"`
	// Perm is what the entry grants after the mask, as rwx bits.
	Perm uint8 `json:"perm"`
}

// Who names the entry's user or group: "user alice", "group 1007".
func (e ACLEntry) Who() string {
	if e.Name != "" {
		return e.Kind + " " + e.Name
	}
	return e.Kind + " " + strconv.Itoa(e.ID)
}

// String describes the file as ls does: "srw-rw---- root:docker /run/docker.sock".
func (f File) String() string {
	return fmt.Sprintf("%s %s:%s %s", f.Mode, nameOr(f.Owner, f.UID), nameOr(f.Group, f.GID), f.Path)
}

func nameOr(name string, id int) string {
	if name != "" {
		return name
	}
	return strconv.Itoa(id)
}

// anyAddress reports whether a host:port listens on all addresses.
func anyAddress(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	if host == "" || host == "*" {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsUnspecified()
}
