package livehost

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/clientconfig"
)

// files describes the files of a configuration that hold keys or credentials:
// config.json, the certificates of DOCKER_TLS_VERIFY, and those of contexts.
func (r clientReader) files(dir string) snapshot.Fact[[]snapshot.File] {
	o := snapshot.At("files", dir)
	paths := []string{path.Join(dir, "config.json")}
	for _, name := range [...]string{"ca.pem", "cert.pem", "key.pem"} {
		paths = append(paths, path.Join(dir, name))
	}
	tls := path.Join(dir, "contexts", "tls")
	ids, err := r.m.Files.ReadDir(tls)
	for _, id := range ids {
		names, err2 := r.m.Files.ReadDir(path.Join(tls, id, "docker"))
		if !missing(err2) {
			err = errors.Join(err, err2)
		}
		for _, name := range names {
			paths = append(paths, path.Join(tls, id, "docker", name))
		}
	}
	if err != nil && !missing(err) {
		return snapshot.Lost[[]snapshot.File](source.GapFrom(err), o)
	}
	out := []snapshot.File{}
	for _, p := range paths {
		file, err := r.m.Files.Stat(p, clientRole(p))
		if missing(err) {
			continue
		}
		if err != nil {
			return snapshot.Lost[[]snapshot.File](source.GapFrom(err), o)
		}
		out = append(out, file)
	}
	return snapshot.See(out, o)
}

func clientRole(p string) string {
	switch name := path.Base(p); {
	case name == "config.json":
		return "config"
	case strings.HasPrefix(name, "key"):
		return "tls-key"
	case strings.HasPrefix(name, "ca"):
		return "tls-ca"
	}
	return "tls-cert"
}

// systemPluginDirs are where the CLI looks for plugins besides the user's own
// directory (docker/cli, cli-plugins/manager).
var systemPluginDirs = [...]string{
	"/usr/local/lib/docker/cli-plugins", "/usr/local/libexec/docker/cli-plugins",
	"/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins",
}

// systemClient reads what holds for every user.
func systemClient(m Machine) clientDefaults {
	r := clientReader{m: m}
	var d clientDefaults
	d.plugins, d.err = r.pluginFiles(systemPluginDirs[:])
	names := []string{"/etc/profile"}
	if list, err := m.Files.ReadDir("/etc/profile.d"); err == nil {
		for _, name := range list {
			if strings.HasSuffix(name, ".sh") {
				names = append(names, path.Join("/etc/profile.d", name))
			}
		}
	}
	names = append(names, "/etc/bash.bashrc", "/etc/zsh/zshenv")
	d.variables = map[string]snapshot.Fact[string]{}
	for _, variable := range [...]string{dockerHost, dockerTLSVerify} {
		fact := r.setting(snapshot.None[string](snapshot.At(variable, "profile files")), []string{"/etc/environment"}, false, nil)
		d.variables[variable] = r.setting(fact, names, true, nil)
	}
	return d
}

// plugins describes the directories that the CLI runs plugins from, in its
// order, with the plugins in them.
func (r clientReader) plugins(dir string, extra []string) snapshot.Fact[[]snapshot.File] {
	own := path.Join(dir, "cli-plugins")
	o := snapshot.At("cli-plugins", own)
	files, err := r.pluginFiles(append(extra[:len(extra):len(extra)], own))
	if err = errors.Join(err, r.system.err); err != nil {
		return snapshot.Lost[[]snapshot.File](source.GapFrom(err), o)
	}
	return snapshot.See(append(files, r.system.plugins...), o)
}

// helpers describes the programs of credential helpers: docker-credential-NAME in
// the PATH of who calls docker, which is taken to be the usual one.
func (r clientReader) helpers(config snapshot.Fact[snapshot.ClientConfig]) snapshot.Fact[[]snapshot.File] {
	o := snapshot.At("credential helpers", defaultPath)
	c, known := config.Peek()
	if !known {
		return snapshot.Lost[[]snapshot.File](config.Gap(), o)
	}
	l := &fileList{}
	for _, name := range slices.Compact(slices.Sorted(maps.Values(c.Helpers))) {
		before := len(l.files)
		for dir := range strings.SplitSeq(defaultPath, ":") {
			l.add(r.m.Files, snapshot.RoleHelper, path.Join(dir, "docker-credential-"+name))
		}
		switch {
		case l.err != nil:
			return snapshot.Lost[[]snapshot.File](source.GapFrom(l.err), o)
		case len(l.files) == before:
			return snapshot.Lost[[]snapshot.File](snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.Recordf("docker-credential-%s is in none of the usual directories", name), Remedy: lang.N("look for it in the user's PATH")}, o)
		}
	}
	return snapshot.See(append([]snapshot.File{}, l.files...), o)
}

func (r clientReader) pluginFiles(dirs []string) ([]snapshot.File, error) {
	out := []snapshot.File{}
	for _, dir := range dirs {
		file, err := r.m.Files.Stat(dir, "plugin-dir")
		if missing(err) || err == nil && file.Type != "dir" {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, file)
		names, err := r.m.Files.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if !strings.HasPrefix(name, "docker-") {
				continue
			}
			plugin, err := r.m.Files.Stat(path.Join(dir, name), "cli-plugin")
			if missing(err) { // a link that leads nowhere
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, plugin)
		}
	}
	return out, nil
}

// The variables that say where the CLI connects and whether it verifies.
const (
	dockerHost      = "DOCKER_HOST"
	dockerTLSVerify = "DOCKER_TLS_VERIFY"
)

// variable finds a variable for a user: in the files all users read, in the
// user's own, and, for the calling user, in the environment; what is read last
// counts. own says that it makes the user a client: it is the user's, or, for
// root, the machine's.
func (r clientReader) variable(name string, u *snapshot.User, caller bool) (fact snapshot.Fact[string], own bool) {
	if value, ok := os.LookupEnv(name); caller && ok && value != "" {
		return snapshot.See(snapshot.RedactURL(value), snapshot.At(name, "environment of "+u.Name)), true
	}
	uid := strconv.Itoa(u.UID)
	vars := map[string]string{"HOME": u.Home, "UID": uid, "EUID": uid, "USER": u.Name, "XDG_RUNTIME_DIR": "/run/user/" + uid}
	fact = snapshot.Map(r.system.variables[name], func(s string) string { return clientconfig.Expand(s, vars) })
	var plain []string
	if names, err := r.m.Files.ReadDir(path.Join(u.Home, ".config/environment.d")); err == nil {
		for _, file := range names {
			if strings.HasSuffix(file, ".conf") {
				plain = append(plain, path.Join(u.Home, ".config/environment.d", file))
			}
		}
	}
	fact = r.setting(fact, plain, false, vars)
	var shell []string
	for _, file := range [...]string{".profile", ".bash_profile", ".bashrc", ".zshenv", ".zprofile", ".zshrc"} {
		shell = append(shell, path.Join(u.Home, file))
	}
	fact = r.setting(fact, shell, true, vars)
	fromUser := strings.HasPrefix(fact.Origin().Source, u.Home+"/")
	return fact, fact.State() == snapshot.Seen && (fromUser || u.UID == 0)
}

// setting reads files that may set the variable that before is about, each
// over the ones before. A file that cannot be read is a gap until a later one sets the variable.
func (r clientReader) setting(before snapshot.Fact[string], names []string, shell bool, vars map[string]string) snapshot.Fact[string] {
	now, variable := before, before.Origin().Path
	for _, name := range names {
		data, err := r.m.Files.ReadFile(name, 1<<20)
		if missing(err) {
			continue
		}
		if err != nil {
			now = snapshot.Lost[string](source.GapFrom(err), snapshot.At(variable, name))
			continue
		}
		set := clientconfig.Variable(variable, string(data), shell)
		o := snapshot.At(variable, fmt.Sprintf("%s:%d", name, set.Line))
		switch {
		case set.Line > 0 && set.Value != "":
			now = snapshot.See(snapshot.RedactURL(clientconfig.Expand(set.Value, vars)), o)
		case set.Line > 0:
			now = snapshot.None[string](o)
		}
	}
	return now
}
