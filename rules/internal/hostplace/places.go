// Package hostplace knows the paths of a host that do not belong in a container,
// and what each gives to whoever has it.
package hostplace

import (
	"path"
	"slices"
	"strings"

	"seawall/hostpath"
	"seawall/rule"
)

// Place is a host path that does not belong in a container.
type Place struct {
	Path string
	// Write and Read are what a writable and a read-only mount mean; 0 if it
	// does not matter.
	Write, Read rule.Severity
	Gives       string // what it gives, as the end of a sentence
}

const (
	runsAsRoot = "what is written there runs as root on the host"
	tellsAll   = "the secrets of the host and its containers can be read there"
)

// Both tables are in alphabetical order; of those that fit, the worst counts, and
// of equals the first, which is the one that contains the others.

// wholes are directories that matter as a whole: what is below them has a place
// of its own, or does not matter.
var wholes = [...]Place{
	{"/", rule.Critical, rule.High, "it is the host's whole file system"},
	{"/dev", rule.Critical, rule.High, "it holds the host's devices"},
	{"/etc", rule.Critical, rule.High, "it holds the host's accounts, keys and start-up files"},
	{"/home", rule.High, rule.Medium, "it holds the users' keys and start-up files"},
	{"/lib", rule.Critical, rule.Low, runsAsRoot},
	{"/lib64", rule.Critical, rule.Low, runsAsRoot},
	{"/root", rule.Critical, rule.High, "it is root's home"},
	{"/run", rule.High, rule.High, "it holds the sockets of the host's services"},
	{"/run/containerd", rule.High, rule.High, "it holds the sockets and state of containers"},
	{"/run/docker", rule.High, rule.High, "it holds the sockets and state of containers"},
	{"/run/user", rule.High, rule.High, "it holds the sockets of the users' services"},
	{"/tmp", rule.Medium, rule.Low, "it holds files and sockets that the host's programs and users share"},
	{"/usr", rule.Critical, rule.Low, runsAsRoot},
	{"/usr/lib", rule.Critical, rule.Low, runsAsRoot},
	{"/var/log", rule.Medium, rule.Low, "it holds the host's logs"},
	{"/var/tmp", rule.Medium, rule.Low, "it holds files that the host's programs and users share"},
}

// places matter with all that is below them.
var places = [...]Place{
	{"/bin", rule.Critical, rule.Low, runsAsRoot},
	{"/boot", rule.Critical, rule.Low, "the host boots from it"},
	{"/dev/shm", rule.Medium, rule.Low, "the host's programs share memory there"},
	{"/etc/NetworkManager/dispatcher.d", rule.Critical, 0, runsAsRoot},
	{"/etc/NetworkManager/system-connections", rule.High, rule.Medium, "it holds the passwords of networks"},
	{"/etc/apt", rule.Critical, 0, "it says where packages come from and what runs as root when they are installed"},
	{"/etc/cdi", rule.Critical, 0, "it says what the engine mounts and runs for devices"},
	{"/etc/cni", rule.Critical, 0, runsAsRoot},
	{"/etc/cron.d", rule.Critical, 0, runsAsRoot},
	{"/etc/cron.daily", rule.Critical, 0, runsAsRoot},
	{"/etc/cron.hourly", rule.Critical, 0, runsAsRoot},
	{"/etc/cron.monthly", rule.Critical, 0, runsAsRoot},
	{"/etc/cron.weekly", rule.Critical, 0, runsAsRoot},
	{"/etc/crontab", rule.Critical, 0, runsAsRoot},
	{"/etc/docker", rule.Critical, rule.Medium, "it holds the engine's configuration and keys"},
	{"/etc/environment", rule.Critical, 0, runsAsRoot},
	{"/etc/fstab", rule.Critical, 0, "it says what the host mounts"},
	{"/etc/group", rule.Critical, 0, "it says who is root on the host"},
	{"/etc/gshadow", rule.Critical, rule.High, "it holds the host's password hashes"},
	{"/etc/init.d", rule.Critical, 0, runsAsRoot},
	{"/etc/kubernetes", rule.Critical, rule.High, "it holds the cluster's credentials"},
	{"/etc/krb5.keytab", rule.High, rule.High, "it holds the host's Kerberos keys"},
	{"/etc/ld.so.conf", rule.Critical, 0, runsAsRoot},
	{"/etc/ld.so.conf.d", rule.Critical, 0, runsAsRoot},
	{"/etc/ld.so.preload", rule.Critical, 0, runsAsRoot},
	{"/etc/letsencrypt", rule.High, rule.Medium, "it holds private keys"},
	{"/etc/logrotate.d", rule.Critical, 0, runsAsRoot},
	{"/etc/modprobe.d", rule.Critical, 0, runsAsRoot},
	{"/etc/network", rule.Critical, 0, runsAsRoot},
	{"/etc/nsswitch.conf", rule.Critical, 0, "it says who is known to the host"},
	{"/etc/openvpn", rule.Critical, rule.Medium, "it holds the keys of networks"},
	{"/etc/pam.d", rule.Critical, 0, "it says who may log in to the host"},
	{"/etc/passwd", rule.Critical, 0, "it says who is root on the host"},
	{"/etc/pki/tls/private", rule.High, rule.High, "it holds private keys"},
	{"/etc/polkit-1", rule.Critical, 0, "it says who may do what root does"},
	{"/etc/profile", rule.Critical, 0, runsAsRoot},
	{"/etc/profile.d", rule.Critical, 0, runsAsRoot},
	{"/etc/rancher", rule.Critical, rule.High, "it holds the cluster's credentials"},
	{"/etc/rc.local", rule.Critical, 0, runsAsRoot},
	{"/etc/shadow", rule.Critical, rule.High, "it holds the host's password hashes"},
	{"/etc/ssh", rule.Critical, rule.High, "it holds the host's ssh keys"},
	{"/etc/ssl/private", rule.High, rule.High, "it holds private keys"},
	{"/etc/sudoers", rule.Critical, 0, "it says who is root on the host"},
	{"/etc/sudoers.d", rule.Critical, 0, "it says who is root on the host"},
	{"/etc/sysctl.conf", rule.High, 0, "it holds the kernel's settings"},
	{"/etc/sysctl.d", rule.High, 0, "it holds the kernel's settings"},
	{"/etc/systemd", rule.Critical, 0, runsAsRoot},
	{"/etc/udev", rule.Critical, 0, runsAsRoot},
	{"/etc/wireguard", rule.Critical, rule.Medium, "it holds the keys of networks"},
	{"/lib", rule.Critical, 0, runsAsRoot},
	{"/lib/modules", rule.Critical, rule.Low, "it holds the kernel's modules"},
	{"/lib64", rule.Critical, 0, runsAsRoot},
	{"/proc", rule.Critical, rule.Medium, "it shows the host's processes, and its kernel settings run programs as root"},
	{"/root/.ssh", rule.Critical, rule.High, "it holds root's ssh keys"},
	{"/run/systemd", rule.High, rule.High, "systemd takes orders there"},
	{"/sbin", rule.Critical, rule.Low, runsAsRoot},
	{"/sys", rule.High, rule.Low, "it changes devices and settings of the host's kernel"},
	{"/sys/firmware/efi/efivars", rule.Critical, 0, "the host boots by it"},
	{"/usr/bin", rule.Critical, 0, runsAsRoot},
	{"/usr/lib", rule.Critical, 0, runsAsRoot},
	{"/usr/lib/modules", rule.Critical, rule.Low, "it holds the kernel's modules"},
	{"/usr/lib32", rule.Critical, 0, runsAsRoot},
	{"/usr/lib64", rule.Critical, 0, runsAsRoot},
	{"/usr/libexec", rule.Critical, 0, runsAsRoot},
	{"/usr/local/bin", rule.Critical, 0, runsAsRoot},
	{"/usr/local/lib", rule.Critical, 0, runsAsRoot},
	{"/usr/local/sbin", rule.Critical, 0, runsAsRoot},
	{"/usr/sbin", rule.Critical, 0, runsAsRoot},
	{"/var/lib/containerd", rule.Critical, rule.High, "it holds the files of all containers and images"},
	{"/var/lib/containers", rule.Critical, rule.High, "it holds the files of all containers and images"},
	{"/var/lib/docker", rule.Critical, rule.High, "it holds the files of all containers and images"},
	{"/var/lib/etcd", rule.Critical, rule.High, "it holds the cluster's state and secrets"},
	{"/var/lib/kubelet", rule.Critical, rule.High, "it holds the credentials of all pods"},
	{"/var/lib/rancher", rule.Critical, rule.High, "it holds the cluster's credentials"},
	{"/var/log/journal", rule.Medium, rule.Low, "it holds the host's logs"},
	{"/var/spool/at", rule.Critical, rule.Low, runsAsRoot},
	{"/var/spool/cron", rule.Critical, rule.Low, runsAsRoot},
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
	return worst, severity
}

// DataRoot is the engine's data directory, wherever it is.
func DataRoot(path string) Place {
	return Place{path, rule.Critical, rule.High, "it holds the files of all containers and images"}
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
		return Place{Path: source, Write: rule.High, Read: rule.Medium, Gives: "it is a user's home, with keys and start-up files"}
	}
	if withinAny(inHome(source), startFiles[:]) {
		if hostpath.Within(source, "/root") {
			return Place{Path: source, Write: rule.Critical, Gives: runsAsRoot}
		}
		return Place{Path: source, Write: rule.High, Gives: "what is written there runs as the user"}
	}
	for _, name := range keyPaths {
		if strings.Contains(source+"/", "/"+name+"/") {
			return Place{Path: source, Write: rule.High, Read: rule.High, Gives: "it holds a user's keys or passwords"}
		}
	}
	for _, name := range keyFiles {
		if path.Base(source) == name {
			return Place{Path: source, Write: rule.High, Read: rule.High, Gives: "it is a user's key"}
		}
	}
	return Place{}
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

// devicePlace judges a device file that is mounted rather than given with
// --device. The device list of the container may still keep it closed.
func devicePlace(source string) Place {
	if !strings.HasPrefix(source, "/dev/") {
		return Place{}
	}
	k := DeviceOf(source)
	return Place{Path: source, Write: k.Severity, Read: k.Severity, Gives: k.What}
}
