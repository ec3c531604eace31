package engine

import (
	"seawall/access"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

func pluginSocketReplaceable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-plugin-socket-replaceable",
		Title:    "Others can answer the engine in a plugin's place",
		Severity: rule.High,
		Why: "The engine does what its plugins say: an authorization plugin allows requests, a volume plugin names directories of the host to mount. " +
			"Who owns the socket, or may put another one at its path, is the plugin.",
		Fix: rule.Fix{
			Text:   "Let the plugin make its socket in a directory that only root can write, such as /run/docker/plugins.",
			Shell:  "sudo chown root:root /run/PLUGIN && sudo chmod 755 /run/PLUGIN",
			Breaks: "A plugin that runs as an ordinary user must be handed its socket, by systemd for example.",
		},
		Refs:   rule.Refs{NIST: "4.5.4 4.5.5", ATTACK: "T1574", Guide: "G2", Docs: "Docker Engine plugin API"},
		Bad:    []rule.Example{{Show: "chmod 777 /srv/opa", Facts: pluginSocket(0o777)}},
		Good:   []rule.Example{{Show: "chmod 755 /srv/opa", Facts: pluginSocket(0o755)}},
		Engine: dockerd(checkPluginSocket),
	}
}

// pluginSocket is a plugin whose socket is in a directory of this mode.
func pluginSocket(directory snapshot.Mode) func(*snapshot.Snapshot) {
	socket := example.File("", "/srv/opa/opa.sock", "socket", 0o666)
	socket.Parents = append([]snapshot.File{example.File("", "/srv/opa", "dir", directory)}, socket.Parents...)
	return withPlugin(snapshot.PluginSpec{Address: "unix://" + socket.Path, Socket: snapshot.See(socket, snapshot.At("stat", socket.Path))})
}

func checkPluginSocket(c *rule.Context, e *snapshot.Engine) rule.Answer {
	specs, _ := e.Daemon.PluginSpecs.Look(c)
	var found []string
	judged := 0
	for _, p := range specs {
		socket, _ := p.Socket.Try(c)
		if socket.Path == "" {
			continue
		}
		judged++
		if who := trust.Grants(c, replacers, socket, trust.Engine(c, e)); len(who) > 0 {
			cite(c, p.Socket.Origin(), socket)
			found = append(found, lang.Sprintf("%s at %s by %s", p.Name, socket.Path, access.Describe(who)))
		}
	}
	switch {
	case len(found) > 0:
		return c.Fail("others can answer in the place of a plugin: %s", lang.Semicolon(found))
	case judged == 0:
		return c.NotApplicable("no file describes a plugin with a socket that exists")
	}
	return c.Pass("nobody else can put a socket in the place of a plugin's")
}

// replacers says who can put another socket in this one's place, or owns it and
// so decides what answers. Whoever may only write to it asks, and answers nobody.
func replacers(socket snapshot.File, allowed access.Trust) []access.Grant {
	socket.Mode, socket.ACL = 0, nil
	return access.Writers(socket, allowed)
}
