package livehost

import (
	"errors"
	"os"
	"path"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
	"seawall/source/pkgdb"
	"seawall/source/pkgdb/rpmdb"
)

// rpmDirs are where rpm keeps its database, and rpmFiles what it is called: as SQLite, as
// ndb and as Berkeley DB.
var (
	rpmDirs  = []string{"/usr/lib/sysimage/rpm", "/var/lib/rpm"}
	rpmFiles = []string{"rpmdb.sqlite", "Packages.db", "Packages"}
)

// rpmPath is the database of rpm; "" if there is none.
func (w *owners) rpmPath() string {
	for _, dir := range rpmDirs {
		for _, name := range rpmFiles {
			if file := path.Join(dir, name); w.exists(file) {
				return file
			}
		}
	}
	return ""
}

// readRpm reads the database of rpm.
func (w *owners) readRpm(file string, paths []string) (pkgdb.RPM, error) {
	db, err := openRpm(w.files, file)
	if err != nil {
		return pkgdb.RPM{}, err
	}
	defer db.Close()
	var log *rpmdb.File
	wal, err := openRpm(w.files, file+"-wal")
	switch {
	case err == nil:
		defer wal.Close()
		log = &wal.File
	case !missing(err):
		return pkgdb.RPM{}, err
	}
	return pkgdb.Rpm(db.File, log, paths)
}

// rpmFile is an open file of a database.
type rpmFile struct {
	rpmdb.File
	file *os.File
}

func (f rpmFile) Close() { f.file.Close() }

func openRpm(files *hostfile.FS, name string) (rpmFile, error) {
	file, err := files.Open(name)
	if err != nil {
		return rpmFile{}, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return rpmFile{}, err
	}
	return rpmFile{rpmdb.File{ReaderAt: file, Size: info.Size()}, file}, nil
}

// findRpm sets the packages of programs by the database of rpm.
func (w *owners) findRpm(programs []*snapshot.Program, file string) {
	o := snapshot.At("package", file)
	paths := []string{}
	for _, p := range programs {
		paths = append(paths, spellings(p)...)
	}
	found, err := w.readRpm(file, paths)
	w.rpm = &rpmAnswer{found, err}
	for _, p := range programs {
		p.Package = snapshot.None[snapshot.Package](o)
		if err != nil {
			p.Package = snapshot.Lost[snapshot.Package](rpmGap(err), o)
			continue
		}
		for _, name := range spellings(p) {
			if pkg, ok := found.Owners[name]; ok {
				p.Package = snapshot.See(pkg, o)
				break
			}
		}
	}
}

// rpmAnswer is what was read of the database, or why it was not.
type rpmAnswer struct {
	pkgdb.RPM
	err error
}

func rpmGap(err error) snapshot.Gap {
	g := source.GapFrom(err)
	if errors.Is(err, rpmdb.ErrMalformed) || errors.Is(err, rpmdb.ErrFormat) {
		g.Remedy = lang.N("ask rpm itself: rpm -qf, rpm --verifydb")
	}
	return g
}
