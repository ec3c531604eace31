package host

import (
	"seawall/currency"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// notices are what waits of some kinds and was seen.
func notices(c *rule.Context, kinds ...currency.NoticeKind) []string {
	var out []string
	for _, n := range c.Currency().Waiting {
		for _, kind := range kinds {
			if n.Kind == kind && n.Known {
				out = append(out, n.Words)
			}
		}
	}
	return out
}

// failWith fails with what waits, cited as a part of a fact.
func failWith(c *rule.Context, o snapshot.Origin, words []string) rule.Answer {
	for _, w := range words {
		c.Cite(o, w)
	}
	return c.Fail("%s", lang.Semicolon(words))
}

// software changes what the example's host runs containers with.
func software(change func(*snapshot.Software)) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) { change(&h.Software) })
}

// debianKernel makes the example's kernel one of Debian, of a version of its package,
// with these kernels installed.
func debianKernel(running string, installed ...snapshot.Package) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) {
		release := "6.12.57+deb13-amd64"
		example.Set(&h.Kernel, release)
		k := &h.Software.Kernel
		example.Set(&k.Build, "Linux version "+release+" (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC Debian "+running+" (2026-10-01)")
		example.Set(&k.Package, kernelPackage(release, running))
		example.Set(&k.Installed, installed)
	})
}

// kernelPackage is a package of a kernel of Debian.
func kernelPackage(release, version string) snapshot.Package {
	return snapshot.Package{Manager: "dpkg", Name: "linux-image-" + release, Version: version, Source: "linux", SourceVersion: version, Maintainer: "Debian Kernel Team <debian-kernel@lists.debian.org>"}
}
