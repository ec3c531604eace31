package host

import (
	"path"
	"slices"
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func interactiveUsers() *rule.Rule {
	return &rule.Rule{
		ID:       "host-interactive-users",
		Title:    "People who do not look after the container host can log in to it",
		Severity: rule.Low,
		Why: "Every account with a shell is a way onto the host by its password or key, and from there every flaw of kernel, engine and permissions can be tried. " +
			"A host for containers is for those who look after it; others use the applications.",
		Fix: rule.Fix{
			Text:   "Remove the accounts, or their shell; who looks after the host gets there by a group of administrators.",
			Shell:  "getent passwd | grep -v nologin\nsudo usermod -s /usr/sbin/nologin USER",
			Breaks: "Whatever the person does on this host, jobs in cron included.",
		},
		Refs: rule.Refs{CISRelated: "1.2.1", NIST: "4.5.4", ATTACK: "T1078.003", Guide: "G24"},
		Bad:  []rule.Example{{Show: "adduser carol", Facts: account("carol", "/bin/bash", "carol")}},
		Good: []rule.Example{
			{Show: "adduser carol sudo", Facts: account("carol", "/bin/bash", "carol", "sudo")},
			{Show: "usermod -s /usr/sbin/nologin carol", Facts: account("carol", "/usr/sbin/nologin", "carol", "staff")},
		},
		Host: checkUsers,
	}
}

// account makes the example's host one with a single account beside root.
func account(name, shell string, groups ...string) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) {
		users, _ := h.Users.Peek()
		u := users[0]
		u.Name, u.Shell, u.Groups, u.UID, u.Home = name, shell, groups, 1001, "/home/"+name
		example.Set(&h.Users, []snapshot.User{u})
	})
}

// administrators are the groups whose members look after a host, on one system or
// another, or control its engine.
var administrators = []string{"sudo", "wheel", "admin", "adm", "root", "docker", "google-sudoers", "sudo-nopasswd"}

// firstPerson is the first number of accounts of people (login.defs(5), UID_MIN).
const firstPerson = 1000

// nobody is the account of no one.
const nobody = 65534

// checkUsers leaves out who administers, and who runs an engine.
func checkUsers(c *rule.Context, h *snapshot.Host) rule.Answer {
	users, ok := h.Users.Look(c)
	if !ok {
		c.Stop()
	}
	var found []string
	for _, u := range users {
		if u.UID < firstPerson || u.UID == nobody || noShell(u.Shell) || slices.ContainsFunc(u.Groups, func(g string) bool { return slices.Contains(administrators, g) }) || runsEngine(c, u.UID) {
			continue
		}
		c.Cite(snapshot.At("user "+u.Name, h.Users.Origin().Source), u.Shell)
		found = append(found, u.Name)
	}
	if len(found) > 0 {
		return c.Fail("%s can log in and are in no group of administrators", strings.Join(found, ", "))
	}
	return c.Pass("only those who look after the host can log in, as far as its own files of accounts tell")
}

func noShell(shell string) bool {
	switch path.Base(shell) {
	case "nologin", "false", "true", "sync", "shutdown", "halt", "git-shell":
		return true
	}
	return false
}

// runsEngine reports whether a rootless engine is the account's, or may be.
func runsEngine(c *rule.Context, uid int) bool {
	for i := range c.Snapshot.Engines {
		e := &c.Snapshot.Engines[i]
		if !e.Local {
			continue
		}
		process, ok := e.Daemon.Process.Look(c)
		if !ok || process.PID != 0 && process.UID == uid {
			return true
		}
	}
	return false
}
