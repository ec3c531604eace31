package main

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/goreleaser/goreleaser/v2/pkg/config"
)

// archives packs a program with its documents.
func (r *release) archives(p program) (made []string, err error) {
	for _, a := range r.Archives {
		name, err := r.expand(a.NameTemplate, p.fields())
		if err != nil {
			return nil, err
		}
		for _, format := range a.Formats {
			if format != "tar.gz" {
				return nil, fmt.Errorf("archives: no format %s here", format)
			}
			if err := r.archive(a, p, name); err != nil {
				return nil, fmt.Errorf("archive %s: %w", name, err)
			}
			made = append(made, name+"."+format)
		}
	}
	return made, nil
}

func (r *release) archive(a config.Archive, p program, name string) error {
	file, err := os.Create(filepath.Join(r.dist, name+".tar.gz"))
	if err != nil {
		return err
	}
	defer file.Close()
	packed, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := tar.NewWriter(packed)
	if err := r.add(w, p.path, path.Join(name, p.name), a.BuildsInfo); err != nil {
		return err
	}
	for _, f := range a.Files {
		sources, err := filepath.Glob(r.at(f.Source))
		if err != nil || len(sources) == 0 {
			return fmt.Errorf("%s: no such file (%w)", f.Source, err)
		}
		for _, source := range sources {
			target := f.Destination
			switch {
			case f.StripParent:
				target = path.Join(f.Destination, filepath.Base(source))
			case target == "":
				target = f.Source
			}
			if err := r.add(w, source, path.Join(name, target), f.Info); err != nil {
				return err
			}
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return file.Close()
}

// add puts a file into an archive, with nothing of this machine.
func (r *release) add(w *tar.Writer, source, target string, info config.FileInfo) error {
	data, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	err = w.WriteHeader(&tar.Header{
		Name: target, Mode: int64(info.Mode), Size: int64(len(data)), Typeflag: tar.TypeReg,
		Uname: info.Owner, Gname: info.Group, ModTime: r.date,
	})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}
