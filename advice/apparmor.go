package advice

import (
	"path"
	"slices"
	"strings"

	"seawall/confinement"
	"seawall/lang"
	"seawall/snapshot"
)

// AppArmor is a profile that allows what was seen.
type AppArmor struct {
	Setting
	// Name is the profile's, as --security-opt apparmor= takes it.
	Name string `json:"name,omitempty"`
	// Writable are the directories below which the profile lets files be written, beside
	// those of the kernel (/dev, /proc, /sys); nil if it does not restrict that.
	Writable []string `json:"writable,omitempty"`
	// Families are the families of sockets that it allows.
	Families []string `json:"families,omitempty"`
	// Profile is its text, as apparmor_parser reads it.
	Profile string `json:"profile,omitempty"`

	parts appArmorProfile
	// A seccomp profile and a read-only root file system were advised as well when it was
	// made.
	filtered, readOnly bool
}

// mountingCalls are refused by any profile that the engine would use by itself.
var mountingCalls = []string{"fsmount", "mount", "mount_setattr", "move_mount", "open_tree", "pivot_root"}

func appArmorAdvice(in Input, a *Advice) AppArmor {
	switch {
	case in.Seen == nil:
		return AppArmor{Setting: setting(Unknown, lang.T("it was not watched"))}
	case !a.Capabilities.Verdict.Advised():
		return AppArmor{Setting: setting(Unknown, lang.T("which capabilities it needs is not known"))}
	}
	calls, _ := seenCalls(in.Seen)
	confined, known := confinedNow(in)
	if mounts := common(calls, mountingCalls); !confined && len(mounts) > 0 {
		return AppArmor{Setting: setting(Fails, lang.Sprintf("no profile is derived: it mounts file systems (%s), which a profile like the engine's own denies", lang.Comma(mounts)))}
	}
	out := AppArmor{Name: profileName(a)}
	out.Setting = setting(Tentative, lang.T("programs that it starts and files that it reads are not recorded, and stay as free as in the engine's own profile"))
	say := func(text string) { out.Reasons = append(out.Reasons, text) }
	switch {
	case !known:
		say(lang.T("whether a profile confines it now is not known"))
	case !confined:
		say(lang.T("no profile confines it now: whether it does what the engine's own profile denies was not looked at"))
	}
	var why string
	if out.Writable, why = writable(in); why != "" {
		say(lang.Sprintf("it may write everywhere, as in the engine's own profile: %s", why))
	}
	open, why := families(in, a, calls)
	say(why)
	if why := withoutAppArmor(in); why != "" {
		say(why)
	}
	out.parts = appArmorProfile{name: out.Name, container: a.Container, families: open, writable: out.Writable, daemon: daemonProfile(in)}
	out.filtered, out.readOnly = a.Seccomp.Verdict.Advised(), a.ReadOnly.Verdict.Advised()
	out.write(a.Capabilities.Set())
	return out
}

// write writes the profile with these capabilities.
func (p *AppArmor) write(caps snapshot.CapSet) {
	p.parts.capabilities = caps
	p.Families, p.Profile = p.parts.sockets(), p.parts.text()
}

// Settle has the AppArmor profile follow what became of the other settings since: of the
// capabilities, and of those that a copy did not work with, whose reasons it shares.
func (a *Advice) Settle() {
	p := &a.AppArmor
	if p.parts.name == "" {
		return
	}
	if p.filtered && !a.Seccomp.Verdict.Advised() && !slices.Equal(p.parts.families, usualFamilies) {
		p.parts.families = usualFamilies
		p.Reasons = append(p.Reasons, lang.T("after all it may open sockets: a copy did not work with the system calls that were seen"))
	}
	if p.readOnly && !a.ReadOnly.Verdict.Advised() && p.Writable != nil {
		p.Writable, p.parts.writable = nil, nil
		p.Reasons = append(p.Reasons, lang.T("after all it may write everywhere: a copy did not work where it could write only in what was seen"))
	}
	p.write(a.Capabilities.Set())
}

// usualFamilies are those of the sockets that ordinary programs open; packet with NET_RAW
// only.
var usualFamilies = []string{"inet", "inet6", "netlink", "packet", "unix"}

// confinedNow reports whether a profile confines the container as it is.
func confinedNow(in Input) (confined, known bool) {
	if in.Engine == nil {
		return false, false
	}
	if own, known := in.Container.AppArmor.Peek(); known && own == "unconfined" {
		return false, true
	}
	host := in.Host
	if host == nil {
		host = &snapshot.Host{}
	}
	has, known := confinement.HasAppArmor(quiet{}, host, in.Engine)
	if !known || !has {
		return false, known
	}
	return !confinement.AppArmor(quiet{}, in.Engine, in.Container).Off, true
}

// withoutAppArmor says that the profile does nothing here, where that is so.
func withoutAppArmor(in Input) string {
	if rootless, _ := in.Engine.Settings.Rootless.Peek(); rootless {
		return lang.T("its engine is rootless and applies no profiles: it does nothing there")
	}
	if in.Host == nil {
		return ""
	}
	if has, known := confinement.HasAppArmor(quiet{}, in.Host, in.Engine); known && !has {
		return lang.T("this host has no AppArmor, or has it switched off: it does nothing here")
	}
	return ""
}

// daemonProfile is the profile that confines the daemon itself; empty if none does.
func daemonProfile(in Input) string {
	if p, _ := in.Engine.Daemon.Process.Peek(); p.Start == "snap" {
		return "snap.docker.dockerd"
	}
	return ""
}

// families are the families of sockets to allow. Which ones a container opens is not
// recorded: those that ordinary programs use are allowed all, unless it opens none.
func families(in Input, a *Advice, calls []string) (list []string, why string) {
	if a.Seccomp.Verdict.Advised() && !slices.Contains(calls, "socket") && len(in.Seen.Sockets) == 0 {
		return []string{"unix"}, lang.T("it was not seen to open a socket (socket): all but those of the Unix family are denied")
	}
	return usualFamilies, lang.T("the families of its sockets are not recorded: those that ordinary programs use are allowed, and others (as alg, bluetooth, can, vsock) are denied")
}

// writable are the directories below which it writes, of its image and by its mounts.
// Where that is not known for sure, why says so.
func writable(in Input) (dirs []string, why string) {
	readOnly, _ := in.Container.ReadonlyRootfs.Peek()
	mounts, known := in.Container.Mounts.Peek()
	switch {
	case !known:
		return nil, lang.T("its mounts are not known")
	case !readOnly && !in.Seen.FilesKnown():
		return nil, lang.T("which files it changes was not recorded in each run")
	case !readOnly && in.Seen.Watched.Starts == 0:
		return nil, lang.T("no start was seen, and what it changes there is not known")
	}
	for _, m := range mounts {
		if !m.ReadOnly {
			dirs = append(dirs, m.Destination)
		}
	}
	if !readOnly {
		dirs = append(dirs, writtenInImage(in)...)
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	for _, dir := range dirs {
		if dir == "/" {
			return nil, lang.T("it writes in the root directory")
		}
		if _, ok := appArmorPath(dir); !ok {
			return nil, lang.Sprintf("a profile cannot hold the name of a directory that it writes in: %q", dir)
		}
	}
	return slices.DeleteFunc(slices.Clone(dirs), func(d string) bool {
		return slices.ContainsFunc(dirs, func(o string) bool { return o != d && below(d, []string{o}) })
	}), ""
}

// writtenInImage are the directories outside of mounts in which it changed something, in
// all sessions, and /tmp, whose files are often gone again when one looks.
func writtenInImage(in Input) []string {
	dirs := []string{"/tmp"}
	for _, x := range in.Seen.Written {
		dirs = append(dirs, path.Clean("/"+x.Directory))
	}
	if w, gap := writingOf(in); gap == "" {
		dirs = append(dirs, w.paths()...)
	}
	return dirs
}

// common are the names that are in both lists, sorted.
func common(a, b []string) []string {
	var out []string
	for _, name := range a {
		if slices.Contains(b, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// profileName is a name for the profile of a container, or service.
func profileName(a *Advice) string {
	of := a.Container
	if a.Service != "" {
		of = a.Service
		if a.Project != "" {
			of = a.Project + "-" + of
		}
	}
	return "seawall-" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		}
		return '-'
	}, of)
}
