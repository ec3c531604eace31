// Package version compares versions as those who number them do: the makers of
// the engine and its parts, and the package managers of distributions.
package version

import (
	"cmp"
	"strings"

	apk "github.com/knqyf263/go-apk-version"
	deb "github.com/knqyf263/go-deb-version"
	rpm "github.com/knqyf263/go-rpm-version"

	"seawall/lang"
)

// Scheme is a way to number versions.
type Scheme string

// The schemes.
const (
	Upstream Scheme = "upstream" // releases of moby, containerd, runc, BuildKit, Linux, …
	Deb      Scheme = "deb"
	RPM      Scheme = "rpm"
	APK      Scheme = "apk"
)

// Compare returns -1, 0 or +1. A version that the scheme cannot read is an error.
func (s Scheme) Compare(a, b string) (int, error) {
	if a == "" || b == "" {
		return 0, lang.Error("a version is empty")
	}
	switch s {
	case Upstream:
		return compareUpstream(a, b)
	case Deb:
		return compareDeb(a, b)
	case RPM:
		return rpm.NewVersion(a).Compare(rpm.NewVersion(b)), nil
	case APK:
		return compareAPK(a, b)
	}
	return 0, lang.Errorf("versions of the kind %q cannot be compared", string(s))
}

func compareDeb(a, b string) (int, error) {
	x, err := deb.NewVersion(a)
	if err != nil {
		return 0, lang.Errorf("version %q: %w", a, err)
	}
	y, err := deb.NewVersion(b)
	if err != nil {
		return 0, lang.Errorf("version %q: %w", b, err)
	}
	return cmp.Compare(x.Compare(y), 0), nil
}

func compareAPK(a, b string) (int, error) {
	x, err := apk.NewVersion(a)
	if err != nil {
		return 0, lang.Errorf("version %q: %w", a, err)
	}
	y, err := apk.NewVersion(b)
	if err != nil {
		return 0, lang.Errorf("version %q: %w", b, err)
	}
	return cmp.Compare(x.Compare(y), 0), nil
}

// OfPackage is the version of the software in a package, without what packaging
// adds: the epoch, the revision, and the mark of a source that was stripped of
// files (+dfsg1, ~ds1). "5:28.5.2-1~debian.12~bookworm" is 28.5.2. A pre-release
// is written as its makers do: "1.0.0~rc93" is 1.0.0-rc93.
func OfPackage(s Scheme, v string) string {
	if s == Upstream {
		return Clean(v)
	}
	if _, rest, ok := strings.Cut(v, ":"); ok {
		v = rest
	}
	if i := strings.LastIndexByte(v, '-'); i >= 0 {
		v = v[:i]
	}
	// docker.com wrote 5:20.10.9~3-0~debian-buster: what follows ~ numbers builds.
	head, tail, ok := strings.Cut(v, "~")
	if ok && (strings.HasPrefix(tail, "rc") || strings.HasPrefix(tail, "beta") || strings.HasPrefix(tail, "alpha")) {
		v = head + "-" + tail
	} else if ok {
		v = head
	}
	v, _, _ = strings.Cut(v, "~ds")
	return Clean(v)
}

// Clean removes from a version what does not order it: the letter and name
// before the number ("v1.2", "docker-v29.0"), and build remarks after a +.
func Clean(v string) string {
	v = strings.TrimSpace(v)
	v = strings.TrimPrefix(v, "docker-")
	v = strings.TrimPrefix(v, "v")
	v, _, _ = strings.Cut(v, "+")
	return v
}
