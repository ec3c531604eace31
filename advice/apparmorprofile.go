package advice

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"seawall/lang"
	"seawall/snapshot"
)

// appArmorProfile is a profile in the making: the engine's own, docker-default, with fewer
// capabilities, families of sockets and files to write.
//
// What it has in common with docker-default is what all releases from 20.10 on deny. The
// peers runc and crun, which some distributions confine, and the directory powercap came
// after 20.10; the line of the ABI after 28. Without that line newer parsers judge by what
// the kernel knows, and deny sockets of the Unix family that no rule of their own allows.
type appArmorProfile struct {
	name, container string
	capabilities    snapshot.CapSet
	families        []string
	writable        []string // nil: everywhere
	daemon          string   // the daemon's own profile, if it has one
}

// text is the profile as apparmor_parser reads it, from AppArmor 3.0 on.
func (p appArmorProfile) text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "  "+format+"\n", args...) }
	part := func(words string) { b.WriteString("\n  # " + words + "\n") }

	b.WriteString("# " + lang.Sprintf("What container %s was seen to need, as seawall advise derives it.", oneWord(p.container)) + "\n")
	b.WriteString("# " + lang.T("To load it, as root: apparmor_parser -r -W FILE") + "\n")
	fmt.Fprintf(&b, "abi <abi/3.0>,\n\nprofile %s flags=(attach_disconnected,mediate_deleted) {\n", p.name)

	b.WriteString("  # " + lang.T("Capabilities that it needs.") + "\n")
	for _, name := range p.capabilities.Names() {
		line("capability %s,", strings.ToLower(name))
	}
	part(lang.T("Sockets."))
	for _, family := range p.sockets() {
		line("network %s,", family)
		if family == "unix" {
			line("unix,")
		}
	}
	part(lang.T("Files."))
	if p.writable == nil {
		line("file,")
	} else {
		line("/{,**} rmkix,")
		for _, dir := range append([]string{"/dev", "/proc", "/sys"}, p.writable...) {
			if pattern, ok := appArmorPath(dir); ok {
				line("%s rwlk,", pattern)
			}
		}
		line("/etc/{hosts,hostname,resolv.conf} rw,")
	}
	if p.capabilities.Has(snapshot.Caps("SYS_ADMIN")) {
		line("umount,")
	}
	part(lang.T("Signals from who runs it, and among its own processes."))
	for _, peer := range []string{"unconfined", "runc", "crun", p.daemon} {
		if peer != "" {
			line("signal (receive) peer=%s,", peer)
		}
	}
	line("signal (send, receive) peer=%s,", p.name)
	line("ptrace (trace, read, tracedby, readby) peer=%s,", p.name)

	part(lang.T("Denied whatever else is allowed: what the kernel shares with the host."))
	line("deny mount,")
	for _, rule := range deniedFiles {
		line("deny %s,", rule)
	}
	b.WriteString("}\n")
	return b.String()
}

// sockets are the families of sockets that it allows: those that the kernel would not open
// are left out.
func (p appArmorProfile) sockets() []string {
	return slices.DeleteFunc(slices.Clone(p.families), func(family string) bool {
		return family == "packet" && !p.capabilities.Has(snapshot.Caps("NET_RAW"))
	})
}

// deniedFiles are the files of the kernel that docker-default denies. In /proc the
// directories of processes and /proc/sys/kernel/shm* stay, in /sys that of cgroups.
var deniedFiles = []string{
	"/proc/* w",
	"/proc/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9/]*}/** w",
	"/proc/sys/[^k]** w",
	"/proc/sys/kernel/{?,??,[^s][^h][^m]**} w",
	"/proc/{sysrq-trigger,kcore} rwklx",
	"/sys/{[^f]*,f[^s]*,fs/[^c]*,fs/c[^g]*,fs/cg[^r]*}/** wklx",
	"/sys/{firmware,devices/virtual/powercap,kernel/security}/** rwklx",
}

// appArmorPath is a pattern for a directory and all below it; ok is false where no pattern
// can stand for its name.
func appArmorPath(dir string) (pattern string, ok bool) {
	var b strings.Builder
	for _, r := range dir {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return "", false
		}
		if strings.ContainsRune(`*?[]{}^"\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	pattern = strings.TrimSuffix(b.String(), "/") + "/{,**}"
	if strings.ContainsAny(pattern, " \"") || strings.Contains(pattern, `\`) {
		pattern = `"` + pattern + `"`
	}
	return pattern, strings.HasPrefix(dir, "/")
}

// oneWord is a name without what would end a comment's line.
func oneWord(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, name)
}
