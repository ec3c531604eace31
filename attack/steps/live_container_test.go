package steps_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"testing"

	"golang.org/x/sys/unix"

	"seawall/lab"
)

// TestLiveConfinement proves the steps that take a capability, or a guard that is
// off.
func TestLiveConfinement(t *testing.T) {
	proofs := []proof{
		{step: "privileged-container", run: "--privileged", try: "attempt device /dev/lab-disk b 8 240 rw && attempt procfs", safe: []string{"", "--cap-add SYS_ADMIN"}},
		{step: "no-resource-limits", run: "", try: "attempt unlimited", safe: []string{"--memory 64m --pids-limit 50"}},
		{step: "writable-cgroups-limits", run: "--security-opt writable-cgroups=true", try: "attempt access /sys/fs/cgroup/memory/memory.limit_in_bytes w", safe: []string{""}},
		{step: "cap-sys-admin-procfs-remount", run: "--cap-add SYS_ADMIN", try: "attempt procfs", safe: []string{"", "--cap-add SYS_PTRACE", "--security-opt seccomp=unconfined"}},
		{step: "cap-sys-admin-device-cgroup-rewrite", run: "--cap-add SYS_ADMIN", try: "attempt devices && attempt mknod", safe: []string{"", "--cap-add SYS_ADMIN --cap-drop MKNOD"}},
		{step: "cap-bpf-perfmon-kernel-read", run: "--cap-add BPF --cap-add PERFMON", try: "attempt bpf 2", safe: []string{"", "--cap-add BPF", "--cap-add PERFMON"}},
		{step: "cap-dac-read-search", run: "--cap-add DAC_READ_SEARCH -v /var/lib/docker/of-the-host:/x", safe: []string{"-v /var/lib/docker/of-the-host:/x"}},
		{step: "cap-dac-read-search-write", run: "--cap-add DAC_READ_SEARCH", safe: []string{"", "--cap-add DAC_OVERRIDE"}},
		{step: "cap-sys-time", run: "--cap-add SYS_TIME", try: "attempt adjtimex", safe: []string{""}},
		{step: "systempaths-unconfined-core-pattern", run: "--security-opt systempaths=unconfined", try: "attempt access /proc/sys/kernel/core_pattern w", safe: []string{""}},
		{step: "unconfined-keyring-read", run: "--security-opt seccomp=unconfined", try: "attempt keyctl", safe: []string{""}},
		{step: "seccomp-unconfined-userns-surface", run: "--security-opt seccomp=unconfined --user 1000", try: "attempt userns", safe: []string{"--user 1000"}},
	}
	prove(t, lab.Options{}, func(h *lab.TestHost) {
		securityfs(h)
		h.WriteFile("/var/lib/docker/of-the-host", "", 0o600)
		kind, handle := handleOf(t, h.Root()+"/var/lib/docker/of-the-host")
		for i := range proofs {
			if proofs[i].try == "" {
				proofs[i].try = fmt.Sprintf("attempt handle %d %s", kind, handle)
			}
		}
	}, proofs)
}

// securityfs mounts what tells of the kernel's security modules, as systemd does.
func securityfs(h *lab.TestHost) { h.Exec("mount", "-t", "securityfs", "none", "/sys/kernel/security") }

// handleOf is the handle of a file, as open_by_handle_at(2) takes it.
func handleOf(t *testing.T, path string) (kind int32, handle string) {
	t.Helper()
	h, _, err := unix.NameToHandleAt(unix.AT_FDCWD, path, 0)
	if err != nil {
		t.Fatal(err)
	}
	return h.Type(), hex.EncodeToString(h.Bytes())
}

// TestLiveHostNamespaces proves the steps of containers that are in a namespace of
// the host.
func TestLiveHostNamespaces(t *testing.T) {
	prove(t, lab.Options{}, func(h *lab.TestHost) {
		h.WriteFile("/etc/machine-of-the-lab", "", 0o644)
		h.WriteFile("/dev/shm/of-the-host", "", 0o600)
		h.CopyIn(lab.Self(t), "/opt/attempt", 0o755)
		h.AddUser("alice") // user 1000
		background(t, h, "setpriv", "--reuid", "1000", "--clear-groups", "sleep", "1000")
		background(t, h, "/opt/attempt", "listen", "@of-the-host")
		background(t, h, "busybox", "httpd", "-f", "-p", "127.0.0.1:8099", "-h", "/etc")
		h.Exec("sh", "-c", "until grep -q of-the-host /proc/net/unix && grep -q :1FA3 /proc/net/tcp && pgrep -u alice sleep; do sleep 0.1; done")
	}, []proof{
		{step: "pid-host-info", run: "--pid host --user 1000", try: "grep -q [d]ockerd /proc/[0-9]*/cmdline", safe: []string{"--user 1000"}},
		{step: "pid-host-kill", run: "--pid host --cap-drop ALL", try: inHostPID + "kill -0 1", safe: []string{""}},
		{step: "pid-host-same-uid-proc-root", run: "--pid host", try: "attempt process-of 1000", safe: []string{"", "--pid host --cap-drop SETUID"}},
		{step: "cap-sys-ptrace-host-pid", run: "--pid host --cap-add SYS_PTRACE", try: "cat /proc/1/root/etc/machine-of-the-lab", safe: []string{"--cap-add SYS_PTRACE", "--pid host"}},
		{step: "cap-sys-boot-host-pid", run: "--pid host --cap-add SYS_BOOT", try: inHostPID + "attempt reboot", safe: []string{"--pid host", "--cap-add SYS_BOOT"}},
		{step: "ipc-host", run: "--ipc host", try: "cat /dev/shm/of-the-host", safe: []string{"", "--ipc shareable"}},
		{step: "host-network-traffic-sniff", run: "--network host", try: "attempt packet docker0", safe: []string{"", "--network host --cap-drop NET_RAW"}},
		{step: "host-network-firewall-rewrite", run: "--network host --cap-add NET_ADMIN", try: "attempt link docker0", safe: []string{"--cap-add NET_ADMIN", "--network host"}},
		{step: "cap-bpf-network-hook", run: "--network host --cap-add BPF --cap-add NET_ADMIN", try: "ip link show docker0 && attempt bpf 3", safe: []string{"--cap-add BPF --cap-add NET_ADMIN", "--network host --cap-add BPF"}},
		{step: "host-network-loopback-services", run: "--network host --user 1000", try: "wget -q -O- http://127.0.0.1:8099/machine-of-the-lab", safe: []string{"--user 1000"}},
		{step: "host-network-abstract-sockets", run: "--network host", try: "attempt dial @of-the-host", safe: []string{""}},
	})
}

// inHostPID asks whether the first process is the lab host's.
const inHostPID = "grep -q tini /proc/1/comm && "

// background runs a command in a lab host until the test ends.
func background(t *testing.T, h *lab.TestHost, args ...string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	cmd := h.Command(ctx, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = cmd.Wait() })
}

// TestLiveSharedNamespaces proves the steps between containers.
func TestLiveSharedNamespaces(t *testing.T) {
	prove(t, lab.Options{}, func(h *lab.TestHost) {
		h.Docker("network", "create", "app")
		h.Run("--name", "peer", "--network", "none", "--ipc", "shareable", "lab/attempt:1")
		h.Docker("exec", "peer", "sh", "-c", "echo peer >/tmp/peer; echo peer >/dev/shm/peer; httpd -p 127.0.0.1:8099 -h /tmp")
	}, []proof{
		{step: "pid-namespace-shared", run: "--pid container:peer", try: "cat /proc/1/root/tmp/peer", safe: []string{"", "--pid container:peer --cap-drop NET_RAW"}},
		{step: "net-namespace-shared", run: "--network container:peer --user 1000", try: "wget -q -O- http://127.0.0.1:8099/peer", safe: []string{"--user 1000"}},
		{step: "ipc-namespace-shared", run: "--ipc container:peer", try: "cat /dev/shm/peer", safe: []string{""}},
		{step: "arp-spoof-bridge", run: "--network app", try: "attempt packet eth0", safe: []string{"--network app --cap-drop NET_RAW", ""}},
	})
}

// TestLiveImages proves the steps by files of the image.
func TestLiveImages(t *testing.T) {
	prove(t, lab.Options{}, func(h *lab.TestHost) {
		h.Run("--name", "maker", "--network", "none", "lab/attempt:1")
		h.Docker("exec", "maker", "sh", "-c", "chmod 4755 /bin/attempt; chmod 666 /etc/passwd")
		h.Docker("commit", "maker", "lab/attempt:1")
		h.Docker("rm", "--force", "maker")
	}, []proof{
		{step: "setuid-in-container", run: "--user 1000", try: "attempt root", safe: []string{"--user 1000 --security-opt no-new-privileges"}},
		{step: "writable-passwd-in-image", run: "--user 1000", try: "[ $(id -u) != 0 ] && true >>/etc/passwd", safe: []string{"--user 1000 --read-only", "--user 0"}},
	})
}

// TestLiveRemapped shows that with remapped users the container's root has none of
// what is the host's.
func TestLiveRemapped(t *testing.T) {
	opts := lab.Options{Flags: []string{"--userns-remap", "default"}, Prepare: func(ctx context.Context, h *lab.Host) error {
		_, err := h.Exec(ctx, "sh", "-c", "id dockremap >/dev/null 2>&1 || adduser --system --group --no-create-home dockremap; "+
			"echo dockremap:100000:65536 >>/etc/subuid; echo dockremap:100000:65536 >>/etc/subgid")
		return err
	}}
	prove(t, opts, func(h *lab.TestHost) {
		securityfs(h)
		makeNode(h, "/dev/sda", "b 8 240")
	}, []proof{
		{step: "device-block-rw", run: "--userns host --device /dev/sda", try: "attempt access /dev/sda rw", safe: []string{"--device /dev/sda"}},
		{step: "cap-sys-admin-procfs-remount", run: "--userns host --cap-add SYS_ADMIN", try: "attempt procfs", safe: []string{"--cap-add SYS_ADMIN"}},
		{step: "cap-bpf-perfmon-kernel-read", run: "--userns host --cap-add BPF --cap-add PERFMON", try: "attempt bpf 2", safe: []string{"--cap-add BPF --cap-add PERFMON"}},
		{step: "cap-sys-time", run: "--userns host --cap-add SYS_TIME", try: "attempt adjtimex", safe: []string{"--cap-add SYS_TIME"}},
		{step: "systempaths-unconfined-core-pattern", run: "--userns host --security-opt systempaths=unconfined", try: "attempt access /proc/sys/kernel/core_pattern w", safe: []string{"--security-opt systempaths=unconfined"}},
	})
}
