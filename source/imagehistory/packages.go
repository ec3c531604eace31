package imagehistory

import (
	"slices"
	"strings"

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
	if slices.ContainsFunc(c.words, func(w string) bool { return strings.Contains(w, "[trusted=yes") }) {
		note(snapshot.BuildUnsigned, "deb [trusted=yes]")
	}
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
