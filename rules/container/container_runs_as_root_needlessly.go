package container

import (
	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func rootNeedlessly() *rule.Rule {
	return &rule.Rule{
		ID:       "container-runs-as-root-needlessly",
		Title:    "A container runs as root and needs none of its rights",
		Severity: rule.Medium,
		Confined: rule.Low,
		Observed: true,
		Why: "While it was watched its programs used no capability: an ordinary user could have done all of it. " +
			"As root it is one kernel flaw away from root on the host, and owns every file that root owns.",
		Fix: rule.Fix{
			Text:    "Run it as an ordinary user, named by number, who owns the files that it writes.",
			Run:     "--user 10001:10001 --cap-drop ALL",
			Compose: "services:\n  web:\n    user: \"10001:10001\"\n    cap_drop: [ALL]",
			Breaks:  "Files of the image and of volumes that only root may read or write, until they are the user's.",
			Edits:   rule.Edits{Not: "it takes an observation, and 'seawall advise' writes what to give instead"},
		},
		Refs: rule.Refs{CISRelated: "4.1", NIST: "4.4.3", ATTACK: "T1611", Guide: "G17", Docs: "Building best practices"},
		Bad: []rule.Example{
			{Show: "root that used no capability", Run: "docker run --user 0 alpine", Facts: seenToUse(func(*snapshot.Observed) {})},
		},
		Good: []rule.Example{
			{Show: "root that gave files away", Run: "docker run --user 0 alpine", Facts: seenToUse(func(o *snapshot.Observed) {
				o.Used = snapshot.Caps("CHOWN")
			})},
			{Show: "root for its health check", Run: "docker run --user 0 alpine", Facts: seenToUse(func(o *snapshot.Observed) {
				o.ExecUsed = snapshot.Caps("NET_RAW")
			})},
			{Show: "an ordinary user", Run: "docker run --user 10001 alpine", Facts: seenToUse(func(*snapshot.Observed) {})},
		},
		Container: rootNeedlesslyCheck,
	}
}

func rootNeedlesslyCheck(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	seen := watched(c, ctr)
	if used := seen.Used | seen.ExecUsed; used != 0 {
		c.Saw(ctr.Observed.Origin(), used)
		return c.Pass("it used %s, which an ordinary user has not", used)
	}
	user := confinement.UserOf(c, c.Engine, ctr)
	if !user.Root {
		return c.Pass("its program runs as user %s", user.Name)
	}
	seen.Enough.Read(c)
	if origin, what := forRootOnly(c, ctr); what != "" {
		c.Missed(origin, snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: lang.Sprintf("whether it uses %s, which may be root's alone, is not recorded", what),
			Remedy: lang.T("give an ordinary user that, or take it from the container"),
		})
		c.Stop()
	}
	c.Cite(ctr.Observed.Origin(), seen.Used)
	return c.Fail("it runs as root (user %s) and used no capability in %s%s", user.Name, basis(seen), life(ctr))
}

// forRootOnly is what of the host a container was given that it may need to be root for,
// without asking for a capability: what is root's is open to root as its owner.
func forRootOnly(c *rule.Context, ctr *snapshot.Container) (snapshot.Origin, string) {
	if ctr.Privileged.Read(c) {
		return ctr.Privileged.Origin(), lang.T("the devices of the host")
	}
	if devices := ctr.Devices.Read(c); len(devices) > 0 {
		return ctr.Devices.Origin(), devices[0].Container
	}
	for _, m := range ctr.Mounts.Read(c) {
		if m.Type != "bind" {
			continue
		}
		for _, f := range ctr.BoundFiles.Read(c) {
			if !othersMayUse(f) {
				return ctr.BoundFiles.Origin(), f.Path
			}
		}
		break
	}
	return snapshot.Origin{}, ""
}

// othersMayUse reports whether an ordinary user may use a file as one is used: read a
// file, enter a directory, write to a socket.
func othersMayUse(f snapshot.File) bool {
	switch f.Type {
	case "socket":
		return f.Mode&0o002 != 0
	case "dir":
		return f.Mode&0o005 == 0o005
	}
	return f.Mode&0o004 != 0
}
