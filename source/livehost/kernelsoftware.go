package livehost

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/pkgdb"
)

// kernelSoftware tells where the running kernel is from.
func (v vantage) kernelSoftware(owners *owners) snapshot.KernelSoftware {
	release, _ := v.kernel().Peek()
	return snapshot.KernelSoftware{
		Build:       kernelText("version", filepath.Join(v.m.Proc, "version")),
		Package:     v.kernelPackage(owners, release),
		Installed:   v.kernelPackages(owners),
		Config:      v.kernelConfig(release),
		LivePatches: v.livePatches(),
	}
}

// livePatches are the patches of the running kernel that are on
// (Documentation/ABI/testing/sysfs-kernel-livepatch).
func (v vantage) livePatches() snapshot.Fact[[]string] {
	dir := filepath.Join(v.m.Sys, "kernel/livepatch")
	o := snapshot.At("livepatch", dir)
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return snapshot.None[[]string](o)
	case err != nil:
		return snapshot.Lost[[]string](source.GapFrom(err), o)
	}
	on := []string{}
	for _, e := range entries {
		enabled := kernelText("enabled", filepath.Join(dir, e.Name(), "enabled"))
		value, ok := enabled.Peek()
		switch {
		case !ok:
			return snapshot.Lost[[]string](enabled.Gap(), o)
		case value == "1":
			on = append(on, e.Name())
		}
	}
	return snapshot.See(on, o)
}

// kernelPackage is the package of the kernel that runs. Debian and its kin name it
// after the release; elsewhere its version is in the release.
func (v vantage) kernelPackage(owners *owners, release string) snapshot.Fact[snapshot.Package] {
	o := snapshot.At("kernel package", dpkgStatus)
	return hostFact(v.files, o, func() snapshot.Fact[snapshot.Package] {
		kernels, db, gap := owners.kernels()
		o.Source = db
		if gap != nil {
			return snapshot.Lost[snapshot.Package](*gap, o)
		}
		for _, p := range kernels {
			if p.Name == "linux-image-"+release || p.Manager == "rpm" && ofRelease(p.Version, release) {
				return snapshot.See(p, o)
			}
		}
		return snapshot.None[snapshot.Package](o)
	})
}

// ofRelease reports whether a kernel of a package of rpm has a release: that is version
// and architecture ("5.14.0-503.14.1.el9_5.x86_64"), or on SUSE version and flavour, with
// the builds left out ("6.4.0-150600.23.47-default" of 6.4.0-150600.23.47.2).
func ofRelease(version, release string) bool {
	if strings.HasPrefix(release, version+".") || release == version {
		return true
	}
	flavour := strings.LastIndexByte(release, '-')
	return strings.Count(release, "-") > 1 && strings.HasPrefix(version+".", release[:flavour]+".")
}

// kernels are the installed packages of kernels, and the database that tells; or why
// they cannot be told.
func (w *owners) kernels() ([]snapshot.Package, string, *snapshot.Gap) {
	db := w.rpmPath()
	switch {
	case w.dpkgErr != nil:
		g := source.GapFrom(w.dpkgErr)
		return nil, dpkgStatus, &g
	case w.packages != nil:
		out := []snapshot.Package{}
		for name, p := range w.packages {
			if strings.HasPrefix(name, "linux-image-") && !strings.HasSuffix(name, "-dbg") {
				out = append(out, p)
			}
		}
		return out, dpkgStatus, nil
	case db == "":
		return nil, dpkgStatus, &snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.N("this host has neither dpkg nor rpm; the databases of other package managers are not asked for kernels")}
	case w.rpm == nil:
		found, err := w.readRpm(db, nil)
		w.rpm = &rpmAnswer{found, err}
	}
	if w.rpm.err != nil {
		g := rpmGap(w.rpm.err)
		return nil, db, &g
	}
	return append([]snapshot.Package{}, w.rpm.Kernels...), db, nil
}

// gap says why packages cannot be told by their names in dpkg; nil if they can.
func (w *owners) gap() *snapshot.Gap {
	switch {
	case w.dpkgErr != nil:
		g := source.GapFrom(w.dpkgErr)
		return &g
	case w.packages == nil:
		return &snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.N("this host has no dpkg")}
	}
	return nil
}

// kernelPackages are the installed packages of kernels, sorted by name and version.
func (v vantage) kernelPackages(owners *owners) snapshot.Fact[[]snapshot.Package] {
	o := snapshot.At("kernel packages", dpkgStatus)
	return hostFact(v.files, o, func() snapshot.Fact[[]snapshot.Package] {
		out, db, gap := owners.kernels()
		o.Source = db
		if gap != nil {
			return snapshot.Lost[[]snapshot.Package](*gap, o)
		}
		slices.SortStableFunc(out, func(a, b snapshot.Package) int { return strings.Compare(a.Name, b.Name) })
		return snapshot.See(out, o)
	})
}

// kernelConfig reads the configuration of the running kernel: the kernel's own
// record, or the file that its package leaves in /boot.
func (v vantage) kernelConfig(release string) snapshot.Fact[map[string]string] {
	own := filepath.Join(v.m.Proc, "config.gz")
	o := snapshot.At("config", own)
	file, err := os.Open(own)
	switch {
	case err == nil:
		defer file.Close()
		text, err := gzip.NewReader(file)
		if err != nil {
			return snapshot.Lost[map[string]string](malformed(err, own), o)
		}
		return kernelOptions(text, o)
	case !errors.Is(err, fs.ErrNotExist):
		return snapshot.Lost[map[string]string](source.GapFrom(err), o)
	}
	o.Source = "/boot/config-" + release
	return hostFact(v.files, o, func() snapshot.Fact[map[string]string] {
		file, err := v.m.Files.Open(o.Source)
		switch {
		case missing(err) || release == "":
			return snapshot.None[map[string]string](o)
		case err != nil:
			return snapshot.Lost[map[string]string](source.GapFrom(err), o)
		}
		defer file.Close()
		return kernelOptions(file, o)
	})
}

func kernelOptions(text io.Reader, o snapshot.Origin) snapshot.Fact[map[string]string] {
	options, err := pkgdb.KernelConfig(io.LimitReader(text, 16<<20), snapshot.KernelOptions)
	if err != nil {
		return snapshot.Lost[map[string]string](malformed(err, o.Source), o)
	}
	return snapshot.See(options, o)
}
