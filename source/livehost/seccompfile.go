package livehost

import (
	"encoding/json"
	"errors"
	"path"

	"seawall/lang"
	"seawall/snapshot"
)

// maxProfile bounds a seccomp profile; the built-in one is 15 KB.
const maxProfile = 4 << 20

// seccompProfile is the part of a profile that tells how strict it is
// (moby, profiles/seccomp).
type seccompProfile struct {
	DefaultAction string `json:"defaultAction"`
	Syscalls      []struct {
		Action string `json:"action"`
	} `json:"syscalls"`
}

// readSeccompProfile reads the engine's default profile where it is a file. A
// profile that denies nothing is "unconfined", whatever its name; what one that
// cannot be read denies is not known.
func (d *daemon) readSeccompProfile(s *snapshot.Settings) {
	name, ok := s.SeccompProfile.Peek()
	if !ok || !path.IsAbs(d.absolute(name)) || !isProfileFile(name) {
		return
	}
	file := d.absolute(name)
	where := d.view.Where(file)
	o := snapshot.At("defaultAction", where)
	var p seccompProfile
	data, err := d.view.ReadFile(file, maxProfile)
	if err == nil {
		if err = json.Unmarshal(data, &p); err == nil && p.DefaultAction == "" {
			err = errors.New(lang.N("no defaultAction"))
		}
	}
	if err != nil {
		s.SeccompProfile = snapshot.Lost[string](*gapPtr(lang.RecordErrorf("seccomp profile %s: %w", where, err)), o)
		return
	}
	allows := lets(p.DefaultAction)
	for _, rule := range p.Syscalls {
		allows = allows && lets(rule.Action)
	}
	if allows {
		s.SeccompProfile = snapshot.See("unconfined", o)
	}
}

// isProfileFile reports whether an engine's default profile is a file.
func isProfileFile(name string) bool {
	return name != "builtin" && name != "unconfined" && name != ""
}

// lets reports whether a seccomp action lets a system call through.
func lets(action string) bool { return action == "SCMP_ACT_ALLOW" || action == "SCMP_ACT_LOG" }
