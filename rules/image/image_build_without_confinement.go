package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func buildWithoutConfinement() historyRule {
	return historyRule{
		id: "image-build-without-confinement", title: "A step of a build runs without confinement", severity: rule.High, dockerfile: true,
		why: "RUN --security=insecure gives the step all capabilities and no filter of system calls, as --privileged gives a container. " +
			"What it runs, also the code of packages that it installs, can get control of the machine that builds.",
		fix: rule.Fix{
			Text:   "Build without it, and do not allow the entitlement security.insecure on the builder. What needs such rights runs in a machine of its own.",
			Shell:  "RUN make   # in the Dockerfile, without --security=insecure",
			Breaks: "Steps that mount file systems or start containers.",
		},
		refs: rule.Refs{
			CISRelated: "5.5", NIST: "4.1.5", ATTACK: "T1611", Guide: "G6", Docs: "Dockerfile reference",
			Peers: "semgrep:run-security-insecure",
		},
		kinds:   []snapshot.BuildKind{snapshot.BuildInsecure},
		finding: lang.N("its build runs without confinement"), absent: lang.N("no step of its build asks to run without confinement"),
		bad:  []buildStep{{"RUN --security=insecure make", snapshot.BuildInsecure, "--security=insecure"}},
		good: []buildStep{{"RUN make", "", ""}},
	}
}
