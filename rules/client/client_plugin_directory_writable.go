package client

import (
	"seawall/access"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func pluginDirectoryWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "client-plugin-directory-writable",
		Title:    "Others can add or change plugins that a user's docker command runs",
		Severity: rule.High,
		Why: "The CLI runs every docker-* program of its plugin directories, also just to list them for docker help. " +
			"Who can write there runs programs as this user; if the user may use the engine, that is root.",
		Fix: rule.Fix{
			Text:   "Give the plugin directories and the programs in them to root (or the user), writable for nobody else.",
			Shell:  "sudo chown -R root:root /usr/libexec/docker/cli-plugins && sudo chmod -R go-w /usr/libexec/docker/cli-plugins",
			Breaks: "Installers that put plugins there without sudo.",
		},
		Refs:   rule.Refs{NIST: "4.5.4 4.5.5", ATTACK: "T1574", Guide: "G1"},
		Bad:    []rule.Example{{Show: "chmod 777 /usr/local/lib/docker/cli-plugins", Facts: pluginDir(0o777)}},
		Good:   []rule.Example{{Show: "chmod 755 /usr/local/lib/docker/cli-plugins", Facts: pluginDir(0o755)}},
		Client: accessCheck("the CLI plugins of %s can be changed: %s", pluginDirs, func(string) bool { return true }, access.Writers),
	}
}

func pluginDir(mode snapshot.Mode) func(*snapshot.Snapshot) {
	return example.Client(func(cl *snapshot.Client) {
		example.Set(&cl.PluginDirs, []snapshot.File{example.File(snapshot.RolePluginDir, "/usr/local/lib/docker/cli-plugins", "dir", mode)})
	})
}
