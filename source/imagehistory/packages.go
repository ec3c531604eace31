package imagehistory

import (
	"regexp"
	"slices"

	"seawall/snapshot"
)

// unsignedOptions are those with which packages are installed unchecked.
var unsignedOptions = map[string][]string{
	"apt-get":  {"--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories", "APT::Get::AllowUnauthenticated=true"},
	"apt":      {"--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories", "APT::Get::AllowUnauthenticated=true"},
	"apk":      {"--allow-untrusted"},
	"yum":      {"--nogpgcheck", "--no-gpgchecks"},
	"dnf":      {"--nogpgcheck", "--no-gpgchecks"},
	"microdnf": {"--nogpgcheck"},
	"rpm":      {"--nosignature", "--nogpgcheck", "--nodigest"},
	"zypper":   {"--no-gpg-checks"},
}

func unsigned(note noter, c command) {
	for _, option := range unsignedOptions[c.program()] {
		if c.has(option) {
			note(snapshot.BuildUnsigned, c.program()+" "+option)
		}
	}
	for _, u := range unsignedSettings {
		if c.writes(u.pattern) {
			note(snapshot.BuildUnsigned, u.what)
		}
	}
}

// unsignedSettings do the same in the files of package managers.
var unsignedSettings = []struct {
	pattern *regexp.Regexp
	what    string
}{
	{regexp.MustCompile(`\[[^\]]*trusted=yes`), "deb [trusted=yes]"},
	{regexp.MustCompile(`(?i)AllowUnauthenticated"?\s+"?(?:true|1|yes)`), "APT::Get::AllowUnauthenticated"},
	{regexp.MustCompile(`(?:^|[^_a-z])gpgcheck\s*=\s*(?:0|no|false|off)\b`), "gpgcheck=0"},
	{regexp.MustCompile(`SigLevel\s*=\s*(?:\w+ )*Never`), "SigLevel = Never"},
}

// writes reports whether a command that does not only search holds such a text in its
// words, or in what it is fed from the script itself.
func (c command) writes(pattern *regexp.Regexp) bool {
	switch c.program() {
	case "grep", "egrep", "fgrep", "rg", "test", "[":
		return false
	}
	return pattern.MatchString(c.here) || slices.ContainsFunc(c.words, pattern.MatchString)
}

// managers are the package managers: how each updates its index, and how it
// installs.
var managers = map[string]struct{ update, install []string }{
	"apt-get":  {[]string{"update"}, []string{"install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep", "download", "source"}},
	"apt":      {[]string{"update"}, []string{"install", "upgrade", "full-upgrade", "build-dep", "download", "source"}},
	"aptitude": {[]string{"update"}, []string{"install", "safe-upgrade", "full-upgrade"}},
	"apk":      {[]string{"update"}, []string{"add", "upgrade", "fetch"}},
	"yum":      {[]string{"makecache"}, []string{"install", "update", "upgrade", "groupinstall"}},
	"dnf":      {[]string{"makecache"}, []string{"install", "update", "upgrade", "groupinstall"}},
	"zypper":   {[]string{"refresh", "ref"}, []string{"install", "in", "update", "up", "patch"}},
}

// harmlessPrograms are known to install nothing; any other might.
var harmlessPrograms = []string{
	"rm", "echo", "mkdir", "cp", "mv", "ln", "set", "export", "true", ":", "cat", "sed", "printf", "tee", "touch", "chmod", "chown", "sleep",
	"curl", "wget", "gpg", "apt-key", "dpkg", "apt-cache", "add-apt-repository", "grep", "test", "[", "cd", "locale-gen", "fi", "done", "}",
}

// updatedAlone is the package manager whose index a script updates without
// installing anything; "" where another program of it might.
func updatedAlone(list []command) string {
	updated := ""
	for _, c := range list {
		program := c.program()
		if program == "" || slices.Contains(harmlessPrograms, program) {
			continue
		}
		m, known := managers[program]
		if !known || c.has(m.install...) {
			return ""
		}
		if c.has(m.update...) {
			updated = program
		}
	}
	if updated == "" {
		return ""
	}
	return updated + " " + managers[updated].update[0]
}
