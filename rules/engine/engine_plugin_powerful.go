package engine

import (
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func pluginPowerful() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-plugin-powerful",
		Title:    "A plugin of the engine has the rights of root on the host",
		Severity: rule.Medium,
		Why: "Managed plugins run as containers that do not show in docker ps. One that holds CAP_SYS_ADMIN, all devices or host directories can do on the host what a privileged container can. " +
			"That is often their purpose, but each one is code of somebody else with root's rights.",
		Fix: rule.Fix{
			Text:   "Remove plugins that are not needed; check where the others come from and pin their version.",
			Shell:  "docker plugin inspect NAME\ndocker plugin disable NAME && docker plugin rm NAME",
			Breaks: "Volumes, networks or log streams that use the plugin.",
		},
		Refs: rule.Refs{NIST: "4.4.3 4.4.5", ATTACK: "T1611 T1195", Guide: "G2", Docs: "Docker Engine managed plugin system"},
		Bad: []rule.Example{{Show: "docker plugin install vieux/sshfs", Facts: plugins(snapshot.Plugin{Name: "vieux/sshfs:latest", Enabled: true,
			Types: []string{"volumedriver"}, Capabilities: snapshot.Caps("SYS_ADMIN"), HostNetwork: true})}},
		Good: []rule.Example{
			{Show: "a log plugin without rights", Facts: plugins(snapshot.Plugin{Name: "example/log:1", Enabled: true})},
			{Show: "a volume plugin with its own directory", Facts: plugins(snapshot.Plugin{Name: "example/vol:1", Enabled: true, Mounts: []string{"/var/lib/docker/plugins/"}})},
		},
		Engine: checkPlugins,
	}
}

func plugins(p snapshot.Plugin) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Plugins, []snapshot.Plugin{p}) })
}

func checkPlugins(c *rule.Context, e *snapshot.Engine) rule.Answer {
	list := e.Plugins.Read(c)
	if len(list) == 0 {
		return c.NotApplicable("the engine has no managed plugins")
	}
	var found []string
	for _, p := range list {
		if rights := pluginRights(p); p.Enabled && len(rights) > 0 {
			found = append(found, lang.Sprintf("%s has %s", p.Name, lang.Comma(rights)))
		}
	}
	if len(found) > 0 {
		return c.Fail("%s", lang.Semicolon(found))
	}
	return c.Pass("no enabled plugin has far-reaching rights")
}

// pluginData is where plugins keep what they mount for containers; a mount of
// it is how volume plugins work.
const pluginData = "/var/lib/docker/plugins"

// pluginRights lists what lets a plugin act as root on the host.
func pluginRights(p snapshot.Plugin) []string {
	var rights []string
	if caps := p.Capabilities & snapshot.Caps("SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF"); caps != 0 {
		rights = append(rights, lang.Sprintf("the capabilities %s", caps))
	}
	if p.AllDevices {
		rights = append(rights, lang.T("all devices"))
	}
	for _, device := range p.Devices {
		if hostplace.DeviceOf(device).Severity >= rule.High {
			rights = append(rights, lang.Sprintf("the device %s", device))
		}
	}
	note := func(mounts []string, readOnly bool) {
		for _, mount := range mounts {
			if _, severity := hostplace.Of(mount, readOnly); severity >= rule.High && !hostpath.Within(mount, pluginData) {
				rights = append(rights, lang.Sprintf("the host path %s", mount))
			}
		}
	}
	note(p.Mounts, false)
	note(p.ReadOnlyMounts, true)
	return rights
}
