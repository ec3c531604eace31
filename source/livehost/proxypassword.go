package livehost

import (
	"regexp"
	"strings"

	"seawall/snapshot"
)

// proxyPasswords finds the places that hold the password of a proxy which the
// daemon uses: command line, configuration, its unit with drop-ins and
// environment files.
func (d *daemon) proxyPasswords(units []unitFile) snapshot.Fact[[]snapshot.ProxyPassword] {
	o := snapshot.At("proxies", "configuration, units and command line of the daemon")
	for _, g := range []snapshot.Gap{d.flags.Gap(), d.file.Gap()} {
		if g.Reason != "" {
			return snapshot.Lost[[]snapshot.ProxyPassword](g, o)
		}
	}
	out := []snapshot.ProxyPassword{}
	add := func(place string, settings []string) {
		for _, setting := range settings {
			out = append(out, snapshot.ProxyPassword{Place: place, Setting: setting})
		}
	}
	flags, _ := d.flags.Peek()
	add(snapshot.CommandLine, flags.ProxyPasswords)
	file, _ := d.file.Peek()
	add(file.Source, file.ProxyPasswords)
	for _, u := range units {
		files := append([]string{u.fragment}, u.dropIns...)
		for _, file := range u.values["Service.EnvironmentFile"] {
			files = append(files, environmentFile(file))
		}
		for _, file := range files {
			data, err := d.host.ReadFile(file, maxDaemonConfig)
			if missing(err) {
				continue
			}
			if err != nil {
				return snapshot.Lost[[]snapshot.ProxyPassword](*gapPtr(err), o)
			}
			add(d.host.Where(file), proxySettings(data))
		}
	}
	return snapshot.See(out, o)
}

// environmentFile is the path of an EnvironmentFile= without its marks.
func environmentFile(value string) string { return strings.Trim(strings.TrimPrefix(value, "-"), `"'`) }

// proxyWithPassword matches the assignment of a proxy variable whose URL holds
// a password.
var proxyWithPassword = regexp.MustCompile(`(?i)\b((?:https?|ftp|all)_proxy)=["']?[a-z0-9+]*:?/{0,2}[^\s"':@/]*:[^\s"'@/]+@`)

// proxySettings names the proxy variables of a unit or environment file that
// are set with a password.
func proxySettings(data []byte) []string {
	var out []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		for _, m := range proxyWithPassword.FindAllStringSubmatch(line, -1) {
			out = append(out, m[1])
		}
	}
	return out
}
