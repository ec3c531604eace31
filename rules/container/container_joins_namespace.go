package container

import (
	"strings"

	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func joinsNamespace() *rule.Rule {
	return &rule.Rule{
		ID:       "container-joins-namespace",
		Title:    "A container lives in another container's namespace",
		Severity: rule.Low,
		Why: "Containers that share a namespace are one for an attacker: with a shared network each reaches what the other has on localhost, with shared processes each can signal and often read the other. " +
			"The weaker of the two decides for both.",
		Fix: rule.Fix{
			Text:    "Connect the containers by a network of their own, unless they belong together as one unit.",
			Run:     "instead of --network container:db: --network NAME",
			Compose: "services:\n  web:\n    networks: [db]   # instead of network_mode: service:db",
			Breaks:  "The containers must address each other by name instead of localhost.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("network_mode"), rule.Drop("pid"), rule.Drop("ipc")}},
		},
		Refs: rule.Refs{NIST: "4.4.2", ATTACK: "T1057", Guide: "G14"},
		Bad: []rule.Example{
			{Run: "docker run --name db alpine\ndocker run --network container:db alpine"},
			{Run: "docker run --name db alpine\ndocker run --pid container:db alpine"},
			{Run: "docker run --name agent -v /run/docker.sock:/s alpine\ndocker run --pid container:agent alpine"},
		},
		Good: []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --ipc shareable alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			worst := rule.Severity(0)
			var joins []string
			for _, kind := range [...]confinement.Kind{confinement.PIDNS, confinement.NetNS, confinement.IPCNS} {
				setting := kind.Mode(ctr)
				mode, _ := setting.Try(c)
				target := joined(mode)
				if target == "" {
					continue
				}
				c.Cite(setting.Origin(), mode)
				join := lang.Sprintf("%s of %s", kind, containerName(c, target))
				worst = max(worst, rule.Low)
				if kind == confinement.PIDNS {
					worst = max(worst, rule.Medium)
					if r := socketOfPeer(c, ctr, target); r != nil {
						worst = rule.High
						join = lang.Sprintf("%s, which has the engine's socket inside (%s)", join, r.how)
					}
				}
				joins = append(joins, join)
			}
			if len(joins) == 0 {
				return c.Pass("its namespaces are not another container's")
			}
			return failGraded(c, ctr, worst, reasonFor(worst), "it joins namespaces: %s%s", lang.Comma(joins), life(ctr))
		},
	}
}

// socketOfPeer is the engine's socket inside a container whose processes this
// one sees. It can be opened below /proc/PID/root by whoever may trace the
// process: the same user, with all of its capabilities (ptrace(2)).
func socketOfPeer(c *rule.Context, ctr *snapshot.Container, ref string) *reach {
	peer := confinement.Find(c, c.Engine, ref)
	if peer == nil {
		return nil
	}
	own, theirs := confinement.CapabilitiesOf(c, ctr), confinement.CapabilitiesOf(c, peer)
	if !theirs.Complete || theirs.Asked&^own.Asked != 0 {
		return nil
	}
	return reaches(c, peer, engineService())
}

func reasonFor(s rule.Severity) string {
	if s > rule.Medium {
		return lang.T("the engine's socket of the other container is open to it below /proc/PID/root")
	}
	if s > rule.Low {
		return lang.T("it shares processes, so that one can read the other's memory and files")
	}
	return ""
}

// containerName is the name behind a reference, which inspect gives as an id.
func containerName(c *rule.Context, ref string) string {
	if other := confinement.Find(c, c.Engine, ref); other != nil {
		return other.Name
	}
	return ref
}

// joined is the container that a namespace mode joins; "" if none.
func joined(mode string) string {
	if target, ok := strings.CutPrefix(mode, "container:"); ok {
		return target
	}
	return ""
}
