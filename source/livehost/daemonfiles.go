package livehost

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/sys/unix"

	"seawall/snapshot"
	"seawall/source/hostfile"
)

// fileList gathers descriptions of files, each path once. Files that do not
// exist are left out; the first that cannot be described is remembered.
type fileList struct {
	files []snapshot.File
	seen  map[string]bool
	err   error
}

// add describes a file of a view under the path that names it in messages.
func (l *fileList) add(view *hostfile.FS, role, name string) {
	if !path.IsAbs(name) || l.seen[view.Where(name)] {
		return
	}
	file, err := view.Stat(name, role)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		if l.err == nil {
			l.err = err
		}
		return
	}
	file.Path = view.Where(name)
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	l.seen[file.Path] = true
	l.files = append(l.files, file)
}

// names lists a directory. One that does not exist holds nothing; neither does
// what is no directory.
func (l *fileList) names(view *hostfile.FS, dir string) []string {
	names, err := view.ReadDir(dir)
	if err != nil && l.err == nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ENOTDIR) {
		l.err = err
	}
	return names
}

// filesFact lists the files that decide what the daemon does. If one of them
// cannot be described, the list is a gap: rules could pass for want of it.
func (d *daemon) filesFact(config snapshot.Fact[snapshot.ConfigFile], units []unitFile, dataRoot string, runtimes map[string]string) snapshot.Fact[[]snapshot.File] {
	o := snapshot.At("files", "stat below "+d.view.Root())
	for _, g := range []snapshot.Gap{d.flags.Gap(), config.Gap()} {
		if g.Reason != "" && d.kind != "podman" {
			return snapshot.Lost[[]snapshot.File](g, o)
		}
	}
	l := &fileList{}
	d.addConfig(l, config)
	d.addUnits(l, units)
	d.addBinaries(l)
	d.addRuntimes(l, runtimes)
	d.addContainerd(l)
	d.addTLS(l)
	d.addDirectories(l, dataRoot)
	if l.err != nil {
		return snapshot.Lost[[]snapshot.File](*gapPtr(l.err), o)
	}
	return snapshot.See(l.files, o)
}

func (d *daemon) addConfig(l *fileList, config snapshot.Fact[snapshot.ConfigFile]) {
	name, _, err := d.configPath()
	if err != nil || d.kind == "podman" {
		return
	}
	if config.State() == snapshot.Seen {
		l.add(d.view, snapshot.RoleConfig, name)
	}
	l.add(d.view, snapshot.RoleConfigDir, path.Dir(name))
	if !d.rootless() { // certificates and plugins are below it wherever the file is
		l.add(d.view, snapshot.RoleConfigDir, "/etc/docker")
	}
}

func (d *daemon) addUnits(l *fileList, units []unitFile) {
	for _, u := range units {
		l.add(d.host, snapshot.RoleUnit, u.fragment)
		for _, file := range u.dropIns {
			l.add(d.host, snapshot.RoleDropIn, file)
		}
		for _, dir := range u.dirs {
			l.add(d.host, snapshot.RoleUnitDir, dir)
			l.add(d.host, snapshot.RoleUnitDir, path.Join(dir, u.name+".d"))
		}
		for _, file := range u.values["Service.EnvironmentFile"] {
			l.add(d.host, snapshot.RoleEnvironment, environmentFile(file))
		}
	}
	if d.kind == "podman" || d.rootless() {
		return
	}
	for _, file := range []string{"/etc/default/docker", "/etc/sysconfig/docker"} {
		l.add(d.host, snapshot.RoleDefaults, file)
	}
}

// defaultPath is where programs are looked for when the daemon's own PATH is
// not known.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// addBinaries finds the programs that the daemon runs as itself: its own, and
// those it looks up in its PATH.
func (d *daemon) addBinaries(l *fileList) {
	if d.kind == "podman" {
		l.add(d.view, "podman", strings.TrimSuffix(d.exe, " (deleted)"))
		return
	}
	l.add(d.view, "dockerd", strings.TrimSuffix(d.exe, " (deleted)"))
	for _, name := range []string{"containerd", "containerd-shim-runc-v2", "runc", "docker-init", "docker-proxy"} {
		l.add(d.view, name, d.lookup(name))
	}
	for key, role := range map[string]string{"init-path": "docker-init", "userland-proxy-path": "docker-proxy"} {
		if v, ok := d.given(key); ok {
			l.add(d.view, role, v.Text)
		}
	}
	if d.rootless() {
		for _, name := range []string{"rootlesskit", "slirp4netns"} {
			l.add(d.view, name, d.lookup(name))
		}
	}
}

// lookup finds a program in the daemon's PATH, "" if it is not there.
func (d *daemon) lookup(name string) string {
	dirs := d.env.vars["PATH"]
	if dirs == "" {
		dirs = defaultPath
	}
	for dir := range strings.SplitSeq(dirs, ":") {
		if !path.IsAbs(dir) {
			continue
		}
		file := path.Join(dir, name)
		if info, err := d.view.Info(file); err == nil && info.Mode.IsRegular() && info.Mode&0o111 != 0 {
			return file
		}
	}
	return ""
}

// addTLS adds the material of the TLS listener: what was given, or what lies
// at the default place. dockerd reads it only if TLS is on, but whoever has
// the key has it for the next start.
func (d *daemon) addTLS(l *fileList) {
	dir := d.env.vars["DOCKER_CERT_PATH"]
	if dir == "" {
		dir = path.Join(d.env.vars["HOME"], ".docker")
	}
	for _, t := range []struct{ key, file, role string }{
		{"tlskey", "key.pem", snapshot.RoleTLSKey},
		{"tlscert", "cert.pem", snapshot.RoleTLSCert},
		{"tlscacert", "ca.pem", snapshot.RoleTLSCA},
	} {
		if v, ok := d.given(t.key); ok && v.Text != "" {
			l.add(d.view, t.role, d.absolute(v.Text))
		} else if d.usesTLS() {
			l.add(d.view, t.role, path.Join(dir, t.file))
		}
	}
}

func (d *daemon) usesTLS() bool {
	tls, _ := d.given("tls")
	_, verify := d.given("tlsverify")
	return tls.Text == "true" || verify
}

// absolute completes a path that starts at the daemon's working directory.
func (d *daemon) absolute(name string) string {
	if path.IsAbs(name) {
		return name
	}
	cwd, err := d.dir.Link("cwd")
	if err != nil {
		return name
	}
	return path.Join(cwd, name)
}

// addDirectories adds the directories whose content the daemon trusts: data,
// registry certificates, legacy plugins, CDI devices.
func (d *daemon) addDirectories(l *fileList, dataRoot string) {
	l.add(d.view, snapshot.RoleDataRoot, dataRoot)
	if d.kind == "podman" {
		return
	}
	certs := d.certsDir()
	l.add(d.view, snapshot.RoleCertsDir, certs)
	for _, name := range l.names(d.view, certs) {
		dir := path.Join(certs, name)
		l.add(d.view, snapshot.RoleCertsDir, dir)
		d.addRegistry(l, dir)
	}
	for _, dir := range d.pluginDirs() {
		l.add(d.view, snapshot.RolePluginDir, dir)
		names, _ := d.view.ReadDir(dir)
		for _, name := range names {
			l.add(d.view, snapshot.RolePlugin, path.Join(dir, name))
		}
	}
	cdi, ok := d.given("cdi-spec-dirs")
	if !ok {
		cdi.List = []string{"/etc/cdi", "/var/run/cdi"}
	}
	for _, dir := range cdi.List {
		l.add(d.view, snapshot.RolePluginDir, dir)
		for _, name := range l.names(d.view, dir) {
			l.add(d.view, snapshot.RolePlugin, path.Join(dir, name))
		}
	}
}

// addRegistry adds a registry's certificates and keys.
func (d *daemon) addRegistry(l *fileList, dir string) {
	for _, name := range l.names(d.view, dir) {
		switch path.Ext(name) {
		case ".key":
			l.add(d.view, snapshot.RoleTLSKey, path.Join(dir, name))
		case ".cert":
			l.add(d.view, snapshot.RoleTLSCert, path.Join(dir, name))
		case ".crt":
			l.add(d.view, snapshot.RoleTLSCA, path.Join(dir, name))
		}
	}
}
