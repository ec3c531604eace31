package rule

import "seawall/snapshot"

// Rule is one question about one kind of subject.
type Rule struct {
	// ID says the fault in kebab-case and never changes: "container-privileged".
	ID       string
	Title    string // one line, the fault as a statement
	Severity Severity
	// Exact: the rule asks what a benchmark asks, to the letter. Its finding is
	// no fault by itself, so the rule belongs to the benchmark's profiles only.
	Exact bool
	// Deep: the rule judges the files of images, which are read when asked for
	// only. Audits without them leave it out.
	Deep bool
	// Lists: the rule judges what the package manager last heard of newer versions,
	// which is read when asked for only. Audits without leave it out.
	Lists bool
	// Observed: the rule judges what containers were seen to use, which takes the file of
	// an observation. Audits without leave it out.
	Observed bool
	// Dockerfile: the rule judges what only a Dockerfile tells, and no built image.
	// Audits without one leave it out.
	Dockerfile bool
	// Confined is the severity where root in the container is an ordinary user
	// of the host (rootless engine, or user namespace remapping). Zero means
	// the same.
	Confined Severity
	// Where is the place, file:line, of a rule that a person brought; "" for
	// those of the rulebook.
	Where string
	// Why tells an administrator in two or three sentences what is at stake.
	Why  string
	Fix  Fix
	Refs Refs
	// Bad must fail and Good must pass; at least one of each.
	Bad, Good []Example

	// Exactly one check is set; it decides the kind of subject.
	Host      func(*Context, *snapshot.Host) Answer
	Engine    func(*Context, *snapshot.Engine) Answer
	Listener  func(*Context, *snapshot.Listener) Answer
	Client    func(*Context, *snapshot.Client) Answer
	User      func(*Context, *snapshot.User) Answer
	Image     func(*Context, *snapshot.Image) Answer
	Container func(*Context, *snapshot.Container) Answer
	Network   func(*Context, *snapshot.Network) Answer
	Volume    func(*Context, *snapshot.Volume) Answer
	Swarm     func(*Context, *snapshot.Swarm) Answer
}

// Fix tells how to mend a fault.
type Fix struct {
	// Text is what to do, in the imperative, one or two sentences.
	Text string
	// Run, Compose, Daemon and Shell are exact lines to use: docker run flags,
	// a Compose fragment of one service, a daemon.json fragment, commands.
	Run, Compose, Daemon, Shell string
	// Breaks says what may stop working.
	Breaks string
	// Edits are the same as changes of a Compose file; of rules about containers only.
	Edits Edits
}

// Refs are a rule's references.
type Refs struct {
	// CIS are the recommendations of the CIS Docker Benchmark that the rule
	// decides, by their numbers in package cis, separated by spaces. Where the
	// rule fails, an auditor with the benchmark would find them not followed.
	CIS string
	// CISRelated are those that the rule is about without deciding them: it
	// judges more, or less, than they ask.
	CISRelated string
	// NIST is the section of NIST SP 800-190, such as "4.4.3".
	NIST string
	// ATTACK is the MITRE ATT&CK technique, such as "T1611".
	ATTACK string
	// Guide names the questions of docs/guide.md that the rule answers, such
	// as "G3 G10".
	Guide string
	// Docs are titles of pages on docs.docker.com.
	Docs string
	// Peers are the rules of other tools that ask the same of declarations, by the ids that
	// docs/peers.md has, separated by spaces.
	Peers string
	// Own are references of a person's own, each as it is to be shown.
	Own []string
}

// Example is an input that the rule is tried on. It is loaded by the same
// sources as real input; what no declaration can say is set on the snapshot.
type Example struct {
	// Show says it in words or as a command, where Run, Daemon and Config do
	// not: "chmod 666 /run/docker.sock".
	Show string
	// Run is a docker run line; it makes the container that is judged. Several
	// lines make several containers.
	Run string
	// Daemon is the text of a daemon.json.
	Daemon string
	// Config is the text of a user's ~/.docker/config.json.
	Config string
	// Firewall are commands of iptables and ip6tables, one a line, that change the
	// packet filters of the example's host.
	Firewall string
	// Facts sets what only a live host tells. It is applied last, to a
	// snapshot of a well-configured host.
	Facts func(*snapshot.Snapshot)
}

// Kind is the kind of subject that the rule judges.
func (r *Rule) Kind() Kind {
	switch {
	case r.Host != nil:
		return KindHost
	case r.Engine != nil:
		return KindEngine
	case r.Listener != nil:
		return KindListener
	case r.Client != nil:
		return KindClient
	case r.User != nil:
		return KindUser
	case r.Image != nil:
		return KindImage
	case r.Container != nil:
		return KindContainer
	case r.Network != nil:
		return KindNetwork
	case r.Volume != nil:
		return KindVolume
	}
	return KindSwarm
}
