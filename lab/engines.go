package lab

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// StartEngine starts an additional dockerd beside the system engine, with its
// own socket (/run/docker-NAME.sock), configuration file
// (/etc/docker-NAME/daemon.json, when daemonJSON is not empty), data root and
// bridge. It leaves the packet filter to the system engine.
func (h *Host) StartEngine(ctx context.Context, name, daemonJSON string, flags ...string) (*Engine, error) {
	id := "docker-" + name
	config := "/etc/" + id + "/daemon.json"
	if daemonJSON == "" {
		daemonJSON = "{}"
	}
	if err := h.WriteFile(config, daemonJSON, 0o644); err != nil {
		return nil, err
	}
	h.extra++
	// Not --bridge=none: that removes docker0 from the network namespace.
	setup := fmt.Sprintf(`set -e
mkdir -p /var/lib/%[1]s && mount -t tmpfs -o mode=710 lab /var/lib/%[1]s
ip link add br%[2]d type bridge && ip addr add 172.30.%[2]d.1/24 dev br%[2]d && ip link set br%[2]d up`, id, h.extra)
	if _, err := h.Exec(ctx, "sh", "-c", setup); err != nil {
		return nil, err
	}
	e := &Engine{
		host: h, name: id, flags: flags,
		argv: []string{
			"dockerd", "--config-file", config, "--data-root", "/var/lib/" + id, "--exec-root", "/run/" + id,
			"--pidfile", "/run/" + id + ".pid", "--host", "unix:///run/" + id + ".sock",
			"--bridge", fmt.Sprintf("br%d", h.extra), "--iptables=false", "--ip6tables=false",
		},
		sock: "/run/" + id + ".sock", log: "/var/log/" + id + ".log",
	}
	return e, e.Start(ctx)
}

// AddUser makes an ordinary user with a home directory and subordinate ids,
// and returns the user id. Groups are the further ones: "docker", "sudo", ….
func (h *Host) AddUser(ctx context.Context, name string, groups ...string) (string, error) {
	args := []string{"useradd", "--create-home", "--shell", "/bin/bash"}
	if len(groups) > 0 {
		args = append(args, "--groups", strings.Join(groups, ","))
	}
	if _, err := h.Exec(ctx, append(args, name)...); err != nil {
		return "", err
	}
	uid, err := h.Exec(ctx, "id", "-u", name)
	return strings.TrimSpace(uid), err
}

// StartRootless starts a rootless engine of a user, who is made unless there.
// Its socket is /run/user/UID/docker.sock.
func (h *Host) StartRootless(ctx context.Context, user string, flags ...string) (*Engine, error) {
	if err := RootlessAvailable(); err != nil {
		return nil, err
	}
	uid, err := h.Exec(ctx, "id", "-u", user)
	if err != nil {
		uid, err = h.AddUser(ctx, user)
	}
	if err != nil {
		return nil, fmt.Errorf("rootless engine of %s: %w", user, err)
	}
	uid = strings.TrimSpace(uid)
	run := "/run/user/" + uid
	if _, err := h.Exec(ctx, "install", "-d", "-m", "700", "-o", user, run); err != nil {
		return nil, fmt.Errorf("rootless engine of %s: %w", user, err)
	}
	e := &Engine{
		host: h, name: "rootless engine of " + user, flags: flags,
		argv: []string{
			"runuser", "-u", user, "--", "env", "-i", "HOME=/home/" + user, "USER=" + user,
			"XDG_RUNTIME_DIR=" + run, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			"/usr/share/docker.io/contrib/dockerd-rootless.sh",
		},
		sock: run + "/docker.sock", log: "/var/log/docker-" + user + ".log",
	}
	return e, e.Start(ctx)
}

// RootlessAvailable says whether this machine lets ordinary users make user
// namespaces, as rootless engines do.
func RootlessAvailable() error {
	for path, bad := range map[string]string{
		"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1", // Ubuntu
		"/proc/sys/kernel/unprivileged_userns_clone":             "0", // older Debian
		"/proc/sys/user/max_user_namespaces":                     "0",
	} {
		b, err := os.ReadFile(path)
		if err == nil && strings.TrimSpace(string(b)) == bad {
			return fmt.Errorf("rootless engines cannot run: %s is %s on this machine", path, bad)
		}
	}
	return nil
}
