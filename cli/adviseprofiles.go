package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"seawall/advice"
	"seawall/lang"
	"seawall/report"
)

// profile is the flag that asks for a profile; empty if none does.
func (f adviseFlags) profile() string {
	switch {
	case f.seccomp != "":
		return "--seccomp-profile"
	case f.appArmor != "":
		return "--apparmor-profile"
	}
	return ""
}

// writeProfiles writes the profiles of the one container that were asked for.
func (a *app) writeProfiles(f adviseFlags, out *report.Advice) error {
	if f.profile() == "" {
		return nil
	}
	if len(out.Containers) > 1 {
		return usageError{lang.Errorf("%s is for one container, and several have this name: use the beginning of an id", f.profile())}
	}
	one := out.Containers[0]
	written, err := a.writeProfile(f.seccomp, one, "seccomp", one.Seccomp.Setting, one.Seccomp.Profile != nil, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(one.Seccomp.Profile)
	})
	if err != nil {
		return err
	}
	out.SeccompProfile = written
	out.AppArmorProfile, err = a.writeProfile(f.appArmor, one, "AppArmor", one.AppArmor.Setting, one.AppArmor.Profile != "", func(w io.Writer) error {
		_, err := io.WriteString(w, one.AppArmor.Profile)
		return err
	})
	return err
}

// writeProfile writes a profile to a file, if one is named, and returns its path. One that
// a copy did not work with is not written, which is told.
func (a *app) writeProfile(path string, of *advice.Advice, kind string, s advice.Setting, have bool, text func(io.Writer) error) (written string, err error) {
	why := fmt.Sprintf("%s: %s", of.Container, lang.Semicolon(s.Reasons))
	switch {
	case path == "":
		return "", nil
	case !have:
		return "", usageError{lang.Errorf("no %s profile for %s", kind, why)}
	case !s.Verdict.Advised():
		a.note("no %s profile is written for %s", kind, why)
		return "", nil
	}
	return path, a.write(path, func(w io.Writer, _ report.Style) error { return text(w) })
}
