package host

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func notDedicated() *rule.Rule {
	return &rule.Rule{
		ID:       "host-not-dedicated",
		Title:    "Other services run on the container host",
		Severity: rule.Low,
		Why: "A service beside the engine is one more way onto the host that controls all containers, and it suffers with them when one breaks out. " +
			"On a machine for containers only, services run as containers too, with their limits.",
		Fix: rule.Fix{
			Text:   "Move the services into containers or to another machine, or turn off those that nobody uses.",
			Shell:  "sudo systemctl disable --now UNIT",
			Breaks: "Whatever uses the service at its present place.",
		},
		Refs: rule.Refs{CISRelated: "1.2.1", NIST: "4.5.1", ATTACK: "T1190", Guide: "G24"},
		Bad: []rule.Example{{Show: "apt-get install postgresql", Facts: service(snapshot.Service{
			Address: "0.0.0.0:5432", Program: "/usr/lib/postgresql/17/bin/postgres", PID: 901, Unit: "postgresql@17-main.service", Package: "postgresql-17"})}},
		Good: []rule.Example{
			{Show: "sshd only", Facts: func(*snapshot.Snapshot) {}},
			{Show: "mail of the host's own", Facts: service(snapshot.Service{Address: "127.0.0.1:25", Program: "/usr/sbin/exim4", PID: 77, Unit: "exim4.service"})},
		},
		Host: checkDedicated,
	}
}

func service(s snapshot.Service) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) { example.Add(&h.Services, s) })
}

func checkDedicated(c *rule.Context, h *snapshot.Host) rule.Answer {
	var others []string
	unnamed := 0
	for _, s := range h.Services.Read(c) {
		switch {
		case s.Program == "" && s.Unit == "":
			unnamed++
		case !baseSystem(s):
			others = append(others, fmt.Sprintf("%s on %s", serviceName(s), s.Address))
		}
	}
	slices.Sort(others)
	others = slices.Compact(others)
	if len(others) > 0 {
		return c.Fail("services beside the engine: %s", strings.Join(others, ", "))
	}
	if unnamed > 0 {
		c.Missed(h.Services.Origin(), snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: lang.Sprintf("the programs behind %d listening sockets are not known", unnamed), Remedy: lang.T("run as root")})
	}
	return c.Pass("no services beside the engine and the base system listen")
}

// serviceName is the program, with its unit and package where these say more.
func serviceName(s snapshot.Service) string {
	if s.Program == "" {
		return s.Unit
	}
	name := path.Base(s.Program)
	var more []string
	if s.Unit != "" && s.Unit != name+".service" && path.Ext(s.Unit) != ".scope" {
		more = append(more, s.Unit)
	}
	if s.Package != "" && s.Package != name {
		more = append(more, "package "+s.Package)
	}
	if len(more) > 0 {
		name += " (" + strings.Join(more, ", ") + ")"
	}
	return name
}

// basePrograms belong to a host that does nothing but run containers: remote
// login, time, addresses, names, logs, and what it is looked after with: the cloud's
// agent, that of a monitoring system, of a private network.
// Parts of an engine, and what runs in containers, are not among the services.
var basePrograms = []string{
	"sshd", "sshd-session", "dropbear", "chronyd", "ntpd", "ntpd-rs", "dhclient", "dhcpcd", "NetworkManager",
	"systemd", "init", "rsyslogd", "syslog-ng", "auditd", "snapd", "cloud-init", "qemu-ga", "google_guest_agent", "amazon-ssm-agent", "waagent",
	"node_exporter", "prometheus-node-exporter", "zabbix_agentd", "zabbix_agent2", "telegraf", "tailscaled", "netbird",
}

// mailPrograms deliver the host's own mail; they count as base system as long
// as they listen on the loopback address.
var mailPrograms = []string{"exim4", "exim", "master", "sendmail", "sendmail-mta", "smtpd", "opensmtpd"}

func baseSystem(s snapshot.Service) bool {
	name := path.Base(s.Program)
	if slices.Contains(mailPrograms, name) {
		return (snapshot.Listener{Network: "tcp", Address: s.Address}).Loopback()
	}
	return slices.Contains(basePrograms, name) || strings.HasPrefix(name, "systemd-") ||
		s.Program == "" && (strings.HasPrefix(s.Unit, "systemd-") || s.Unit == "ssh.service" || s.Unit == "sshd.service" || s.Unit == "init.scope")
}
