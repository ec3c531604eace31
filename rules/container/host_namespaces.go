package container

import (
	"strings"

	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// hostNamespace is a rule about one kind of namespace shared with the host.
type hostNamespace struct {
	kind             confinement.Kind
	id, title, what  string
	severity, rooted rule.Severity // rooted: where container root is not host root
	why, breaks      string
	run, compose     string
	cis, attack      string
	guide, peers     string
	joinable         bool
}

// hostNamespaces makes a rule of each kind of namespace that a mode shares
// with the host.
func hostNamespaces() []*rule.Rule {
	return []*rule.Rule{
		hostNamespace{
			kind: confinement.NetNS, id: "container-host-network", title: "A container uses the host's network",
			what: lang.N("network"), severity: rule.High, rooted: rule.Medium, joinable: true,
			why: "The container sees all interfaces of the host, reaches services that listen on localhost only, and may listen on any port; abstract unix sockets of the host are open to it. " +
				"With NET_RAW, a default, it reads the host's traffic.",
			run: "instead of --network host: --network NAME -p 127.0.0.1:8080:80", compose: "networks: [web]   # instead of network_mode: host",
			breaks: "Clients must use published ports; services on the host's localhost are not reachable any more.",
			cis:    "5.10", attack: "T1611 T1040", guide: "G13 G15", peers: "kics:071a71ff CL-0008 docksec:host-network",
		}.rule(),
		hostNamespace{
			kind: confinement.PIDNS, id: "container-host-pid", title: "A container sees the host's processes",
			what: lang.N("process"), severity: rule.High, rooted: rule.Medium, joinable: true,
			why: "The container sees every process of the host and can signal those of its user. " +
				"By becoming another user it reads that user's process environments and, through /proc/PID/root, files; this needs only the default capabilities.",
			run: "remove: --pid host", compose: "pid: null   # remove pid: host",
			breaks: "Monitoring agents that read the host's /proc: give them a read-only mount of what they need.",
			cis:    "5.16", attack: "T1611 T1057", guide: "G25", peers: "kics:4f31dd9f CL-0010 docksec:host-namespace",
		}.rule(),
		hostNamespace{
			kind: confinement.IPCNS, id: "container-host-ipc", title: "A container uses the host's IPC",
			what: "IPC", severity: rule.Medium, rooted: rule.Low, joinable: true,
			why: "The container reads and writes the host's shared memory, semaphores and message queues, and with them the data of programs that use them, such as databases. " +
				"SELinux labels are switched off for it, too.",
			run: "instead of --ipc host: --ipc private", compose: "ipc: private   # instead of ipc: host",
			breaks: "Programs that share memory with a program of the host; two containers can share with --ipc container:NAME.",
			cis:    "5.17", attack: "T1611", guide: "G25", peers: "kics:baa3890f CL-0010 docksec:host-namespace",
		}.rule(),
		hostNamespace{
			kind: confinement.UTSNS, id: "container-host-uts", title: "A container uses the host's name",
			what: "UTS", severity: rule.Low,
			why: "The container has the host's name for its own, and with SYS_ADMIN it can change it, which misleads logs and whatever goes by names.",
			run: "remove: --uts host", compose: "uts: null   # remove uts: host",
			breaks: "The program sees the container's name: give it one with --hostname.",
			cis:    "5.21", attack: "T1611", guide: "G25", peers: "CL-0010 docksec:host-namespace",
		}.rule(),
	}
}

func (h hostNamespace) rule() *rule.Rule {
	flag := map[confinement.Kind]string{confinement.NetNS: "--network", confinement.PIDNS: "--pid", confinement.IPCNS: "--ipc", confinement.UTSNS: "--uts"}[h.kind]
	part := map[confinement.Kind]string{confinement.NetNS: "network_mode", confinement.PIDNS: "pid", confinement.IPCNS: "ipc", confinement.UTSNS: "uts"}[h.kind]
	r := &rule.Rule{
		ID: h.id, Title: h.title, Severity: h.severity, Confined: h.rooted, Why: h.why,
		Fix:  rule.Fix{Text: "Give the container a " + h.what + " namespace of its own.", Run: h.run, Compose: "services:\n  web:\n    " + h.compose, Breaks: h.breaks, Edits: rule.Edits{Do: []rule.Edit{rule.Drop(part)}}},
		Refs: rule.Refs{CIS: h.cis, NIST: "4.4.3", ATTACK: h.attack, Guide: h.guide, Peers: h.peers},
		Bad:  []rule.Example{{Run: "docker run " + flag + " host alpine"}},
		Good: []rule.Example{{Run: "docker run alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			return h.check(c, ctr)
		},
	}
	if h.joinable {
		r.Bad = append(r.Bad, rule.Example{
			Show: "by way of another container",
			Run:  "docker run --name a " + flag + " host alpine\ndocker run --name b " + flag + " container:a alpine",
		})
		r.Good = append(r.Good, rule.Example{Run: "docker run --name a alpine\ndocker run --name b " + flag + " container:a alpine"})
	}
	return r
}

func (h hostNamespace) check(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	share := confinement.Namespace(c, c.Engine, ctr, h.kind)
	switch {
	case !share.Host:
		return c.Pass("its %s namespace is not the host's", lang.T(h.what))
	case len(share.Via) > 0:
		return c.Fail("its %s namespace is the host's, by way of container %s%s", lang.T(h.what), strings.Join(share.Via, lang.T(" and ")), life(ctr))
	}
	return c.Fail("its %s namespace is the host's%s", lang.T(h.what), life(ctr))
}
