package engineapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"seawall/lang"
	"seawall/snapshot"
)

// changesTimeout is how long the engine may take to compare a container's files with its
// image's. Some storage drivers look at each of them.
const changesTimeout = 2 * time.Minute

// Changes lists the paths of a container's own layer that differ from its image, by
// path. Volumes and other mounts are not among them, but for the
// directories that the engine made to mount them on.
func (c *Client) Changes(ctx context.Context, id string) snapshot.Fact[[]snapshot.Change] {
	path := "/containers/" + escape(id) + "/changes"
	var list []struct {
		Path string
		Kind int
	}
	if err := c.getWithin(ctx, changesTimeout, path, &list); err != nil {
		return snapshot.Lost[[]snapshot.Change](gapFrom(err), snapshot.At("changes", "GET "+path))
	}
	out := make([]snapshot.Change, 0, len(list))
	for _, x := range list {
		kind := snapshot.ChangeModified
		switch x.Kind { // moby, api/types/container.ChangeType
		case 1:
			kind = snapshot.ChangeAdded
		case 2:
			kind = snapshot.ChangeDeleted
		}
		out = append(out, snapshot.Change{Path: x.Path, Kind: kind})
	}
	slices.SortFunc(out, func(a, b snapshot.Change) int { return cmp.Compare(a.Path, b.Path) })
	return snapshot.See(out, snapshot.At("changes", "GET "+path))
}

// containerStats is what is needed of a container's statistics. The engine tells them
// of containers that run; what the control groups do not have is missing or 0.
type containerStats struct {
	Pids struct {
		Current int64 `json:"current"`
	} `json:"pids_stats"`
	Memory struct {
		Usage int64            `json:"usage"`
		Stats map[string]int64 `json:"stats"`
	} `json:"memory_stats"`
}

// used is the memory without inactive file pages, as "docker stats" has it.
func (s containerStats) used() int64 {
	inactive, known := s.Memory.Stats["total_inactive_file"] // cgroup v1
	if !known {
		inactive = s.Memory.Stats["inactive_file"]
	}
	if inactive > s.Memory.Usage {
		return s.Memory.Usage
	}
	return s.Memory.Usage - inactive
}

// Counts tells how many processes and threads a container has, and how many bytes of
// memory they hold.
func (c *Client) Counts(ctx context.Context, id string) (pids, memory snapshot.Fact[int64]) {
	path := "/containers/" + escape(id) + "/stats?stream=false&one-shot=true"
	source := "GET /containers/" + escape(id) + "/stats"
	var s containerStats
	err := c.get(ctx, path, &s)
	return count(s.Pids.Current, err, "pids_stats.current", source), count(s.used(), err, "memory_stats.usage", source)
}

// count is a number that is never 0 in a container that runs and is counted.
func count(n int64, err error, path, source string) snapshot.Fact[int64] {
	if err == nil && n == 0 {
		return snapshot.Lost[int64](snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: lang.N("the engine does not tell it: the container does not run, or its control group counts none"),
		}, snapshot.At(path, source))
	}
	return read(n, err, path, source)
}
