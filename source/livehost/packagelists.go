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

// unattended reads how apt installs updates by itself.
func (v vantage) unattended(owners *owners) snapshot.Fact[snapshot.Unattended] {
	o := snapshot.At("APT::Periodic::Unattended-Upgrade", aptConfigs)
	return hostFact(v.files, o, func() snapshot.Fact[snapshot.Unattended] {
		files := v.m.Files
		names, err := files.ReadDir(aptConfigs)
		switch {
		case missing(err):
			return snapshot.None[snapshot.Unattended](o)
		case err != nil:
			return snapshot.Lost[snapshot.Unattended](source.GapFrom(err), o)
		case owners.gap() != nil:
			return snapshot.Lost[snapshot.Unattended](*owners.gap(), o)
		}
		var u snapshot.Unattended
		_, u.Installed = owners.dpkg("unattended-upgrades")
		names = slices.DeleteFunc(names, func(n string) bool { return !pkgdb.ConfigName(n) })
		enable := ""
		for _, name := range append(names, "../apt.conf") { // apt.conf(5): apt.conf comes last
			text, err := files.ReadFile(path.Join(aptConfigs, name), 1<<20)
			if missing(err) {
				continue
			}
			if err != nil {
				return snapshot.Lost[snapshot.Unattended](source.GapFrom(err), o)
			}
			upgrade, daily := pkgdb.Periodic(text)
			u.Enabled, enable = cmp.Or(upgrade, u.Enabled), cmp.Or(daily, enable)
		}
		if enable == "0" { // apt does nothing by itself, whatever else is set
			u.Enabled = enable
		}
		return snapshot.See(u, o)
	})
}

// lists are those of a package manager.
type lists struct {
	manager string
	scheme  version.Scheme
	read    func(r io.Reader, newest map[string]string) error
	files   []string
	age     func(*hostfile.FS, []string) time.Time
	pins    []string
}

// packageLists reads the newest versions in the package manager's lists of the packages
// that matter here.
func (v vantage) packageLists(s *snapshot.Software, owners *owners, asked bool) snapshot.Fact[snapshot.PackageLists] {
	o := snapshot.At("lists", aptLists)
	if !asked {
		return snapshot.Lost[snapshot.PackageLists](snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: "the package manager's lists are read when asked for only",
			Remedy: "ask for them: seawall updates",
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
		if out.Newest, err = l.newest(v.m.Files, wantedPackages(s)); err != nil {
			return snapshot.Lost[snapshot.PackageLists](source.GapFrom(err), o)
		}
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
func (l *lists) newest(files *hostfile.FS, wanted []string) (map[string]string, error) {
	found := make([]map[string]string, len(l.files))
	errs := make([]error, len(l.files))
	eachShare(len(l.files), func(from, to int) {
		for i := from; i < to; i++ {
			found[i] = make(map[string]string, len(wanted))
			for _, w := range wanted {
				found[i][w] = ""
			}
			errs[i] = l.readFile(files, l.files[i], found[i])
		}
	})
	out := map[string]string{}
	for i := range l.files {
		if errs[i] != nil {
			return nil, errs[i]
		}
		pkgdb.Raise(l.scheme, out, found[i])
	}
	return out, nil
}

func (l *lists) readFile(files *hostfile.FS, name string, newest map[string]string) error {
	file, err := files.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	text, err := pkgdb.Unpack(name, file)
	if err == nil {
		err = l.read(text, newest)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// aptFiles are the lists of apt.
func aptFiles(files *hostfile.FS) (lists, error) {
	l := lists{manager: "apt", scheme: version.Deb, read: pkgdb.Newest, age: listsAge, pins: pins(files)}
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
