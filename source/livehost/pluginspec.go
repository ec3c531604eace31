package livehost

import (
	"encoding/json"
	"errors"
	"path"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Bounds of what is read of plugin directories.
const (
	maxPluginSpec  = 64 << 10 // bytes of a file
	maxPluginSpecs = 256
)

// pluginSpecs reads the files that describe plugins to the daemon: NAME.spec
// and NAME.json, also in a directory NAME (moby, pkg/plugins/discovery.go).
func (d *daemon) pluginSpecs() snapshot.Fact[[]snapshot.PluginSpec] {
	o := snapshot.At("plugin specifications", strings.Join(d.pluginDirs(), ", "))
	out := []snapshot.PluginSpec{}
	for _, file := range d.pluginFiles() {
		if len(out) == maxPluginSpecs {
			return snapshot.Lost[[]snapshot.PluginSpec](*gapPtr(lang.RecordErrorf("more than %d plugin specifications", maxPluginSpecs)), o)
		}
		data, err := d.view.ReadFile(file, maxPluginSpec)
		if missing(err) {
			continue
		}
		if err != nil {
			return snapshot.Lost[[]snapshot.PluginSpec](*gapPtr(err), o)
		}
		spec, err := parsePluginSpec(path.Ext(file), data)
		if err != nil {
			continue // no plugin comes of it
		}
		spec.Name, spec.File = strings.TrimSuffix(path.Base(file), path.Ext(file)), d.view.Where(file)
		spec.Socket = d.pluginSocket(spec.Address)
		out = append(out, spec)
	}
	return snapshot.See(out, o)
}

// pluginDirs are where the daemon looks for plugins that it does not manage.
func (d *daemon) pluginDirs() []string {
	dirs := []string{"/etc/docker/plugins", "/usr/lib/docker/plugins", "/run/docker/plugins"}
	if home, err := d.configHome(); d.rootless() && err == nil {
		dirs = append(dirs, path.Join(home, "docker/plugins"))
	}
	return dirs
}

func (d *daemon) pluginFiles() []string {
	var out []string
	isSpec := func(name string) bool { return path.Ext(name) == ".spec" || path.Ext(name) == ".json" }
	for _, dir := range d.pluginDirs() {
		names, _ := d.view.ReadDir(dir)
		for _, name := range names {
			if isSpec(name) {
				out = append(out, path.Join(dir, name))
				continue
			}
			for _, ext := range [...]string{".spec", ".json"} {
				nested := path.Join(dir, name, name+ext)
				if _, err := d.view.Info(nested); err == nil {
					out = append(out, nested)
				}
			}
		}
	}
	return out
}

// parsePluginSpec reads a specification: one line with the address, or an
// object with Addr and TLSConfig. Without a CA the daemon does not verify.
func parsePluginSpec(ext string, data []byte) (snapshot.PluginSpec, error) {
	if ext == ".spec" {
		address := strings.TrimSpace(string(data))
		if !strings.Contains(address, "://") || strings.ContainsAny(address, "\n\r") {
			return snapshot.PluginSpec{}, errors.New(lang.N("no address"))
		}
		return snapshot.PluginSpec{Address: snapshot.RedactURL(address)}, nil
	}
	var in struct {
		Addr      string
		TLSConfig *struct {
			CAFile             string
			InsecureSkipVerify bool
		}
	}
	if err := json.Unmarshal(data, &in); err != nil || in.Addr == "" {
		return snapshot.PluginSpec{}, errors.New(lang.N("no address"))
	}
	verified := in.TLSConfig != nil && in.TLSConfig.CAFile != "" && !in.TLSConfig.InsecureSkipVerify
	return snapshot.PluginSpec{Address: snapshot.RedactURL(in.Addr), Verified: verified}, nil
}

func (d *daemon) pluginSocket(address string) snapshot.Fact[snapshot.File] {
	o := snapshot.At("socket", address)
	name, unix := strings.CutPrefix(address, "unix://")
	if !unix {
		return snapshot.None[snapshot.File](o)
	}
	file, err := d.view.Stat(name, "")
	switch {
	case missing(err):
		return snapshot.None[snapshot.File](o)
	case err != nil:
		return snapshot.Lost[snapshot.File](*gapPtr(err), o)
	}
	file.Path = d.view.Where(name)
	return snapshot.See(file, o)
}
