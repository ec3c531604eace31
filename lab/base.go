package lab

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// keyring holds the keys that sign the Debian archive.
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

// basePackages is what a mini host has beside Debian's essential packages.
const basePackages = "docker.io containerd runc iptables procps iproute2 curl ca-certificates " +
	"tini passwd mount adduser uidmap slirp4netns rootlesskit acl sudo openssl kmod busybox-static"

// extraPackages are the ones of a host with [Options].Extras.
const extraPackages = "docker-compose podman netavark aardvark-dns openssh-server ufw firewalld dbus"

// mmdebstrapArgs returns the arguments that build the base of a suite. Their
// hash names the cached base, so a change here builds a new one.
func mmdebstrapArgs(suite string, extras bool) []string {
	packages := strings.Fields(basePackages)
	if suite != "bookworm" { // docker.io holds the client there
		packages = append(packages, "docker-cli")
	}
	if extras {
		packages = append(packages, strings.Fields(extraPackages)...)
	}
	return smallDebian(packages)
}

// smallDebian returns arguments of mmdebstrap for essential and these packages
// without their documentation.
func smallDebian(packages []string) []string {
	return []string{
		"--mode=root", "--variant=essential", "--format=directory", "--quiet",
		"--include=" + strings.Join(packages, ","),
		"--dpkgopt=path-exclude=/usr/share/man/*",
		"--dpkgopt=path-exclude=/usr/share/doc/*",
		"--dpkgopt=path-exclude=/usr/share/locale/*",
		"--dpkgopt=path-exclude=/usr/share/i18n/*",
		"--dpkgopt=force-unsafe-io",
		`--aptopt=APT::Install-Recommends "false"`,
		`--aptopt=Acquire::Languages "none"`,
		`--aptopt=Acquire::Check-Valid-Until "false"`, // sid's may be past its date
	}
}

// basePath returns where the base of v is or will be.
func basePath(v Version, extras bool) (string, error) {
	suite, err := v.suite()
	if err != nil {
		return "", err
	}
	return hashedPath(suite, mmdebstrapArgs(suite, extras)), nil
}

// hashedPath returns where the tree of this name, built with args, is cached.
func hashedPath(name string, args []string) string {
	sum := sha256.Sum256([]byte(strings.Join(args, "\n")))
	return filepath.Join(baseDir(), fmt.Sprintf("%s-%x", name, sum[:4]))
}

// Prepare builds the base root file system of v unless it is there, and
// returns its path. It takes about 20 seconds and 400 MB, needs root and
// mmdebstrap, and downloads from a Debian mirror. Parallel callers, also in
// other processes, build once.
func Prepare(ctx context.Context, v Version) (string, error) { return prepare(ctx, v, false) }

// PrepareExtras is Prepare for hosts with [Options].Extras.
func PrepareExtras(ctx context.Context, v Version) (string, error) { return prepare(ctx, v, true) }

func prepare(ctx context.Context, v Version, extras bool) (string, error) {
	base, err := basePath(v, extras)
	if err != nil {
		return "", err
	}
	err = Once(ctx, base, func(tmp string) error { return buildBase(ctx, v, extras, tmp) })
	if err != nil {
		return "", fmt.Errorf("build the base of engine %s: %w", v, err)
	}
	return base, nil
}

// archive holds Debian as it was when sid carried engine 28.5.
const archive = "http://snapshot.debian.org/archive/debian/20261030T120000Z"

// buildBase builds in dir from the machine's mirror or, where that has moved on
// to another release of the engine, from Debian's archive of old packages.
func buildBase(ctx context.Context, v Version, extras bool, dir string) error {
	err := buildBaseFrom(ctx, mirror(), v, extras, dir)
	if !errors.Is(err, errOtherRelease) {
		return err
	}
	if e := os.RemoveAll(dir); e != nil {
		return errors.Join(err, e)
	}
	if e := buildBaseFrom(ctx, archive, v, extras, dir); e != nil {
		return errors.Join(err, e)
	}
	return nil
}

// errOtherRelease says that a mirror carries another engine than asked for.
var errOtherRelease = errors.New("other release of the engine")

func buildBaseFrom(ctx context.Context, mirror string, v Version, extras bool, dir string) error {
	suite, err := v.suite()
	if err != nil {
		return err
	}
	if err := debootstrap(ctx, mirror, suite, dir, mmdebstrapArgs(suite, extras)); err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "chroot", dir, "dockerd", "--version").CombinedOutput()
	if err != nil {
		return fmt.Errorf("ask dockerd for its version: %w\n%s", err, tail(out, 5))
	}
	if want := "version " + string(v) + "."; !bytes.Contains(out, []byte(want)) {
		return fmt.Errorf("%w: %s on %s has %q, want %q", errOtherRelease, suite, mirror, bytes.TrimSpace(out), want)
	}
	return nil
}

// Bootstrap makes a small Debian in dir: the essential packages of a suite and
// these, from the mirror that this machine uses. More arguments go to
// mmdebstrap. It needs root.
func Bootstrap(ctx context.Context, suite, dir string, packages []string, more ...string) error {
	return debootstrap(ctx, mirror(), suite, dir, append(smallDebian(packages), more...))
}

// debootstrap unpacks and configures the packages of a suite in dir.
func debootstrap(ctx context.Context, mirror, suite, dir string, args []string) error {
	source := fmt.Sprintf("deb [signed-by=%s] %s %s main", keyring, mirror, suite)
	cmd := exec.CommandContext(ctx, "mmdebstrap", append(args, suite, dir, source)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mmdebstrap %s: %w\n%s", suite, err, tail(out, 20))
	}
	return nil
}

// mirror returns the Debian mirror that this machine itself uses, or Debian's
// own front.
func mirror() string {
	const front = "http://deb.debian.org/debian"
	files, _ := filepath.Glob("/etc/apt/sources.list.d/*")
	for _, f := range append(files, "/etc/apt/sources.list") {
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		if m := findMirror(string(b)); m != "" {
			return m
		}
	}
	return front
}

// findMirror finds the first http address in an apt source list, of either
// format, whose path ends in /debian.
func findMirror(list string) string {
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) < 2 || (f[0] != "URIs:" && f[0] != "deb") {
			continue
		}
		for _, u := range f[1:] {
			u = strings.TrimSuffix(u, "/")
			if strings.HasPrefix(u, "http") && strings.HasSuffix(u, "/debian") {
				return u
			}
		}
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// tail returns the last n lines of b.
func tail(b []byte, n int) []byte {
	lines := bytes.Split(bytes.TrimSpace(b), []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-n):], []byte("\n"))
}
