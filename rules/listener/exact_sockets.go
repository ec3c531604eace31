package listener

import (
	"fmt"
	"slices"

	"seawall/access"
	"seawall/lang"
	"seawall/rule"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

// exactSocket is a kind of socket for which the CIS Docker Benchmark asks an
// owner and a mode, whoever can really connect to it: that is judged by the
// rules about access to sockets.
type exactSocket struct {
	slug, what, service string
	owners              string // as the benchmark writes them
	owner, mode         string // recommendations
	index               int    // of the baseline's listener, for examples
	path                string
	wiser               string
}

func exactSockets() []exactSocket {
	return []exactSocket{
		{"engine-socket", lang.N("the engine's socket"), "engine", "root:docker", "3.15", "3.16", 0, "/run/docker.sock", "engine-socket-group-members and engine-socket-world-accessible"},
		{"containerd-socket", lang.N("containerd's socket"), "containerd", "root:root", "3.23", "3.24", 1, "/run/containerd/containerd.sock", "containerd-socket-accessible"},
	}
}

// mostOfSocket are the permissions that a socket may have.
const mostOfSocket snapshot.Mode = 0o660

// exactSocketRules makes two rules of each kind of socket.
func exactSocketRules() []*rule.Rule {
	var rules []*rule.Rule
	for _, k := range exactSockets() {
		rules = append(rules, k.ownerRule(), k.modeRule())
	}
	return rules
}

func (k exactSocket) ownerRule() *rule.Rule {
	return k.rule(&rule.Rule{
		ID:    k.slug + "-owner-unusual",
		Title: fmt.Sprintf("A socket does not belong to %s (%s)", k.owners, k.what),
		Fix:   rule.Fix{Text: "Give the socket to " + k.owners + ".", Shell: "sudo chown " + k.owners + " " + k.path, Breaks: "Whoever connects as the present owner or by the present group."},
		Refs:  rule.Refs{CIS: k.owner, CISRelated: k.mode},
		Bad: []rule.Example{
			{Show: "chown bob " + k.path, Facts: k.changed(ofBob)},
			{Show: "chgrp operators " + k.path, Facts: k.changed(func(f *snapshot.File) { f.GID, f.Group = 1007, "operators" })},
		},
	}, func(c *rule.Context, f snapshot.File) rule.Answer {
		if !k.belongs(f, trust.Engine(c, c.Engine)) {
			return c.Fail("%s belongs to others than %s", f, k.owners)
		}
		return c.Pass("%s belongs to %s or fewer", f, k.owners)
	})
}

// belongs reports whether a socket belongs to those that it should, or to the
// user whose rootless engine it is. A socket of the group root is closed to the
// group docker, which is stricter. A rootless engine gives its socket to the
// group docker of its own user namespace, a subordinate id that has no name on
// the host and no members.
func (k exactSocket) belongs(f snapshot.File, allowed access.Trust) bool {
	user := f.UID == 0 || slices.Contains(allowed.UIDs, f.UID)
	subordinate := f.UID != 0 && f.Group == "" && f.GID >= firstSubordinate
	group := f.GID == 0 || subordinate || k.service == "engine" && f.Group == "docker" || f.Group != "" && slices.Contains(allowed.Users, f.Group)
	return user && group
}

// firstSubordinate is the lowest id that users get for their user namespaces
// (login.defs(5), SUB_GID_MIN).
const firstSubordinate = 100000

func (k exactSocket) modeRule() *rule.Rule {
	return k.rule(&rule.Rule{
		ID:    k.slug + "-too-open",
		Title: fmt.Sprintf("A socket has a mode beyond %o (%s)", mostOfSocket, k.what),
		Fix:   rule.Fix{Text: fmt.Sprintf("Set the mode %o, or a stricter one.", mostOfSocket), Shell: fmt.Sprintf("sudo chmod %o %s", mostOfSocket, k.path), Breaks: "Whoever uses the permissions that are taken."},
		Refs:  rule.Refs{CIS: k.mode, CISRelated: k.owner},
		Bad: []rule.Example{
			{Show: "chmod 666 " + k.path, Facts: k.changed(func(f *snapshot.File) { f.Mode = 0o666 })},
			{Show: "chmod 664 " + k.path, Facts: k.changed(func(f *snapshot.File) { f.Mode = 0o664 })},
		},
	}, func(c *rule.Context, f snapshot.File) rule.Answer {
		if extra := access.Granted(f) &^ mostOfSocket; extra != 0 {
			return c.Fail("%s has the permissions %03o beyond %o", f, uint32(extra), mostOfSocket)
		}
		return c.Pass("%s has no permissions beyond %o", f, mostOfSocket)
	})
}

// rule completes a rule by what both have in common.
func (k exactSocket) rule(r *rule.Rule, ask func(*rule.Context, snapshot.File) rule.Answer) *rule.Rule {
	r.Severity, r.Exact = rule.Low, true
	r.Why = "The CIS Docker Benchmark asks for it to the letter. It is no fault by itself: who can really connect is judged by " + k.wiser + "."
	r.Refs.NIST, r.Refs.ATTACK, r.Refs.Docs = "4.5.4", "T1222.002", "Docker daemon attack surface"
	r.Good = []rule.Example{
		{Show: k.owners + ", mode 660", Facts: func(*snapshot.Snapshot) {}},
		{Show: "root:root, mode 600", Facts: k.changed(func(f *snapshot.File) { f.GID, f.Group, f.Mode = 0, "root", 0o600 })},
	}
	r.Listener = func(c *rule.Context, l *snapshot.Listener) rule.Answer {
		if l.Network != "unix" || l.Service != k.service {
			return c.NotApplicable("not %s", lang.T(k.what))
		}
		return ask(c, l.Socket.Read(c))
	}
	return r
}

// changed changes the socket of the example.
func (k exactSocket) changed(change func(*snapshot.File)) func(*snapshot.Snapshot) {
	return listener(k.index, func(l *snapshot.Listener) {
		f, _ := l.Socket.Peek()
		change(&f)
		l.Socket = snapshot.See(f, l.Socket.Origin())
	})
}
