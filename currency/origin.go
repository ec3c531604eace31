package currency

import (
	"regexp"
	"strings"

	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
	"seawall/snapshot"
)

// Builder is who built a program.
type Builder string

// The builders.
const (
	BuiltByDocker  Builder = "docker.com"
	BuiltByDebian  Builder = "debian"
	BuiltByUbuntu  Builder = "ubuntu"
	BuiltByAlpine  Builder = "alpine"
	BuiltByRedHat  Builder = "redhat"
	BuiltByFedora  Builder = "fedora"
	BuiltByCentOS  Builder = "centos"
	BuiltByRocky   Builder = "rocky"
	BuiltByAlma    Builder = "almalinux"
	BuiltBySUSE    Builder = "suse"
	BuiltByAmazon  Builder = "amazon"
	BuiltBySnap    Builder = "snap"
	BuiltByOther   Builder = "other"   // a package of somebody else
	BuiltForKernel Builder = "self"    // a kernel of no package
	BuiltStatic    Builder = "static"  // a program of no package: a static archive, or built by hand
	BuiltUnknown   Builder = "unknown" // it could not be told
)

// distributions are the names of builders that are distributions.
var distributions = map[Builder]string{
	BuiltByDebian: "Debian", BuiltByUbuntu: "Ubuntu", BuiltByAlpine: "Alpine", BuiltByRedHat: "Red Hat", BuiltByFedora: "Fedora", BuiltByCentOS: "CentOS",
	BuiltByRocky: "Rocky Linux", BuiltByAlma: "AlmaLinux", BuiltBySUSE: "SUSE", BuiltByAmazon: "Amazon Linux",
}

// rpmVendors are the vendors that packages of rpm name, by how these begin.
var rpmVendors = []struct {
	prefix  string
	builder Builder
}{
	{"Docker", BuiltByDocker}, {"Red Hat", BuiltByRedHat}, {"Fedora", BuiltByFedora}, {"CentOS", BuiltByCentOS}, {"Rocky", BuiltByRocky},
	{"AlmaLinux", BuiltByAlma}, {"SUSE", BuiltBySUSE}, {"openSUSE", BuiltBySUSE}, {"Amazon", BuiltByAmazon},
}

// Origin is who built a component, and as what.
type Origin struct {
	Builder Builder
	Package snapshot.Package // zero where it is of none
	// Ecosystem is whose word on the package is known: "Debian:12"; "" where there
	// is none.
	Ecosystem string
	Read      snapshot.Origin
}

// FromUpstream reports whether the ranges of upstream releases are the word of who
// built it.
func (o Origin) FromUpstream() bool {
	return o.Builder == BuiltByDocker || o.Builder == BuiltStatic || o.Builder == BuiltForKernel
}

// Words tell who built it.
func (o Origin) Words() string {
	name := o.Package.Name
	if o.Package.Version != "" {
		name += " " + o.Package.Version
	}
	if distribution := distributions[o.Builder]; distribution != "" {
		return lang.Sprintf("package %s of %s", name, distribution)
	}
	switch o.Builder {
	case BuiltByDocker:
		return lang.Sprintf("package %s of %s", name, "docker.com")
	case BuiltBySnap:
		return lang.Sprintf("snap %s", name)
	case BuiltByOther:
		return lang.Sprintf("package %s of %s", name, orNobody(o.Package.Maintainer))
	case BuiltStatic:
		return lang.T("of no package: a static archive, or built by hand")
	case BuiltForKernel:
		return lang.T("of no package")
	}
	return lang.T("not known who built it")
}

func orNobody(maintainer string) string {
	if maintainer == "" {
		return lang.T("a maintainer that it does not name")
	}
	return maintainer
}

// originOf tells who built what a package holds.
func originOf(pkg snapshot.Fact[snapshot.Package], os snapshot.OS) Origin {
	o := Origin{Builder: BuiltUnknown, Read: pkg.Origin()}
	switch pkg.State() {
	case snapshot.Absent:
		o.Builder = BuiltStatic
	case snapshot.Seen:
		o.Package, _ = pkg.Peek()
		o.Builder = builderOf(o.Package)
		o.Ecosystem = ecosystemOf(o.Builder, os)
	}
	return o
}

// ecosystemOf is whose word counts for a package of a distribution on a host with this
// system, as OSV names it; "" where none does.
func ecosystemOf(by Builder, os snapshot.OS) string {
	switch {
	case by == BuiltByDebian && os.ID == "debian":
		return debianSuite(os)
	case by == BuiltByUbuntu && os.ID == "ubuntu" && os.Version != "":
		return "Ubuntu:" + os.Version
	case by == BuiltByRedHat && os.ID == "rhel" && os.Version != "":
		major, _, _ := strings.Cut(os.Version, ".")
		return known.RedHat + ":" + major
	case by == BuiltByAlpine && os.ID == "alpine":
		if branch := branch(os.Version); branch != "" {
			return "Alpine:v" + branch
		}
	}
	return ""
}

// debianSuite is the ecosystem of a release of Debian. Unstable has no version.
func debianSuite(os snapshot.OS) string {
	if os.Version == "" {
		return known.Debian
	}
	return known.Debian + ":" + os.Version
}

// builderOfRPM goes by the vendor. docker.com's containerd.io names none, and no
// distribution has a package of that name.
func builderOfRPM(p snapshot.Package) Builder {
	for _, v := range rpmVendors {
		if strings.HasPrefix(p.Maintainer, v.prefix) {
			return v.builder
		}
	}
	if p.Name == "containerd.io" && p.Maintainer == "" {
		return BuiltByDocker
	}
	return BuiltByOther
}

func builderOf(p snapshot.Package) Builder {
	maintainer := strings.ToLower(p.Maintainer)
	switch {
	case p.Manager == "snap":
		return BuiltBySnap
	case p.Manager == "apk":
		return BuiltByAlpine
	case p.Manager == "rpm":
		return builderOfRPM(p)
	case strings.Contains(maintainer, "@docker.com"), p.Name == "containerd.io" && strings.Contains(maintainer, "containerd.io"):
		return BuiltByDocker
	case strings.HasPrefix(p.Name, "moby-"): // Microsoft's, with "ubuntu" in the versions of those for Ubuntu
		return BuiltByOther
	case strings.Contains(p.Version, "ubuntu"), strings.Contains(maintainer, "ubuntu.com"):
		return BuiltByUbuntu
	case strings.Contains(maintainer, "debian.org"):
		return BuiltByDebian
	}
	return BuiltByOther
}

// scheme is how the package's versions are numbered.
func scheme(p snapshot.Package) version.Scheme {
	switch p.Manager {
	case "dpkg":
		return version.Deb
	case "apk":
		return version.APK
	case "rpm":
		return version.RPM
	}
	return version.Upstream
}

// release is the upstream release that a version as programs tell it is made of:
// "20.10.24+dfsg1" is 20.10.24, "1.6.20~ds1" is 1.6.20, "1.1.12-0ubuntu3" is
// 1.1.12.
func release(told string) string {
	if head, tail, ok := strings.Cut(told, "-"); ok && strings.Contains(tail, "ubuntu") {
		told = head
	}
	return version.OfPackage(version.Deb, told+"-1")
}

// distributionMark matches what distributions add to the version of a release.
var distributionMark = regexp.MustCompile(`[+~](dfsg|ds)|\+deb\d|ubuntu|\.(el|fc|amzn)\d`)

// doubtBuilder finds programs of no package, or of docker.com, that run what a
// distribution built: a wrapper, or a copy. Whose word counts for them is not known.
// Docker's own builds name the commit that they are of, Ubuntu's the package.
func (c *Component) doubtBuilder(commit string) {
	told := c.Version
	if strings.Trim(commit, "0123456789abcdef") != "" {
		told = commit
	}
	if !c.Origin.FromUpstream() || !distributionMark.MatchString(told) {
		return
	}
	is := c.Origin.Words()
	c.Origin.Builder = BuiltUnknown
	c.Missing = append(c.Missing, Missing{c.Origin.Read, snapshot.Gap{
		Reason: snapshot.ReasonUnsupported,
		Detail: lang.Sprintf("%s is %s, and what runs is a distribution's %s: a wrapper, or a copy", c.Path, is, told),
	}})
}

// holdAgainstPackage compares the version that runs with the package that the
// program is of. A package that holds several programs (containerd.io holds runc)
// has one version for all.
func (c *Component) holdAgainstPackage() {
	p := c.Origin.Package
	if p.Name == "" || c.Origin.FromUpstream() || c.Version == "" {
		return
	}
	made := version.OfPackage(scheme(p), p.SourceVersion)
	if order, err := version.Upstream.Compare(c.Upstream, made); err != nil || order != 0 {
		c.suspect = lang.Sprintf("version %s runs, and the package %s holds %s", c.Version, p.Name, made)
	}
}
