package advice

import (
	"fmt"
	"strings"

	"seawall/snapshot"
)

// Files are the files that profiles were written to; empty if they were not.
type Files struct{ Seccomp, AppArmor string }

// Flags are the advised settings as arguments of docker run, one option each. A profile is
// named if it was written to a file. Limits of memory are left out: what they rest on is
// too little to kill for.
func (a *Advice) Flags(files Files) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if a.Capabilities.Verdict.Advised() {
		add("--cap-drop=ALL")
		for _, c := range a.Capabilities.Add {
			add("--cap-add=%s", c.Name)
		}
	}
	if a.NoNewPrivileges.Verdict.Advised() {
		add("--security-opt=no-new-privileges")
	}
	if a.ReadOnly.Verdict.Advised() {
		add("--read-only")
		for _, p := range a.ReadOnly.Places {
			if p.Tmpfs {
				add("--tmpfs=%s:%s", p.Path, p.Options())
			} else {
				add("--volume=%s:%s", a.VolumeName(p), p.Path)
			}
		}
	}
	if a.Pids.Verdict.Advised() {
		add("--pids-limit=%d", a.Pids.Value)
	}
	for _, option := range a.Profiles(files) {
		add("--security-opt=%s", option)
	}
	return out
}

// Profiles are the options, as --security-opt takes them, that name the profiles that were
// written to files.
func (a *Advice) Profiles(files Files) []string {
	var out []string
	if files.Seccomp != "" && a.Seccomp.Verdict.Advised() {
		out = append(out, "seccomp="+files.Seccomp)
	}
	if files.AppArmor != "" && a.AppArmor.Verdict.Advised() {
		out = append(out, "apparmor="+a.AppArmor.Name)
	}
	return out
}

// VolumeName is the name of a volume for a place: of the container, or service, and the
// path.
func (a *Advice) VolumeName(p Place) string {
	name := a.Container
	if a.Service != "" {
		name = a.Service
	}
	return name + "-" + strings.ReplaceAll(strings.Trim(p.Path, "/"), "/", "-")
}

// removed are options of docker run that go, because of what is advised instead.
func (a *Advice) removed(c *snapshot.Container) []string {
	out := []string{}
	if a.Privileged {
		out = append(out, "--privileged")
	}
	if a.Capabilities.Verdict.Advised() && !a.Privileged {
		added, _ := c.CapAdd.Peek()
		if added == snapshot.AllCaps {
			out = append(out, "--cap-add ALL")
		} else {
			for _, name := range (added &^ a.Capabilities.Set()).Names() {
				out = append(out, "--cap-add "+name)
			}
		}
	}
	for _, p := range a.Ports.Idle {
		out = append(out, "-p "+PortText(p))
	}
	return out
}

// PortText is a published port as docker run and Compose take it.
func PortText(p snapshot.Port) string {
	text := fmt.Sprint(p.Port)
	if p.HostPort != "" || p.HostIP != "" {
		text = p.HostPort + ":" + text
	}
	if p.HostIP != "" {
		ip := p.HostIP
		if strings.Contains(ip, ":") {
			ip = "[" + ip + "]"
		}
		text = ip + ":" + text
	}
	if p.Protocol != "tcp" {
		text += "/" + p.Protocol
	}
	return text
}
