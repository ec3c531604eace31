package lab

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Names of the images that ImportWorkloads makes.
const (
	// WorkloadsRef is a small Debian with servers and tools that people run, and with
	// no program that gives privileges.
	WorkloadsRef = "lab/workloads:1"
	// MarkedPingRef is the same with a ping that is marked to have CAP_NET_RAW.
	MarkedPingRef = "lab/marked-ping:1"
)

// workloadPackages is what the image of workloads has beside the essential packages.
const workloadPackages = "busybox-static cron dnsmasq-base iputils-ping libcap2-bin mariadb-client-core " +
	"mariadb-server-core nginx-light passwd postgresql redis-server rsyslog util-linux"

// workloadHooks change the tree ($1) of the workloads' image: users, a job, an archive, a
// program that root may not read, and no privileges by setuid bits.
var workloadHooks = []string{
	`chroot "$1" useradd --system --no-create-home mysql`,
	`echo "@reboot nobody touch /tmp/ran" > "$1/etc/cron.d/lab"`,
	`mkdir "$1/srv/in" && touch "$1/srv/in/f" && chown 33:33 "$1/srv/in/f" && chmod 6755 "$1/srv/in/f" && tar -C "$1/srv/in" -cf "$1/srv/in.tar" f && rm -r "$1/srv/in"`,
	`printf '#!/bin/sh\nexec sleep 1000\n' > "$1/usr/local/bin/own" && chown 33 "$1/usr/local/bin/own" && chmod 0700 "$1/usr/local/bin/own"`,
	`setcap -r "$1/usr/bin/ping" 2>/dev/null || true`,
	`find "$1" -xdev -type f -perm /6000 -exec chmod a-s {} +`,
	`rm -rf "$1/var/lib/postgresql" "$1/var/cache/apt" "$1/var/lib/apt/lists"`,
}

// PrepareWorkloads makes the tree of the workloads' image, unless it is there, and
// returns where. The first call on a machine downloads Debian packages and takes about
// a minute.
func PrepareWorkloads(ctx context.Context) (string, error) {
	args := smallDebian(strings.Fields(workloadPackages))
	for _, h := range workloadHooks {
		args = append(args, "--customize-hook="+h)
	}
	dir := hashedPath("workloads", args)
	err := Once(ctx, dir, func(tmp string) error { return debootstrap(ctx, mirror(), "bookworm", tmp, args) })
	if err != nil {
		return "", fmt.Errorf("unpack %s: %w", workloadPackages, err)
	}
	return dir, nil
}

// ImportWorkloads makes the images of workloads in the engine.
func (e *Engine) ImportWorkloads(ctx context.Context) error {
	dir, err := PrepareWorkloads(ctx)
	if err != nil {
		return err
	}
	if err := e.importTree(ctx, dir, WorkloadsRef); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"run", "--name", "marked-ping", WorkloadsRef, "setcap", "cap_net_raw=ep", "/usr/bin/ping"},
		{"commit", "marked-ping", MarkedPingRef},
		{"rm", "marked-ping"},
	} {
		if _, err := e.Docker(ctx, args...); err != nil {
			return fmt.Errorf("make %s: %w", MarkedPingRef, err)
		}
	}
	return nil
}

// importTree makes an image of a directory of this machine.
func (e *Engine) importTree(ctx context.Context, dir, ref string) error {
	read, write := io.Pipe()
	pack := exec.CommandContext(ctx, "tar", "--xattrs", "--xattrs-include=*", "--exclude=./dev/*", "-C", dir, "-c", ".")
	pack.Stdout = write
	if err := pack.Start(); err != nil {
		return fmt.Errorf("pack %s: %w", dir, err)
	}
	go func() { write.CloseWithError(pack.Wait()) }()
	if _, err := e.docker(ctx, read, "import", "-c", `CMD ["sleep","1000"]`, "-", ref); err != nil {
		read.Close()
		return fmt.Errorf("import %s: %w", ref, err)
	}
	return nil
}
