package snapshot

// Usage is what a container uses at one moment, beside what a snapshot holds. It is
// read for advice on one container and is no part of a snapshot.
type Usage struct {
	// Changes are the paths of the container's own layer that differ from its image,
	// without those on volumes and other mounts (GET /containers/ID/changes).
	Changes Fact[[]Change]
	// Directories are the changed ones and those around what changed, as the
	// container has them now; symbolic links among the paths are left out.
	Directories Fact[[]Directory]
	// Pids is how many processes and threads it has, Memory what they hold in bytes
	// without files that the kernel can drop (GET /containers/ID/stats).
	Pids   Fact[int64]
	Memory Fact[int64]
}

// ChangeKind says how a path differs from the image.
type ChangeKind string

// The kinds of changes.
const (
	ChangeModified ChangeKind = "modified"
	ChangeAdded    ChangeKind = "added"
	ChangeDeleted  ChangeKind = "deleted"
)

// Change is one path that differs from the image.
type Change struct {
	Path string     `json:"path"`
	Kind ChangeKind `json:"kind"`
}

// Directory is a directory inside a container.
type Directory struct {
	Path string `json:"path"`
	Mode Mode   `json:"mode"`
	UID  int    `json:"uid"` // as the container numbers users
	GID  int    `json:"gid"`
	// Kept is how many files in it and below are its image's, unchanged or not; counting
	// ends at a hundred. Below are the image's directories in it, if there are no files.
	Kept  int         `json:"kept"`
	Below []Directory `json:"below,omitempty"`
}

// LostUsage is usage that could not be read.
func LostUsage(g Gap, source string) Usage {
	return Usage{
		Changes:     Lost[[]Change](g, At("changes", source)),
		Directories: Lost[[]Directory](g, At("directories", source)),
		Pids:        Lost[int64](g, At("pids_stats.current", source)),
		Memory:      Lost[int64](g, At("memory_stats.usage", source)),
	}
}
