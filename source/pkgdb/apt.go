package pkgdb

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"seawall/currency/version"
)

// Newest reads a list of packages of apt and puts into newest the highest version
// of each package that is a key there. It looks at the lines that begin with
// Package and Version only: lists have tens of thousands of paragraphs.
func Newest(r io.Reader, newest map[string]string) error {
	lines := bufio.NewReaderSize(r, 256<<10)
	name := ""
	for {
		line, err := lines.ReadSlice('\n')
		long := err == bufio.ErrBufferFull
		if err != nil && err != io.EOF && !long {
			return err
		}
		switch {
		case bytes.HasPrefix(line, packageField) && !long:
			name = string(bytes.TrimSpace(line[len(packageField):]))
			if _, ok := newest[name]; !ok {
				name = ""
			}
		case name != "" && bytes.HasPrefix(line, versionField) && !long:
			raise(version.Deb, newest, name, string(bytes.TrimSpace(line[len(versionField):])))
		case len(bytes.TrimSpace(line)) == 0:
			name = ""
		}
		for long { // the rest of a line that is too long to matter
			_, err = lines.ReadSlice('\n')
			long = err == bufio.ErrBufferFull
		}
		if err == io.EOF {
			return nil
		}
	}
}

var packageField, versionField = []byte("Package: "), []byte("Version: ")

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
		return nil, fmt.Errorf("configuration of the kernel: %w", err)
	}
	if options == 0 {
		return nil, fmt.Errorf("configuration of the kernel: it sets no option")
	}
	return out, nil
}
