package pkgdb

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"seawall/currency/version"
	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/pkgdb/rpmdb"
)

// RPM is what is read of a database of rpm.
type RPM struct {
	// Owners are the packages of those of the paths that were asked for.
	Owners map[string]snapshot.Package
	// Kernels are the packages that hold kernels.
	Kernels []snapshot.Package
}

// kernelPackage matches the packages that hold kernels, on Fedora and its kin, SUSE and
// Amazon Linux. On Fedora and its kin "kernel" holds nothing and follows kernel-core;
// before release 8 it was the kernel itself.
var kernelPackage = regexp.MustCompile(`^kernel(-[a-z0-9]+)*-core$|^kernel$|^kernel[0-9.]+$|^kernel-(default|uek|rt|lt|ml|azure|longterm)$`)

// Rpm reads a database of rpm. Log is SQLite's log beside it, if there is one.
func Rpm(db rpmdb.File, log *rpmdb.File, paths []string) (RPM, error) {
	out := RPM{Owners: map[string]snapshot.Package{}}
	wanted := make(map[string]bool, len(paths))
	for _, path := range paths {
		wanted[path] = true
	}
	count := 0
	err := rpmdb.Read(db, log, func(h rpmdb.Header) error {
		count++
		name := h.Text(rpmdb.Name)
		owned := h.Owned(wanted)
		kernel := kernelPackage.MatchString(name)
		if len(owned) == 0 && !kernel {
			return nil
		}
		p := rpmPackage(h, name)
		for _, path := range owned {
			out.Owners[path] = p
		}
		if kernel {
			out.Kernels = append(out.Kernels, p)
		}
		return nil
	})
	if err == nil && count == 0 {
		err = ErrNoPackages
	}
	if err != nil {
		return RPM{}, lang.RecordErrorf("database of rpm: %w", err)
	}
	out.Kernels = realKernels(out.Kernels)
	return out, nil
}

// realKernels leaves out "kernel" where it only follows others, and sorts.
func realKernels(kernels []snapshot.Package) []snapshot.Package {
	if slices.ContainsFunc(kernels, func(p snapshot.Package) bool { return p.Name == "kernel-core" }) {
		kernels = slices.DeleteFunc(kernels, func(p snapshot.Package) bool { return p.Name == "kernel" })
	}
	slices.SortFunc(kernels, func(a, b snapshot.Package) int {
		if a.Name != b.Name {
			return strings.Compare(a.Name, b.Name)
		}
		order, _ := version.RPM.Compare(a.Version, b.Version)
		return order
	})
	return kernels
}

// rpmPackage is what a header says of its package. Who made it is the vendor that it
// names, or else the packager.
func rpmPackage(h rpmdb.Header, name string) snapshot.Package {
	p := snapshot.Package{Manager: "rpm", Name: name, Version: h.Text(rpmdb.Version) + "-" + h.Text(rpmdb.Release), Maintainer: h.Text(rpmdb.Vendor)}
	if p.Maintainer == "" || p.Maintainer == "(none)" {
		p.Maintainer = strings.TrimSuffix(h.Text(rpmdb.Packager), "(none)")
	}
	epoch := ""
	if n, ok := h.Number(rpmdb.Epoch); ok && n != 0 {
		epoch = fmt.Sprintf("%d:", n)
	}
	p.Source, p.SourceVersion = rpmSource(h.Text(rpmdb.SourceRPM))
	if p.Source == "" {
		p.Source, p.SourceVersion = name, p.Version
	}
	p.Version, p.SourceVersion = epoch+p.Version, epoch+p.SourceVersion
	return p
}

// rpmSource is the name and version of a source package: "docker-ce-28.5.2-1.el9.src.rpm".
// It has no epoch; its packages' is taken to be its own.
func rpmSource(file string) (name, version string) {
	rest, ok := strings.CutSuffix(file, ".rpm")
	if i := strings.LastIndexByte(rest, '.'); ok && i >= 0 { // ".src", ".nosrc"
		rest = rest[:i]
	}
	release := strings.LastIndexByte(rest, '-')
	if release < 0 {
		return "", ""
	}
	if i := strings.LastIndexByte(rest[:release], '-'); i > 0 {
		return rest[:i], rest[i+1:]
	}
	return "", ""
}
