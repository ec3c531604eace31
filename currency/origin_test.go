package currency_test

import (
	"testing"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/rule/example"
	"seawall/snapshot"
)

// TestBuilders: who built a package of dpkg, by its name, version and maintainer.
func TestBuilders(t *testing.T) {
	for _, tt := range []struct {
		name, version, maintainer string
		want                      currency.Builder
	}{
		{"docker-ce", "5:28.5.2-1~ubuntu.24.04~noble", "Docker <support@docker.com>", currency.BuiltByDocker},
		{"docker-buildx-plugin", "0.30.1-1~debian.12~bookworm", "Docker <support@docker.com>", currency.BuiltByDocker},
		{"containerd.io", "1.7.28-1~debian.12~bookworm", "Containerd team <help@containerd.io>", currency.BuiltByDocker},
		{"docker.io", "20.10.24+dfsg1-1+deb12u1", "Debian Go Packaging Team <team+pkg-go@tracker.debian.org>", currency.BuiltByDebian},
		{"docker.io", "28.2.2-0ubuntu1~24.04.1", "Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>", currency.BuiltByUbuntu},
		{"runc", "1.1.12-0ubuntu3.1", "somebody", currency.BuiltByUbuntu},
		{"moby-engine", "28.0.4-ubuntu22.04u1", "Microsoft <support@microsoft.com>", currency.BuiltByOther},
		{"moby-runc", "1.1.12-ubuntu22.04u1", "Microsoft <support@microsoft.com>", currency.BuiltByOther},
		{"docker-ce", "1", "somebody", currency.BuiltByOther},
	} {
		s := host(t, static)
		p := snapshot.Package{Manager: "dpkg", Name: tt.name, Version: tt.version, Source: tt.name, SourceVersion: tt.version, Maintainer: tt.maintainer}
		programs, _ := s.Host.Software.Programs.Peek()
		for i := range programs {
			programs[i].Package = snapshot.See(p, snapshot.At("package", "/var/lib/dpkg/status"))
		}
		if got := component(t, currency.Judge(s, known.BuiltIn()), known.Runc).Origin.Builder; got != tt.want {
			t.Errorf("%s %s of %s is built by %s, want %s", tt.name, tt.version, tt.maintainer, got, tt.want)
		}
	}
}

// TestKernelBuilders: a kernel is not of the distribution whose compiler built it.
func TestKernelBuilders(t *testing.T) {
	const gcc = " (me@host) (gcc (Ubuntu 13.2.0-23ubuntu4) 13.2.0, GNU ld (GNU Binutils for Ubuntu) 2.42) "
	for _, tt := range []struct {
		release, counted, upstream string
		want                       currency.Builder
	}{
		{"6.8.0-45-generic", "#45-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug 30 12:02:04 UTC 2024", "", currency.BuiltByUbuntu},
		{"6.8.0-45-generic", "#45~22.04.1-Ubuntu SMP PREEMPT_DYNAMIC Wed Sep 11 15:25:05 UTC 2", "", currency.BuiltByUbuntu},
		{"6.18.44-own", "#1 SMP PREEMPT_DYNAMIC Fri Oct 2 12:02:04 UTC 2026", "6.18.44", currency.BuiltForKernel},
	} {
		s := host(t, static)
		example.Set(&s.Host.OS, snapshot.OS{ID: "ubuntu", Version: "24.04"})
		example.Set(&s.Host.Kernel, tt.release)
		example.Set(&s.Host.Software.Kernel.Build, "Linux version "+tt.release+gcc+tt.counted)
		if c := component(t, currency.Judge(s, known.BuiltIn()), known.Kernel); c.Origin.Builder != tt.want || c.Upstream != tt.upstream {
			t.Errorf("%s %s is built by %s as %q, want %s as %q", tt.release, tt.counted, c.Origin.Builder, c.Upstream, tt.want, tt.upstream)
		}
	}
}
