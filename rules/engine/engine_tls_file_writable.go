package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func tlsFileWritable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-tls-file-writable",
		Title:    "Others than root can change whom the engine trusts",
		Severity: rule.Critical,
		Why: "The CA file decides whose client certificates open the engine, and the files below certs.d decide which registries it believes. " +
			"Who can write one of them puts in a CA of their own and signs themselves in, or serves images in a registry's name.",
		Fix: rule.Fix{
			Text:   "Give certificates, keys and their directories to root, writable for root only.",
			Shell:  "sudo chown -R root:root /etc/docker/certs.d /etc/docker/*.pem\nsudo chmod -R go-w /etc/docker/certs.d /etc/docker/*.pem",
			Breaks: "Programs that renew the certificates without root; let those hand them over by a job of root.",
		},
		Refs:   rule.Refs{CISRelated: "3.7 3.8 3.9 3.10 3.11 3.12 3.13", NIST: "4.2.1 4.5.4", ATTACK: "T1574 T1553.004", Guide: "G5", Docs: "Protect the Docker daemon socket"},
		Bad:    []rule.Example{{Show: "chmod 666 /etc/docker/ca.pem", Facts: example.EngineFile(example.File(snapshot.RoleTLSCA, "/etc/docker/ca.pem", "file", 0o666))}},
		Good:   []rule.Example{{Show: "chmod 444 /etc/docker/ca.pem", Facts: example.EngineFile(example.File(snapshot.RoleTLSCA, "/etc/docker/ca.pem", "file", 0o444))}},
		Engine: dockerd(filesCheck(lang.N("TLS files"), role(snapshot.RoleTLSCA, snapshot.RoleTLSCert, snapshot.RoleTLSKey, snapshot.RoleCertsDir))),
	}
}
