package pkgdb

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"seawall/currency/version"
	"seawall/lang"
	"seawall/snapshot"
)

// Versions are the newest ones of packages in lists.
type Versions struct {
	// Newest has the packages that are wanted as keys, and of each the highest version
	// that is meant for all machines; "" where there is none.
	Newest map[string]string
	// Phased are of these packages the highest versions that only some machines get.
	Phased map[string]snapshot.PhasedVersion
}

// Newest reads a list of packages of apt and puts into v the highest version of each
// package that is wanted. It looks at the lines that begin with Package, Version and
// Phased-Update-Percentage only: lists have tens of thousands of paragraphs.
func Newest(r io.Reader, v *Versions) error {
	lines := bufio.NewReaderSize(r, 256<<10)
	var p paragraph
	for {
		line, err := lines.ReadSlice('\n')
		long := err == bufio.ErrBufferFull
		if err != nil && err != io.EOF && !long {
			return err
		}
		switch {
		case bytes.HasPrefix(line, packageField) && !long:
			p.end(v)
			name := string(bytes.TrimSpace(line[len(packageField):]))
			if _, ok := v.Newest[name]; ok {
				p.name = name
			}
		case p.name == "":
		case bytes.HasPrefix(line, versionField) && !long:
			p.version = string(bytes.TrimSpace(line[len(versionField):]))
		case bytes.HasPrefix(line, phasedField) && !long:
			p.phased = string(bytes.TrimSpace(line[len(phasedField):]))
		case len(bytes.TrimSpace(line)) == 0:
			p.end(v)
		}
		for long { // the rest of a line that is too long to matter
			_, err = lines.ReadSlice('\n')
			long = err == bufio.ErrBufferFull
		}
		if err == io.EOF {
			p.end(v)
			return nil
		}
	}
}

var packageField, versionField, phasedField = []byte("Package: "), []byte("Version: "), []byte("Phased-Update-Percentage: ")

// paragraph is one of a package that is wanted.
type paragraph struct{ name, version, phased string }

// end takes a paragraph that ends. A version that has reached all machines has no
// percentage, or 100; what is no number is taken for that.
func (p *paragraph) end(v *Versions) {
	if p.name != "" {
		percent, err := strconv.Atoi(p.phased)
		if err == nil && percent >= 0 && percent < 100 {
			v.raisePhased(p.name, snapshot.PhasedVersion{Version: p.version, Percent: percent})
		} else {
			raise(version.Deb, v.Newest, p.name, p.version)
		}
	}
	*p = paragraph{}
}

// raisePhased puts down a version that some machines get, if it is higher than another
// such one.
func (v *Versions) raisePhased(name string, new snapshot.PhasedVersion) {
	highest := map[string]string{name: v.Phased[name].Version}
	if raise(version.Deb, highest, name, new.Version); highest[name] != new.Version || v.Phased[name].Version == new.Version {
		return
	}
	if v.Phased == nil {
		v.Phased = map[string]snapshot.PhasedVersion{}
	}
	v.Phased[name] = new
}

// Raise puts the versions of others in that are higher, and leaves out of those that only
// some machines get which all have by now.
func (v *Versions) Raise(s version.Scheme, others Versions) {
	for name, n := range others.Newest {
		if n != "" {
			raise(s, v.Newest, name, n)
		}
	}
	for name, p := range others.Phased {
		v.raisePhased(name, p)
	}
	maps.DeleteFunc(v.Phased, func(name string, p snapshot.PhasedVersion) bool {
		order, err := s.Compare(p.Version, cmp.Or(v.Newest[name], p.Version+"~"))
		return err != nil || order <= 0
	})
}

// Settings of apt's daily work, in the forms APT::Periodic::Unattended-Upgrade "1"; and
// Unattended-Upgrade "1"; inside a block. Enable counts
// below Periodic only: other parts of apt have settings of that name.
var (
	unattended = regexp.MustCompile(`(?m)^[^#/\n]*\bUnattended-Upgrade\s+"([^"\n]*)"\s*;`)
	periodic   = regexp.MustCompile(`(?m)^[^#/\n]*\bPeriodic(?:::|\s*\{[^}]*?\b)Enable\s+"([^"\n]*)"\s*;`)
)

// aptComment matches lines that are comments.
var aptComment = regexp.MustCompile(`(?m)^\s*(//|#).*$`)

// Periodic is what a file of apt's configuration says of unattended upgrades, and of
// whether apt does any daily work at all (apt.systemd.daily); "" where it says nothing.
// The last word counts.
func Periodic(text []byte) (upgrade, enable string) {
	text = aptComment.ReplaceAll(text, nil)
	return lastWord(unattended, text), lastWord(periodic, text)
}

// Settings by which apt takes phased versions at once, or never (apt's debian/NEWS, 2.1.16).
var (
	phasedAlways = regexp.MustCompile(`(?m)^[^#/\n]*\bAlways-Include-Phased-Updates\s+"([^"\n]*)"\s*;`)
	phasedNever  = regexp.MustCompile(`(?m)^[^#/\n]*\bNever-Include-Phased-Updates\s+"([^"\n]*)"\s*;`)
)

// Phasing is what a file of apt's configuration says of versions that only some machines
// get: whether this one takes them at once, or never; "" where it says nothing. The last
// word counts.
func Phasing(text []byte) (always, never string) {
	text = aptComment.ReplaceAll(text, nil)
	return lastWord(phasedAlways, text), lastWord(phasedNever, text)
}

// On reports whether apt takes a value for yes (StringToBool in apt-pkg/contrib/strutl.cc).
func On(value string) bool {
	switch strings.ToLower(value) {
	case "1", "yes", "true", "with", "on", "enable":
		return true
	}
	return false
}

func lastWord(setting *regexp.Regexp, text []byte) string {
	all := setting.FindAllSubmatch(text, -1)
	if len(all) == 0 {
		return ""
	}
	return string(all[len(all)-1][1])
}

// configName matches the files of a directory that apt reads as its configuration
// (apt.conf(5)): without an ending, or with .conf. It passes over 20auto-upgrades.dpkg-old.
var configName = regexp.MustCompile(`^[\w-]+$|^\w[\w.-]*\.conf$`)

// ConfigName reports whether apt reads a file of this name in apt.conf.d.
func ConfigName(name string) bool { return configName.MatchString(name) }

// KernelConfig reads the configuration of a kernel and returns those options that
// are wanted: "y", "m", their value, or "n" where they are not set.
func KernelConfig(r io.Reader, wanted []string) (map[string]string, error) {
	out := make(map[string]string, len(wanted))
	for _, name := range wanted {
		out[name] = "n"
	}
	lines := bufio.NewScanner(r)
	options := 0
	for lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), "=")
		if !ok || !strings.HasPrefix(name, "CONFIG_") {
			continue
		}
		options++
		if _, ok := out[name]; ok {
			out[name] = value
		}
	}
	if err := lines.Err(); err != nil {
		return nil, lang.RecordErrorf("configuration of the kernel: %w", err)
	}
	if options == 0 {
		return nil, lang.RecordErrorf("configuration of the kernel: it sets no option")
	}
	return out, nil
}
