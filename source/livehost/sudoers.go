package livehost

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
)

// sudoRights are the rules of /etc/sudoers and what it includes, in order.
type sudoRights struct {
	file   *sudoFile
	absent bool  // sudo is not set up
	err    error // a file could not be read
}

// sudoers reads /etc/sudoers with its includes. Rules kept in LDAP are not
// seen.
func (v vantage) sudoers() sudoRights {
	host := ""
	if name := v.name(); name.State() == snapshot.Seen {
		host, _ = name.Peek()
	}
	r := sudoRights{file: newSudoFile(host)}
	err := v.readSudoers(r.file, "/etc/sudoers", 0)
	if errors.Is(err, fs.ErrNotExist) && len(r.file.rules) == 0 {
		r.absent = true
		return r
	}
	r.err = err
	return r
}

// maxIncludes is sudo's own limit of nested includes.
const maxIncludes = 128

// readSudoers reads a file where its rules stand in order: an include is read
// at its place. Included files that do not exist are passed over.
func (v vantage) readSudoers(f *sudoFile, name string, depth int) error {
	if depth > maxIncludes {
		return lang.RecordErrorf("sudoers: %s: too many nested includes", name)
	}
	data, err := v.m.Files.ReadFile(name, 1<<20)
	if err != nil {
		return lang.RecordErrorf("sudoers: %w", err)
	}
	var errs []error
	f.parse(name, string(data), func(target string, dir bool) {
		target = strings.ReplaceAll(target, "%h", f.host)
		if !path.IsAbs(target) {
			target = path.Join(path.Dir(name), target)
		}
		if dir {
			errs = append(errs, v.readSudoersDir(f, target, depth))
		} else if err := v.readSudoers(f, target, depth+1); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	})
	return errors.Join(errs...)
}

// readSudoersDir reads the files of an included directory in the order of
// their names; sudo skips names with a dot or a tilde at the end.
func (v vantage) readSudoersDir(f *sudoFile, dir string, depth int) error {
	names, err := v.m.Files.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return lang.RecordErrorf("sudoers: %w", err)
	}
	var errs []error
	for _, name := range names {
		if strings.Contains(name, ".") || strings.HasSuffix(name, "~") {
			continue
		}
		if err := v.readSudoers(f, path.Join(dir, name), depth+1); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// of finds a user's rules. Rules found are told even where others could not be
// read; without any, what could not be read is the answer.
func (r sudoRights) of(u *snapshot.User) snapshot.Fact[[]snapshot.SudoRule] {
	o := snapshot.At("sudo rules of "+u.Name, "/etc/sudoers")
	if r.absent {
		return snapshot.None[[]snapshot.SudoRule](o)
	}
	rules := r.file.dockerRules(u)
	switch {
	case len(rules) > 0:
		return snapshot.See(rules, o)
	case r.err != nil:
		return snapshot.Lost[[]snapshot.SudoRule](source.GapFrom(r.err), o)
	case len(r.file.broken) > 0:
		return snapshot.Lost[[]snapshot.SudoRule](snapshot.Gap{
			Reason: snapshot.ReasonMalformed, Detail: lang.Recordf("cannot be understood: %s", strings.Join(r.file.broken, ", ")),
			Remedy: lang.N("visudo -c shows what is wrong"),
		}, o)
	}
	return snapshot.See(rules, o)
}
