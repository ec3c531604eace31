package engine

import (
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func sourceAddressesLost() *rule.Rule {
	return &rule.Rule{
		ID:       "rootless-source-addresses-lost",
		Title:    "Containers of the rootless engine do not see their clients' addresses",
		Severity: rule.Low,
		Why: "With some port drivers a rootless engine hands every connection to a container from an address of its own. " +
			"Access lists, rate limits and logs inside the containers then see one client only.",
		Fix: rule.Fix{
			Text:   "Use a port driver that keeps the source address: slirp4netns, or pasta with implicit; builtin does so for TCP since RootlessKit 3 with the userland proxy off.",
			Shell:  "mkdir -p ~/.config/systemd/user/docker.service.d\nprintf '[Service]\\nEnvironment=DOCKERD_ROOTLESS_ROOTLESSKIT_NET=pasta DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER=implicit\\n' > ~/.config/systemd/user/docker.service.d/override.conf\nsystemctl --user daemon-reload && systemctl --user restart docker",
			Breaks: "The port driver slirp4netns is slower than builtin; pasta must be installed.",
		},
		Refs: rule.Refs{NIST: "4.4.2", ATTACK: "T1090", Guide: "G8", Docs: "Rootless mode"},
		Bad: []rule.Example{
			{Show: "rootlesskit 2 with --port-driver=builtin", Facts: rootlesskit("2.3.4", "builtin", false)},
			{Show: "rootlesskit 3 with builtin and the userland proxy", Facts: rootlesskit("3.0.0", "builtin", true)},
		},
		Good: []rule.Example{
			{Show: "rootlesskit with --port-driver=slirp4netns", Facts: rootlesskit("2.3.4", "slirp4netns", true)},
			{Show: "rootlesskit 3 with builtin, without the userland proxy", Facts: rootlesskit("3.0.0", "builtin", false)},
		},
		Engine: checkSourceAddresses,
	}
}

func rootlesskit(version, driver string, proxy bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Rootless(e)
		example.Set(&e.Settings.UserlandProxy, proxy)
		example.Set(&e.Components, []snapshot.Component{{Name: "rootlesskit", Version: version, Details: map[string]string{"PortDriver": driver}}})
	})
}

// checkSourceAddresses follows the table of RootlessKit's docs/port.md.
func checkSourceAddresses(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if !e.Settings.Rootless.Read(c) {
		return c.NotApplicable("the engine is not rootless")
	}
	var kit snapshot.Component
	for _, component := range e.Components.Read(c) {
		if component.Name == "rootlesskit" {
			kit = component
		}
	}
	driver := kit.Details["PortDriver"]
	switch driver {
	case "builtin":
		return checkBuiltin(c, e, kit.Version)
	case "gvisor-tap-vsock":
		return c.Fail("the port driver gvisor-tap-vsock does not keep the address of clients")
	case "":
		return missed(c, e.Components.Origin(), lang.T("GET /version does not name rootlesskit's port driver"))
	}
	return c.Pass("the port driver %s keeps the address of clients", driver)
}

func checkBuiltin(c *rule.Context, e *snapshot.Engine, version string) rule.Answer {
	major, _, _ := strings.Cut(version, ".")
	number, err := strconv.Atoi(major)
	if err != nil {
		return missed(c, e.Components.Origin(), lang.Sprintf("version %q of rootlesskit is not understood", version))
	}
	if number < 3 {
		return c.Fail("the port driver builtin of rootlesskit %s replaces the address of clients", version)
	}
	if e.Settings.UserlandProxy.Read(c) {
		return c.Fail("the userland proxy stands before the port driver builtin and replaces the address of clients")
	}
	return c.Pass("the port driver builtin of rootlesskit %s keeps the address of TCP clients", version)
}

// missed ends a check as unknown because a fact that was read does not tell.
func missed(c *rule.Context, o snapshot.Origin, detail string) rule.Answer {
	c.Missed(o, snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: detail})
	return c.NotApplicable("not known")
}
