package host

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func userNamespacesOpen() *rule.Rule {
	return &rule.Rule{
		ID:       "host-user-namespaces-open",
		Title:    "Ordinary users may make user namespaces, and no engine needs it",
		Severity: rule.Low,
		Why: "Inside a user namespace an ordinary user reaches parts of the kernel that are otherwise for root; most kernel exploits of the last years begin there. " +
			"Rootless engines and user namespace remapping need them. No engine here uses either.",
		Fix: rule.Fix{
			Text:   "Switch user namespaces off for ordinary users; or use them, by rootless mode or userns-remap.",
			Shell:  "echo 'kernel.unprivileged_userns_clone = 0' | sudo tee /etc/sysctl.d/60-userns.conf   # Debian, Ubuntu\necho 'user.max_user_namespaces = 0' | sudo tee /etc/sysctl.d/60-userns.conf   # elsewhere\nsudo sysctl --system",
			Breaks: "Rootless Docker and Podman, userns-remap (with max_user_namespaces), sandboxes of browsers, Flatpak, bubblewrap, some systemd units with PrivateUsers=.",
		},
		Refs: rule.Refs{NIST: "4.5.1 4.5.2", ATTACK: "T1068", Guide: "G7 G20", Docs: "Rootless mode"},
		Bad:  []rule.Example{{Show: "kernel.unprivileged_userns_clone=1, an engine as root", Facts: func(*snapshot.Snapshot) {}}},
		Good: []rule.Example{
			{Show: "kernel.unprivileged_userns_clone=0", Facts: example.Host(func(h *snapshot.Host) { example.Set(&h.UserNamespaces, snapshot.UserNS{Supported: true}) })},
		},
		Host: checkUserNamespaces,
	}
}

func checkUserNamespaces(c *rule.Context, h *snapshot.Host) rule.Answer {
	state := h.UserNamespaces.Read(c)
	if !state.Unprivileged {
		return c.Pass("ordinary users cannot make user namespaces")
	}
	for i := range c.Snapshot.Engines {
		e := &c.Snapshot.Engines[i]
		if !e.Local {
			continue
		}
		if e.Settings.Rootless.Read(c) {
			return c.NotApplicable("the rootless engine %s needs user namespaces", e.Name)
		}
		if e.Settings.UserNSRemap.Read(c) {
			return c.NotApplicable("the engine %s remaps user namespaces", e.Name)
		}
	}
	if _, known := c.Snapshot.AllEngines.Try(c); !known {
		c.Stop()
	}
	return c.Fail("ordinary users may make user namespaces, and no engine here is rootless or remaps them")
}
