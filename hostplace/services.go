package hostplace

import (
	"path"

	"seawall/rule"
)

// Service is a socket of the host, or the directory of some, through which a
// service takes orders.
type Service struct {
	pattern  string // as path.Match takes it
	Severity rule.Severity
	Name     string
	Gives    string // what whoever connects can do, as the end of a sentence
}

const (
	anyContainer = "whoever connects starts containers with any rights"
	asTheUser    = "whoever connects runs programs as the user"
	withKeys     = "whoever connects logs in with the user's keys"
)

// services by path. The sockets of engines and of containerd have rules of
// their own.
var services = [...]Service{
	{"/run/buildkit", rule.High, "BuildKit", "whoever connects builds with the rights of its daemon"},
	{"/run/buildkit/buildkitd.sock", rule.High, "BuildKit", "whoever connects builds with the rights of its daemon"},
	{"/run/containerd/s", rule.High, "containerd's shims", "whoever connects runs programs in other containers"},
	{"/run/containerd/s/*", rule.High, "a shim of containerd", "whoever connects runs programs in another container"},
	{"/run/cri-dockerd.sock", rule.Critical, "cri-dockerd", anyContainer},
	{"/run/crio", rule.Critical, "CRI-O", anyContainer},
	{"/run/crio/crio.sock", rule.Critical, "CRI-O", anyContainer},
	{"/run/dbus", rule.High, "the system's message bus", "the host's services take orders there"},
	{"/run/dbus/system_bus_socket", rule.High, "the system's message bus", "the host's services take orders there"},
	{"/run/host-services/ssh-auth.sock", rule.High, "an ssh agent", withKeys},
	{"/run/libvirt", rule.Critical, "libvirt", "whoever connects starts virtual machines with any file and device of the host"},
	{"/run/libvirt/*-sock", rule.Critical, "libvirt", "whoever connects starts virtual machines with any file and device of the host"},
	{"/run/nri", rule.Critical, "the Node Resource Interface", "whoever connects changes every container before it starts"},
	{"/run/nri/nri.sock", rule.Critical, "the Node Resource Interface", "whoever connects changes every container before it starts"},
	{"/run/snapd.socket", rule.Critical, "snapd", "whoever connects as root installs software without confinement"},
	{"/run/systemd/private", rule.Critical, "systemd", "whoever connects starts units as root"},
	{"/run/user/*", rule.High, "a user's services", asTheUser},
	{"/run/user/*/bus", rule.High, "a user's message bus", asTheUser},
	{"/run/user/*/gnupg", rule.High, "a user's GnuPG agent", withKeys},
	{"/run/user/*/gnupg/S.*", rule.High, "a user's GnuPG agent", withKeys},
	{"/run/user/*/keyring", rule.High, "a user's keyring", withKeys},
	{"/run/user/*/keyring/*", rule.High, "a user's keyring", withKeys},
	{"/run/user/*/openssh_agent", rule.High, "an ssh agent", withKeys},
	{"/run/user/*/pipewire-*", rule.Low, "a user's sound and screen", "whoever connects listens to the microphone"},
	{"/run/user/*/pulse", rule.Low, "a user's sound", "whoever connects listens to the microphone"},
	{"/run/user/*/pulse/native", rule.Low, "a user's sound", "whoever connects listens to the microphone"},
	{"/run/user/*/ssh-agent.socket", rule.High, "an ssh agent", withKeys},
	{"/run/user/*/systemd", rule.High, "a user's systemd", asTheUser},
	{"/run/user/*/systemd/private", rule.High, "a user's systemd", asTheUser},
	{"/run/user/*/wayland-*", rule.Low, "a user's desktop", "whoever connects opens windows there"},
	{"/tmp/.X11-unix", rule.High, "a user's X server", "whoever connects reads the keyboard and types into other windows"},
	{"/tmp/.X11-unix/X*", rule.High, "a user's X server", "whoever connects reads the keyboard and types into other windows"},
	{"/tmp/ssh-*", rule.High, "an ssh agent", withKeys},
	{"/tmp/ssh-*/agent.*", rule.High, "an ssh agent", withKeys},
	{"/var/lib/incus/unix.socket", rule.Critical, "Incus", anyContainer},
	{"/var/lib/lxd/unix.socket", rule.Critical, "LXD", anyContainer},
	{"/var/snap/lxd/common/lxd/unix.socket", rule.Critical, "LXD", anyContainer},
}

// ServiceOf finds the service whose socket a mounted path is, or whose sockets
// it holds.
func ServiceOf(source string) (Service, bool) {
	for i := range services {
		if ok, _ := path.Match(services[i].pattern, source); ok {
			return services[i], true
		}
	}
	return Service{}, false
}
