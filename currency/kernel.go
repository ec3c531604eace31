package currency

import (
	"regexp"
	"strings"

	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
	"seawall/snapshot"
)

// debianKernel finds the version of Debian's package in what a kernel says of
// itself, with its day (the compiler is named likewise, without one): "… SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)".
var debianKernel = regexp.MustCompile(`\bDebian (\d[0-9A-Za-z.+~-]*) \(\d{4}-`)

// ubuntuKernel finds how Ubuntu counts its builds: "#45~22.04.1-Ubuntu SMP …". The
// compiler is named after Ubuntu in every kernel that was built there.
var ubuntuKernel = regexp.MustCompile(`#(\S+)-Ubuntu\b`)

// ubuntuRelease finds release and interface in what Ubuntu calls a kernel:
// "6.8.0-45-generic" is 6.8.0-45 for the flavour generic.
var ubuntuRelease = regexp.MustCompile(`^(\d+\.\d+\.\d+-\d+)-[a-z]`)

// releaseNumber is the number at the start of a release: "6.18.44-fc" is 6.18.44.
var releaseNumber = regexp.MustCompile(`^\d+\.\d+(\.\d+)?(-rc\d+)?`)

// kernel adds the running kernel.
func (g *gatherer) kernel() {
	h := &g.s.Host
	c := Component{Kind: known.Kernel}
	told, ok := tell(&c, h.Kernel)
	c.Version, c.Read = told, h.Kernel.Origin()
	if !ok {
		g.add(c)
		return
	}
	build, _ := tell(&c, h.Software.Kernel.Build)
	pkg, _ := tell(&c, h.Software.Kernel.Package)
	tell(&c, h.OS)
	c.Origin = Origin{Builder: BuiltUnknown, Package: pkg, Read: h.Software.Kernel.Package.Origin()}
	switch m := debianKernel.FindStringSubmatch(build); {
	case m != nil && g.os.ID == "debian":
		// What runs counts, not what is installed.
		c.Origin.Builder, c.Origin.Ecosystem, c.Origin.Read = BuiltByDebian, debianSuite(g.os), h.Software.Kernel.Build.Origin()
		c.Origin.Package = snapshot.Package{Manager: "dpkg", Name: "linux-image-" + told, Version: m[1], Source: "linux", SourceVersion: m[1]}
		c.Version = told + " (Debian " + m[1] + ")"
		c.Upstream = version.OfPackage(version.Deb, m[1])
	case ubuntuKernel.MatchString(build):
		c.Origin.Builder, c.Origin.Ecosystem = BuiltByUbuntu, ecosystemOf(BuiltByUbuntu, g.os)
		if v := ubuntuVersion(told, build); v != "" {
			c.Origin.Package = snapshot.Package{Manager: "dpkg", Name: "linux-image-" + told, Version: v, Source: ubuntuSource(pkg.Source), SourceVersion: v}
			c.Version = told + " (Ubuntu " + v + ")"
		}
	case h.Software.Kernel.Package.State() == snapshot.Absent && build != "":
		c.Origin.Builder = BuiltForKernel
		c.Upstream = upstreamKernel(told)
	case pkg.Name != "":
		c.Origin.Builder = builderOf(pkg)
		c.Origin.Ecosystem = ecosystemOf(c.Origin.Builder, g.os)
	}
	if c.Upstream == "" {
		c.Remarks = append(c.Remarks, lang.T("the number of this kernel does not tell which upstream release it is made of: only its vendor knows what is mended in it"))
	}
	g.add(c)
}

// ubuntuVersion is the version of the source of the kernel that runs, by its release and
// its build: 6.8.0-45-generic, built as #45~22.04.1, is of 6.8.0-45.45~22.04.1. It is ""
// where the two are not of this form.
func ubuntuVersion(release, build string) string {
	r, b := ubuntuRelease.FindStringSubmatch(release), ubuntuKernel.FindStringSubmatch(build)
	if r == nil || b == nil {
		return ""
	}
	return r[1] + "." + b[1]
}

// ubuntuSource is the source that a kernel of Ubuntu was compiled from, by the source of
// its package: the packages of signed kernels have one of their own, which adds the
// signature ("linux-signed-hwe-6.8" of linux-hwe-6.8).
func ubuntuSource(source string) string { return strings.Replace(source, "linux-signed", "linux", 1) }

// upstreamKernel is the release of a kernel that somebody built from a release.
// Distributions number their own builds after a release that ends in 0
// (6.8.0-45-generic, 5.14.0-427.el9) and mend it without counting on.
func upstreamKernel(told string) string {
	number := releaseNumber.FindString(told)
	rest := strings.TrimPrefix(told, number)
	if strings.HasSuffix(number, ".0") && rest != "" || strings.Contains(rest, ".el") || strings.Contains(rest, ".fc") || strings.Contains(rest, ".amzn") {
		return ""
	}
	return number
}
