package image

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func fileCapabilities() *rule.Rule {
	file := func(path, caps string) func(*snapshot.ImageContents) {
		return func(i *snapshot.ImageContents) {
			example.Set(&i.CapabilityFiles, []snapshot.ImageFile{{Path: path, Mode: 0o755, Layer: 1, Capabilities: snapshot.Caps(caps), CapsEffective: true}})
		}
	}
	return &rule.Rule{
		ID:       "image-file-capabilities",
		Title:    "An image has programs that gain capabilities",
		Severity: rule.Medium,
		Confined: rule.Low,
		Deep:     true,
		Why: "A program with file capabilities gets them whoever starts it, as far as the container holds them: a flaw in one gives an ordinary user of the container a part of root's power. " +
			"find -perm does not show them.",
		Fix: rule.Fix{
			Text:    "Take them off in the build, drop the capabilities from the containers, or let no program gain privileges.",
			Run:     "--cap-drop ALL --security-opt no-new-privileges",
			Compose: "services:\n  web:\n    cap_drop: [ALL]\n    security_opt: [\"no-new-privileges:true\"]",
			Shell:   "RUN setcap -r /usr/bin/ping   # in the Dockerfile, for each that is named",
			Breaks:  "The program for ordinary users of the container: ping, servers on ports below 1024.",
		},
		Refs: rule.Refs{CISRelated: "4.8", NIST: "4.1.2", ATTACK: "T1548.001", Guide: "G17", Docs: "Building best practices"},
		Bad: []rule.Example{
			inside("an image with ping, which has NET_RAW", gaining, file("/usr/bin/ping", "NET_RAW")),
			inside("a debugger with SYS_PTRACE in a container that holds it", "docker run --cap-add SYS_PTRACE --security-opt no-new-privileges=false alpine", file("/usr/bin/gdb", "SYS_PTRACE")),
		},
		Good: []rule.Example{
			inside("an image without any", gaining, func(*snapshot.ImageContents) {}),
			inside("a debugger with SYS_PTRACE in a container that does not hold it", gaining, file("/usr/bin/gdb", "SYS_PTRACE")),
			inside("ping in a container whose programs gain nothing", "docker run --security-opt no-new-privileges alpine", file("/usr/bin/ping", "NET_RAW")),
		},
		Image: checkFileCapabilities,
	}
}

// slight are capabilities that open nothing beyond the container's own network.
var slight = snapshot.Caps("NET_RAW", "NET_BIND_SERVICE")

func checkFileCapabilities(c *rule.Context, i *snapshot.Image) rule.Answer {
	if a, done := unread(c, i, i.CapabilityFiles); done {
		return a
	}
	all, _ := i.CapabilityFiles.Look(c)
	if len(all) == 0 {
		return c.Pass("none of its programs has file capabilities")
	}
	held := gainable(c, i)
	var texts []string
	little := true
	for _, f := range all {
		if gained := f.Capabilities & held; gained != 0 && f.Mode&0o111 != 0 {
			texts = append(texts, f.Path+" ("+gained.String()+")")
			little = little && (slight.Has(gained) || ofDistribution(&f, capsOfDistributions))
		}
	}
	if len(texts) == 0 {
		return c.Pass("its programs with file capabilities gain none in its containers")
	}
	c.Cite(i.CapabilityFiles.Origin(), list(texts))
	if little {
		return c.FailAs(rule.Low, "they are the distribution's, or open no more than the container's network", "its programs gain capabilities: %s", list(texts))
	}
	return c.Fail("its programs gain capabilities: %s", list(texts))
}

// gainable are the capabilities that a program of the image can gain in some
// container of it. Of an image without containers it is all.
func gainable(c *rule.Context, i *snapshot.Image) snapshot.CapSet {
	if len(i.UsedBy) == 0 {
		return ^snapshot.CapSet(0)
	}
	var held snapshot.CapSet
	for _, ctr := range users(c, i) {
		if !confinement.NoNewPrivileges(c, c.Engine, ctr).Off {
			continue
		}
		caps := confinement.CapabilitiesOf(c, ctr)
		if caps.Kernel {
			held |= caps.Bounding
		} else {
			held |= caps.Asked
		}
	}
	return held
}
