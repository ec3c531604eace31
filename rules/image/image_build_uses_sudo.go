package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func buildUsesSudo() historyRule {
	return historyRule{
		id: "image-build-uses-sudo", title: "The build of an image calls sudo", severity: rule.Low,
		why: "A build runs as root unless USER says otherwise, so sudo does nothing there that could not be done without it. " +
			"What stays in the image is a setuid program with rules that let a user become root: the user that the image names is one in name only.",
		fix: rule.Fix{
			Text:   "Do what needs root before the USER line, without sudo, and leave sudo out of the image.",
			Shell:  "USER root\nRUN apt-get update && apt-get install -y nginx\nUSER 10001   # in the Dockerfile",
			Breaks: "Scripts in the image that call sudo.",
		},
		refs: rule.Refs{
			NIST: "4.1.2", ATTACK: "T1548.003", Guide: "G17", Docs: "Building best practices",
			Peers: "DS-0010 CKV2_DOCKER_1 kics:run_using_sudo DL3004 DKL-DI-0001 semgrep:no-sudo-in-dockerfile",
		},
		kinds:   []snapshot.BuildKind{snapshot.BuildSudoUsed},
		finding: lang.N("its build calls sudo"), absent: lang.N("no step of its build is seen to call sudo"),
		bad:  []buildStep{{"RUN sudo apt-get install -y nginx", snapshot.BuildSudoUsed, "sudo"}},
		good: []buildStep{{"RUN apt-get update && apt-get install -y nginx", "", ""}},
	}
}
