package prove

import (
	"errors"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/procfs"
)

// processTests are the kinds that the kernel's own word on a process answers.
var processTests = map[Kind]func(*process, Request) Outcome{
	Capability: (*process).capability, HostNamespace: (*process).namespace,
	RootInside: (*process).rootInside, OrdinaryInside: (*process).ordinaryInside, RootOutside: (*process).rootOutside,
	NoFilter: (*process).noFilter, NoLabel: (*process).noLabel, NewPrivileges: (*process).newPrivileges,
}

func (p *process) capability(q Request) Outcome {
	want := snapshot.Caps(q.Name)
	if q.Name == "ALL" {
		want = p.host.status.CapBnd
	}
	have := p.status.CapBnd
	if lacks := want &^ have; lacks != 0 {
		return sure(false, p.tried("CapBnd"), lang.Recordf("it lacks %s", lacks))
	}
	return sure(true, p.tried("CapBnd"), lang.Recordf("it holds %s", strings.ReplaceAll(q.Name, "ALL", lang.N("all that process 1 does"))))
}

// tried names a file or field of the process.
func (p *process) tried(what string) string { return lang.Recordf("%s of process %d", what, p.dir.PID) }

func (p *process) namespace(q Request) Outcome {
	own, err := p.dir.Namespaces()
	if err != nil {
		return untried(err)
	}
	first, err := p.host.dir.Namespaces()
	if err != nil {
		return untried(err)
	}
	tried := p.tried("ns/" + q.Name)
	if own[q.Name] == first[q.Name] {
		return sure(true, tried, lang.N("it is that of process 1"))
	}
	return sure(false, tried, lang.N("it is not that of process 1"))
}

func (p *process) rootInside(Request) Outcome {
	return sure(p.inside() == 0, p.tried("Uid and uid_map"), p.userText())
}

func (p *process) ordinaryInside(Request) Outcome {
	return sure(p.inside() != 0, p.tried("Uid and uid_map"), p.userText())
}

func (p *process) userText() string {
	return lang.Recordf("user %d inside, %d on the host", p.inside(), p.ids.UID)
}

// inside is the user as its own namespace numbers it; -1 if it has no number there.
func (p *process) inside() int { return inside(p.users, p.ids.UID) }

func inside(maps []snapshot.IDMap, id int) int {
	for _, m := range maps {
		if id >= int(m.Outside) && id-int(m.Outside) < int(m.Length) {
			return int(m.Inside) + id - int(m.Outside)
		}
	}
	return -1
}

func (p *process) rootOutside(Request) Outcome {
	at := slices.IndexFunc(p.users, func(m snapshot.IDMap) bool { return m.Inside == 0 && m.Length > 0 })
	if at < 0 {
		return sure(false, p.tried("uid_map"), lang.N("there is no root inside"))
	}
	return sure(p.users[at].Outside == 0, p.tried("uid_map"), lang.Recordf("root inside is user %d on the host", p.users[at].Outside))
}

// noFilter does not know what a filter lets through: one is no proof, and no
// refutation either.
func (p *process) noFilter(Request) Outcome {
	if p.status.Seccomp == 0 && p.status.Has&procfs.HasSeccomp != 0 {
		return sure(true, p.tried("Seccomp"), lang.N("no filter"))
	}
	return Outcome{State: Untried, Tried: p.tried("Seccomp"), Found: lang.N("there is a filter, and what it lets through is not seen")}
}

// noLabel reads the label: "unconfined" or "name (mode)" of AppArmor, a context of
// SELinux, and nothing where there is neither.
func (p *process) noLabel(q Request) Outcome {
	data, err := p.dir.Read("attr/current", nil)
	if err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOENT) { // those say that no module gives labels
		return untried(err)
	}
	label := strings.TrimRight(string(data), "\x00\n")
	tried := p.tried("attr/current")
	fields := strings.Split(label, ":")
	switch selinux := len(fields) >= 4 && !strings.HasSuffix(label, ")"); {
	case label == "" || label == "unconfined":
		return sure(true, tried, lang.N("no label confines it"))
	case selinux:
		free := slices.Contains([]string{"spc_t", "unconfined_t", "container_runtime_t"}, fields[2])
		return sure(free, tried, label)
	case q.Name == "selinux" || strings.HasSuffix(label, "(complain)"):
		return sure(true, tried, label)
	}
	return sure(false, tried, label)
}

func (p *process) newPrivileges(Request) Outcome {
	if p.status.NoNewPrivs {
		return sure(false, p.tried("NoNewPrivs"), lang.N("it is set"))
	}
	return sure(true, p.tried("NoNewPrivs"), lang.N("it is not set"))
}
