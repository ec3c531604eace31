package container

import (
	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func capabilityUnused() *rule.Rule {
	return &rule.Rule{
		ID:       "container-capability-unused",
		Title:    "A container has capabilities that it was never seen to need",
		Severity: rule.Medium,
		Observed: true,
		Why: "While it was watched the kernel was never asked for these capabilities in earnest, by the container's own processes or by exec sessions. " +
			"They only serve whoever breaks in.",
		Fix: rule.Fix{
			Text:    "Drop all capabilities and add those that it used; 'seawall advise NAME --observation FILE' gives all lines with their reasons, and tries them with --verify.",
			Run:     "--cap-drop ALL --cap-add CHOWN --cap-add SETUID   # those that the finding names",
			Compose: "services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [CHOWN, SETUID]",
			Breaks:  "What the workload does seldom and did not do while it was watched: a first start on empty volumes, an upgrade. A program with file capabilities that its container lacks does not start.",
			Edits:   rule.Edits{Not: "it takes an observation, and 'seawall advise' writes what to give instead"},
		},
		Refs: rule.Refs{CISRelated: "5.4", NIST: "4.4.3", ATTACK: "T1611", Guide: "G18", Docs: "Running containers"},
		Bad: []rule.Example{
			{Show: "a container with the engine's 14 that used two", Run: "docker run alpine", Facts: seenToUse(func(o *snapshot.Observed) {
				o.Used = snapshot.Caps("SETGID", "SETUID")
			})},
			{Show: "one that was given NET_ADMIN and used none", Run: "docker run --cap-drop ALL --cap-add NET_ADMIN alpine", Facts: seenToUse(func(*snapshot.Observed) {})},
		},
		Good: []rule.Example{
			{Show: "a container that used all that it has", Run: "docker run --cap-drop ALL --cap-add CHOWN alpine", Facts: seenToUse(func(o *snapshot.Observed) {
				o.Used = snapshot.Caps("CHOWN")
			})},
			{Show: "one whose health check used it", Run: "docker run --cap-drop ALL --cap-add NET_RAW alpine", Facts: seenToUse(func(o *snapshot.Observed) {
				o.ExecUsed = snapshot.Caps("NET_RAW")
			})},
			{Show: "a container that has none", Run: "docker run --cap-drop ALL alpine", Facts: seenToUse(func(*snapshot.Observed) {})},
		},
		Container: capabilityUnusedCheck,
	}
}

func capabilityUnusedCheck(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	seen := watched(c, ctr)
	caps := confinement.CapabilitiesOf(c, ctr)
	if a, covered := coveredByAll(c, ctr); covered {
		return a
	}
	held := caps.Asked
	if caps.Kernel {
		held = caps.Bounding
	}
	marked, reserve := markedFor(c, ctr)
	needed := (seen.Used | seen.ExecUsed | marked) & held
	idle := held &^ needed
	if idle == 0 {
		return c.Pass("each capability that it has was used, or is marked on a program of its image")
	}
	seen.Enough.Read(c)
	c.Cite(ctr.Observed.Origin(), seen.Used|seen.ExecUsed)
	s, reason := rule.Medium, ""
	if snapshot.DefaultCaps.Has(idle) {
		s, reason = rule.Low, lang.T("all of them are among those that the engine gives by default")
	}
	return c.FailAs(s, reason, "in %s it never needed %s: give it %s%s%s", basis(seen), idle, give(needed), reserve, life(ctr))
}

// markedFor are the capabilities that programs of the image are marked to have, without
// which they are not started, and what to say where that is not known.
func markedFor(c *rule.Context, ctr *snapshot.Container) (marked snapshot.CapSet, reserve string) {
	image := confinement.ImageOf(c.Engine, ctr)
	if image != nil {
		if files, known := image.CapabilityFiles.Peek(); known {
			for _, f := range files {
				if f.CapsEffective {
					marked |= f.Capabilities
				}
			}
			return marked, ""
		}
	}
	return 0, lang.T(" (the files of its image were not read: --deep tells whether a program is marked to have one)")
}
