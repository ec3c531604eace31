package hostplace

import (
	"path"
	"strings"

	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
)

// Service is a socket of the host, or the directory of some, through which a
// service takes orders.
type Service struct {
	pattern  string // as path.Match takes it
	Severity rule.Severity
	Name     string
	Gives    string // what whoever connects can do, as the end of a sentence
	Kind     ServiceKind
}

// ServiceKind says what a service is to an attacker.
type ServiceKind string

// The kinds of services.
const (
	Runtime ServiceKind = "runtime" // starts containers or machines as root
	Shim    ServiceKind = "shim"    // runs programs in other containers
	Init    ServiceKind = "init"    // starts programs as root
	Agent   ServiceKind = "agent"   // uses a user's keys
	Session ServiceKind = "session" // runs programs as a user
	Builder ServiceKind = "builder" // builds images
	Desktop ServiceKind = "desktop" // a user's screen, keyboard and sound
)

var (
	anyContainer = lang.N("whoever connects starts containers with any rights")
	asTheUser    = lang.N("whoever connects runs programs as the user")
	withKeys     = lang.N("whoever connects logs in with the user's keys")
)

// services by path. The sockets of engines and of containerd have rules of
// their own.
var services = [...]Service{
	{"/run/buildkit", rule.High, "BuildKit", lang.N("whoever connects builds with the rights of its daemon"), Builder},
	{"/run/buildkit/buildkitd.sock", rule.High, "BuildKit", lang.N("whoever connects builds with the rights of its daemon"), Builder},
	{"/run/containerd/s", rule.High, lang.N("containerd's shims"), lang.N("whoever connects runs programs in other containers"), Shim},
	{"/run/containerd/s/*", rule.High, lang.N("a shim of containerd"), lang.N("whoever connects runs programs in another container"), Shim},
	{"/run/cri-dockerd.sock", rule.Critical, "cri-dockerd", anyContainer, Runtime},
	{"/run/crio", rule.Critical, "CRI-O", anyContainer, Runtime},
	{"/run/crio/crio.sock", rule.Critical, "CRI-O", anyContainer, Runtime},
	{"/run/dbus", rule.High, lang.N("the system's message bus"), lang.N("the host's services take orders there"), Init},
	{"/run/dbus/system_bus_socket", rule.High, lang.N("the system's message bus"), lang.N("the host's services take orders there"), Init},
	{"/run/host-services/ssh-auth.sock", rule.High, lang.N("an ssh agent"), withKeys, Agent},
	{"/run/libvirt", rule.Critical, "libvirt", lang.N("whoever connects starts virtual machines with any file and device of the host"), Runtime},
	{"/run/libvirt/*-sock", rule.Critical, "libvirt", lang.N("whoever connects starts virtual machines with any file and device of the host"), Runtime},
	{"/run/nri", rule.Critical, lang.N("the Node Resource Interface"), lang.N("whoever connects changes every container before it starts"), Runtime},
	{"/run/nri/nri.sock", rule.Critical, lang.N("the Node Resource Interface"), lang.N("whoever connects changes every container before it starts"), Runtime},
	{"/run/snapd.socket", rule.Critical, "snapd", lang.N("whoever connects as root installs software without confinement"), Runtime},
	{"/run/systemd/private", rule.Critical, "systemd", lang.N("whoever connects starts units as root"), Init},
	{"/run/user/*", rule.High, lang.N("a user's services"), asTheUser, Session},
	{"/run/user/*/bus", rule.High, lang.N("a user's message bus"), asTheUser, Session},
	{"/run/user/*/gnupg", rule.High, lang.N("a user's GnuPG agent"), withKeys, Agent},
	{"/run/user/*/gnupg/S.*", rule.High, lang.N("a user's GnuPG agent"), withKeys, Agent},
	{"/run/user/*/keyring", rule.High, lang.N("a user's keyring"), withKeys, Agent},
	{"/run/user/*/keyring/*", rule.High, lang.N("a user's keyring"), withKeys, Agent},
	{"/run/user/*/openssh_agent", rule.High, lang.N("an ssh agent"), withKeys, Agent},
	{"/run/user/*/pipewire-*", rule.Low, lang.N("a user's sound and screen"), lang.N("whoever connects listens to the microphone"), Desktop},
	{"/run/user/*/pulse", rule.Low, lang.N("a user's sound"), lang.N("whoever connects listens to the microphone"), Desktop},
	{"/run/user/*/pulse/native", rule.Low, lang.N("a user's sound"), lang.N("whoever connects listens to the microphone"), Desktop},
	{"/run/user/*/ssh-agent.socket", rule.High, lang.N("an ssh agent"), withKeys, Agent},
	{"/run/user/*/systemd", rule.High, lang.N("a user's systemd"), asTheUser, Session},
	{"/run/user/*/systemd/private", rule.High, lang.N("a user's systemd"), asTheUser, Session},
	{"/run/user/*/wayland-*", rule.Low, lang.N("a user's desktop"), lang.N("whoever connects opens windows there"), Desktop},
	{"/tmp/.X11-unix", rule.High, lang.N("a user's X server"), lang.N("whoever connects reads the keyboard and types into other windows"), Desktop},
	{"/tmp/.X11-unix/X*", rule.High, lang.N("a user's X server"), lang.N("whoever connects reads the keyboard and types into other windows"), Desktop},
	{"/tmp/ssh-*", rule.High, lang.N("an ssh agent"), withKeys, Agent},
	{"/tmp/ssh-*/agent.*", rule.High, lang.N("an ssh agent"), withKeys, Agent},
	{"/var/lib/incus/unix.socket", rule.Critical, "Incus", anyContainer, Runtime},
	{"/var/lib/lxd/unix.socket", rule.Critical, "LXD", anyContainer, Runtime},
	{"/var/snap/lxd/common/lxd/unix.socket", rule.Critical, "LXD", anyContainer, Runtime},
}

// translated is the service in the language that is spoken.
func (s Service) translated() Service {
	s.Name, s.Gives = lang.T(s.Name), lang.T(s.Gives)
	return s
}

// starts are how the paths of each service begin, whatever stands for its *.
var starts = func() (out [len(services)]struct {
	text string // up to the *
	dir  string // the last directory, or the socket where there is no *
}) {
	for i := range services {
		begin, _, any := strings.Cut(services[i].pattern, "*")
		out[i].text, out[i].dir = begin, begin
		if any {
			out[i].dir = path.Dir(begin + "x")
		}
	}
	return out
}()

// ServiceOf finds the service whose socket a mounted path is, or whose sockets
// it holds.
func ServiceOf(source string) (Service, bool) {
	for i := range services {
		if !strings.HasPrefix(source, starts[i].text) {
			continue
		}
		if ok, _ := path.Match(services[i].pattern, source); ok {
			return services[i].translated(), true
		}
	}
	return Service{}, false
}

// ServiceWithin finds a service of a kind, or of any for "", whose socket lies below
// a mounted directory, if it is there at all.
func ServiceWithin(source string, kind ServiceKind) (Service, bool) {
	for i := range services {
		if (kind == "" || services[i].Kind == kind) && hostpath.Within(starts[i].dir, source) {
			return services[i].translated(), true
		}
	}
	return Service{}, false
}
