package observation

import (
	"cmp"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// Merge joins observations of one host. Containers are the same if their ids are.
// Counts and times add up, also where watches overlap, which becomes a gap.
func Merge(list ...*Observation) (*Observation, error) {
	if len(list) == 0 {
		return nil, lang.Error("merge observations: there is none")
	}
	out := &Observation{Format: Format, Tool: list[0].Tool, Host: list[0].Host}
	at := map[string]int{}
	for _, o := range list {
		if o.Host.Name != out.Host.Name {
			return nil, lang.Errorf("merge observations: they are of different hosts, %s and %s", out.Host.Name, o.Host.Name)
		}
		out.Watches = append(out.Watches, o.Watches...)
		out.Unnamed += o.Unnamed
		out.Lost = out.Lost.plus(o.Lost)
		for _, g := range o.Gaps {
			if !slices.Contains(out.Gaps, g) {
				out.Gaps = append(out.Gaps, g)
			}
		}
		for i := range o.Containers {
			c := &o.Containers[i]
			k, known := at[c.ID]
			if !known {
				at[c.ID] = len(out.Containers)
				out.Containers = append(out.Containers, c.clone())
				continue
			}
			out.Containers[k] = Join(out.Containers[k], *c)
		}
	}
	slices.SortFunc(out.Watches, func(a, b Watch) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	if g, overlap := overlapping(out.Watches); overlap && !slices.Contains(out.Gaps, g) {
		out.Gaps = append(out.Gaps, g)
	}
	out.Sort()
	return out, nil
}

// overlapping is the gap of watches that were at the same time.
func overlapping(sorted []Watch) (snapshot.Gap, bool) {
	for i := 1; i < len(sorted); i++ {
		if sorted[i].From.Before(sorted[i-1].To) {
			return snapshot.Gap{
				Reason: snapshot.ReasonFailed,
				Detail: lang.N("some watches overlap: what both saw counts twice, in times, starts and numbers"),
				Remedy: lang.N("merge observations of different times"),
			}, true
		}
	}
	return snapshot.Gap{}, false
}

// Join joins what was seen of one container, or of several that run the same
// workload; id, name and image are then those of the first that has them.
func Join(a, b Container) Container {
	out := a.clone()
	for _, field := range []struct {
		to   *string
		from string
	}{
		{&out.ID, b.ID}, {&out.Name, b.Name}, {&out.Image, b.Image}, {&out.ImageID, b.ImageID},
		{&out.Engine, b.Engine}, {&out.Project, b.Project}, {&out.Service, b.Service},
	} {
		*field.to = cmp.Or(*field.to, field.from)
	}
	if b.Bounding != nil {
		both := *b.Bounding
		if out.Bounding != nil {
			both |= *out.Bounding
		}
		out.Bounding = &both
	}
	out.Watched = a.Watched.plus(b.Watched)
	out.Lost = a.Lost.plus(b.Lost)
	for _, x := range b.Capabilities {
		joinCapability(&out.Capabilities, x)
	}
	for _, x := range b.Syscalls {
		joinSyscalls(&out.Syscalls, x)
	}
	for _, x := range b.Sockets {
		joinSocket(&out.Sockets, x)
	}
	for _, x := range b.Written {
		joinWritten(&out.Written, x)
	}
	out.sort()
	return out
}

func (w Watched) plus(o Watched) Watched {
	return Watched{
		Seconds: w.Seconds + o.Seconds, SyscallSeconds: w.SyscallSeconds + o.SyscallSeconds,
		Starts: w.Starts + o.Starts, Joined: w.Joined + o.Joined, Ends: w.Ends + o.Ends, Execs: w.Execs + o.Execs, Recorded: w.Recorded + o.Recorded, Looked: w.Looked + o.Looked,
	}
}

// joinCapability adds a check to those of its kind. The evidence kept is the earlier.
func joinCapability(list *[]Capability, x Capability) {
	for i := range *list {
		y := &(*list)[i]
		if y.Capability != x.Capability || y.Outcome != x.Outcome || y.Session != x.Session || y.Aside != x.Aside || y.Syscall != x.Syscall {
			continue
		}
		count := y.Count + x.Count
		if x.First.Before(y.First) {
			*y = x
		}
		y.Count = count
		return
	}
	*list = append(*list, x)
}

func joinSyscalls(list *[]Syscalls, x Syscalls) {
	for i := range *list {
		y := &(*list)[i]
		if y.Session == x.Session {
			y.Names = union(y.Names, x.Names)
			y.Runtime = union(y.Runtime, x.Runtime)
			y.Compat += x.Compat
			y.Unknown += x.Unknown
			return
		}
	}
	*list = append(*list, x)
}

func joinSocket(list *[]Socket, x Socket) {
	for i := range *list {
		y := &(*list)[i]
		if y.Kind != x.Kind || y.Session != x.Session || y.Protocol != x.Protocol || y.Address != x.Address {
			continue
		}
		count, accepted := y.Count+x.Count, y.Accepted+x.Accepted
		if x.First.Before(y.First) {
			*y = x
		}
		y.Count, y.Accepted = count, accepted
		return
	}
	*list = append(*list, x)
}

func joinWritten(list *[]Written, x Written) {
	for i := range *list {
		y := &(*list)[i]
		if y.Directory != x.Directory || y.Session != x.Session {
			continue
		}
		count := y.Count + x.Count
		if x.First.Before(y.First) {
			*y = x
		}
		y.Count = count
		return
	}
	*list = append(*list, x)
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

func (c *Container) clone() Container {
	out := *c
	out.Capabilities = slices.Clone(c.Capabilities)
	out.Sockets = slices.Clone(c.Sockets)
	out.Written = slices.Clone(c.Written)
	out.Syscalls = slices.Clone(c.Syscalls)
	for i := range out.Syscalls {
		out.Syscalls[i].Names = slices.Clone(out.Syscalls[i].Names)
		out.Syscalls[i].Runtime = slices.Clone(out.Syscalls[i].Runtime)
	}
	return out
}

// Sort puts everything into the order of the format, and empty lists for none.
func (o *Observation) Sort() {
	for i := range o.Containers {
		o.Containers[i].sort()
	}
	slices.SortFunc(o.Containers, func(a, b Container) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	o.Watches, o.Containers, o.Gaps = listOf(o.Watches), listOf(o.Containers), listOf(o.Gaps)
}

func (c *Container) sort() {
	slices.SortStableFunc(c.Capabilities, func(a, b Capability) int {
		return cmp.Or(cmp.Compare(a.Capability, b.Capability), a.First.Compare(b.First), cmp.Compare(a.Syscall, b.Syscall),
			cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Session, b.Session), cmp.Compare(a.Aside, b.Aside))
	})
	slices.SortStableFunc(c.Syscalls, func(a, b Syscalls) int { return -cmp.Compare(a.Session, b.Session) })
	slices.SortStableFunc(c.Sockets, func(a, b Socket) int {
		return cmp.Or(-cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Session, b.Session), cmp.Compare(a.Protocol, b.Protocol))
	})
	slices.SortStableFunc(c.Written, func(a, b Written) int {
		return cmp.Or(cmp.Compare(a.Directory, b.Directory), -cmp.Compare(a.Session, b.Session))
	})
	for i := range c.Syscalls {
		c.Syscalls[i].Names = union(c.Syscalls[i].Names, nil)
		c.Syscalls[i].Runtime = union(c.Syscalls[i].Runtime, nil)
	}
	c.Capabilities, c.Syscalls, c.Sockets = listOf(c.Capabilities), listOf(c.Syscalls), listOf(c.Sockets)
}

// listOf is a list that is empty rather than nil, which JSON would show as null.
func listOf[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
