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

	"seawall/snapshot"
	"seawall/source"
	"seawall/source/pkgdb"
)

// kernelSoftware tells where the running kernel is from.
func (v vantage) kernelSoftware(owners *owners) snapshot.KernelSoftware {
	release, _ := v.kernel().Peek()
	return snapshot.KernelSoftware{
		Build:     kernelText("version", filepath.Join(v.m.Proc, "version")),
		Package:   v.kernelPackage(owners, release),
		Installed: v.kernelPackages(owners),
		Config:    v.kernelConfig(release),
	}
}

// kernelPackage is the package of the kernel that runs. Debian and its kin name it
// after the release.
func (v vantage) kernelPackage(owners *owners, release string) snapshot.Fact[snapshot.Package] {
	o := snapshot.At("kernel package", dpkgStatus)
	return hostFact(v.files, o, func() snapshot.Fact[snapshot.Package] {
		if gap := owners.gap(); gap != nil {
			return snapshot.Lost[snapshot.Package](*gap, o)
		}
		if p, ok := owners.dpkg("linux-image-" + release); ok {
			return snapshot.See(p, o)
		}
		return snapshot.None[snapshot.Package](o)
	})
}

// gap says why packages cannot be told by their names; nil if they can.
func (w *owners) gap() *snapshot.Gap {
	switch {
	case w.dpkgErr != nil:
		g := source.GapFrom(w.dpkgErr)
		return &g
	case w.packages == nil:
		return &snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: "this host has no dpkg; the databases of other package managers are not asked for kernels"}
	}
	return nil
}

// kernelPackages are the installed packages of kernels, sorted by name.
func (v vantage) kernelPackages(owners *owners) snapshot.Fact[[]snapshot.Package] {
	o := snapshot.At("kernel packages", dpkgStatus)
	return hostFact(v.files, o, func() snapshot.Fact[[]snapshot.Package] {
		if gap := owners.gap(); gap != nil {
			return snapshot.Lost[[]snapshot.Package](*gap, o)
		}
		out := []snapshot.Package{}
		for name, p := range owners.packages {
			if strings.HasPrefix(name, "linux-image-") && !strings.HasSuffix(name, "-dbg") {
				out = append(out, p)
			}
		}
		slices.SortFunc(out, func(a, b snapshot.Package) int { return strings.Compare(a.Name, b.Name) })
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
