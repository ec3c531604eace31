package container

import (
	"maps"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// weakSysctls are kernel settings of a container's network that take a
// protection away, by the end of their names.
var weakSysctls = []struct {
	suffix, value string
	severity      rule.Severity
	means         string
}{
	{".route_localnet", "1", rule.Medium, lang.N("its neighbours reach what listens on its loopback address")},
	{".accept_source_route", "1", rule.Low, lang.N("senders choose the way of packets through it")},
	{".accept_redirects", "1", rule.Low, lang.N("neighbours redirect its traffic")},
	{".rp_filter", "0", rule.Low, lang.N("packets with forged senders are let in")},
	{".tcp_syncookies", "0", rule.Low, lang.N("it can be flooded with half-open connections")},
	{".icmp_echo_ignore_broadcasts", "0", rule.Low, lang.N("it answers broadcasts, which amplifies floods")},
}

func sysctlWeakened() *rule.Rule {
	return &rule.Rule{
		ID:       "container-sysctl-weakened",
		Title:    "A container switches a protection of its network off",
		Severity: rule.Low,
		Why: "Kernel settings given to a container count in its network namespace. Some of them let neighbours redirect or forge its traffic, " +
			"or reach services that listen on its loopback address only because they ask for no password.",
		Fix: rule.Fix{
			Text:    "Remove the setting. Services that others need should listen on the container's address.",
			Run:     "remove: --sysctl net.ipv4.conf.all.route_localnet=1",
			Compose: "services:\n  web:\n    sysctls: {}   # without net.ipv4.conf.all.route_localnet",
			Breaks:  "Routers, VPN gateways and load balancers that work with such packets.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("sysctls")}},
		},
		Refs: rule.Refs{NIST: "4.4.2", ATTACK: "T1557", Guide: "G14 G15", Docs: "docker container run"},
		Bad: []rule.Example{
			{Run: "docker run --sysctl net.ipv4.conf.all.route_localnet=1 alpine"},
			{Run: "docker run --sysctl net.ipv4.conf.eth0.accept_redirects=1 --sysctl net.ipv4.tcp_syncookies=0 alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --sysctl net.core.somaxconn=1024 --sysctl net.ipv4.ip_unprivileged_port_start=0 alpine"},
			{Run: "docker run --sysctl net.ipv4.conf.all.accept_redirects=0 alpine"},
			{Run: "docker run alpine"},
		},
		Container: checkSysctlWeakened,
	}
}

func checkSysctlWeakened(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	set := ctr.Sysctls.Read(c)
	worst := rule.Severity(0)
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(set)) {
		for _, weak := range weakSysctls {
			if strings.HasSuffix(name, weak.suffix) && strings.TrimSpace(set[name]) == weak.value {
				c.Cite(ctr.Sysctls.Origin(), name+"="+weak.value)
				texts = append(texts, lang.Bracket(name+"="+weak.value, lang.T(weak.means)))
				worst = max(worst, weak.severity)
			}
		}
	}
	if worst == 0 {
		return c.Pass("none of its kernel settings takes a known protection away")
	}
	reason := ""
	if worst > rule.Low {
		reason = lang.T("services that trust their loopback address are open to its neighbours")
	}
	return c.FailAs(worst, reason, "it sets %s%s", lang.Comma(texts), life(ctr))
}
