package currency

import (
	"regexp"
	"strings"

	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
)

// byVendor decides by the word of the distribution whose package it is. It is
// false where nothing is known of that.
func (c *Component) byVendor(v *Verdict, a *known.Advisory, upstream known.Answer) bool {
	p := c.Origin.Package
	if c.suspect != "" {
		return false
	}
	if c.Origin.Builder != BuiltByDebian {
		return c.byRelease(v, a)
	}
	if p.Source == "linux" {
		return c.byKernelBranch(v, a)
	}
	general := a.Of(known.Debian, p.Source)
	suite := a.Of(c.Origin.Ecosystem, p.Source)
	if c.Origin.Ecosystem == known.Debian {
		suite = nil
	}
	if suite != nil && (general == nil || sameLine(suite, p.SourceVersion)) {
		return v.say(suite, p.SourceVersion, suiteName(c.Origin.Ecosystem))
	}
	// The word on unstable is that on every suite that nothing else is said of: a
	// version before it has the flaw, if releases of this number have it.
	if general == nil {
		return false
	}
	answer, _, err := general.Says(p.SourceVersion)
	if err == nil && answer == known.Affected && upstream != known.Affected {
		return false
	}
	said := v.say(general, p.SourceVersion, "Debian")
	if said && answer == known.Affected && suite == nil && c.Origin.Ecosystem != known.Debian {
		// Who runs a release cannot install it.
		v.Why = lang.Sprintf("Debian unstable mends it in %s; no version of %s that does was seen", v.FixedIn, suiteName(c.Origin.Ecosystem))
		v.FixedIn = ""
	}
	return said
}

// byRelease decides by what a distribution says of its release that runs.
func (c *Component) byRelease(v *Verdict, a *known.Advisory) bool {
	p := c.Origin.Package
	word := a.Of(c.Origin.Ecosystem, p.Source)
	if m := minorRelease.FindStringSubmatch(p.SourceVersion); m != nil && c.Origin.Builder == BuiltByRedHat {
		// What is mended in a minor release for longer than usual has versions of its own.
		if longer := a.Of(known.RedHat+":"+m[1]+"."+m[2], p.Source); longer != nil && longer.Status == "" {
			word = longer
		}
	}
	return word != nil && v.say(word, p.SourceVersion, suiteName(c.Origin.Ecosystem))
}

// minorRelease matches the mark of a minor release in a version of Red Hat's: el9_4.
var minorRelease = regexp.MustCompile(`\.el(\d+)_(\d+)\b`)

func suiteName(ecosystem string) string { return strings.Replace(ecosystem, ":", " ", 1) }

// sameLine reports whether a suite's word is on packages of the same release: one
// that was taken from another suite is not counted by it.
func sameLine(suite *known.Affects, v string) bool {
	spans := suite.Spans()
	return len(spans) == 0 || version.OfPackage(version.Deb, spans[0].To) == version.OfPackage(version.Deb, v)
}

// say sets the verdict to the vendor's word.
func (v *Verdict) say(word *known.Affects, packageVersion, who string) bool {
	switch word.Status {
	case "accepted":
		v.Status, v.Why = Accepted, lang.Sprintf("%s has decided not to mend it (%s)", who, lang.T(word.Why))
		return true
	case "unfixed":
		v.Status, v.Why = Open, lang.Sprintf("%s has not mended it (%s)", who, lang.T(word.Why))
		return true
	}
	answer, why, err := word.Says(packageVersion)
	switch {
	case err != nil || answer == known.NoWord:
		return false
	case answer == known.Doubtful:
		v.Status, v.Why = Undecided, lang.T(why)
	case answer == known.Affected:
		v.Status, v.FixedIn = Open, word.FixedIn(packageVersion)
		v.Why = lang.Sprintf("%s mends it in %s, which is later than %s", who, v.FixedIn, packageVersion)
	case answer == known.Never:
		v.Status, v.Why = NotAffected, lang.Sprintf("%s says that no version of this release has it", who)
	case answer == known.Mended:
		v.Status, v.Why = Fixed, lang.Sprintf("%s mended it in %s", who, word.Spans()[len(word.Spans())-1].To)
	default:
		return false
	}
	return true
}

// debianKernels are the branches of the kernels that releases of Debian have (not those of
// backports): what the tracker says of a release is of these.
var debianKernels = map[string]string{"Debian:11": "5.10", "Debian:12": "6.1", "Debian:13": "6.12"}

// byKernelBranch decides a flaw of the kernel by Debian's word on the branch that
// runs: each version mends its own branch only.
func (c *Component) byKernelBranch(v *Verdict, a *known.Advisory) bool {
	runs := c.Origin.Package.SourceVersion
	if suite := a.Of(c.Origin.Ecosystem, "linux"); suite != nil && debianKernels[c.Origin.Ecosystem] == branch(runs) {
		return v.say(suite, runs, suiteName(c.Origin.Ecosystem))
	}
	word := a.Of(known.Debian, "linux")
	if word == nil {
		return false
	}
	for _, s := range word.Spans() {
		if branch(s.To) != branch(runs) {
			continue
		}
		order, err := version.Deb.Compare(runs, s.To)
		switch {
		case err != nil:
			return false
		case order < 0:
			v.Status, v.FixedIn, v.Why = Open, s.To, lang.Sprintf("%s mends it in %s, which is later than %s", "Debian", s.To, runs)
		default:
			v.Status, v.Why = Fixed, lang.Sprintf("%s mended it in %s", "Debian", s.To)
		}
		return true
	}
	return false
}
