package livehost

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"seawall/currency/version"
	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
	"seawall/source/pkgdb"
)

// Files of apt.
const (
	aptLists   = "/var/lib/apt/lists"
	aptConfigs = "/etc/apt/apt.conf.d"
)

// rebootRequired reads what packages of Debian and its kin leave when they want a
// restart of the host.
func (v vantage) rebootRequired() snapshot.Fact[[]string] {
	o := snapshot.At("reboot-required", "/run/reboot-required")
	return hostFact(v.files, o, func() snapshot.Fact[[]string] {
		_, err := v.m.Files.Info(o.Source)
		switch {
		case missing(err):
			return snapshot.None[[]string](o)
		case err != nil:
			return snapshot.Lost[[]string](source.GapFrom(err), o)
		}
		data, err := v.m.Files.ReadFile("/run/reboot-required.pkgs", 1<<20)
		if err != nil && !missing(err) {
			return snapshot.Lost[[]string](source.GapFrom(err), o)
		}
		names := strings.Fields(string(data))
		slices.Sort(names)
		return snapshot.See(slices.Compact(names), o)
	})
}

// lists are those of a package manager.
type lists struct {
	manager string
	scheme  version.Scheme
	read    func(r io.Reader, v *pkgdb.Versions) error
	files   []string
	age     func(*hostfile.FS, []string) time.Time
	pins    []string
	// phasing is what becomes of versions that only some machines get.
	phasing phasing
}

// phasing is what a package manager was told of such versions.
type phasing uint8

const (
	phasingKept   phasing = iota // nothing: they come to a machine in turn
	phasingAlways                // it takes them at once
	phasingNever                 // it waits until all machines get them
)

// listsIn reads lists in which all versions are for all machines.
func listsIn(read func(io.Reader, map[string]string) error) func(io.Reader, *pkgdb.Versions) error {
	return func(r io.Reader, v *pkgdb.Versions) error { return read(r, v.Newest) }
}

// packageLists reads the newest versions in the package manager's lists of the packages
// that matter here.
func (v vantage) packageLists(s *snapshot.Software, owners *owners, asked bool) snapshot.Fact[snapshot.PackageLists] {
	o := snapshot.At("lists", aptLists)
	if !asked {
		return snapshot.Lost[snapshot.PackageLists](snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: lang.N("the package manager's lists are read when asked for only"),
			Remedy: lang.N("ask for them: seawall updates"),
		}, o)
	}
	return hostFact(v.files, o, func() snapshot.Fact[snapshot.PackageLists] {
		find := aptFiles
		switch manager := owners.manager(); {
		case manager == "rpm":
			o.Source, find = dnfCaches[0], dnfFiles
		case manager == "apk":
			o.Source, find = apkCaches[0], apkFiles
		case owners.gap() != nil:
			return snapshot.Lost[snapshot.PackageLists](*owners.gap(), o)
		}
		l, err := find(v.m.Files)
		switch {
		case err != nil:
			return snapshot.Lost[snapshot.PackageLists](source.GapFrom(err), o)
		case len(l.files) == 0:
			return snapshot.None[snapshot.PackageLists](o)
		}
		out := snapshot.PackageLists{Manager: l.manager, UpdatedAt: l.age(v.m.Files, l.files), Pins: l.pins}
		found, err := l.newest(v.m.Files, wantedPackages(s))
		if err != nil {
			return snapshot.Lost[snapshot.PackageLists](source.GapFrom(err), o)
		}
		out.Newest, out.Phased = found.Newest, found.Phased
		return snapshot.See(out, o)
	})
}

// wantedPackages are the host's packages of the programs and of kernels.
func wantedPackages(s *snapshot.Software) []string {
	var out []string
	programs, _ := s.Programs.Peek()
	for _, p := range programs {
		if pkg, _ := p.Package.Peek(); pkg.Name != "" && pkg.Manager != "snap" && p.Root == "" {
			out = append(out, pkg.Name)
		}
	}
	kernels, _ := s.Kernel.Installed.Peek()
	for _, k := range kernels {
		out = append(out, k.Name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// newest reads the lists, several at the same time.
func (l *lists) newest(files *hostfile.FS, wanted []string) (pkgdb.Versions, error) {
	found := make([]pkgdb.Versions, len(l.files))
	errs := make([]error, len(l.files))
	eachShare(len(l.files), func(from, to int) {
		for i := from; i < to; i++ {
			found[i].Newest = make(map[string]string, len(wanted))
			for _, w := range wanted {
				found[i].Newest[w] = ""
			}
			errs[i] = l.readFile(files, l.files[i], &found[i])
		}
	})
	out := pkgdb.Versions{Newest: map[string]string{}}
	for i := range l.files {
		if errs[i] != nil {
			return pkgdb.Versions{}, errs[i]
		}
		l.settle(&found[i])
		out.Raise(l.scheme, found[i])
	}
	return out, nil
}

// settle leaves only those versions phased that come to this machine in turn.
func (l *lists) settle(v *pkgdb.Versions) {
	if l.phasing == phasingAlways {
		all := pkgdb.Versions{Newest: map[string]string{}}
		for name, p := range v.Phased {
			all.Newest[name] = p.Version
		}
		v.Raise(l.scheme, all)
	}
	if l.phasing != phasingKept {
		v.Phased = nil
	}
}

func (l *lists) readFile(files *hostfile.FS, name string, v *pkgdb.Versions) error {
	file, err := files.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	text, err := pkgdb.Unpack(name, file)
	if err == nil {
		err = l.read(text, v)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// aptFiles are the lists of apt.
func aptFiles(files *hostfile.FS) (lists, error) {
	l := lists{manager: "apt", scheme: version.Deb, read: pkgdb.Newest, age: listsAge, pins: pins(files), phasing: aptPhasing(files)}
	names, err := files.ReadDir(aptLists)
	if err != nil && !missing(err) {
		return l, err
	}
	for _, name := range names {
		if strings.Contains(name, "_Packages") {
			l.files = append(l.files, path.Join(aptLists, name))
		}
	}
	return l, nil
}

// aptPhasing is what apt was told of versions that only some machines get. Where not all of
// its configuration can be read, of such versions nothing is known.
func aptPhasing(files *hostfile.FS) phasing {
	always, never := "", ""
	err := eachAptConfig(files, func(text []byte) {
		a, n := pkgdb.Phasing(text)
		always, never = cmp.Or(a, always), cmp.Or(n, never)
	})
	switch {
	case err != nil:
		return phasingKept
	case pkgdb.On(always):
		return phasingAlways
	case pkgdb.On(never):
		return phasingNever
	}
	return phasingKept
}

// listsAge is when apt last fetched lists: the youngest of its stamp, of the
// directory that it fetches into and of the lists. The lists alone have the dates
// of their servers.
func listsAge(files *hostfile.FS, lists []string) time.Time {
	var latest time.Time
	for _, name := range append(slices.Clone(lists), aptLists+"/partial", "/var/lib/apt/periodic/update-success-stamp") {
		if info, err := files.Info(name); err == nil && info.ModTime.After(latest) {
			latest = info.ModTime
		}
	}
	return latest.UTC().Truncate(time.Second)
}

// pins are the files by which apt prefers other versions than the newest
// (apt_preferences(5)).
func pins(files *hostfile.FS) []string {
	var out []string
	if _, err := files.Info("/etc/apt/preferences"); err == nil {
		out = append(out, "/etc/apt/preferences")
	}
	names, _ := files.ReadDir("/etc/apt/preferences.d")
	for _, name := range names {
		if ext := path.Ext(name); ext == "" || ext == ".pref" {
			out = append(out, path.Join("/etc/apt/preferences.d", name))
		}
	}
	return out
}
