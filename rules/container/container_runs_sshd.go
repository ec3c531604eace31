package container

import (
	"path"
	"strings"

	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func runsSSHD() *rule.Rule {
	return &rule.Rule{
		ID:       "container-runs-sshd",
		Title:    "A container runs an ssh server",
		Severity: rule.Low,
		Why: "An ssh server in a container is one more way in, with keys and accounts of its own that nobody looks after. " +
			"docker exec on the host serves the same end and leaves a trace in the engine's events.",
		Fix: rule.Fix{
			Text:    "Start the workload itself and enter the container by docker exec.",
			Shell:   "docker exec -it NAME sh",
			Breaks:  "Whoever logs in by ssh, and file transfers by scp: use docker cp or a volume.",
			Edits:   rule.Edits{Not: "what it is to run in place of the ssh server is not in the file"},
			Run:     "without sshd as the command",
			Compose: "services:\n  web:\n    command: [/app]   # instead of sshd",
		},
		Refs: rule.Refs{CIS: "5.7", NIST: "4.4.3", ATTACK: "T1021.004", Guide: "G21"},
		Bad: []rule.Example{
			{Run: "docker run alpine /usr/sbin/sshd -D"},
			{Run: "docker run --entrypoint sh alpine -c 'ssh-keygen -A && exec /usr/sbin/sshd -D'"},
			{Show: "an entry point of the image that starts sshd", Run: "docker run alpine /start", Facts: programs("start", "sshd")},
		},
		Good: []rule.Example{
			{Run: "docker run alpine nginx -g 'daemon off;'"},
			{Run: "docker run alpine ssh-keygen -t ed25519"},
			{Show: "an ssh client that runs", Run: "docker run alpine /start", Facts: programs("start", "ssh")},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if program := runningServer(c, ctr); program != "" {
				return c.Fail("%s runs in it", program)
			}
			command := ctr.Command.Read(c)
			if program := sshServer(command); program != "" {
				return c.Fail("its command starts %s%s", program, life(ctr))
			}
			if state, _ := ctr.State.Peek(); state == "declared" && len(command) == 0 {
				c.Missed(ctr.Command.Origin(), snapshot.Gap{
					Reason: snapshot.ReasonUnresolved,
					Detail: lang.T("the declaration names no command; the image decides"),
					Remedy: lang.T("audit the container itself"),
				})
			}
			return c.Pass("no ssh server is among its programs")
		},
	}
}

// runningServer gives the ssh server among the programs that the kernel sees in
// a running container, whoever started it.
func runningServer(c *rule.Context, ctr *snapshot.Container) string {
	p := confinement.ProcessOf(c, ctr)
	if !p.Runs {
		return ""
	}
	list, _ := p.Programs.Try(c)
	for _, name := range list {
		if isSSHServer(name) {
			return name
		}
	}
	return ""
}

func isSSHServer(program string) bool { return program == "sshd" || program == "dropbear" }

// programs makes the example's container one in which these programs run.
func programs(names ...string) func(*snapshot.Snapshot) {
	return running(func(p *snapshot.Process) { p.Programs = snapshot.See(names, p.Programs.Origin()) })
}

// sshServer gives the ssh server among the words of a command, those of a
// shell's script included.
func sshServer(command []string) string {
	for _, arg := range command {
		for _, word := range strings.FieldsFunc(arg, isShellSpace) {
			if base := path.Base(word); isSSHServer(base) {
				return base
			}
		}
	}
	return ""
}

func isShellSpace(r rune) bool { return strings.ContainsRune(" \t\n;&|()'\"", r) }
