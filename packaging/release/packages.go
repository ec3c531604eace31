package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/goreleaser/goreleaser/v2/pkg/config"
	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/apk"
	_ "github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	_ "github.com/goreleaser/nfpm/v2/rpm"
)

// packages makes the packages of the formats that the configuration names.
func (r *release) packages(p program) (made []string, err error) {
	for _, c := range r.NFPMs {
		for _, format := range c.Formats {
			name, err := r.pack(c, p, format)
			if err != nil {
				return nil, fmt.Errorf("%s package of %s: %w", format, p.arch, err)
			}
			made = append(made, name)
		}
	}
	return made, nil
}

func (r *release) pack(c config.NFPM, p program, format string) (string, error) {
	packager, err := nfpm.Get(format)
	if err != nil {
		return "", err
	}
	info := nfpm.WithDefaults(r.info(c, p, format))
	name := packager.ConventionalFileName(info)
	file, err := os.Create(filepath.Join(r.dist, name))
	if err != nil {
		return "", err
	}
	defer file.Close()
	if err := packager.Package(info, file); err != nil {
		return "", err
	}
	return name, file.Close()
}

// info is the configuration as nfpm has it, field by field as GoReleaser hands it over.
func (r *release) info(c config.NFPM, p program, format string) *nfpm.Info {
	scripts := nfpm.Scripts{}
	for from, to := range map[string]*string{
		c.Scripts.PreInstall: &scripts.PreInstall, c.Scripts.PostInstall: &scripts.PostInstall,
		c.Scripts.PreRemove: &scripts.PreRemove, c.Scripts.PostRemove: &scripts.PostRemove,
	} {
		if from != "" {
			*to = r.at(from)
		}
	}
	return &nfpm.Info{
		Name: c.PackageName, Version: r.version, Arch: p.arch, Platform: p.os,
		Section: c.Section, Priority: c.Priority, Maintainer: c.Maintainer, Description: c.Description,
		Vendor: c.Vendor, Homepage: c.Homepage, License: c.License, MTime: r.date,
		Overridables: nfpm.Overridables{
			Umask: c.Umask, Contents: r.contents(c, p), Scripts: scripts,
			Depends: c.Dependencies, Recommends: c.Recommends, Suggests: c.Suggests,
			Deb: nfpm.Deb{Compression: c.Deb.Compression, Fields: c.Deb.Fields},
			RPM: nfpm.RPM{Summary: c.RPM.Summary, Group: c.RPM.Group, BuildHost: c.RPM.BuildHost, Compression: c.RPM.Compression},
		},
	}
}

// contents are the files of a package, with the program.
func (r *release) contents(c config.NFPM, p program) (out files.Contents) {
	for _, f := range c.Contents {
		source := f.Source
		if f.Type != files.TypeSymlink {
			source = r.at(source)
		}
		out = append(out, &files.Content{
			Source: source, Destination: f.Destination, Type: f.Type, Packager: f.Packager,
			FileInfo: &files.ContentFileInfo{Owner: f.FileInfo.Owner, Group: f.FileInfo.Group, Mode: f.FileInfo.Mode, MTime: r.date},
		})
	}
	return append(out, &files.Content{
		Source: p.path, Destination: path.Join(c.Bindir, p.name), FileInfo: &files.ContentFileInfo{Mode: 0o755, MTime: r.date},
	})
}
