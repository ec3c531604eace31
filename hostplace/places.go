// Package hostplace knows the paths of a host that do not belong in a container,
// and what each gives to whoever has it.
package hostplace

import (
	"path"
	"slices"
	"strings"

	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
)

// Place is a host path that does not belong in a container.
type Place struct {
	Path string
	// Write and Read are what a writable and a read-only mount mean; 0 if it
	// does not matter.
	Write, Read rule.Severity
	Gives       string // what it gives, as the end of a sentence
	Way         Way    // how an attack goes on from there
}

var (
	runsAsRoot = lang.N("what is written there runs as root on the host")
)

// Both tables are in alphabetical order; of those that fit, the worst counts, and
// of equals the first, which is the one that contains the others.

// wholes are directories that matter as a whole: what is below them has a place
// of its own, or does not matter.
var wholes = [...]Place{
	{"/", rule.Critical, rule.High, lang.N("it is the host's whole file system"), Whole},
	{"/dev", rule.Critical, rule.High, lang.N("it holds the host's devices"), Devices},
	{"/etc", rule.Critical, rule.High, lang.N("it holds the host's accounts, keys and start-up files"), Etc | Keys},
	{"/home", rule.High, rule.Medium, lang.N("it holds the users' keys and start-up files"), Home | Keys},
	{"/lib", rule.Critical, rule.Low, runsAsRoot, Programs},
	{"/lib64", rule.Critical, rule.Low, runsAsRoot, Programs},
	{"/root", rule.Critical, rule.High, lang.N("it is root's home"), RootHome | Keys},
	{"/run", rule.High, rule.High, lang.N("it holds the sockets of the host's services"), Sockets},
	{"/run/containerd", rule.High, rule.High, lang.N("it holds the sockets and state of containers"), Sockets},
	{"/run/docker", rule.High, rule.High, lang.N("it holds the sockets and state of containers"), Sockets},
	{"/run/user", rule.High, rule.High, lang.N("it holds the sockets of the users' services"), Sockets},
	{"/tmp", rule.Medium, rule.Low, lang.N("it holds files and sockets that the host's programs and users share"), Tmp},
	{"/usr", rule.Critical, rule.Low, runsAsRoot, Programs},
	{"/usr/lib", rule.Critical, rule.Low, runsAsRoot, Programs},
	{"/var/log", rule.Medium, rule.Low, lang.N("it holds the host's logs"), Logs},
	{"/var/tmp", rule.Medium, rule.Low, lang.N("it holds files that the host's programs and users share"), Tmp},
}

// places matter with all that is below them.
var places = [...]Place{
	{"/bin", rule.Critical, rule.Low, runsAsRoot, Programs},
	{"/boot", rule.Critical, rule.Low, lang.N("the host boots from it"), Boot},
	{"/dev/disk", rule.Medium, 0, lang.N("it holds the names by which the host mounts its disks"), Devices},
	{"/dev/shm", rule.Medium, rule.Low, lang.N("the host's programs share memory there"), Tmp},
	{"/efi", rule.Critical, rule.Low, lang.N("the host boots from it"), Boot},
	{"/etc/NetworkManager/dispatcher.d", rule.Critical, 0, runsAsRoot, Units},
	{"/etc/NetworkManager/system-connections", rule.High, rule.Medium, lang.N("it holds the passwords of networks"), Keys},
	{"/etc/apt", rule.Critical, 0, lang.N("it says where packages come from and what runs as root when they are installed"), Etc},
	{"/etc/cdi", rule.Critical, 0, lang.N("it says what the engine mounts and runs for devices"), CDI},
	{"/etc/cni", rule.Critical, 0, runsAsRoot, EngineConfig},
	{"/etc/containerd", rule.Critical, 0, runsAsRoot, EngineConfig},
	{"/etc/cron.d", rule.Critical, 0, runsAsRoot, Cron},
	{"/etc/cron.daily", rule.Critical, 0, runsAsRoot, Cron},
	{"/etc/cron.hourly", rule.Critical, 0, runsAsRoot, Cron},
	{"/etc/cron.monthly", rule.Critical, 0, runsAsRoot, Cron},
	{"/etc/cron.weekly", rule.Critical, 0, runsAsRoot, Cron},
	{"/etc/crontab", rule.Critical, 0, runsAsRoot, Cron},
	{"/etc/default", rule.Critical, 0, runsAsRoot, Units},
	{"/etc/docker", rule.Critical, rule.Medium, lang.N("it holds the engine's configuration and keys"), EngineConfig},
	{"/etc/docker/nri", rule.Critical, 0, lang.N("its programs change every container before it starts"), NRI},
	{"/etc/docker/plugins", rule.Critical, 0, lang.N("it says where the engine finds its plugins"), PluginSpecs},
	{"/etc/environment", rule.Critical, 0, runsAsRoot, Etc},
	{"/etc/fstab", rule.Critical, 0, lang.N("it says what the host mounts"), Etc},
	{"/etc/group", rule.Critical, 0, lang.N("it says who is root on the host"), Etc},
	{"/etc/gshadow", rule.Critical, rule.High, lang.N("it holds the host's password hashes"), Etc | Keys},
	{"/etc/init.d", rule.Critical, 0, runsAsRoot, Units},
	{"/etc/krb5.keytab", rule.High, rule.High, lang.N("it holds the host's Kerberos keys"), Keys},
	{"/etc/kubernetes", rule.Critical, rule.High, lang.N("it holds the cluster's credentials"), Cluster},
	{"/etc/ld.so.conf", rule.Critical, 0, runsAsRoot, Etc},
	{"/etc/ld.so.conf.d", rule.Critical, 0, runsAsRoot, Etc},
	{"/etc/ld.so.preload", rule.Critical, 0, runsAsRoot, Etc},
	{"/etc/letsencrypt", rule.High, rule.Medium, lang.N("it holds private keys"), Keys},
	{"/etc/logrotate.d", rule.Critical, 0, runsAsRoot, Etc},
	{"/etc/modprobe.d", rule.Critical, 0, runsAsRoot, Etc},
	{"/etc/network", rule.Critical, 0, runsAsRoot, Etc},
	{"/etc/nri", rule.Critical, 0, lang.N("its programs change every container before it starts"), NRI},
	{"/etc/nsswitch.conf", rule.Critical, 0, lang.N("it says who is known to the host"), Etc},
	{"/etc/openvpn", rule.Critical, rule.Medium, lang.N("it holds the keys of networks"), Etc | Keys},
	{"/etc/pam.d", rule.Critical, 0, lang.N("it says who may log in to the host"), Etc},
	{"/etc/passwd", rule.Critical, 0, lang.N("it says who is root on the host"), Etc},
	{"/etc/pki/tls/private", rule.High, rule.High, lang.N("it holds private keys"), Keys},
	{"/etc/polkit-1", rule.Critical, 0, lang.N("it says who may do what root does"), Etc},
	{"/etc/profile", rule.Critical, 0, runsAsRoot, Etc},
	{"/etc/profile.d", rule.Critical, 0, runsAsRoot, Etc},
	{"/etc/rancher", rule.Critical, rule.High, lang.N("it holds the cluster's credentials"), Cluster},
	{"/etc/rc.local", rule.Critical, 0, runsAsRoot, Units},
	{"/etc/shadow", rule.Critical, rule.High, lang.N("it holds the host's password hashes"), Etc | Keys},
	{"/etc/ssh", rule.Critical, rule.High, lang.N("it holds the host's ssh keys"), Etc | SSHKeys},
	{"/etc/ssl/private", rule.High, rule.High, lang.N("it holds private keys"), Keys},
	{"/etc/sudoers", rule.Critical, 0, lang.N("it says who is root on the host"), Etc},
	{"/etc/sudoers.d", rule.Critical, 0, lang.N("it says who is root on the host"), Etc},
	{"/etc/sysctl.conf", rule.High, 0, lang.N("it holds the kernel's settings"), Etc},
	{"/etc/sysctl.d", rule.High, 0, lang.N("it holds the kernel's settings"), Etc},
	{"/etc/systemd", rule.Critical, 0, runsAsRoot, Units},
	{"/etc/udev", rule.Critical, 0, runsAsRoot, Units},
	{"/etc/wireguard", rule.Critical, rule.Medium, lang.N("it holds the keys of networks"), Etc | Keys},
	{"/lib", rule.Critical, 0, runsAsRoot, Programs},
	{"/lib/firmware", rule.Critical, 0, lang.N("it holds what the kernel loads into devices"), Modules},
	{"/lib/modules", rule.Critical, rule.Low, lang.N("it holds the kernel's modules"), Modules},
	{"/lib/systemd", rule.Critical, 0, runsAsRoot, Units},
	{"/lib64", rule.Critical, 0, runsAsRoot, Programs},
	{"/proc", rule.Critical, rule.Medium, lang.N("it shows the host's processes, and its kernel settings run programs as root"), Proc},
	{"/root/.ssh", rule.Critical, rule.High, lang.N("it holds root's ssh keys"), RootHome | SSHKeys},
	{"/run/cdi", rule.High, 0, lang.N("it says what the engine mounts and runs for devices"), CDI},
	{"/run/docker/plugins", rule.High, 0, lang.N("it says where the engine finds its plugins"), PluginSpecs},
	{"/run/systemd", rule.High, rule.High, lang.N("systemd takes orders there"), Units | Sockets},
	{"/sbin", rule.Critical, rule.Low, runsAsRoot, Programs},
	{"/sys", rule.High, rule.Low, lang.N("it changes devices and settings of the host's kernel"), Sys},
	{"/sys/firmware/efi/efivars", rule.Critical, 0, lang.N("the host boots by it"), Boot},
	{"/sys/kernel/debug", rule.High, rule.Low, lang.N("it shows and changes the inside of the host's kernel"), Debug},
	{"/sys/kernel/tracing", rule.High, rule.Low, lang.N("it shows and changes the inside of the host's kernel"), Debug},
	{"/usr/bin", rule.Critical, 0, runsAsRoot, Programs},
	{"/usr/lib", rule.Critical, 0, runsAsRoot, Programs},
	{"/usr/lib/docker/plugins", rule.Critical, 0, lang.N("it says where the engine finds its plugins"), PluginSpecs},
	{"/usr/lib/firmware", rule.Critical, 0, lang.N("it holds what the kernel loads into devices"), Modules},
	{"/usr/lib/modules", rule.Critical, rule.Low, lang.N("it holds the kernel's modules"), Modules},
	{"/usr/lib/systemd", rule.Critical, 0, runsAsRoot, Units},
	{"/usr/lib32", rule.Critical, 0, runsAsRoot, Programs},
	{"/usr/lib64", rule.Critical, 0, runsAsRoot, Programs},
	{"/usr/libexec", rule.Critical, 0, runsAsRoot, Programs},
	{"/usr/local/bin", rule.Critical, 0, runsAsRoot, Programs},
	{"/usr/local/lib", rule.Critical, 0, runsAsRoot, Programs},
	{"/usr/local/sbin", rule.Critical, 0, runsAsRoot, Programs},
	{"/usr/sbin", rule.Critical, 0, runsAsRoot, Programs},
	{"/var/lib/containerd", rule.Critical, rule.High, lang.N("it holds the files of all containers and images"), EngineData},
	{"/var/lib/containers", rule.Critical, rule.High, lang.N("it holds the files of all containers and images"), EngineData},
	{"/var/lib/docker", rule.Critical, rule.High, lang.N("it holds the files of all containers and images"), EngineData},
	{"/var/lib/etcd", rule.Critical, rule.High, lang.N("it holds the cluster's state and secrets"), Cluster},
	{"/var/lib/kubelet", rule.Critical, rule.High, lang.N("it holds the credentials of all pods"), Cluster},
	{"/var/lib/lxcfs", rule.High, 0, lang.N("it holds the control groups of the host"), LXCFS},
	{"/var/lib/rancher", rule.Critical, rule.High, lang.N("it holds the cluster's credentials"), Cluster},
	{"/var/log/journal", rule.Medium, rule.Low, lang.N("it holds the host's logs"), Logs},
	{"/var/spool/at", rule.Critical, rule.Low, runsAsRoot, Cron},
	{"/var/spool/cron", rule.Critical, rule.Low, runsAsRoot, Cron},
}

// harmless are often mounted parts of places above that give nothing away.
// They must not be written to, devices apart.
var harmless = [...]string{
	"/sys/fs/cgroup", "/sys/class/net", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/uptime",
	"/proc/loadavg", "/proc/diskstats", "/proc/swaps", "/run/systemd/resolve",
}

// inert are parts of places above that hold no programs.
var inert = [...]string{"/usr/lib/debug", "/usr/lib/locale", "/usr/lib/os-release"}

// startFiles are what a user's shell, session or git runs, by their place in
// the home.
var startFiles = [...]string{
	".bash_aliases", ".bash_login", ".bash_logout", ".bash_profile", ".bashrc", ".bashrc.d", ".config/autostart", ".config/fish", ".config/git",
	".config/systemd", ".gitconfig", ".local/bin", ".profile", ".xprofile", ".xsession", ".zlogin", ".zprofile", ".zshenv", ".zshrc",
}

// keyPaths are directories and files in a user's home that hold keys, tokens or
// passwords.
var keyPaths = [...]string{
	".ssh", ".docker", ".aws", ".kube", ".gnupg", ".azure", ".config/gcloud", ".config/gh", ".config/containers/auth.json",
	".config/doctl", ".config/hcloud", ".oci", ".git-credentials", ".netrc", ".npmrc", ".pypirc", ".pgpass", ".my.cnf",
	".vault-token", ".terraform.d/credentials.tfrc.json", ".cargo/credentials.toml", ".password-store", ".local/share/keyrings",
}

// keyFiles are the usual names of private keys of ssh.
var keyFiles = [...]string{"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"}

// Of finds the worst place that a mounted path is, contains or is part of, and
// what the mount means: 0 if it is none.
func Of(source string, readOnly bool) (Place, rule.Severity) {
	if readOnly && withinAny(source, harmless[:]) || isLogSocket(source) || withinAny(source, inert[:]) {
		return Place{}, 0
	}
	var worst Place
	severity := rule.Severity(0)
	weigh := func(p Place, touches bool) {
		if s := p.Severity(readOnly); touches && s > severity {
			worst, severity = p, s
		}
	}
	for _, p := range wholes {
		weigh(p, hostpath.Within(p.Path, source))
	}
	for _, p := range places {
		weigh(p, p.Touches(source))
	}
	weigh(homePlace(source), true)
	weigh(devicePlace(source), true)
	worst.Gives = lang.T(worst.Gives)
	return worst, severity
}

// DataRoot is the engine's data directory, wherever it is.
func DataRoot(path string) Place {
	return Place{path, rule.Critical, rule.High, lang.T("it holds the files of all containers and images"), EngineData}
}

// Severity is what a mount of the place means.
func (p *Place) Severity(readOnly bool) rule.Severity {
	if readOnly {
		return p.Read
	}
	return p.Write
}

// Touches reports whether a mounted path is the place, contains it or is part
// of it.
func (p *Place) Touches(source string) bool {
	return hostpath.Within(p.Path, source) || hostpath.Within(source, p.Path)
}

// isLogSocket recognises the sockets through which the host's log takes
// messages, and nothing else.
func isLogSocket(source string) bool {
	switch source {
	case "/run/systemd/journal/socket", "/run/systemd/journal/stdout", "/run/systemd/journal/dev-log", "/run/systemd/journal/syslog":
		return true
	}
	return false
}

func withinAny(source string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return hostpath.Within(source, dir) })
}

// homePlace recognises a user's whole home, what is run from it, and keys
// wherever they lie.
func homePlace(source string) Place {
	if path.Dir(source) == "/home" {
		return Place{Path: source, Write: rule.High, Read: rule.Medium, Gives: lang.N("it is a user's home, with keys and start-up files"), Way: Home | Keys}
	}
	if withinAny(inHome(source), startFiles[:]) {
		if hostpath.Within(source, "/root") {
			return Place{Path: source, Write: rule.Critical, Gives: runsAsRoot, Way: RootHome}
		}
		return Place{Path: source, Write: rule.High, Gives: lang.N("what is written there runs as the user"), Way: Home}
	}
	if name := keyPath(source); name != "" {
		return Place{Path: source, Write: rule.High, Read: rule.High, Gives: lang.N("it holds a user's keys or passwords"), Way: keyWay(source, name)}
	}
	for _, name := range keyFiles {
		if path.Base(source) == name {
			return Place{Path: source, Write: rule.High, Read: rule.High, Gives: lang.N("it is a user's key"), Way: SSHKeys}
		}
	}
	return Place{}
}

// keyPath is which of [keyPaths] a path is, or is below; "" if none.
func keyPath(source string) string {
	if !strings.Contains(source, "/.") { // as all of them begin
		return ""
	}
	for _, name := range keyPaths {
		if strings.Contains(source+"/", "/"+name+"/") {
			return name
		}
	}
	return ""
}

// inHome gives the part of a path below the home of root or of a user; "" for
// other paths.
func inHome(source string) string {
	if name, ok := strings.CutPrefix(source, "/root/"); ok {
		return name
	}
	rest, ok := strings.CutPrefix(source, "/home/")
	if !ok {
		return ""
	}
	_, name, _ := strings.Cut(rest, "/")
	return name
}

// diskNames recognises the directories of names of disks: they hold links only, which lead
// nowhere in a container. What they lead to is judged where it is given itself.
func diskNames(source string) bool {
	return source == "/dev/disk" || path.Dir(source) == "/dev/disk" && strings.HasPrefix(path.Base(source), "by-")
}

// devicePlace judges a device file that is mounted rather than given with
// --device. The device list of the container may still keep it closed.
func devicePlace(source string) Place {
	if !strings.HasPrefix(source, "/dev/") || diskNames(source) {
		return Place{}
	}
	k := DeviceOf(source)
	return Place{Path: source, Write: k.Severity, Read: k.Severity, Gives: k.What, Way: Devices}
}
