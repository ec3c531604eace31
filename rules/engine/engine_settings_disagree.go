package engine

import (
	"slices"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func settingsDisagree() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-settings-disagree",
		Title:    "The engine does not run with the settings that were written down",
		Severity: rule.Low,
		Why:      "The engine reports one value, its command line or configuration file says another. Whoever reads only the file takes the engine for safer, or less safe, than it is.",
		Fix: rule.Fix{
			Text:   "Restart the engine so that it takes over the file, or correct the file.",
			Shell:  "sudo systemctl restart docker",
			Breaks: "Containers stop for the restart unless live restore is on.",
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1562", Guide: "G16", Docs: "dockerd"},
		Bad: []rule.Example{
			{Show: "log driver changed in the file, reloaded only", Facts: example.Engine(func(e *snapshot.Engine) {
				example.Set(&e.Settings.Conflicts, []snapshot.Conflict{{Setting: "log-driver", Used: "json-file", UsedSource: "GET /info", Other: "journald", OtherSource: "/etc/docker/daemon.json"}})
			})},
			{Show: "icc=false beside a bridge that has it on", Facts: bridgeICC(true)},
		},
		Good:   []rule.Example{{Show: "settings and bridge agree", Facts: bridgeICC(false)}},
		Engine: dockerd(checkSettingsDisagree),
	}
}

func bridgeICC(on bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		networks, _ := e.Networks.Peek()
		changed := slices.Clone(networks)
		example.Set(&changed[0].ICC, on)
		example.Set(&e.Networks, changed)
	})
}

func checkSettingsDisagree(c *rule.Context, e *snapshot.Engine) rule.Answer {
	conflicts, _ := e.Settings.Conflicts.Try(c)
	found := make([]string, 0, len(conflicts)+1)
	for _, x := range conflicts {
		found = append(found, lang.Sprintf("%s is %s by %s and %s by %s", x.Setting, x.Used, x.UsedSource, x.Other, x.OtherSource))
	}
	networks, _ := e.Networks.Look(c)
	for i := range networks {
		if n := &networks[i]; n.Name == "bridge" {
			said, okSaid := e.Settings.ICC.Try(c)
			is, okIs := n.ICC.Try(c)
			if okSaid && okIs && said != is {
				found = append(found, lang.Sprintf("icc is %t by %s and %t by %s", is, n.ICC.Origin().Source, said, e.Settings.ICC.Origin().Source))
			}
		}
	}
	if len(found) > 0 {
		return c.Fail("%s", lang.Semicolon(found))
	}
	return c.Pass("what the engine reports agrees with its command line and configuration file")
}
