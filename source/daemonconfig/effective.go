package daemonconfig

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Given is all that is known about an engine's settings.
type Given struct {
	// API are the settings as the engine reports them. They count first: they
	// are what the process runs with.
	API snapshot.Settings
	// Version is the engine's: some defaults changed.
	Version snapshot.Fact[string]
	// Flags is the daemon's command line, File its configuration file, absent
	// if there is none.
	Flags, File snapshot.Fact[Config]
	// RuntimeDir is the daemon's XDG_RUNTIME_DIR, where a rootless engine has
	// its socket; "" if it is not known.
	RuntimeDir string
}

// Effective combines what the API reports, the command line and the file into
// the settings in force. The origin of each names what decided it.
//
// dockerd does not start when a setting is given both as flag and in the file,
// so there is no precedence between the two. What neither gives and the API
// doesn't tell has the engine's documented default, if both could be read. A
// file newer than the process decides nothing: the process may have read
// another.
func Effective(g Given) snapshot.Settings {
	r := newResolver(g)
	s := g.API
	r.isolation(&s)
	r.network(&s)
	r.access(&s)
	r.running(&s)
	r.storage(&s)
	s.Conflicts = r.compared()
	return s
}

func (r *resolver) isolation(s *snapshot.Settings) {
	s.Rootless = pick(r, "rootless", s.Rootless, asBool, fixed(false))
	s.UserNSRemap = pick(r, "userns-remap", s.UserNSRemap, isSet, fixed(false))
	s.SeccompProfile = pick(r, "seccomp-profile", s.SeccompProfile, seccompName, fixed("builtin"))
	s.SELinux = pick(r, "selinux-enabled", s.SELinux, asBool, fixed(false))
	s.NoNewPrivileges = pick(r, "no-new-privileges", s.NoNewPrivileges, asBool, fixed(false))
	s.CgroupParent = pick(r, "cgroup-parent", s.CgroupParent, asText, fixed(""))
	s.DefaultRuntime = pick(r, "default-runtime", s.DefaultRuntime, asText, fixed("runc"))
	s.DefaultUlimits = pick(r, "default-ulimits", s.DefaultUlimits, asList, fixed[[]string](nil))
	s.Runtimes = pick(r, "runtimes", s.Runtimes, withBuiltinRuntimes, fixed(builtinRuntimes()))
	s.SecurityOptions = hostDecides(s.SecurityOptions, "SecurityOptions")
	s.AppArmor = hostDecides(s.AppArmor, "AppArmor")
}

func (r *resolver) network(s *snapshot.Settings) {
	s.ICC = pick(r, "icc", s.ICC, asBool, fixed(true))
	s.Bridge = pick(r, "bridge", s.Bridge, asText, fixed("docker0"))
	s.IP = pick(r, "ip", s.IP, asText, fixed("0.0.0.0"))
	s.IPTables = pick(r, "iptables", s.IPTables, asBool, fixed(true))
	s.IP6Tables = pick(r, "ip6tables", s.IP6Tables, asBool, r.since(27))
	s.IPForward = pick(r, "ip-forward", s.IPForward, asBool, fixed(true))
	s.AllowDirectRouting = pick(r, "allow-direct-routing", s.AllowDirectRouting, asBool, fixed(false))
	s.IPForwardNoDrop = pick(r, "ip-forward-no-drop", s.IPForwardNoDrop, asBool, fixed(false))
	s.NetworkDiagnosticPort = pick(r, "network-diagnostic-port", s.NetworkDiagnosticPort, asText, fixed(""))
	s.UserlandProxy = pick(r, "userland-proxy", s.UserlandProxy, asBool, fixed(true))
}

// access resolves who may reach the API. Giving tlsverify at all, also as
// false, turns TLS on; TLS without it demands client certificates
// (moby, cmd/dockerd/daemon.go; each combination tried on 20.10 to 28.5).
func (r *resolver) access(s *snapshot.Settings) {
	tls := pick(r, "tls", s.TLS, asBool, fixed(false))
	verify := pick(r, "tlsverify", s.TLSVerify, asBool, func() (bool, *snapshot.Gap) {
		on, ok := tls.Peek()
		if !ok {
			g := tls.Gap()
			return false, &g
		}
		return on, nil
	})
	if verify.State() == snapshot.Seen && r.given("tlsverify") {
		tls = snapshot.See(true, verify.Origin())
	}
	s.TLS, s.TLSVerify = tls, verify
	s.Hosts = pick(r, "hosts", s.Hosts, asList, func() ([]string, *snapshot.Gap) { return r.defaultHosts(s) })
	s.Group = pick(r, "group", s.Group, asText, fixed("docker"))
	s.AuthorizationPlugins = pick(r, "authorization-plugins", s.AuthorizationPlugins, asList, fixed[[]string](nil))
	s.CORSHeader = pick(r, "api-cors-header", s.CORSHeader, asText, fixed(""))
	s.MetricsAddress = pick(r, "metrics-addr", s.MetricsAddress, asText, fixed(""))
}

// defaultHosts is where dockerd listens when it is told nothing: a local TCP
// port if TLS is on, else its unix socket.
func (r *resolver) defaultHosts(s *snapshot.Settings) ([]string, *snapshot.Gap) {
	tls, ok := s.TLS.Peek()
	if !ok {
		g := s.TLS.Gap()
		return nil, &g
	}
	if tls {
		return []string{"tcp://localhost:2376"}, nil
	}
	rootless, ok := s.Rootless.Peek()
	if ok && rootless && r.RuntimeDir != "" {
		return []string{"unix://" + r.RuntimeDir + "/docker.sock"}, nil
	}
	if !ok || rootless {
		return nil, unresolved(lang.N("the default depends on the user of the rootless engine"))
	}
	return []string{"unix:///var/run/docker.sock"}, nil
}

func (r *resolver) running(s *snapshot.Settings) {
	s.LiveRestore = pick(r, "live-restore", s.LiveRestore, asBool, fixed(false))
	s.LogDriver = pick(r, "log-driver", s.LogDriver, asText, fixed("json-file"))
	s.LogOptNames = pick(r, "log-opts", s.LogOptNames, asList, fixed[[]string](nil))
	s.LogLevel = pick(r, "log-level", s.LogLevel, asText, fixed("info"))
	s.Debug = pick(r, "debug", s.Debug, asBool, fixed(false))
	s.Experimental = pick(r, "experimental", s.Experimental, asBool, fixed(false))
	s.InsecureRegistries = pick(r, "insecure-registries", s.InsecureRegistries, asList, fixed[[]string](nil))
	s.Builder = pick(r, "builder", s.Builder, asList, fixed[[]string](nil))
	s.RegistryMirrors = pick(r, "registry-mirrors", s.RegistryMirrors, asList, fixed[[]string](nil))
}

func (r *resolver) storage(s *snapshot.Settings) {
	s.StorageDriver = pick(r, "storage-driver", s.StorageDriver, asText, byHost[string])
	s.StorageOptions = pick(r, "storage-opts", s.StorageOptions, asList, fixed[[]string](nil))
	s.DataRoot = pick(r, "data-root", s.DataRoot, asText, func() (string, *snapshot.Gap) {
		if v, ok := r.value("graph"); ok {
			return v.Text, nil
		}
		if rootless, ok := s.Rootless.Peek(); !ok || rootless {
			return "", unresolved(lang.N("the default depends on the user of the rootless engine"))
		}
		return "/var/lib/docker", nil
	})
	s.CgroupDriver = pick(r, "exec-opts", s.CgroupDriver, cgroupDriver, byHost[string])
	if name, ok := s.CgroupDriver.Peek(); ok && name == "" {
		s.CgroupDriver = snapshot.Lost[string](*unresolved(dependsOnHost), s.CgroupDriver.Origin())
	}
	s.CgroupVersion = hostDecides(s.CgroupVersion, "CgroupVersion")
	s.Warnings = hostDecides(s.Warnings, "Warnings")
	s.OSType = hostDecides(s.OSType, "OSType")
	s.ServerName = hostDecides(s.ServerName, "Name")
	s.RuntimePaths = hostDecides(s.RuntimePaths, "Runtimes")
	s.DataRootOwnFilesystem = hostDecides(s.DataRootOwnFilesystem, "data-root")
	s.DataRootNoSUID = hostDecides(s.DataRootNoSUID, "data-root")
}

func asBool(v Value) bool     { return v.Text == "true" }
func asText(v Value) string   { return v.Text }
func asList(v Value) []string { return v.List }
func isSet(v Value) bool      { return v.Text != "" }

func seccompName(v Value) string {
	if v.Text == "" {
		return "builtin"
	}
	return v.Text
}

func builtinRuntimes() []string { return []string{"io.containerd.runc.v2", "runc"} }

func withBuiltinRuntimes(v Value) []string {
	out := append(builtinRuntimes(), v.List...)
	slices.Sort(out)
	return slices.Compact(out)
}

func cgroupDriver(v Value) string {
	for _, o := range v.List {
		if name, ok := strings.CutPrefix(o, "native.cgroupdriver="); ok {
			return name
		}
	}
	return ""
}
