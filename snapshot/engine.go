package snapshot

import "time"

// FoundByImage is how an engine was found that stands for images which a person named.
const FoundByImage = "image"

// Engine is one Docker Engine, or an engine that speaks its API.
type Engine struct {
	// Name is the endpoint the engine was found at, as a Docker host URL:
	// "unix:///run/docker.sock". It is unique within a snapshot.
	Name string `json:"name"`
	// Kind is "docker" or "podman".
	Kind string `json:"kind"`
	// Local: the engine runs on this machine, so that facts of this host are
	// facts about it.
	Local bool `json:"local"`
	// FoundBy says how the engine was found: "socket /run/docker.sock",
	// "process 812", "context prod", "--host".
	FoundBy string `json:"foundBy,omitempty"`

	// API is what the engine answered when greeted; a gap here means the
	// engine itself could not be read, and says why.
	API Fact[API] `json:"api,omitzero"`

	Version    Fact[string]      `json:"version,omitzero"` // "28.5.2"
	Components Fact[[]Component] `json:"components,omitzero"`
	Settings   Settings          `json:"settings"`
	Daemon     Daemon            `json:"daemon"`
	Listeners  Fact[[]Listener]  `json:"listeners,omitzero"`
	// AllListeners: Listeners holds every socket through which the engine and its
	// containerd can be controlled. Where it is a gap there may be more: without
	// root only the socket that is being used is known.
	AllListeners Fact[bool] `json:"allListeners,omitzero"`

	Containers Fact[[]Container] `json:"containers,omitzero"`
	Images     Fact[[]Image]     `json:"images,omitzero"`
	Networks   Fact[[]Network]   `json:"networks,omitzero"`
	Volumes    Fact[[]Volume]    `json:"volumes,omitzero"`
	Plugins    Fact[[]Plugin]    `json:"plugins,omitzero"`
	Swarm      Fact[Swarm]       `json:"swarm,omitzero"`
	// SwarmPorts are the addresses at which the daemon listens for other nodes
	// of a swarm, on the ports of management (2377) and discovery (7946).
	SwarmPorts Fact[[]string] `json:"swarmPorts,omitzero"`
	// Projects are the Compose projects of its containers.
	Projects Fact[[]Project] `json:"projects,omitzero"`
}

// API is how the engine's API answered.
type API struct {
	Version    string `json:"version"`              // highest it speaks: "1.51"
	MinVersion string `json:"minVersion,omitempty"` // lowest it speaks
	Used       string `json:"used"`                 // the one this audit used
}

// Component is a part of the engine, as GET /version lists them.
type Component struct {
	Name    string `json:"name"` // "Engine", "containerd", "runc", "docker-init", "rootlesskit", …
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	// Details are the remarks the engine adds, such as rootlesskit's
	// "NetworkDriver" and "PortDriver".
	Details map[string]string `json:"details,omitempty"`
}

// Settings are the engine's effective settings: command line, configuration
// file, what the API reports and what the kernel shows, combined by the
// source. Each fact's origin names the place that decided.
type Settings struct {
	Rootless        Fact[bool]     `json:"rootless,omitzero"`
	UserNSRemap     Fact[bool]     `json:"usernsRemap,omitzero"` // container root is an ordinary user of the host
	SecurityOptions Fact[[]string] `json:"securityOptions,omitzero"`
	// SeccompProfile is "builtin", "unconfined" or a path. A profile that denies
	// nothing is "unconfined" whatever its path.
	SeccompProfile       Fact[string]   `json:"seccompProfile,omitzero"`
	AppArmor             Fact[bool]     `json:"appArmor,omitzero"` // the engine applies AppArmor profiles
	SELinux              Fact[bool]     `json:"selinux,omitzero"`  // the engine labels containers
	NoNewPrivileges      Fact[bool]     `json:"noNewPrivileges,omitzero"`
	ICC                  Fact[bool]     `json:"icc,omitzero"` // containers on the default bridge reach each other
	Bridge               Fact[string]   `json:"bridge,omitzero"`
	IP                   Fact[string]   `json:"ip,omitzero"` // default address of published ports
	IPTables             Fact[bool]     `json:"iptables,omitzero"`
	IP6Tables            Fact[bool]     `json:"ip6tables,omitzero"`
	IPForward            Fact[bool]     `json:"ipForward,omitzero"`
	UserlandProxy        Fact[bool]     `json:"userlandProxy,omitzero"`
	LiveRestore          Fact[bool]     `json:"liveRestore,omitzero"`
	LogDriver            Fact[string]   `json:"logDriver,omitzero"`
	LogOptNames          Fact[[]string] `json:"logOptNames,omitzero"` // names only: values may hold tokens
	LogLevel             Fact[string]   `json:"logLevel,omitzero"`
	Debug                Fact[bool]     `json:"debug,omitzero"`
	Experimental         Fact[bool]     `json:"experimental,omitzero"`
	InsecureRegistries   Fact[[]string] `json:"insecureRegistries,omitzero"` // without the built-in loopback ranges
	RegistryMirrors      Fact[[]string] `json:"registryMirrors,omitzero"`
	AuthorizationPlugins Fact[[]string] `json:"authorizationPlugins,omitzero"`
	Hosts                Fact[[]string] `json:"hosts,omitzero"` // -H and "hosts"
	TLS                  Fact[bool]     `json:"tls,omitzero"`
	TLSVerify            Fact[bool]     `json:"tlsverify,omitzero"`
	Group                Fact[string]   `json:"group,omitzero"` // group of the socket
	StorageDriver        Fact[string]   `json:"storageDriver,omitzero"`
	StorageOptions       Fact[[]string] `json:"storageOptions,omitzero"` // "dm.basesize=20G"
	DataRoot             Fact[string]   `json:"dataRoot,omitzero"`
	// DataRootOwnFilesystem: the data root is on another device than its parent.
	DataRootOwnFilesystem Fact[bool] `json:"dataRootOwnFilesystem,omitzero"`
	// DataRootNoSUID: setuid bits mean nothing in the file system of the data root.
	DataRootNoSUID Fact[bool]     `json:"dataRootNoSuid,omitzero"`
	CgroupDriver   Fact[string]   `json:"cgroupDriver,omitzero"`
	CgroupVersion  Fact[string]   `json:"cgroupVersion,omitzero"`
	CgroupParent   Fact[string]   `json:"cgroupParent,omitzero"`
	DefaultRuntime Fact[string]   `json:"defaultRuntime,omitzero"`
	Runtimes       Fact[[]string] `json:"runtimes,omitzero"`
	DefaultUlimits Fact[[]string] `json:"defaultUlimits,omitzero"`
	MetricsAddress Fact[string]   `json:"metricsAddress,omitzero"`
	// Limits are the resource controls the engine says it cannot enforce
	// ("no memory limit support"), from the warnings of GET /info.
	Warnings   Fact[[]string] `json:"warnings,omitzero"`
	OSType     Fact[string]   `json:"osType,omitzero"`
	ServerName Fact[string]   `json:"serverName,omitzero"`
	// AllowDirectRouting: containers may be addressed directly from outside the
	// host, at the ports they publish on any address.
	AllowDirectRouting Fact[bool] `json:"allowDirectRouting,omitzero"`
	// IPForwardNoDrop: where the engine turns on packet forwarding, it leaves the
	// policy of the FORWARD chain as it is.
	IPForwardNoDrop       Fact[bool]   `json:"ipForwardNoDrop,omitzero"`
	NetworkDiagnosticPort Fact[string] `json:"networkDiagnosticPort,omitzero"`
	CORSHeader            Fact[string] `json:"corsHeader,omitzero"` // api-cors-header; gone from 28.0 on
	// Builder are the switches of the builder that are set, and how:
	// "gc.enabled=false", "entitlements.security-insecure=true".
	Builder Fact[[]string] `json:"builder,omitzero"`
	// RuntimePaths are the programs of the OCI runtimes, by the runtime's name:
	// "/usr/bin/crun", or "runc" to be found in the daemon's PATH.
	RuntimePaths Fact[map[string]string] `json:"runtimePaths,omitzero"`
	// Conflicts are the settings on which two sources disagree.
	Conflicts Fact[[]Conflict] `json:"conflicts,omitzero"`
}

// Conflict is a setting on which two sources disagree: the engine reports one
// value, its command line or configuration file says another.
type Conflict struct {
	Setting string `json:"setting"` // as daemon.json names it
	// Used is the value taken as the effective one, and where it was read.
	Used       string `json:"used"`
	UsedSource string `json:"usedSource"`
	// Other is the value that differs, and where it was read.
	Other       string `json:"other"`
	OtherSource string `json:"otherSource"`
}

// Daemon is the engine's process on this host, found through the socket being
// audited.
type Daemon struct {
	Process Fact[DaemonProcess] `json:"process,omitzero"`
	// Unit is the systemd unit that runs the daemon; absent if none does.
	Unit Fact[Unit] `json:"unit,omitzero"`
	// Config is the configuration file in use; absent if there is none.
	Config Fact[ConfigFile] `json:"config,omitzero"`
	// Files are the files that decide what the daemon does: configuration,
	// units, binaries, plugin directories, TLS material, those that exist.
	Files Fact[[]File] `json:"files,omitzero"`
	DaemonDetails
}

// DaemonProcess is what /proc tells of the daemon.
type DaemonProcess struct {
	PID        int    `json:"pid"`
	UID        int    `json:"uid"` // effective, as this host numbers users
	User       string `json:"user,omitempty"`
	Executable string `json:"executable,omitempty"` // "" where it may not be read
	// Args is the command line, secrets redacted.
	Args      []string  `json:"args,omitempty"`
	StartedAt time.Time `json:"startedAt,omitzero"`
	// Start is how it was started: "systemd", "systemd-socket", "rootlesskit",
	// "snap", "container" or "by-hand".
	Start string `json:"start,omitempty"`
	// Namespaces maps a kind ("mnt", "net", "pid", "user", …) to the inode
	// number of the namespace; nil where they may not be read.
	Namespaces map[string]uint64 `json:"namespaces,omitempty"`
	// OwnNamespaces lists the kinds in which it differs from this host's own; it
	// says nothing where Namespaces is nil.
	OwnNamespaces []string `json:"ownNamespaces,omitempty"`
}

// Unit is a systemd unit with the files that make it.
type Unit struct {
	Name string `json:"name"`
	// Files are the unit file in use and its drop-ins.
	Files []string `json:"files,omitempty"`
	// Listen are the addresses of its socket unit, if it is socket-activated.
	Listen []string `json:"listen,omitempty"`
	// KillMode says which processes systemd ends with the service: "process" the
	// daemon alone; "" is the default, control-group, the containers' shims too.
	KillMode string `json:"killMode,omitempty"`
}

// ConfigFile is the daemon's configuration file.
type ConfigFile struct {
	Path    string    `json:"path"`
	ModTime time.Time `json:"modTime,omitzero"`
	// Keys are the top-level keys it sets, sorted.
	Keys []string `json:"keys,omitempty"`
	// Error is why the file cannot be parsed, with the line: "line 4: …".
	Error string `json:"error,omitempty"`
	// Unknown are the keys that dockerd doesn't know: it won't start with them.
	Unknown []string `json:"unknown,omitempty"`
	// Duplicates tell of keys that stand in it more than once: "line 5: icc …".
	Duplicates []string `json:"duplicates,omitempty"`
	// NewerThanProcess: the file changed after the daemon started, so the
	// daemon may not run with it.
	NewerThanProcess bool `json:"newerThanProcess,omitempty"`
}
