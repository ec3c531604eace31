package livehost

import (
	"path"
	"slices"
	"strings"

	"seawall/snapshot"
	"seawall/source"
)

// tools finds compilers and tools of attackers on the usual paths, each file once.
func (v vantage) tools() snapshot.Fact[[]snapshot.Tool] {
	o := snapshot.At("tools", "files in "+defaultPath)
	return hostFact(v.files, o, func() snapshot.Fact[[]snapshot.Tool] {
		out := []snapshot.Tool{}
		seen := map[string]bool{}
		for dir := range strings.SplitSeq(defaultPath, ":") {
			for _, name := range snapshot.ToolNames {
				real, info, err := v.m.Files.Find(path.Join(dir, name))
				switch {
				case missing(err):
					continue
				case err != nil:
					return snapshot.Lost[[]snapshot.Tool](source.GapFrom(err), o)
				case !info.Mode.IsRegular() || info.Mode&0o111 == 0 || seen[real]:
					continue
				}
				seen[real] = true
				out = append(out, snapshot.Tool{Name: name, Path: path.Join(dir, name)})
			}
		}
		slices.SortFunc(out, func(a, b snapshot.Tool) int { return strings.Compare(a.Path, b.Path) })
		return snapshot.See(out, o)
	})
}

// packagesOf sets the packages of services, as far as they are known.
func (w *owners) packagesOf(services snapshot.Fact[[]snapshot.Service]) snapshot.Fact[[]snapshot.Service] {
	list, ok := services.Peek()
	if !ok || len(list) == 0 {
		return services
	}
	var programs []snapshot.Program
	for _, s := range list {
		same := func(p snapshot.Program) bool { return p.Path == s.Program }
		if path.IsAbs(s.Program) && !slices.ContainsFunc(programs, same) {
			programs = append(programs, snapshot.Program{Path: s.Program})
		}
	}
	w.find(programs)
	list = slices.Clone(list)
	for i := range list {
		for _, p := range programs {
			if pkg, _ := p.Package.Peek(); p.Path == list[i].Program {
				list[i].Package = pkg.Name
			}
		}
	}
	return snapshot.See(list, services.Origin())
}
