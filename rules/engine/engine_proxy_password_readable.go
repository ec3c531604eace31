package engine

import (
	"seawall/access"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

func proxyPasswordReadable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-proxy-password-readable",
		Title:    "Every user can read the password of the engine's proxy",
		Severity: rule.Medium,
		Why: "daemon.json, units and their drop-ins are readable for all as a rule, and so is a command line. " +
			"A proxy's password in one of them belongs to every account of the host, and often opens more than the proxy.",
		Fix: rule.Fix{
			Text:   "Let the proxy know the host by its address, or put the variable into an environment file that only root can read; then change the password.",
			Shell:  "sudo install -m 600 /dev/null /etc/docker/proxy.env   # HTTPS_PROXY=…\nsudo systemctl edit docker.service   # [Service] EnvironmentFile=/etc/docker/proxy.env\nsudo systemctl daemon-reload && sudo systemctl restart docker",
			Breaks: "Nothing.",
		},
		Refs: rule.Refs{NIST: "4.5.4", ATTACK: "T1552.001", Guide: "G21", Docs: "Daemon proxy configuration"},
		Bad: []rule.Example{
			{Show: "Environment=HTTPS_PROXY=http://user:password@proxy:3128 in a drop-in", Facts: proxy(0o644)},
			{Show: "dockerd --https-proxy http://user:password@proxy:3128", Facts: example.Engine(func(e *snapshot.Engine) {
				example.Set(&e.Daemon.ProxyPasswords, []snapshot.ProxyPassword{{Place: snapshot.CommandLine, Setting: "https-proxy"}})
			})},
		},
		Good:   []rule.Example{{Show: "a drop-in that only root can read", Facts: proxy(0o600)}, {Show: "no password", Facts: func(*snapshot.Snapshot) {}}},
		Engine: dockerd(checkProxyPassword),
	}
}

// proxy is a drop-in with the password of a proxy.
func proxy(mode snapshot.Mode) func(*snapshot.Snapshot) {
	const file = "/etc/systemd/system/docker.service.d/proxy.conf"
	return example.Engine(func(e *snapshot.Engine) {
		example.Add(&e.Daemon.Files, example.File(snapshot.RoleDropIn, file, "file", mode))
		example.Set(&e.Daemon.ProxyPasswords, []snapshot.ProxyPassword{{Place: file, Setting: "HTTPS_PROXY"}})
	})
}

func checkProxyPassword(c *rule.Context, e *snapshot.Engine) rule.Answer {
	places := e.Daemon.ProxyPasswords.Read(c)
	if len(places) == 0 {
		return c.Pass("no password of a proxy stands in the daemon's configuration")
	}
	var found []string
	for _, p := range places {
		if who := proxyReaders(c, e, p.Place); who != "" {
			c.Cite(snapshot.At(p.Setting, p.Place), snapshot.Redacted)
			found = append(found, lang.Sprintf("%s in %s by %s", p.Setting, p.Place, who))
		}
	}
	if len(found) > 0 {
		return c.Fail("the password of a proxy can be read: %s", lang.Semicolon(found))
	}
	return c.Pass("only those who control the engine can read the password of its proxy")
}

// proxyReaders says who else can read a place, "" if nobody.
func proxyReaders(c *rule.Context, e *snapshot.Engine, place string) string {
	if place == snapshot.CommandLine {
		return lang.T("every user (the list of processes)")
	}
	files, _ := e.Daemon.Files.Look(c)
	for _, f := range files {
		if f.Path == place {
			return access.Describe(trust.Grants(c, access.Readers, f, trust.Engine(c, e)))
		}
	}
	c.Missed(e.Daemon.Files.Origin(), snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.Sprintf("who may read %s was not looked at", place)})
	return ""
}
