package apimodel

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/moby/api/types/container"
)

// The values of seccomp and AppArmor facts.
const (
	unconfined      = "unconfined"
	seccompDefault  = "default"
	seccompCustom   = "custom"
	labelDisable    = "disable"
	containerPrefix = "container:"
)

// securityOpt is what the list HostConfig.SecurityOpt says.
type securityOpt struct {
	noNewPrivileges *bool
	seccomp         string // "" if not given
	appArmor        string // "" if not given
	labels          []string
	labelled        bool
}

// parseSecurityOpt reads the options as the engine does (moby,
// daemon_unix.go, parseSecurityOpt): key=value, or key:value as it was written
// before Docker 1.11, and of several the last one counts.
func parseSecurityOpt(options []string) securityOpt {
	var out securityOpt
	for _, option := range options {
		key, value, found := strings.Cut(option, "=")
		if !found {
			key, value, found = strings.Cut(option, ":")
		}
		switch key {
		case "no-new-privileges":
			out.noNewPrivileges = noNewPrivileges(value, found)
		case "seccomp":
			out.seccomp = seccompKind(value)
		case "apparmor":
			out.appArmor = value
		case "label":
			out.labels, out.labelled = append(out.labels, value), true
		case labelDisable:
			out.labels = append(out.labels, labelDisable)
		}
	}
	return out
}

// noNewPrivileges reads the option's value; without one it is on. A value that
// is no boolean makes the engine refuse the container, so it counts as off.
func noNewPrivileges(value string, given bool) *bool {
	on := !given
	if given {
		on, _ = strconv.ParseBool(value)
	}
	return &on
}

// seccompFor is the profile in force. A privileged container has none, unless
// it names one (and before Docker 23 even then).
func (s securityOpt) seccompFor(h *container.HostConfig) string {
	switch {
	case s.seccomp != "":
		return s.seccomp
	case h.Privileged:
		return unconfined
	}
	return seccompDefault
}

func (s securityOpt) appArmorFor(h *container.HostConfig) string {
	if s.appArmor == "" && h.Privileged {
		return unconfined
	}
	return s.appArmor
}

// labelsFor adds what the engine adds to the options when it makes a container
// that is privileged or shares the host's processes or IPC: label=disable
// (moby, daemon_unix.go, generateSecurityOpt).
func (s securityOpt) labelsFor(h *container.HostConfig) []string {
	implied := h.Privileged || h.PidMode.IsHost() || h.IpcMode.IsHost()
	if implied && !s.labelled && !slices.Contains(s.labels, labelDisable) {
		return append(s.labels, labelDisable)
	}
	return s.labels
}

// seccompKind reads the value of seccomp=: a word, or a profile as JSON. (The
// CLI reads the file and sends what is in it.)
func seccompKind(value string) string {
	switch value {
	case "", "builtin":
		return seccompDefault
	case unconfined:
		return unconfined
	}
	if allowsAll([]byte(value)) {
		return unconfined
	}
	return seccompCustom
}

// allowsAll reports whether a seccomp profile denies no system call.
func allowsAll(profile []byte) bool {
	var p struct {
		DefaultAction string `json:"defaultAction"`
		Syscalls      []struct {
			Action string `json:"action"`
		} `json:"syscalls"`
	}
	if err := json.Unmarshal(profile, &p); err != nil || !allowing(p.DefaultAction) {
		return false
	}
	for _, s := range p.Syscalls {
		if !allowing(s.Action) {
			return false
		}
	}
	return true
}

// allowing: the call goes through. LOG allows it, too, and writes a line.
func allowing(action string) bool {
	return action == "SCMP_ACT_ALLOW" || action == "SCMP_ACT_LOG"
}

// unmasked reports whether parts of /proc and /sys that the engine hides or
// write-protects are open. Null lists mean the engine's own; of those, every
// version since 17.05 has the paths below.
func unmasked(h *container.HostConfig) bool {
	if h.Privileged {
		return true
	}
	return lacks(h.MaskedPaths, "/proc/kcore", "/proc/keys", "/sys/firmware") ||
		lacks(h.ReadonlyPaths, "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
}

// lacks reports whether a list was given and misses one of the paths.
func lacks(list []string, paths ...string) bool {
	return list != nil && slices.ContainsFunc(paths, func(p string) bool { return !slices.Contains(list, p) })
}
