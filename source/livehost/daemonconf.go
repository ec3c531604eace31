package livehost

import (
	"errors"
	"io/fs"
	"path"
	"time"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/daemonconfig"
)

// maxDaemonConfig bounds daemon.json and unit files, in bytes.
const maxDaemonConfig = 1 << 20

// sameMoment is how exactly the start of a process can be compared with the
// time of a file.
const sameMoment = time.Second

// readConfig reads the configuration file in use and keeps its settings.
func (d *daemon) readConfig() snapshot.Fact[snapshot.ConfigFile] {
	if g := d.flags.Gap(); g.Reason != "" {
		d.file = snapshot.Lost[daemonconfig.Config](g, snapshot.At("config-file", d.flags.Origin().Source))
		return snapshot.Lost[snapshot.ConfigFile](g, snapshot.At("config-file", d.flags.Origin().Source))
	}
	name, explicit, err := d.configPath()
	if err != nil {
		return d.lostConfig(err, d.dir.Where("environ"))
	}
	where := d.view.Where(name)
	data, err := d.view.ReadFile(name, maxDaemonConfig)
	o := snapshot.At("config-file", where)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !explicit:
		d.file = snapshot.None[daemonconfig.Config](o)
		return snapshot.None[snapshot.ConfigFile](o)
	case err != nil:
		return d.lostConfig(err, where)
	}
	info, err := d.view.Info(name)
	if err != nil {
		return d.lostConfig(err, where)
	}
	out := snapshot.ConfigFile{
		Path: where, ModTime: info.ModTime.UTC(),
		NewerThanProcess: info.ModTime.After(d.start.Add(sameMoment)),
	}
	config, err := daemonconfig.ParseFile(where, data)
	if err != nil {
		out.Error = lang.Untranslated(err)
		d.file = snapshot.Lost[daemonconfig.Config](snapshot.Gap{
			Reason: snapshot.ReasonMalformed, Detail: lang.Recordf("%s: %s; the daemon runs with an older one", where, lang.Untranslated(err)),
			Remedy: lang.N("correct the file and restart the engine"),
		}, o)
		return snapshot.See(out, o)
	}
	config.Changed = out.NewerThanProcess
	out.Keys, out.Unknown, out.Duplicates = config.Keys(), config.Unknown, config.Duplicates
	d.file = snapshot.See(config, o)
	return snapshot.See(out, o)
}

func (d *daemon) lostConfig(err error, where string) snapshot.Fact[snapshot.ConfigFile] {
	g := *gapPtr(err)
	d.file = snapshot.Lost[daemonconfig.Config](g, snapshot.At("config-file", where))
	return snapshot.Lost[snapshot.ConfigFile](g, snapshot.At("config-file", where))
}

// configPath is the file the daemon reads, and whether its command line names
// it. A relative path starts at its working directory. Without a name it is
// the one of the system, of the rootless user or of the snap.
func (d *daemon) configPath() (name string, explicit bool, err error) {
	if v, ok := d.flag("config-file"); ok && v.Text != "" {
		if path.IsAbs(v.Text) {
			return v.Text, true, nil
		}
		cwd, err := d.dir.Link("cwd")
		if err != nil {
			return "", true, lang.RecordErrorf("working directory for --config-file %s: %w", v.Text, err)
		}
		return path.Join(cwd, v.Text), true, nil
	}
	switch {
	case d.rootless():
		home, err := d.configHome()
		return path.Join(home, "docker/daemon.json"), false, err
	case d.env.vars["SNAP_DATA"] != "":
		return path.Join(d.env.vars["SNAP_DATA"], "config/daemon.json"), false, nil
	}
	return "/etc/docker/daemon.json", false, nil
}

// configHome is the configuration directory of a rootless daemon's user.
func (d *daemon) configHome() (string, error) {
	switch {
	case d.env.err != nil:
		return "", lang.RecordErrorf("where the rootless daemon's configuration lies: %w", d.env.err)
	case d.env.vars["XDG_CONFIG_HOME"] != "":
		return d.env.vars["XDG_CONFIG_HOME"], nil
	case d.env.vars["HOME"] != "":
		return path.Join(d.env.vars["HOME"], ".config"), nil
	}
	return "", errors.New(lang.N("the rootless daemon has no HOME, so its configuration is not known"))
}
