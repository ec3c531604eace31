package livehost

import (
	"errors"

	"seawall/snapshot"
	"seawall/source"
	"seawall/source/daemonconfig"
	"seawall/source/engineapi"
)

// blindRest makes a gap of every fact that nothing has collected.
func blindRest(g snapshot.Gap) func(string, snapshot.AnyFact) {
	return func(_ string, f snapshot.AnyFact) {
		if f.State() == snapshot.NotCollected {
			f.Blind(g)
		}
	}
}

// blindDaemon makes a gap of everything this host tells of an engine.
func blindDaemon(e *snapshot.Engine, g snapshot.Gap) {
	for _, f := range []snapshot.AnyFact{&e.Daemon.Process, &e.Daemon.Unit, &e.Daemon.Config, &e.Daemon.Files, &e.Listeners, &e.AllListeners, &e.SwarmPorts, &e.Settings.DataRootOwnFilesystem, &e.Settings.DataRootNoSUID} {
		f.Blind(g)
	}
	if profile, _ := e.Settings.SeccompProfile.Peek(); isProfileFile(profile) {
		e.Settings.SeccompProfile.Blind(g) // the engine tells its name, not what it denies
	}
	snapshot.Walk(&e.Daemon, blindRest(g))
	containers, _ := e.Containers.Peek()
	for i := range containers {
		if containers[i].Process.State() == snapshot.Seen {
			containers[i].Process.Blind(g)
		}
	}
}

// blindHost makes a gap of every fact of this machine: the engine is on
// another.
func blindHost(s *snapshot.Snapshot, g *snapshot.Gap) {
	snapshot.Walk(&s.Host, func(_ string, f snapshot.AnyFact) { f.Blind(*g) })
	s.Host.Sysctls = make(map[string]snapshot.Fact[string], len(sysctlNames))
	for _, name := range sysctlNames {
		s.Host.Sysctls[name] = snapshot.Lost[string](*g, snapshot.At(name, "/proc/sys"))
	}
	s.Clients.Blind(*g)
	s.AllEngines.Blind(*g)
}

// connectGap turns a failure to connect into a gap.
func connectGap(err error) snapshot.Gap {
	var known *engineapi.ConnectError
	if errors.As(err, &known) {
		return known.Gap()
	}
	return source.GapFrom(err)
}

// configs are what decides an engine's settings beside its API.
type configs struct {
	flags, file snapshot.Fact[daemonconfig.Config]
	runtimeDir  string
}

func lostConfigs(g snapshot.Gap) configs {
	return configs{
		flags: snapshot.Lost[daemonconfig.Config](g, snapshot.At("cmdline", "the daemon's process")),
		file:  snapshot.Lost[daemonconfig.Config](g, snapshot.At("config-file", "the daemon's process")),
	}
}

// completeSettings adds to what the API told of the settings.
func completeSettings(e *snapshot.Engine, c configs) {
	e.Settings = daemonconfig.Effective(daemonconfig.Given{API: e.Settings, Version: e.Version, Flags: c.flags, File: c.file, RuntimeDir: c.runtimeDir})
}
