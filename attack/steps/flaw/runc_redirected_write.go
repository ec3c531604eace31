package flaw

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/currency/known"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

var redirectedWrite = &flaw{known.Runc, []string{"CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881"}, []string{"1.2.8", "1.3.3", "1.4.0-rc.3"}}

func runcRedirectedWrite() *attack.Step {
	const run = "docker run registry.example/app:1"
	old := parts(map[string]string{"runc": "1.2.7"})
	return &attack.Step{
		ID: "runc-redirected-write", Title: "Have runc write to the kernel's settings",
		Why: "While it starts a container runc masks paths and writes labels below /proc. An image that exchanges what it finds there in passing has it mount or write " +
			"the kernel's own files: the program that core_pattern names is run as root of the host. Labels of AppArmor and SELinux are set by the same writes, so they are no barrier.",
		At:   rule.KindContainer,
		From: attack.ImageAuthor, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 3, CostReason: "a race to be won while containers of the image start, and the next pull",
		Needs: attack.All(redirectedWrite.open(), cond.NamedByTag(), cond.HostRoot()),
		Each: func(q *attack.Query) []attack.Instance {
			image, seen := q.Container.Image.Try(q)
			i := attack.Instance{From: attack.State{Kind: attack.ImageAuthor, Engine: q.Engine.Name, Name: image}, What: image, Origin: q.Container.Image.Origin(), Value: image}
			if !seen {
				i.Unknown, i.Missing, i.Origin = true, cond.Lost(q.Container.Image), snapshot.Origin{}
			}
			return append(q.Instances(), i)
		},
		Rules: []string{"runc-has-open-advisory"},
		Proof: "the version of runc, who built it, and the advisories for it; nothing is tried",
		Bad:   []rule.Example{{Show: "runc 1.2.7", Run: run, Facts: old}},
		Good: []rule.Example{
			{Show: "runc 1.2.8", Run: run, Facts: parts(map[string]string{"runc": "1.2.8"})}, {Show: "runc 1.3.3", Run: run},
			{Show: "runc 1.2.7, the image by its digest", Run: "docker run nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", Facts: old},
			{Show: "runc 1.2.7, user namespaces remapped", Run: run, Facts: example.Together(old, scene.Remapped)},
		},
	}
}
