package flaw

import (
	"strings"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

var copyFail = &flaw{known.Kernel, []string{"CVE-2026-31431"}, []string{"5.10.254", "5.15.204", "6.1.170", "6.6.137", "6.12.85", "6.18.22", "6.19.12"}}

func kernelCopyFail() *attack.Step {
	old := kernel("6.12.84")
	return &attack.Step{
		ID: "kernel-copy-fail", Title: "Write to files of the host by the kernel's interface to ciphers",
		Why: "Sockets of the kind AF_ALG let any program write into files that it may only read, in memory that all containers and the host share (Copy Fail): " +
			"programs that the host runs as root are among them. Engines before 29.4.2 let containers make such sockets.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "a public exploit, in a container without any privileges",
		Needs: attack.All(copyFail.open(), cond.MayRun(), cond.SharesKernel(), cipherSockets()),
		Rules: []string{"kernel-has-known-container-escape"},
		Proof: "the release and build of the kernel, the advisories for it, and the filter of its system calls; no socket is made",
		Bad: []rule.Example{
			{Show: "Linux 6.12.84, engine 28.5.2", Run: "docker run alpine", Facts: example.Together(old, guarded("28.5.2"))},
			{Show: "Linux 6.12.84, engine 29.5.0", Run: "docker run --security-opt seccomp=unconfined alpine", Facts: example.Together(old, guarded("29.5.0"))},
		},
		Good: []rule.Example{
			{Show: "Linux 6.12.85", Run: "docker run alpine", Facts: kernel("6.12.85")},
			{Show: "Linux 6.12.84, engine 29.5.0", Run: "docker run alpine", Facts: example.Together(old, guarded("29.5.0"))},
		},
	}
}

// cipherSockets: the filter of system calls lets the container make sockets of the kind
// AF_ALG.
func cipherSockets() *attack.Cond {
	unfiltered := cond.NoSeccomp()
	return &attack.Cond{
		Says:  "it may make sockets of the kind AF_ALG",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			if truth := unfiltered.Ask(q); truth != attack.No {
				return truth
			}
			return profileLets(q)
		},
		Ends: func(q *attack.Query) []attack.Change {
			own := &attack.Query{Site: q.Site}
			off, lets := unfiltered.Ask(own) != attack.No, profileLets(own) != attack.No
			switch {
			case off && lets:
				return nil // it takes both
			case off:
				return []attack.Change{change.Confine(q, change.SeccompDefault)}
			}
			return []attack.Change{{Kind: update, Engine: q.Engine.Name, Subject: string(known.Engine), Detail: copyFail.ids[0]}}
		},
	}
}

// profileLets says whether the engine's own profile lets them be made, as it does before
// 29.4.2 (moby, profiles/seccomp/default.json). What another profile does, or that of an
// engine which a distribution built, is not known.
func profileLets(q *attack.Query) attack.Truth {
	own, seen := q.Container.Seccomp.Try(q)
	standard, seenToo := q.Engine.Settings.SeccompProfile.Try(q)
	runs, seenThree := q.Engine.Version.Try(q)
	if !seen || !seenToo || !seenThree {
		return attack.Unknown
	}
	order, err := version.Upstream.Compare(version.Clean(runs), "29.4.2")
	if own != "default" || standard != "builtin" && standard != "unconfined" || err != nil || strings.ContainsAny(runs, "+~") {
		q.Missed(q.Container.Seccomp.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.T("whether its filter lets sockets of the kind AF_ALG be made is not read")})
		return attack.Unknown
	}
	return attack.Sure(order < 0)
}
