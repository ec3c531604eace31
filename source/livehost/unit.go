package livehost

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"seawall/source/hostfile"
)

// unitFile is a systemd unit as its files make it.
type unitFile struct {
	name     string
	dirs     []string // where its files are looked for
	fragment string   // the unit file in use
	dropIns  []string // in the order they apply
	values   map[string][]string
}

// systemUnitDirs are where systemd looks for system units, first wins
// (systemd.unit(5)).
func systemUnitDirs() []string {
	return []string{
		"/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient",
		"/run/systemd/generator.early", "/etc/systemd/system", "/etc/systemd/system.attached",
		"/run/systemd/system", "/run/systemd/system.attached", "/run/systemd/generator",
		"/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system", "/run/systemd/generator.late",
	}
}

// userUnitDirs are those of a user's service manager.
func userUnitDirs(configHome, runtimeDir, home string) []string {
	return []string{
		path.Join(configHome, "systemd/user.control"), path.Join(runtimeDir, "systemd/transient"),
		path.Join(configHome, "systemd/user"), "/etc/systemd/user", path.Join(runtimeDir, "systemd/user"), "/run/systemd/user",
		path.Join(home, ".local/share/systemd/user"), "/usr/local/lib/systemd/user", "/usr/lib/systemd/user",
	}
}

// readUnit finds the files of a unit: the first fragment in the order of the
// directories, and drop-ins, of which one in an earlier directory replaces its
// namesake in a later one. A unit that no directory has is fs.ErrNotExist.
func readUnit(files *hostfile.FS, dirs []string, name string) (unitFile, error) {
	u := unitFile{name: name, dirs: dirs, values: map[string][]string{}}
	var err error
	if u.fragment, _, err = unitPlace(files, dirs, name); err != nil {
		return u, err
	}
	if u.fragment == "" {
		return u, &fs.PathError{Op: "find unit", Path: name, Err: fs.ErrNotExist}
	}
	if u.dropIns, err = findDropIns(files, dirs, name); err != nil {
		return u, err
	}
	for _, file := range append([]string{u.fragment}, u.dropIns...) {
		data, err := files.ReadFile(file, maxDaemonConfig)
		if err != nil {
			return u, err
		}
		parseUnit(data, u.values)
	}
	return u, nil
}

// unitPlace is the file of a unit that counts, "" if there is none, and whether it is
// masked: a link to /dev/null, or an empty file (systemd.unit(5)).
func unitPlace(files *hostfile.FS, dirs []string, name string) (where string, masked bool, err error) {
	for _, dir := range dirs {
		file := path.Join(dir, name)
		real, info, err := files.Find(file)
		switch {
		case missing(err):
			continue
		case err != nil:
			return "", false, err
		}
		return file, real == "/dev/null" || info.Mode.IsRegular() && info.Size == 0, nil
	}
	return "", false, nil
}

// findDropIns lists the drop-ins of a unit in the order they apply: by file
// name. Those for all units of the type and for its prefixes count less than
// the unit's own.
func findDropIns(files *hostfile.FS, dirs []string, name string) ([]string, error) {
	chosen := map[string]string{}
	for _, sub := range dropInDirs(name) {
		for _, dir := range dirs {
			names, err := files.ReadDir(path.Join(dir, sub))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, n := range names {
				if _, taken := chosen[n]; !taken && strings.HasSuffix(n, ".conf") {
					chosen[n] = path.Join(dir, sub, n)
				}
			}
		}
	}
	var out []string
	for _, file := range chosen {
		real, err := files.Real(file)
		if errors.Is(err, fs.ErrNotExist) || real == "/dev/null" {
			continue // a link to /dev/null masks its namesakes
		}
		out = append(out, file)
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(path.Base(a), path.Base(b)) })
	return out, nil
}

// dropInDirs names the directories of drop-ins, the most specific first:
// "docker-x.service.d", "docker-.service.d", "service.d".
func dropInDirs(name string) []string {
	ext := path.Ext(name)
	out := []string{name + ".d"}
	for stem := strings.TrimSuffix(name, ext); ; {
		i := strings.LastIndexByte(strings.TrimSuffix(stem, "-"), '-')
		if i < 0 {
			break
		}
		stem = stem[:i+1]
		out = append(out, stem+ext+".d")
	}
	return append(out, strings.TrimPrefix(ext, ".")+".d")
}

// parseUnit adds the assignments of a unit file to values, under
// "Section.Key". An empty assignment clears those before it.
func parseUnit(data []byte, values map[string][]string) {
	section, pending := "", ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if pending != "" && (strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";")) {
			continue
		}
		line = pending + line
		if rest, ok := strings.CutSuffix(line, "\\"); ok {
			pending = rest + " "
			continue
		}
		pending = ""
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if line[0] == '[' {
			section = strings.Trim(line, "[]")
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		key = section + "." + strings.TrimSpace(key)
		if value = strings.TrimSpace(value); value == "" {
			delete(values, key)
			continue
		}
		values[key] = append(values[key], value)
	}
}
