package lab

import (
	"bytes"
	"context"
	"crypto/sha256"
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

// mmdebstrapArgs returns the arguments that build the base of a suite in dir.
// Its hash names the cached base, so a change here builds a new one.
func mmdebstrapArgs(suite string) []string {
	packages := strings.Fields(basePackages)
	if suite != "bookworm" { // docker.io holds the client there
		packages = append(packages, "docker-cli")
	}
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
func basePath(v Version) (string, error) {
	suite, err := v.suite()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(strings.Join(mmdebstrapArgs(suite), "\n")))
	return filepath.Join(baseDir(), fmt.Sprintf("%s-%x", suite, sum[:4])), nil
}

// Prepare builds the base root file system of v unless it is there, and
// returns its path. It takes about 20 seconds and 400 MB, needs root and
// mmdebstrap, and downloads from a Debian mirror. Parallel callers, also in
// other processes, build once.
func Prepare(ctx context.Context, v Version) (string, error) {
	base, err := basePath(v)
	if err != nil {
		return "", err
	}
	if exists(base) {
		return base, nil
	}
	if err := os.MkdirAll(baseDir(), 0o755); err != nil {
		return "", fmt.Errorf("make the cache: %w", err)
	}
	l, err := lock(ctx, base+".lock")
	if err != nil {
		return "", fmt.Errorf("wait for the base of engine %s: %w", v, err)
	}
	defer l.Close()
	if exists(base) {
		return base, nil
	}
	if err := buildBase(ctx, v, base); err != nil {
		return "", fmt.Errorf("build the base of engine %s: %w", v, err)
	}
	return base, nil
}

// buildBase builds beside base and renames, so that base is complete whenever
// it exists.
func buildBase(ctx context.Context, v Version, base string) error {
	suite, err := v.suite()
	if err != nil {
		return err
	}
	tmp := base + ".tmp"
	if err := os.RemoveAll(tmp); err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	source := fmt.Sprintf("deb [signed-by=%s] %s %s main", keyring, mirror(), suite)
	cmd := exec.CommandContext(ctx, "mmdebstrap", append(mmdebstrapArgs(suite), suite, tmp, source)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mmdebstrap %s: %w\n%s", suite, err, tail(out, 20))
	}
	out, err := exec.CommandContext(ctx, "chroot", tmp, "dockerd", "--version").CombinedOutput()
	if err != nil {
		return fmt.Errorf("ask dockerd for its version: %w\n%s", err, tail(out, 5))
	}
	if want := "version " + string(v) + "."; !bytes.Contains(out, []byte(want)) {
		return fmt.Errorf("%s on %s carries %q, want %q", suite, mirror(), bytes.TrimSpace(out), want)
	}
	return os.Rename(tmp, base)
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
