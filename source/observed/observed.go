// Package observed reads the files in which 'seawall observe' kept what containers use,
// and lays it on a snapshot: as facts of its containers, whose origin are the files.
package observed

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/observation"
	"seawall/snapshot"
)

// Files are the observations of some files.
type Files struct {
	names []string
	each  []*observation.Observation
	// Merged is what they tell together; nil if there are none.
	Merged *observation.Observation
}

// Read reads and merges observations.
func Read(names []string) (f Files, err error) {
	for _, name := range names {
		o, err := read(name)
		if err != nil {
			return Files{}, err
		}
		f.names, f.each = append(f.names, name), append(f.each, o)
	}
	if len(f.each) > 0 {
		f.Merged, err = observation.Merge(f.each...)
	}
	return f, err
}

func read(name string) (*observation.Observation, error) {
	file, err := os.Open(name)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, lang.Errorf("%s: cannot read the observation: %w", name, err)
	}
	defer file.Close()
	o, err := observation.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return o, nil
}

// Lay makes facts of the snapshot's containers of what was seen of them, and returns of
// how many something was. Facts that the snapshot holds already are replaced.
func (f Files) Lay(s *snapshot.Snapshot) (seen int) {
	s.Observations = f.names
	host, _ := s.Host.Name.Peek()
	for i := range s.Engines {
		containers, _ := s.Engines[i].Containers.Peek()
		for k := range containers {
			c := &containers[k]
			c.Observed = f.of(host, c)
			if c.Observed.State() == snapshot.Seen {
				seen++
			}
		}
	}
	return seen
}

// of is what was seen of one container, with the files that tell of it as the origin.
func (f Files) of(host string, c *snapshot.Container) snapshot.Fact[snapshot.Observed] {
	var names []string
	for i, o := range f.each {
		if o.Of(host, c) != nil {
			names = append(names, f.names[i])
		}
	}
	x := f.Merged.Of(host, c)
	if x == nil {
		all := strings.Join(f.names, ", ")
		return snapshot.Lost[snapshot.Observed](snapshot.Unobserved(lang.N("it is not in what was observed")), snapshot.At("observed", all))
	}
	source := strings.Join(names, ", ")
	return snapshot.See(facts(x, source), snapshot.At("observed", source))
}

// facts are those of what was seen.
func facts(x *observation.Container, source string) snapshot.Observed {
	level, missing := x.Confidence()
	out := snapshot.Observed{
		Seconds: x.Watched.Seconds, Starts: x.Watched.Starts,
		Used: x.Used(observation.Workload), ExecUsed: x.Used(observation.Exec),
		Enough:   snapshot.See(string(level), snapshot.At("confidence", source)),
		Listened: snapshot.See(x.Listened(), snapshot.At("sockets", source)),
		UDP:      snapshot.See(true, snapshot.At("watched.looked", source)),
		Written:  snapshot.See(directories(x), snapshot.At("written", source)),
	}
	if level == observation.Low {
		out.Enough.Blind(snapshot.Unobserved(lang.Recordf("too little was seen to tell what it does not need: %s", strings.Join(missing, "; "))))
	}
	if !x.SocketsKnown() {
		out.UDP.Blind(snapshot.Unobserved(lang.N("UDP ports were not looked for all the time")))
	}
	if !x.FilesKnown() {
		out.Written.Blind(snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: lang.N("not all that it writes was recorded: that takes Linux 6.13, a root file system that is an overlay, and no more than 32 directories"),
			Remedy: lang.N("watch it again, on such a kernel"),
		})
	}
	if x.Lost.Sockets > 0 {
		out.Listened.Blind(snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: lang.N("some sockets found no room while it was watched"), Remedy: lang.N("watch fewer containers at once: name them")})
	}
	return out
}

// directories are those in which the container's own processes changed something.
func directories(x *observation.Container) []string {
	out := []string{}
	for _, w := range x.Written {
		if w.Session == observation.Workload {
			out = append(out, w.Directory)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
