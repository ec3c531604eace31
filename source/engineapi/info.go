package engineapi

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

const (
	getInfo    = "GET /info"
	getVersion = "GET /version"

	docker = "docker"
	podman = "podman"
)

// versionAnswer is what is needed of GET /version.
type versionAnswer struct {
	Version       string
	MinAPIVersion string
	Components    []struct {
		Name, Version string
		Details       map[string]string
	}
}

// addVersion fills version, components and kind.
func addVersion(e *snapshot.Engine, v versionAnswer, err error) {
	e.Version = read(v.Version, err, "Version", getVersion)
	var components []snapshot.Component
	for _, c := range v.Components {
		if strings.HasPrefix(strings.ToLower(c.Name), podman) {
			e.Kind = podman
		}
		details := maps.Clone(c.Details)
		delete(details, "GitCommit")
		components = append(components, snapshot.Component{
			Name: c.Name, Version: c.Version, Commit: c.Details["GitCommit"], Details: details,
		})
	}
	e.Components = read(components, err, "Components", getVersion)
}

// infoAnswer is what is needed of GET /info.
type infoAnswer struct {
	Name, OSType, ServerVersion   string
	Driver, DockerRootDir         string
	CgroupDriver, CgroupVersion   string
	LoggingDriver, DefaultRuntime string
	Debug, ExperimentalBuild      bool
	LiveRestoreEnabled            bool
	SecurityOptions, Warnings     []string
	Runtimes                      map[string]struct{ Path string }
	Plugins                       struct{ Authorization []string }
	RegistryConfig                *registryConfig
	Swarm                         swarmInfo
}

type registryConfig struct {
	InsecureRegistryCIDRs []string
	Mirrors               []string
	IndexConfigs          map[string]struct {
		Secure bool
	}
}

// addInfo fills the settings that GET /info tells.
func addInfo(e *snapshot.Engine, i infoAnswer, err error) {
	options := parseSecurityOptions(i.SecurityOptions)
	s := &e.Settings
	security := func(name string) snapshot.Fact[bool] {
		return read(options.has(name), err, "SecurityOptions[name="+name+"]", getInfo)
	}
	s.SecurityOptions = read(i.SecurityOptions, err, "SecurityOptions", getInfo)
	s.Rootless = security("rootless")
	s.UserNSRemap = security("userns")
	s.AppArmor = security("apparmor")
	s.SELinux = security("selinux")
	s.SeccompProfile = read(options.seccomp(), err, "SecurityOptions[name=seccomp]", getInfo)
	// Engines before 25 do not tell that they set no-new-privileges.
	if options.has("no-new-privileges") || err == nil && major(i.ServerVersion) >= 25 {
		s.NoNewPrivileges = security("no-new-privileges")
	}
	s.LiveRestore = read(i.LiveRestoreEnabled, err, "LiveRestoreEnabled", getInfo)
	s.LogDriver = read(i.LoggingDriver, err, "LoggingDriver", getInfo)
	s.Debug = read(i.Debug, err, "Debug", getInfo)
	s.Experimental = read(i.ExperimentalBuild, err, "ExperimentalBuild", getInfo)
	s.AuthorizationPlugins = read(i.Plugins.Authorization, err, "Plugins.Authorization", getInfo)
	s.StorageDriver = read(i.Driver, err, "Driver", getInfo)
	s.DataRoot = read(i.DockerRootDir, err, "DockerRootDir", getInfo)
	s.CgroupDriver = read(i.CgroupDriver, err, "CgroupDriver", getInfo)
	s.CgroupVersion = read(i.CgroupVersion, err, "CgroupVersion", getInfo)
	s.DefaultRuntime = read(i.DefaultRuntime, err, "DefaultRuntime", getInfo)
	s.Runtimes = read(slices.Sorted(maps.Keys(i.Runtimes)), err, "Runtimes", getInfo)
	s.RuntimePaths = read(runtimePaths(i), err, "Runtimes", getInfo)
	s.Warnings = read(i.Warnings, err, "Warnings", getInfo)
	s.OSType = read(i.OSType, err, "OSType", getInfo)
	s.ServerName = read(i.Name, err, "Name", getInfo)
	addRegistries(s, i.RegistryConfig, err)
}

// addRegistries fills the registries that are reached without TLS or through a
// mirror. The engine counts loopback addresses as insecure by itself.
func addRegistries(s *snapshot.Settings, r *registryConfig, err error) {
	if r == nil {
		r = &registryConfig{}
	}
	var insecure []string
	for _, network := range r.InsecureRegistryCIDRs {
		if network != "127.0.0.0/8" && network != "::1/128" {
			insecure = append(insecure, network)
		}
	}
	for name, index := range r.IndexConfigs {
		if !index.Secure {
			insecure = append(insecure, name)
		}
	}
	slices.Sort(insecure)
	var mirrors []string
	for _, m := range r.Mirrors {
		mirrors = append(mirrors, snapshot.RedactURL(m))
	}
	s.InsecureRegistries = read(insecure, err, "RegistryConfig.InsecureRegistryCIDRs", getInfo)
	s.RegistryMirrors = read(mirrors, err, "RegistryConfig.Mirrors", getInfo)
}

// securityOptions are the engine's security options by name, each with its
// keys: "name=seccomp,profile=builtin" is seccomp with profile builtin.
type securityOptions map[string]map[string]string

func parseSecurityOptions(list []string) securityOptions {
	out := securityOptions{}
	for _, option := range list {
		keys := map[string]string{}
		for field := range strings.SplitSeq(option, ",") {
			if key, value, ok := strings.Cut(field, "="); ok {
				keys[key] = value
			} else {
				keys["name"] = field // as engines wrote it before 1.13
			}
		}
		out[keys["name"]] = keys
	}
	return out
}

func (o securityOptions) has(name string) bool { _, ok := o[name]; return ok }

// seccomp is the default profile: "builtin" (up to 20.10 it is called
// "default"), "unconfined", or a path. Without seccomp there is none.
func (o securityOptions) seccomp() string {
	keys, ok := o["seccomp"]
	if !ok {
		return "unconfined"
	}
	switch profile := keys["profile"]; profile {
	case "", "default", "builtin":
		return "builtin"
	default:
		return profile
	}
}

// major is the first number of a version: 28 of "28.5.2", 0 if there is none.
func major(version string) int {
	first, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return n
}
