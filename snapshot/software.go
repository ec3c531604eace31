package snapshot

import "time"

// Software is what a host runs containers with: who built it, and whether what
// runs is what is installed.
type Software struct {
	// Programs are the programs of the engine and its clients on this host: those
	// on the usual paths, and those that run.
	Programs Fact[[]Program] `json:"programs,omitzero"`
	// Running are the processes of the engine's programs that share this host's
	// files, by program and by what became of its file.
	Running Fact[[]RunningProgram] `json:"running,omitzero"`
	Kernel  KernelSoftware         `json:"kernel,omitzero"`
	// RebootRequired are the packages that ask for a restart of the host; absent
	// where none does. Only Debian and its kin say so.
	RebootRequired Fact[[]string] `json:"rebootRequired,omitzero"`
	// Unattended is how apt installs updates by itself; absent where there is no
	// apt.
	Unattended Fact[Unattended] `json:"unattended,omitzero"`
	// Lists is what the package manager last heard of newer versions. It is read
	// when asked for only.
	Lists Fact[PackageLists] `json:"lists,omitzero"`
}

// Program is a program of an engine or of a client.
type Program struct {
	// Name is what the program is, whatever its file is called: "dockerd",
	// "docker", "containerd", "containerd-shim", "runc", "docker-compose",
	// "docker-buildx", "rootlesskit", "slirp4netns", "docker-proxy".
	Name string `json:"name"`
	// Path is where it was found. A program that an engine finds in mounts of its own
	// has a path below those: "/proc/812/root/usr/bin/runc".
	Path string `json:"path"`
	Real string `json:"real,omitempty"` // the file that the path leads to, if another
	// Root is the root in which the program lies, and whose packages were asked, where
	// that is another than the host's: "/proc/812/root". System is the system there.
	Root   string   `json:"root,omitempty"`
	System Fact[OS] `json:"system,omitzero"`
	// First: a shell that looks for the name finds this one, before those of the
	// same name that are not first. Plugins of the CLI are found likewise.
	First bool `json:"first,omitempty"`
	// Package is the package that the file is of; absent where it is of none.
	Package Fact[Package] `json:"package,omitzero"`
	// Build is what a program written in Go tells of its build; absent in others.
	Build Fact[GoBuild] `json:"build,omitzero"`
}

// Package is an installed package.
type Package struct {
	Manager string `json:"manager"` // "dpkg", "rpm", "apk", "snap"
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	// Source and SourceVersion are what it was built from. A package that was built
	// anew from the same source has another version and the same SourceVersion;
	// vendors' advisories count the latter.
	Source        string `json:"source,omitempty"`
	SourceVersion string `json:"sourceVersion,omitempty"`
	Maintainer    string `json:"maintainer,omitempty"`
	// Held: the package manager was told to leave it as it is.
	Held bool `json:"held,omitempty"`
}

// GoBuild is what a program written in Go tells of its build.
type GoBuild struct {
	Go string `json:"go"` // "go1.24.3"
	// Version is what the builder set as the program's version; "" where the
	// program was built without telling.
	Version string `json:"version,omitempty"`
}

// FileFate is what became of the file that a process runs.
type FileFate string

// The fates of files.
const (
	FileCurrent  FileFate = "current"
	FileReplaced FileFate = "replaced" // another file has its place: an update
	FileRemoved  FileFate = "removed"
)

// RunningProgram are processes that run one program.
type RunningProgram struct {
	Name  string   `json:"name"` // as of Program
	Path  string   `json:"path"`
	Fate  FileFate `json:"fate"`
	Count int      `json:"count"`
	// PIDs are some of the processes, lowest first; Since is when the first of
	// all began.
	PIDs  []int     `json:"pids"`
	Since time.Time `json:"since,omitzero"`
	// Containers are the ids of those that these shims keep, of the processes in PIDs; none
	// where the file is the current one.
	Containers []string `json:"containers,omitempty"`
}

// KernelSoftware is where the running kernel is from.
type KernelSoftware struct {
	// Build is how the kernel names itself at length: release, builder, compiler,
	// and on Debian the version of its package.
	Build Fact[string] `json:"build,omitzero"`
	// Package is the installed package of the running kernel; absent where it is
	// of none.
	Package Fact[Package] `json:"package,omitzero"`
	// Installed are the kernels in packages, with the package that follows newer
	// ones ("linux-image-amd64").
	Installed Fact[[]Package] `json:"installed,omitzero"`
	// Config maps each of KernelOptions to "y", "m" or "n", or to a text in quotes;
	// absent where the kernel has no record of its configuration.
	Config Fact[map[string]string] `json:"config,omitzero"`
	// LivePatches are the patches that the running kernel was given without a restart
	// and that are on, as /sys/kernel/livepatch names them; absent where the kernel
	// takes none.
	LivePatches Fact[[]string] `json:"livePatches,omitzero"`
}

// KernelOptions are the options of the kernel's configuration that decide whether
// a flaw can be in it, or of what use one is.
var KernelOptions = []string{
	"CONFIG_AF_RXRPC", "CONFIG_CRYPTO_USER_API_AEAD", "CONFIG_INET6_ESP", "CONFIG_INET_ESP", "CONFIG_NET_CLS_ROUTE4",
	"CONFIG_MODULES", "CONFIG_MODULE_SIG_FORCE", "CONFIG_NF_TABLES", "CONFIG_OVERLAY_FS", "CONFIG_PACKET", "CONFIG_SECCOMP_FILTER", "CONFIG_SND",
	"CONFIG_STATIC_USERMODEHELPER", "CONFIG_STATIC_USERMODEHELPER_PATH", "CONFIG_USER_NS", "CONFIG_VSOCKETS",
}

// Unattended is how apt installs updates by itself.
type Unattended struct {
	Installed bool `json:"installed"` // the package unattended-upgrades is there
	// Enabled is what APT::Periodic::Unattended-Upgrade says: every how many days;
	// "" and "0" are never. It is "0" too where APT::Periodic::Enable is.
	Enabled string `json:"enabled,omitempty"`
	// TimersOff are those of systemd's timers that fetch lists and install updates
	// which do not start by themselves, each with why: "apt-daily.timer is masked". None
	// where systemd does not run: there cron does their work.
	TimersOff []string `json:"timersOff,omitempty"`
}

// PackageLists is what a package manager last heard of packages.
type PackageLists struct {
	// Manager is who keeps them: "apt", "dnf" or "apk".
	Manager string `json:"manager,omitempty"`
	// UpdatedAt is when lists were last fetched, as far as their files tell; of dnf and
	// apk, which fetch each repository by itself, those that are oldest.
	UpdatedAt time.Time `json:"updatedAt,omitzero"`
	// Newest maps the packages of Programs and kernels to the newest version in
	// the lists that is meant for all machines; those that no list has are missing.
	Newest map[string]string `json:"newest"`
	// Phased are newer versions than those of Newest that only some machines get as
	// yet. None where apt was told to take such versions at once, or never.
	Phased map[string]PhasedVersion `json:"phased,omitempty"`
	// Pins are files by which another version than the newest may be chosen.
	Pins []string `json:"pins,omitempty"`
}

// PhasedVersion is a version that Ubuntu gives to some machines first, which apt chooses
// by the machine's id.
type PhasedVersion struct {
	Version string `json:"version"`
	Percent int    `json:"percent"` // of machines, 0 to 99
}
