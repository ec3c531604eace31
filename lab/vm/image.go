package vm

import (
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"seawall/lab"
)

// Image is a system that can be booted.
type Image struct {
	name     string
	suite    string   // the Debian release
	packages string   // beside those of every image
	kernel   []string // words of the kernel's command line
}

// The images.
var (
	// AppArmor is Debian 13 with AppArmor enforcing.
	AppArmor = Image{"apparmor", "trixie", "apparmor " + ofTrixie, []string{"apparmor=1", "security=apparmor"}}
	// SELinux is Debian 13 with SELinux enforcing Debian's default policy.
	SELinux = Image{"selinux", "trixie", "selinux-basics selinux-policy-default policycoreutils " + ofTrixie, []string{"selinux=1", "security=selinux"}}
	// Older is Debian 12 with its kernel, 6.1, and engine, 20.10.
	Older = Image{"older", "bookworm", "apparmor", []string{"apparmor=1", "security=apparmor"}}
)

var images = []Image{AppArmor, SELinux, Older}

// ofTrixie are packages that Debian 13 has and 12 has as parts of others.
const ofTrixie = "docker-cli linux-sysctl-defaults"

// packages is what every image has beside Debian's essential packages.
const packages = "systemd systemd-sysv dbus dbus-user-session libpam-systemd udev kmod login passwd mount util-linux " +
	"procps iproute2 iptables e2fsprogs ca-certificates auditd docker.io containerd runc tini " +
	"uidmap slirp4netns rootlesskit busybox-static zstd"

// unpackKernel is a hook of mmdebstrap that unpacks a kernel for virtual
// machines. It is not installed: that would build an initrd with all there is. That of
// Debian 12 has its modules in /lib, which is a link.
const unpackKernel = `set -e; cd "$1/var/tmp"; export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p')
apt-get -q download "$kernel"; dpkg-deb --fsys-tarfile linux-image-*.deb | tar -C "$1" -x --keep-directory-symlink; rm linux-image-*.deb`

// guest holds what is put into every image, and the script beside the emulator.
//
//go:embed guest
var guest embed.FS

// Named returns the image of this name.
func Named(name string) (Image, error) {
	for _, i := range images {
		if i.name == name {
			return i, nil
		}
	}
	return Image{}, fmt.Errorf("no image %q: want one of %v", name, images)
}

// String is the image's name.
func (i Image) String() string { return i.name }

// Available tells whether this machine can build and boot images, and what it
// lacks.
func Available() error {
	if runtime.GOARCH != "amd64" {
		return fmt.Errorf("images are built for amd64 only, this is %s", runtime.GOARCH)
	}
	if os.Geteuid() != 0 {
		return errors.New("building and booting images needs root")
	}
	for _, program := range []string{"mmdebstrap", "mke2fs", emulator} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%w: run scripts/setup-vm.sh", err)
		}
	}
	return nil
}

// path is where the image is or will be: a directory with disk, vmlinuz and
// initrd. The name holds a hash of what it is built from.
func (i Image) path() (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, i.suite, packages, i.packages, unpackKernel)
	err := fs.WalkDir(guest, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := guest.ReadFile(name)
		sum.Write(data)
		return err
	})
	return filepath.Join(lab.CacheDir(), "vm", fmt.Sprintf("%s-%x", i.name, sum.Sum(nil)[:4])), err
}

// Prepare builds the image unless it is there, and returns its directory.
// Parallel callers, also in other processes, build once.
func (i Image) Prepare(ctx context.Context) (string, error) {
	if err := Available(); err != nil {
		return "", err
	}
	dir, err := i.path()
	if err != nil {
		return "", err
	}
	if err := lab.Once(ctx, dir, func(tmp string) error { return i.build(ctx, tmp) }); err != nil {
		return "", fmt.Errorf("build image %s: %w", i, err)
	}
	return dir, nil
}

// build makes the image in dir.
func (i Image) build(ctx context.Context, dir string) error {
	root := filepath.Join(dir, "root")
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	all := strings.Fields(packages + " " + i.packages)
	if err := lab.Bootstrap(ctx, i.suite, root, all, "--customize-hook="+unpackKernel); err != nil {
		return err
	}
	if err := copyGuest(filepath.Join(root, "lab")); err != nil {
		return err
	}
	if err := run(ctx, "chroot", root, "sh", "/lab/setup.sh", i.name); err != nil {
		return err
	}
	for _, name := range []string{"vmlinuz", "initrd"} {
		if err := os.Rename(filepath.Join(root, "boot", name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	disk := filepath.Join(dir, "disk")
	if err := run(ctx, "mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-d", root, disk, "4G"); err != nil {
		return err
	}
	return os.RemoveAll(root)
}

func copyGuest(dir string) error {
	sub, err := fs.Sub(guest, "guest")
	if err != nil {
		return err
	}
	return os.CopyFS(dir, sub)
}

// run runs a command; its error holds what it wrote.
func run(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}
