package procfs

import (
	"bytes"
	"errors"
	"path"
	"strings"

	"seawall/lang"
)

// Mount is a line of /proc/PID/mountinfo (fs/proc_namespace.c).
type Mount struct {
	ID, Parent int
	// Device is the "major:minor" of the file system. It is the same for all
	// mounts of one file system, in every mount namespace.
	Device string
	// Root is the directory or file of the file system that is mounted.
	Root string
	// Point is where it is mounted, below the root of the process.
	Point    string
	ReadOnly bool // of this mount; the file system may be read-only besides
	// Shared: mounts made below it propagate to its peers.
	Shared bool
	// NoSUID and NoDev: setuid bits and device nodes mean nothing in it.
	NoSUID, NoDev bool
	FSType        string
	// Deleted: the mounted file was removed; Root is where it was.
	Deleted bool
}

var errMountinfo = errors.New(lang.N("want: id parent major:minor root mountpoint options [tags] - type source options"))

// ParseMountinfo reads /proc/PID/mountinfo.
func ParseMountinfo(data []byte) ([]Mount, error) {
	text := string(data) // the fields of all mounts share this one copy
	mounts := make([]Mount, 0, bytes.Count(data, []byte{'\n'})+1)
	for number := 1; text != ""; number++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line == "" {
			continue
		}
		m, err := parseMount(line)
		if err != nil {
			return nil, lang.RecordErrorf("mountinfo: line %d: %w", number, err)
		}
		mounts = append(mounts, m)
	}
	return mounts, nil
}

func parseMount(line string) (Mount, error) {
	var f [6]string
	for i := range f {
		var ok bool
		if f[i], line, ok = strings.Cut(line, " "); !ok || f[i] == "" {
			return Mount{}, errMountinfo
		}
	}
	m := Mount{Device: f[2], Root: unescape(f[3]), Point: unescape(f[4]), ReadOnly: hasOption(f[5], "ro"), NoSUID: hasOption(f[5], "nosuid"), NoDev: hasOption(f[5], "nodev")}
	var err1, err2 error
	if m.ID, err1 = number([]byte(f[0])); err1 == nil {
		m.Parent, err2 = number([]byte(f[1]))
	}
	if err := errors.Join(err1, err2); err != nil {
		return Mount{}, err
	}
	var tag string
	for ok := true; ok; {
		if tag, line, ok = strings.Cut(line, " "); tag == "-" && ok {
			m.FSType, _, _ = strings.Cut(line, " ")
			m.Root, m.Deleted = strings.CutSuffix(m.Root, "//deleted")
			return m, nil
		}
		m.Shared = m.Shared || strings.HasPrefix(tag, "shared:")
	}
	return Mount{}, errMountinfo
}

func hasOption(options, want string) bool {
	for o := range strings.SplitSeq(options, ",") {
		if o == want {
			return true
		}
	}
	return false
}

// unescape undoes the octal escapes of space, tab, newline and backslash
// (fs/seq_file.c, mangle_path).
func unescape(s string) string {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	out := []byte(s[:i])
	for ; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) && isOctal(s[i+1:i+4]) {
			out = append(out, (s[i+1]-'0')<<6|(s[i+2]-'0')<<3|(s[i+3]-'0'))
			i += 3
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

func isOctal(s string) bool {
	return s[0] <= '3' && s[0] >= '0' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' && s[2] <= '7'
}

// Below returns the part of p below dir, "" where they are the same path, and
// whether p is dir or below it. Both are clean absolute paths.
func Below(dir, p string) (rest string, ok bool) {
	if dir == "/" {
		return strings.TrimPrefix(p, "/"), strings.HasPrefix(p, "/")
	}
	rest, ok = strings.CutPrefix(p, dir)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	return strings.TrimPrefix(rest, "/"), true
}

// Join is the path of rest below dir.
func Join(dir, rest string) string {
	if rest == "" {
		return dir
	}
	return path.Join(dir, rest)
}
