package livehost

import (
	"bufio"
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"seawall/currency/version"
	"seawall/source/hostfile"
	"seawall/source/pkgdb"
)

// Where dnf 4, yum and dnf 5 keep what they fetched, one directory a repository; and
// where apk does, if it was told to.
var (
	dnfCaches = []string{"/var/cache/dnf", "/var/cache/libdnf5"}
	apkCaches = []string{"/var/cache/apk", "/etc/apk/cache"}
	repoDirs  = []string{"/etc/yum.repos.d", "/etc/distro.repos.d"}
)

// manager is the package manager of the host: "dpkg", "apk" or "rpm", in the order in
// which their databases are asked; "" if there is none.
func (w *owners) manager() string {
	switch {
	case w.packages != nil || w.dpkgErr != nil:
		return "dpkg"
	case w.exists(apkDB):
		return "apk"
	case w.rpmPath() != "":
		return "rpm"
	}
	return ""
}

// cacheName matches a repository's directory: its id and a sum of its address.
var cacheName = regexp.MustCompile(`^(.+)-[0-9a-f]{16}$`)

// dnfFiles are the lists of the repositories that dnf may take packages from.
func dnfFiles(files *hostfile.FS) (lists, error) {
	l := lists{manager: "dnf", scheme: version.RPM, read: listsIn(pkgdb.NewestRPM), age: oldest, pins: dnfPins(files)}
	enabled, err := enabledRepos(files)
	if err != nil {
		return l, err
	}
	for _, dir := range dnfCaches {
		repos, err := files.ReadDir(dir)
		if err != nil && !missing(err) {
			return l, err
		}
		for _, repo := range repos {
			m := cacheName.FindStringSubmatch(repo)
			if m == nil || !enabled[m[1]] {
				continue
			}
			names, err := files.ReadDir(path.Join(dir, repo, "repodata"))
			if err != nil && !missing(err) {
				return l, err
			}
			for _, name := range names {
				if strings.Contains(name, "primary.xml") {
					l.files = append(l.files, path.Join(dir, repo, "repodata", name))
				}
			}
		}
	}
	return l, nil
}

// enabledRepos are the ids of the repositories that are configured and not disabled.
func enabledRepos(files *hostfile.FS) (map[string]bool, error) {
	out := map[string]bool{}
	for _, dir := range repoDirs {
		names, err := files.ReadDir(dir)
		if err != nil && !missing(err) {
			return nil, err
		}
		for _, name := range names {
			if path.Ext(name) != ".repo" {
				continue
			}
			text, err := files.ReadFile(path.Join(dir, name), 1<<20)
			if err != nil {
				return nil, err
			}
			for id, on := range parseRepos(text) {
				out[id] = on
			}
		}
	}
	return out, nil
}

// parseRepos reads a file of repositories (dnf.conf(5)): for each id whether it is on.
func parseRepos(text []byte) map[string]bool {
	out := map[string]bool{}
	id := ""
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			id = line[1 : len(line)-1]
			out[id] = true
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if ok && id != "" && strings.TrimSpace(key) == "enabled" {
			switch strings.ToLower(strings.TrimSpace(value)) {
			case "0", "no", "false", "off":
				out[id] = false
			}
		}
	}
	return out
}

// excluded matches a setting by which dnf passes packages over.
var excluded = regexp.MustCompile(`(?m)^\s*(exclude|excludepkgs|excludes)\s*=\s*\S`)

// lockedVersion matches a line of a list of versions that are kept.
var lockedVersion = regexp.MustCompile(`(?m)^\s*[^#\s]`)

// dnfPins are the files by which dnf takes other versions than the newest.
func dnfPins(files *hostfile.FS) []string {
	return having(files, map[string]*regexp.Regexp{
		"/etc/dnf/dnf.conf": excluded, "/etc/yum.conf": excluded,
		"/etc/dnf/plugins/versionlock.list": lockedVersion, "/etc/dnf/versionlock.toml": regexp.MustCompile(`(?m)^\s*\[\[packages\]\]`),
	})
}

// having are the files that exist and match, sorted.
func having(files *hostfile.FS, wanted map[string]*regexp.Regexp) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if text, err := files.ReadFile(name, 1<<20); err == nil && wanted[name].Match(text) {
			out = append(out, name)
		}
	}
	return out
}

// apkFiles are the indexes of apk's repositories.
func apkFiles(files *hostfile.FS) (lists, error) {
	l := lists{manager: "apk", scheme: version.APK, read: listsIn(pkgdb.NewestAPK), age: oldest}
	l.pins = having(files, map[string]*regexp.Regexp{"/etc/apk/world": regexp.MustCompile(`[=<>~@]`)})
	for _, dir := range apkCaches {
		names, err := files.ReadDir(dir)
		if err != nil && !missing(err) {
			return l, err
		}
		for _, name := range names {
			if strings.HasPrefix(name, "APKINDEX.") && strings.HasSuffix(name, ".tar.gz") {
				l.files = append(l.files, path.Join(dir, name))
			}
		}
	}
	return l, nil
}

// oldest is when the list was fetched that was fetched first.
func oldest(files *hostfile.FS, lists []string) time.Time {
	var first time.Time
	for _, name := range lists {
		if info, err := files.Info(name); err == nil && (first.IsZero() || info.ModTime.Before(first)) {
			first = info.ModTime
		}
	}
	return first.UTC().Truncate(time.Second)
}
