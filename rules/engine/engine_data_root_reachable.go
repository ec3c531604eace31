package engine

import (
	"slices"

	"seawall/access"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

func dataRootReachable() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-data-root-reachable",
		Title:    "Ordinary users can reach into the engine's data directory",
		Severity: rule.Medium,
		Why: "Below the data directory are the files of all images, containers and volumes with their own modes. " +
			"A user who can enter it reads them where their modes allow, and runs the setuid programs in them as root of the host (CVE-2021-41091).",
		Fix: rule.Fix{
			Text:   "Close the directory to other users; the engine itself sets mode 0710.",
			Shell:  "sudo chown root:root /var/lib/docker && sudo chmod 710 /var/lib/docker",
			Breaks: "Backup or monitoring programs that read volumes as an ordinary user; give those the volume by a bind mount.",
		},
		Refs:   rule.Refs{NIST: "4.5.4 4.5.5", ATTACK: "T1548.001", Guide: "G2"},
		Bad:    []rule.Example{{Show: "chmod 755 /var/lib/docker", Facts: dataRoot(0o755)}},
		Good:   []rule.Example{{Show: "chmod 710 /var/lib/docker", Facts: dataRoot(0o710)}},
		Engine: dockerd(checkDataRootReachable),
	}
}

func dataRoot(mode snapshot.Mode) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Daemon.Files, []snapshot.File{example.File(snapshot.RoleDataRoot, "/var/lib/docker", "dir", mode)})
	})
}

func checkDataRootReachable(c *rule.Context, e *snapshot.Engine) rule.Answer {
	files := e.Daemon.Files.Read(c)
	i := slices.IndexFunc(files, func(f snapshot.File) bool { return f.Role == snapshot.RoleDataRoot })
	if i < 0 {
		return missed(c, e.Daemon.Files.Origin(), lang.T("the data directory is not among the files that were read"))
	}
	for _, grant := range access.Searchers(files[i], trust.Engine(c, e)) {
		if grant.Everyone {
			cite(c, e.Daemon.Files.Origin(), files[i])
			return c.Fail("every user can reach into the data directory %s (%s)", files[i].Path, grant.How)
		}
	}
	return c.Pass("the data directory %s is closed to other users", files[i].Path)
}
