package mount

import (
	"path"
	"slices"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/lang"
	"seawall/rule"
)

// This file has the steps that read secrets from a path of the host. They differ in
// the path and in what lies there; whether the mount is read-only does not matter.

// readStep is one of them.
type readStep struct {
	id, title, why string
	is             cond.MountKind
	says           string
	goal           attack.Kind
	to             func(*attack.Query, *hostpath.Mounted) []attack.State // nil: the goal alone
	attack         string
	bad            []rule.Example
	good           []rule.Example // beyond those that all have
}

func (r *readStep) step() *attack.Step {
	is := cond.ByOwner(r.is)
	return &attack.Step{
		ID: r.id, Title: r.title, Why: r.why,
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: r.goal,
		ATTACK: r.attack, Cost: 1, CostReason: "one file read",
		Needs: attack.All(cond.PlacesInside(), cond.HasMount(r.says, is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is, r.to, cond.Unseen(r.goal), change.DropCapabilities),
		Proof: "mountinfo of its process; access(2) tells that its root may read there, and nothing is read",
		Bad:   r.bad,
		Good:  slices.Concat(scene.WithoutMount(r.bad[0].Run), r.good),
	}
}

func readSteps() []*attack.Step {
	table := []readStep{
		{id: "host-root-mount-ro", title: "Read all files of the host", is: cond.Readable(hostplace.Whole), says: "it can read the host's whole file system",
			why:    "Password hashes, private keys and the secrets of all containers lie there. Read-only keeps none of them.",
			goal:   attack.HostRead,
			attack: "T1005",
			bad:    []rule.Example{{Run: "docker run -v /:/x:ro alpine"}, {Run: "docker run -v /:/x alpine"}}},
		{id: "user-home-mount-ro", title: "Read a user's keys and passwords", is: keysAt(true), says: "it can read keys or passwords in a home",
			why:  "Homes hold keys, tokens and passwords, and root reads them all.",
			goal: attack.Secret, to: secretAt(keysAndPasswords),
			attack: "T1552.001",
			bad:    []rule.Example{{Run: "docker run -v /home/alice:/x:ro alpine"}, {Run: "docker run -v /root:/x:ro alpine"}, {Run: "docker run -v /home/alice/.gnupg:/x alpine"}}},
		{id: "host-keys-mount", title: "Read the host's keys and password hashes", is: keysAt(false), says: "it can read keys or password hashes of the host",
			why:  "Private keys of the host's services and the hashes of its passwords lie there.",
			goal: attack.Secret, to: secretAt(keysAndHashes),
			attack: "T1552.004",
			bad:    []rule.Example{{Run: "docker run -v /etc:/x:ro alpine"}, {Run: "docker run -v /etc/shadow:/x:ro alpine"}, {Run: "docker run -v /etc/ssl/private:/x:ro alpine"}},
			good:   []rule.Example{{Run: "docker run -v /etc/hosts:/x:ro alpine"}}},
		{id: "ssh-dir-mount-ro", title: "Read keys of ssh", is: cond.Readable(hostplace.SSHKeys), says: "it can read keys of ssh",
			why:  "A user's key logs in elsewhere, the host's key answers in its place.",
			goal: attack.Secret, to: secretAt(sshKeys),
			attack: "T1552.004",
			bad:    []rule.Example{{Run: "docker run -v /home/alice/.ssh:/x:ro alpine"}, {Run: "docker run -v /etc/ssh:/x:ro alpine"}, {Run: "docker run -v /srv/deploy/id_ed25519:/x:ro alpine"}}},
		{id: "cloud-credential-mount", title: "Read credentials of a cloud or cluster", is: cloudKeys, says: "it can read credentials of a cloud or cluster",
			why:  "The credentials work from anywhere.",
			goal: attack.Secret, to: secretAt(credentials),
			attack: "T1552.001",
			bad:    []rule.Example{{Run: "docker run -v /home/alice/.aws:/x:ro alpine"}, {Run: "docker run -v /root/.kube:/x:ro alpine"}, {Run: "docker run -v /etc/kubernetes:/x:ro alpine"}}},
		{id: "docker-data-root-ro", title: "Read the files of all containers", is: engineFiles, says: "it can read the files of all containers",
			why:  "The variables, files, logs and volumes of all containers lie there.",
			goal: attack.Secret, to: secretAt(containerFiles),
			attack: "T1005",
			bad:    []rule.Example{{Run: "docker run -v /var/lib/docker:/x:ro alpine"}, {Run: "docker run -v /var/lib/containerd:/x:ro alpine"}},
			good:   []rule.Example{{Run: "docker run -v /var/lib/docker/volumes/data/_data:/x:ro alpine"}}},
	}
	out := make([]*attack.Step, len(table))
	for i := range table {
		out[i] = table[i].step()
	}
	return out
}

// The names of what mounts hold.
var (
	keysAndPasswords = attack.NewNameForm(lang.N("the keys and passwords in %s"))
	keysAndHashes    = attack.NewNameForm(lang.N("the keys and password hashes in %s"))
	sshKeys          = attack.NewNameForm(lang.N("the ssh keys in %s"))
	credentials      = attack.NewNameForm(lang.N("the credentials in %s"))
	containerFiles   = attack.NewNameForm(lang.N("the files and variables of all containers in %s"))
)

// secretAt makes a secret of what a mount holds.
func secretAt(what *attack.NameForm) func(*attack.Query, *hostpath.Mounted) []attack.State {
	return func(_ *attack.Query, m *hostpath.Mounted) []attack.State { return cond.Secret(what.Of(m.Source)) }
}

// keysAt: a mount that holds keys, in homes or elsewhere.
func keysAt(homes bool) cond.MountKind {
	return func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		return attack.Sure(cond.WaysOf(q, m)&hostplace.Keys != 0 && inHomes(m.Source) == homes)
	}
}

// inHomes reports whether a path is the home of root or of a user, part of one, or
// the directory of the users'.
func inHomes(source string) bool {
	return hostpath.Within(source, "/home") || hostpath.Within(source, "/root")
}

// cloudKeys: credentials of a cloud, or of a cluster's users and nodes.
func cloudKeys(q *attack.Query, m *hostpath.Mounted) attack.Truth {
	return attack.Sure(cond.WaysOf(q, m)&(hostplace.CloudKeys|hostplace.Cluster) != 0)
}

// engineFiles: the engine's data directory, not the volumes below it.
func engineFiles(q *attack.Query, m *hostpath.Mounted) attack.Truth {
	if cond.WaysOf(q, m)&hostplace.EngineData == 0 {
		return attack.No
	}
	root, known := q.Engine.Settings.DataRoot.Look(q)
	if !known {
		return attack.Unknown
	}
	return attack.Sure(root == "" || !hostpath.Within(m.Source, path.Join(root, "volumes")))
}
