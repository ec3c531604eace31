package confinement

import (
	"seawall/lang"
	"seawall/snapshot"
)

// Guard is the state of one mechanism that confines a container.
type Guard struct {
	// Off: it is known to be off. Not off means on only if nothing was recorded
	// as missed.
	Off bool
	// Why says what switches it off, or what it is, as part of a sentence.
	Why string
}

func off(why string) Guard { return Guard{Off: true, Why: why} }
func on(why string) Guard  { return Guard{Why: why} }

// Seccomp tells whether system calls are filtered: by the container's own
// profile, else by the engine's. A profile that denies nothing is no filter.
// What the kernel shows of a running process counts if it shows none.
func Seccomp(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container) Guard {
	own, _ := c.Seccomp.Try(w)
	if own == "unconfined" {
		return off(lang.T("its own option switches the filter off (seccomp=unconfined, or a profile that denies nothing)"))
	}
	p := ProcessOf(w, c)
	if p.Runs {
		mode, seen := p.SeccompMode.Try(w)
		if seen && mode == 0 {
			return off(lang.T("the kernel shows no filter on its process"))
		}
	}
	if own != "default" {
		return on(lang.T("it has a profile of its own"))
	}
	if profile, _ := e.Settings.SeccompProfile.Try(w); profile == "unconfined" {
		return off(lang.T("the engine's own profile filters nothing"))
	}
	return on(lang.T("the engine's profile filters its system calls"))
}

// NoNewPrivileges tells whether programs of the container can gain privileges
// by setuid bits and file capabilities: by the running process, else by its own
// option, else by the engine's default.
func NoNewPrivileges(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container) Guard {
	if p := ProcessOf(w, c); p.Runs {
		if set, seen := p.NoNewPrivs.Try(w); seen {
			return noNewPrivs(set, lang.T("the kernel shows so for its process"))
		}
	}
	own, known := c.NoNewPrivileges.Try(w)
	switch {
	case !known:
		return on(lang.T("not known"))
	case c.NoNewPrivileges.State() == snapshot.Seen:
		return noNewPrivs(own, lang.T("its own option says so"))
	}
	set, known := e.Settings.NoNewPrivileges.Try(w)
	if !known {
		return on(lang.T("not known"))
	}
	return noNewPrivs(set, lang.T("it has no option of its own and the engine's default says so"))
}

func noNewPrivs(set bool, why string) Guard { return Guard{Off: !set, Why: why} }
