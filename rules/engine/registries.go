package engine

import (
	"time"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// registryCheck asks a question of each file below certs.d: fault names what is
// wrong with one, "" if nothing is.
func registryCheck(what, fine string, fault func(*rule.Context, *snapshot.RegistryFile) string) check {
	return dockerd(func(c *rule.Context, e *snapshot.Engine) rule.Answer {
		files, _ := e.Daemon.RegistryFiles.Look(c)
		var found []string
		for i := range files {
			if why := fault(c, &files[i]); why != "" {
				c.Cite(snapshot.At(files[i].Path, e.Daemon.RegistryFiles.Origin().Source), why)
				found = append(found, files[i].Path+": "+why)
			}
		}
		switch {
		case len(found) > 0:
			return c.Fail("%s: %s", lang.T(what), lang.Semicolon(found))
		case len(files) == 0:
			return c.NotApplicable("no registry has certificates of its own")
		}
		return c.Pass("%s", lang.T(fine))
	})
}

// registryFile is an engine with one certificate of a CA below certs.d, which
// is a good one, changed.
func registryFile(change func(*snapshot.RegistryFile)) func(*snapshot.Snapshot) {
	f := snapshot.RegistryFile{
		Registry: "registry.example:5000", Path: "/etc/docker/certs.d/registry.example:5000/ca.crt",
		Certificates: []snapshot.Certificate{{
			Subject: "CN=example CA", Issuer: "CN=example CA", SelfSigned: true,
			NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
			KeyType: "RSA", KeyBits: 4096, Signature: "SHA256-RSA",
		}},
	}
	change(&f)
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Daemon.RegistryFiles, []snapshot.RegistryFile{f}) })
}

// until is a change of the certificate's last day.
func until(year int) func(*snapshot.RegistryFile) {
	return func(f *snapshot.RegistryFile) {
		f.Certificates[0].NotAfter = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	}
}

func unchanged(*snapshot.RegistryFile) {}
