package container

import (
	"path"
	"strings"

	"seawall/rule"
)

// place is a host path that does not belong in a container.
type place struct {
	path  string
	below bool // what is below it matters as much
	// write and read are what a writable and a read-only mount mean; 0 if it
	// does not matter.
	write, read rule.Severity
	gives       string // what it gives, as the end of a sentence
}

const (
	runsAsRoot = "what is written there runs as root on the host"
	tellsAll   = "the secrets of the host and its containers can be read there"
)

// places in alphabetical order; of those that fit, the worst counts, and of
// equals the first, which is the one that contains the others.
var places = [...]place{
	{"/", false, rule.Critical, rule.High, "it is the host's whole file system"},
	{"/bin", true, rule.Critical, rule.Low, runsAsRoot},
	{"/boot", true, rule.Critical, rule.Low, "the host boots from it"},
	{"/dev", false, rule.Critical, rule.High, "it holds the host's devices"},
	{"/etc", false, rule.Critical, rule.High, "it holds the host's accounts, keys and start-up files"},
	{"/etc/docker", true, rule.Critical, rule.Medium, "it holds the engine's configuration and keys"},
	{"/etc/gshadow", false, rule.Critical, rule.High, "it holds the host's password hashes"},
	{"/etc/kubernetes", true, rule.Critical, rule.High, "it holds the cluster's credentials"},
	{"/etc/letsencrypt", true, rule.High, rule.Medium, "it holds private keys"},
	{"/etc/shadow", false, rule.Critical, rule.High, "it holds the host's password hashes"},
	{"/etc/ssh", true, rule.Critical, rule.High, "it holds the host's ssh keys"},
	{"/etc/ssl/private", true, rule.High, rule.High, "it holds private keys"},
	{"/home", false, rule.High, rule.Medium, "it holds the users' keys and start-up files"},
	{"/lib", false, rule.Critical, rule.Low, runsAsRoot},
	{"/lib/modules", true, rule.Critical, rule.Low, "it holds the kernel's modules"},
	{"/lib/systemd", true, rule.Critical, 0, runsAsRoot},
	{"/lib64", false, rule.Critical, rule.Low, runsAsRoot},
	{"/opt/cni/bin", true, rule.Critical, 0, runsAsRoot},
	{"/proc", true, rule.Critical, rule.Medium, "it shows the host's processes, and its kernel settings run programs as root"},
	{"/root", false, rule.Critical, rule.High, "it is root's home"},
	{"/root/.ssh", true, rule.Critical, rule.High, "it holds root's ssh keys"},
	{"/run", false, rule.High, rule.High, "it holds the sockets of the host's services"},
	{"/run/containerd", false, rule.High, rule.High, "it holds the sockets and state of containers"},
	{"/run/dbus", true, rule.High, rule.High, "the host's services take orders there"},
	{"/run/docker", false, rule.High, rule.High, "it holds the sockets and state of containers"},
	{"/run/systemd", true, rule.High, rule.High, "systemd takes orders there"},
	{"/run/user", false, rule.High, rule.High, "it holds the sockets of the users' services"},
	{"/sbin", true, rule.Critical, rule.Low, runsAsRoot},
	{"/sys", true, rule.High, rule.Low, "it changes devices and settings of the host's kernel"},
	{"/usr", false, rule.Critical, rule.Low, runsAsRoot},
	{"/usr/bin", true, rule.Critical, 0, runsAsRoot},
	{"/usr/lib", false, rule.Critical, rule.Low, runsAsRoot},
	{"/usr/lib/modules", true, rule.Critical, rule.Low, "it holds the kernel's modules"},
	{"/usr/lib/systemd", true, rule.Critical, 0, runsAsRoot},
	{"/usr/libexec", true, rule.Critical, 0, runsAsRoot},
	{"/usr/local/bin", true, rule.Critical, 0, runsAsRoot},
	{"/usr/local/sbin", true, rule.Critical, 0, runsAsRoot},
	{"/usr/sbin", true, rule.Critical, 0, runsAsRoot},
	{"/var/lib/containerd", true, rule.Critical, rule.High, "it holds the files of all containers and images"},
	{"/var/lib/containers", true, rule.Critical, rule.High, "it holds the files of all containers and images"},
	{"/var/lib/docker", true, rule.Critical, rule.High, "it holds the files of all containers and images"},
	{"/var/lib/docker/containers", true, rule.High, rule.Medium, "it holds the logs and settings of all containers"},
	{"/var/lib/etcd", true, rule.Critical, rule.High, "it holds the cluster's state and secrets"},
	{"/var/lib/kubelet", true, rule.Critical, rule.High, "it holds the credentials of all pods"},
	{"/var/lib/rancher", true, rule.Critical, rule.High, "it holds the cluster's credentials"},
	{"/var/log", false, rule.Medium, rule.Low, "it holds the host's logs"},
	{"/var/log/journal", true, rule.Medium, rule.Low, "it holds the host's logs"},
	{"/var/spool/cron", true, rule.Critical, rule.Low, runsAsRoot},
}

// harmless are often mounted parts of places above that give nothing away.
// They must not be written to, devices apart.
var harmless = [...]string{
	"/usr/share", "/usr/lib/locale", "/sys/fs/cgroup", "/run/udev", "/run/utmp",
	"/sys/class/net", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/uptime",
	"/proc/loadavg", "/proc/diskstats", "/proc/swaps",
}

// keyDirs are directories in a user's home that hold keys.
var keyDirs = [...]string{".ssh", ".docker", ".aws", ".kube", ".gnupg", ".azure", ".config/gcloud"}

// placeOf finds the worst place that a mounted path is, contains or is part
// of, and what the mount means.
func placeOf(source string, readOnly bool) (place, rule.Severity) {
	if readOnly && isHarmless(source) {
		return place{}, 0
	}
	var worst place
	severity := rule.Severity(0)
	for i := range places {
		p := &places[i]
		if s := p.severity(readOnly); s > severity && p.touches(source) {
			worst, severity = *p, s
		}
	}
	if p := homePlace(source); p.severity(readOnly) > severity {
		worst, severity = p, p.severity(readOnly)
	}
	if p := devicePlace(source); p.severity(readOnly) > severity {
		worst, severity = p, p.severity(readOnly)
	}
	return worst, severity
}

func (p *place) severity(readOnly bool) rule.Severity {
	if readOnly {
		return p.read
	}
	return p.write
}

func (p *place) touches(source string) bool {
	return within(p.path, source) || p.below && within(source, p.path)
}

func isHarmless(source string) bool {
	for _, h := range harmless {
		if within(source, h) {
			return true
		}
	}
	return false
}

// homePlace recognises a user's whole home, and directories of keys anywhere.
func homePlace(source string) place {
	if path.Dir(source) == "/home" {
		return place{source, false, rule.High, rule.Medium, "it is a user's home, with keys and start-up files"}
	}
	for _, dir := range keyDirs {
		if i := strings.Index(source, "/"+dir); i >= 0 && within(source, source[:i+1+len(dir)]) {
			return place{source, true, rule.High, rule.High, "it holds a user's keys"}
		}
	}
	return place{}
}

// devicePlace judges a device file that is mounted rather than given with
// --device. The device list of the container may still keep it closed.
func devicePlace(source string) place {
	if !strings.HasPrefix(source, "/dev/") {
		return place{}
	}
	k := deviceKindOf(source)
	return place{source, false, k.severity, k.severity, k.what}
}
