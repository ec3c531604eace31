package livehost

import (
	"cmp"
	"path"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
	"seawall/source/pkgdb"
)

// unattended reads how apt installs updates by itself.
func (v vantage) unattended(owners *owners) snapshot.Fact[snapshot.Unattended] {
	o := snapshot.At("APT::Periodic::Unattended-Upgrade", aptConfigs)
	return hostFact(v.files, o, func() snapshot.Fact[snapshot.Unattended] {
		files := v.m.Files
		switch _, err := files.Info(aptConfigs); {
		case missing(err):
			return snapshot.None[snapshot.Unattended](o)
		case err != nil:
			return snapshot.Lost[snapshot.Unattended](source.GapFrom(err), o)
		case owners.gap() != nil:
			return snapshot.Lost[snapshot.Unattended](*owners.gap(), o)
		}
		var u snapshot.Unattended
		_, u.Installed = owners.dpkg("unattended-upgrades")
		enable := ""
		err := eachAptConfig(files, func(text []byte) {
			upgrade, daily := pkgdb.Periodic(text)
			u.Enabled, enable = cmp.Or(upgrade, u.Enabled), cmp.Or(daily, enable)
		})
		if err != nil {
			return snapshot.Lost[snapshot.Unattended](source.GapFrom(err), o)
		}
		if enable == "0" { // apt does nothing by itself, whatever else is set
			u.Enabled = enable
		}
		if u.TimersOff, err = timersOff(files); err != nil {
			return snapshot.Lost[snapshot.Unattended](source.GapFrom(err), o)
		}
		return snapshot.See(u, o)
	})
}

// eachAptConfig calls each for the files of apt's configuration, in the order in which
// they count (apt.conf(5): apt.conf comes last).
func eachAptConfig(files *hostfile.FS, each func(text []byte)) error {
	names, err := files.ReadDir(aptConfigs)
	if err != nil && !missing(err) {
		return err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return !pkgdb.ConfigName(n) })
	for _, name := range append(names, "../apt.conf") {
		text, err := files.ReadFile(path.Join(aptConfigs, name), 1<<20)
		switch {
		case missing(err):
		case err != nil:
			return err
		default:
			each(text)
		}
	}
	return nil
}

// aptTimers are the timers of systemd that fetch apt's lists and install updates. Without
// the first the second finds nothing new.
var aptTimers = [...]string{"apt-daily.timer", "apt-daily-upgrade.timer"}

// timersOff are those of apt's timers that do not start by themselves, with why. Where
// systemd does not run, apt's daily work is cron's.
func timersOff(files *hostfile.FS) ([]string, error) {
	if _, err := files.Info("/run/systemd/system"); err != nil {
		return nil, ignoreMissing(err)
	}
	var off []string
	for _, name := range aptTimers {
		why, err := timerOff(files, name)
		if err != nil {
			return nil, err
		}
		if why != "" {
			off = append(off, why)
		}
	}
	return off, nil
}

// timerOff says that a timer does not start by itself, and why; "" if it does.
func timerOff(files *hostfile.FS, name string) (string, error) {
	where, masked, err := unitPlace(files, systemUnitDirs(), name)
	switch {
	case err != nil:
		return "", err
	case where == "":
		return lang.Recordf("%s is not there", name), nil
	case masked:
		return lang.Recordf("%s is masked", name), nil
	}
	for _, dir := range systemUnitDirs() {
		switch _, err := files.Info(path.Join(dir, "timers.target.wants", name)); {
		case err == nil:
			return "", nil
		case !missing(err):
			return "", err
		}
	}
	return lang.Recordf("%s is not enabled", name), nil
}

func ignoreMissing(err error) error {
	if missing(err) {
		return nil
	}
	return err
}
