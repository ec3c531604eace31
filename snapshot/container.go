package snapshot

import (
	"strings"
	"time"
)

// Container is one container: what it was asked to be (from inspect, or from
// the file that declares it) and what its process really is.
//
// Lists keep the order of the source; names of capabilities are normalised
// (see [CapName]).
type Container struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	// Project and Service are the Compose project and service, from its labels.
	Project string `json:"project,omitempty"`
	Service string `json:"service,omitempty"`
	// Auditor: Seawall itself ran in it when it looked.
	Auditor bool `json:"auditor,omitempty"`

	Image   Fact[string] `json:"image,omitzero"` // as it was asked for: "nginx:1.27"
	ImageID Fact[string] `json:"imageId,omitzero"`
	// ImageLocal: the image was built, loaded or imported where the container runs, and
	// no registry is asked for it. It is false where a registry gave the image, or may
	// have; absent where it is only asked for by name.
	ImageLocal Fact[bool]      `json:"imageLocal,omitzero"`
	State      Fact[string]    `json:"state,omitzero"` // "running", "exited", "created", "declared", …
	Started    Fact[time.Time] `json:"started,omitzero"`

	// User is Config.User; "" is root. For a declaration that names none it is
	// unresolved: the image decides.
	User           Fact[string] `json:"user,omitzero"`
	Privileged     Fact[bool]   `json:"privileged,omitzero"`
	CapAdd         Fact[CapSet] `json:"capAdd,omitzero"`
	CapDrop        Fact[CapSet] `json:"capDrop,omitzero"`
	ReadonlyRootfs Fact[bool]   `json:"readonlyRootfs,omitzero"`

	// NoNewPrivileges is the container's own option; absent if it has none and
	// the engine's default counts.
	NoNewPrivileges Fact[bool] `json:"noNewPrivileges,omitzero"`
	// Seccomp is "default" (the engine's profile), "unconfined" or "custom". A
	// privileged container that names no profile is unconfined, and so is one
	// with a profile that allows everything.
	Seccomp Fact[string] `json:"seccomp,omitzero"`
	// AppArmor is the profile named by inspect or declared; "" if none is named,
	// "unconfined" if off, as it is for a privileged container that names none.
	AppArmor Fact[string] `json:"appArmor,omitzero"`
	// SELinux are the label options: "disable", "type:…", "level:…".
	SELinux Fact[[]string] `json:"selinux,omitzero"`
	// ProcessLabel is the SELinux label the engine gave it; "" if none.
	ProcessLabel Fact[string] `json:"processLabel,omitzero"`
	// UnmaskedPaths: the masking of /proc and /sys was switched off
	// (systempaths=unconfined, or privileged).
	UnmaskedPaths Fact[bool] `json:"unmaskedPaths,omitzero"`

	// Namespace modes as the Engine API names them: "", "host",
	// "container:ID", "private", "shareable", "bridge", "none", …
	NetworkMode  Fact[string] `json:"networkMode,omitzero"`
	PidMode      Fact[string] `json:"pidMode,omitzero"`
	IpcMode      Fact[string] `json:"ipcMode,omitzero"`
	UTSMode      Fact[string] `json:"utsMode,omitzero"`
	UsernsMode   Fact[string] `json:"usernsMode,omitzero"`
	CgroupnsMode Fact[string] `json:"cgroupnsMode,omitzero"`

	Mounts            Fact[[]Mount]    `json:"mounts,omitzero"`
	VolumesFrom       Fact[[]string]   `json:"volumesFrom,omitzero"`
	Devices           Fact[[]Device]   `json:"devices,omitzero"`
	DeviceCgroupRules Fact[[]string]   `json:"deviceCgroupRules,omitzero"`
	DeviceRequests    Fact[[]string]   `json:"deviceRequests,omitzero"` // "nvidia: gpu", "cdi: vendor.com/x"
	Ports             Fact[[]Port]     `json:"ports,omitzero"`
	Links             Fact[[]string]   `json:"links,omitzero"`    // "db:alias"
	Networks          Fact[[]Endpoint] `json:"networks,omitzero"` // those it is attached to

	Memory        Fact[int64]    `json:"memory,omitzero"`   // bytes; 0 is no limit
	NanoCPUs      Fact[int64]    `json:"nanoCPUs,omitzero"` // billionths of a CPU; 0 is no limit
	CPUQuota      Fact[int64]    `json:"cpuQuota,omitzero"` // microseconds a period; 0 or -1 is no limit
	CPUShares     Fact[int64]    `json:"cpuShares,omitzero"`
	CPUSet        Fact[string]   `json:"cpuSet,omitzero"`    // "0-2,7"; "" is all
	PidsLimit     Fact[int64]    `json:"pidsLimit,omitzero"` // 0 or less is no limit
	Ulimits       Fact[[]string] `json:"ulimits,omitzero"`
	CgroupParent  Fact[string]   `json:"cgroupParent,omitzero"`
	RestartPolicy Fact[string]   `json:"restartPolicy,omitzero"` // "always", "on-failure:5", …
	LogDriver     Fact[string]   `json:"logDriver,omitzero"`
	Runtime       Fact[string]   `json:"runtime,omitzero"`

	Sysctls Fact[map[string]string] `json:"sysctls,omitzero"`

	// GroupAdd are the supplementary groups asked for, by name or number.
	GroupAdd Fact[[]string] `json:"groupAdd,omitzero"`
	// MemorySwap is the limit of memory and swap together in bytes; -1 is no
	// limit, 0 that the memory has none.
	MemorySwap Fact[int64] `json:"memorySwap,omitzero"`
	// OOMKillDisable and OOMScoreAdj keep the kernel from killing the container
	// where memory runs out.
	OOMKillDisable Fact[bool] `json:"oomKillDisable,omitzero"`
	OOMScoreAdj    Fact[int]  `json:"oomScoreAdj,omitzero"`
	// WritableCgroups: the container may write to its control groups.
	WritableCgroups Fact[bool] `json:"writableCgroups,omitzero"`
	// RestartCount is how often the engine restarted it since it was made.
	RestartCount Fact[int]         `json:"restartCount,omitzero"`
	ExtraHosts   Fact[[]string]    `json:"extraHosts,omitzero"` // "name:address"
	LogOptions   Fact[[]LogOption] `json:"logOptions,omitzero"`
	// Labels are its own and those of its image; a declaration's are its own. A
	// value that may be a secret is [Redacted], a long one is [Cut].
	Labels Fact[map[string]string] `json:"labels,omitzero"`
	// SecretLabels are the names of labels whose value looks like a secret.
	SecretLabels Fact[[]string] `json:"secretLabels,omitzero"`
	// SecretArguments and SecretHealth are the names under which the command and
	// the health check seem to hold secrets.
	SecretArguments Fact[[]string] `json:"secretArguments,omitzero"`
	SecretHealth    Fact[[]string] `json:"secretHealth,omitzero"`
	// DockerHost is DOCKER_HOST of its environment; absent if it has none.
	DockerHost Fact[string] `json:"dockerHost,omitzero"`

	Env     Fact[[]EnvVar] `json:"env,omitzero"`
	Command Fact[[]string] `json:"command,omitzero"` // entrypoint and command, secrets redacted
	// Health: a health check is configured. For a declaration that says nothing
	// of it, it is unresolved: the image decides.
	Health Fact[bool] `json:"health,omitzero"`

	// BoundFiles are the files and directories of the host that its bind mounts bring
	// in, and the files in them that its command names: a program, or what one is
	// given.
	BoundFiles Fact[[]File] `json:"boundFiles,omitzero"`

	// Process is the container's first process. It is absent for a container
	// that does not run.
	Process Fact[Process] `json:"process,omitzero"`

	// Observed is what it was seen to use while it was watched; a gap if it was not.
	Observed Fact[Observed] `json:"observed,omitzero"`
}

// Running reports whether the container is known to run (also when paused).
func (c *Container) Running() bool {
	state, _ := c.State.Peek()
	return state == "running" || state == "paused" || state == "restarting"
}

// Is reports whether a person who says name means this container: its name, its service,
// or the beginning of its id.
func (c *Container) Is(name string) bool {
	return name != "" && (name == c.Name || name == c.Service || strings.HasPrefix(c.ID, name))
}

// Mount is a mount of a container, as inspect lists it.
type Mount struct {
	Type        string `json:"type"` // "bind", "volume", "tmpfs", "npipe", "image"
	Source      string `json:"source,omitempty"`
	Destination string `json:"destination"`
	ReadOnly    bool   `json:"readOnly,omitempty"`
	Propagation string `json:"propagation,omitempty"`
	Volume      string `json:"volume,omitempty"` // name, if Type is volume
	Driver      string `json:"driver,omitempty"`
	// Options are the volume driver's options, where the mount itself carries
	// them; secrets redacted. Those of a named volume are with the [Volume].
	Options map[string]string `json:"options,omitempty"`
	// Exec: programs on a tmpfs mount may be run, which is not the default.
	Exec bool `json:"exec,omitempty"`
}

// LogOption is an option of a container's log driver. The value is kept of
// those only that say how much is logged and how: others may hold tokens.
type LogOption struct {
	Name   string `json:"name"`
	Value  string `json:"value,omitempty"`
	Secret bool   `json:"secret,omitempty"` // the value looked like a secret
}

// HostPath is the host path behind the mount as far as the mount itself tells:
// the source of a bind, or the device that the options of a local volume bind.
// It is "" for all else.
func (m Mount) HostPath() string {
	if m.Type == "bind" {
		return m.Source
	}
	return bindSource(m.Driver, m.Options)
}

// Device is a host device given to a container.
type Device struct {
	Host        string `json:"host"`
	Container   string `json:"container"`
	Permissions string `json:"permissions,omitempty"` // of "rwm"
}

// Port is a port of a container published on the host.
type Port struct {
	HostIP   string `json:"hostIp"` // "" where the engine chooses: all addresses
	HostPort string `json:"hostPort,omitempty"`
	Port     int    `json:"port"`
	Protocol string `json:"protocol"` // "tcp", "udp", "sctp"
}

// Any reports whether the port is published on all addresses.
func (p Port) Any() bool { return anyAddress(p.HostIP) }

// Endpoint is a container's attachment to a network.
type Endpoint struct {
	Network string `json:"network"` // name
	IPv4    string `json:"ipv4,omitempty"`
	IPv6    string `json:"ipv6,omitempty"`
}

// Process is what the kernel tells of a container's first process. Its facts
// have gaps of their own: some can be read by anyone, some by root only.
type Process struct {
	PID int `json:"pid"` // as this host numbers processes
	// UID is the effective user id as this host numbers users.
	UID            Fact[int]    `json:"uid,omitzero"`
	CapEffective   Fact[CapSet] `json:"capEffective,omitzero"`
	CapBounding    Fact[CapSet] `json:"capBounding,omitzero"`
	NoNewPrivs     Fact[bool]   `json:"noNewPrivs,omitzero"`
	SeccompMode    Fact[int]    `json:"seccompMode,omitzero"` // 0 off, 1 strict, 2 filter
	SeccompFilters Fact[int]    `json:"seccompFilters,omitzero"`
	// Label is the LSM label: an AppArmor profile with mode, or an SELinux
	// context.
	Label  Fact[string]  `json:"label,omitzero"`
	UIDMap Fact[[]IDMap] `json:"uidMap,omitzero"`
	GIDMap Fact[[]IDMap] `json:"gidMap,omitzero"`
	// Namespaces tell for each kind whose namespace the process is in.
	Namespaces Fact[map[string]Namespace] `json:"namespaces,omitzero"`
	// ControlSockets are the engine and containerd sockets that its mounts make
	// reachable, found by mountinfo and matched by inode.
	ControlSockets Fact[[]ControlSocket] `json:"controlSockets,omitzero"`
	// HostMounts are its mounts of the host's directories and files, from
	// mountinfo: also volumes that are binds in disguise.
	HostMounts Fact[[]HostMount] `json:"hostMounts,omitzero"`
	// Programs are the names of all programs that run in the container, as the
	// kernel has them (comm, cut at 15 bytes), sorted.
	Programs Fact[[]string] `json:"programs,omitzero"`
}

// IDMap is a line of /proc/PID/uid_map, seen from this host's user namespace.
type IDMap struct {
	Inside  uint32 `json:"inside"`
	Outside uint32 `json:"outside"`
	Length  uint32 `json:"length"`
}

// Namespace is one namespace of a process.
type Namespace struct {
	Inode uint64 `json:"inode"`
	// Host: it is the namespace of the host's first process (or, for an engine
	// with namespaces of its own, of the engine's daemon).
	Host bool `json:"host,omitempty"`
}

// ControlSocket is an engine or containerd socket inside a container.
type ControlSocket struct {
	Path    string `json:"path"`    // inside the container
	Host    string `json:"host"`    // path on the host
	Service string `json:"service"` // "engine" or "containerd"
	// Engine names the engine it controls, if it is one of the snapshot.
	Engine string `json:"engine,omitempty"`
}

// HostMount is a mount of a host path, as mountinfo shows it.
type HostMount struct {
	Source      string `json:"source"`
	Destination string `json:"destination"`
	ReadOnly    bool   `json:"readOnly,omitempty"`
	// Shared: mounts made inside propagate to the host.
	Shared bool `json:"shared,omitempty"`
	// NoSUID and NoDev: setuid bits and device nodes mean nothing in it, as on the
	// host, whose options a bind mount takes over.
	NoSUID bool `json:"noSuid,omitempty"`
	NoDev  bool `json:"noDev,omitempty"`
}
