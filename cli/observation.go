package cli

import (
	"github.com/spf13/pflag"

	"seawall/lang"
	"seawall/source/observed"
)

// observationFlag is --observation.
func observationFlag(flags *pflag.FlagSet, names *[]string) {
	flags.StringArrayVar(names, "observation", nil, lang.T("file that 'observe -o' wrote (repeatable)"))
}

// errObservationDeclared is what --observation of a declaration gives.
var errObservationDeclared = lang.Sentinel("--observation tells of containers that ran: audit the machine or its snapshot with it, or see 'advise'")

// observing takes a snapshot and lays on it what was observed. The files are read first,
// so that a mistake in them costs no snapshot.
func (a *app) observing(names []string, take func() (taken, error)) (taken, error) {
	if len(names) == 0 {
		return take()
	}
	files, err := observed.Read(names)
	if err != nil {
		return taken{}, usageError{err}
	}
	t, err := take()
	if err != nil {
		return t, err
	}
	if t.Declared {
		return taken{}, usageError{errObservationDeclared}
	}
	if files.Lay(t.Snapshot) == 0 {
		a.note("no container that was looked at is in what was observed on %s", files.Merged.Host.Name)
	}
	return t, nil
}
