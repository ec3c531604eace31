package steps_test

import (
	"strings"
	"testing"

	"seawall/lab"
)

// written are the steps that write to a path of the host, with the path.
var written = []struct{ step, path string }{
	{step: "host-root-mount-rw", path: "/"}, {step: "etc-mount-rw", path: "/etc"}, {step: "root-home-mount-rw", path: "/root"}, {step: "cron-dir-mount-rw", path: "/etc/cron.d"},
	{step: "systemd-dir-mount-rw", path: "/etc/systemd/system"}, {step: "host-binaries-mount-rw", path: "/usr/local/bin"}, {step: "boot-mount-rw", path: "/boot"},
	{step: "lib-modules-mount-rw", path: "/lib/modules"}, {step: "docker-data-root-rw", path: "/var/lib/docker"}, {step: "daemon-config-mount-rw", path: "/etc/docker"},
	{step: "writable-cdi-spec-dir", path: "/etc/cdi"}, {step: "legacy-plugin-spec-writable", path: "/etc/docker/plugins"}, {step: "nri-plugin-hook", path: "/etc/docker/nri"},
	{step: "kubelet-dir-mount", path: "/etc/kubernetes/manifests"}, {step: "lxcfs-rw-mount", path: "/var/lib/lxcfs"}, {step: "var-log-mount-rw", path: "/var/log"}, {step: "tmp-mount", path: "/tmp"},
}

// mountProofs are those of steps that go by paths of the host.
var mountProofs = []proof{
	{step: "host-root-mount-ro", run: "-v /:/x:ro", try: "attempt read /x/etc/shadow", safe: []string{"-v /srv:/x:ro"}},
	{step: "user-home-mount-rw", run: "-v /home/alice:/x", try: "attempt write /x", safe: []string{"-v /home/alice:/x:ro", "--cap-drop ALL -v /home/alice:/x"}},
	{step: "user-home-mount-ro", run: "-v /home/alice:/x:ro", try: "attempt read /x/.netrc", safe: []string{"--cap-drop ALL -v /home/alice:/x:ro"}},
	{step: "host-keys-mount", run: "-v /etc:/x:ro", try: "attempt read /x/shadow", safe: []string{"-v /srv:/x:ro"}},
	{step: "ssh-dir-mount-ro", run: "-v /home/alice/.ssh:/x:ro", try: "attempt read /x/id_ed25519", safe: []string{"--cap-drop ALL -v /home/alice/.ssh:/x:ro"}},
	{step: "cloud-credential-mount", run: "-v /home/alice/.aws:/x:ro", try: "attempt read /x/credentials", safe: []string{"--cap-drop ALL -v /home/alice/.aws:/x:ro"}},
	{step: "docker-client-config-mount", run: "--cap-drop ALL -v /root/.docker:/x:ro", try: "attempt read /x/config.json", safe: []string{"-v /srv:/x:ro"}},
	{step: "docker-api-client-cert-readable", run: "-v /root/.docker:/x:ro", try: "attempt read /x/contexts/tls/prod/docker/key.pem", safe: []string{"-v /srv:/x:ro"}},
	{step: "docker-data-root-ro", run: "-v /var/lib/docker:/x:ro", try: "attempt read /x/containers", safe: []string{"-v /var/lib/docker/volumes/shared/_data:/x:ro"}},
	{step: "host-proc-mount-core-pattern", run: "-v /proc:/x", try: "attempt write /x/sys/kernel/core_pattern", safe: []string{"-v /proc:/x:ro", ""}},
	{step: "host-proc-mount-root-link", run: "--cap-add SYS_PTRACE -v /proc:/x:ro", try: "ls /x/1/root/", safe: []string{"-v /proc:/x:ro"}, caps: "SYS_PTRACE"},
	{step: "host-sys-mount-rw", run: "-v /sys:/x", try: "attempt write /x/power/state", safe: []string{"-v /sys:/x:ro", ""}},
	{step: "mount-propagation-rshared", run: "--cap-add SYS_ADMIN -v /mnt:/x:rshared", try: "attempt mount-call && grep -q ' /x .* shared:' /proc/self/mountinfo",
		safe: []string{"-v /mnt:/x:rshared", "--cap-add SYS_ADMIN -v /mnt:/x"}, caps: "SYS_ADMIN"},
	{step: "mount-propagation-rslave", run: "-v /mnt:/x:rslave", try: "grep -q ' /x .* master:' /proc/self/mountinfo", safe: []string{"-v /mnt:/x"}},
	{step: "suid-drop-via-bind", run: "-v /home/alice/p:/x", try: "attempt write /x && ! grep -q ' /x .*nosuid' /proc/self/mountinfo", safe: []string{"-v /home/alice/q:/x", "-v /home/alice/p:/x:ro"}},
	{step: "device-node-drop-mknod", run: "-v /home/alice/p:/x", try: "attempt make-node /x/n && ! grep -q ' /x .*nodev' /proc/self/mountinfo", safe: []string{"-v /home/alice/q:/x", "--cap-drop MKNOD -v /home/alice/p:/x"}},
}

// TestLiveMounts proves the steps that go by paths of the host.
func TestLiveMounts(t *testing.T) {
	proofs := mountProofs
	for _, w := range written {
		proofs = append(proofs, proof{step: w.step, run: "-v " + w.path + ":/x", try: "attempt write /x", safe: []string{"-v " + w.path + ":/x:ro"}})
	}
	prove(t, lab.Options{}, prepareFiles, proofs)
}

// prepareFiles makes an account with keys, and directories that are mounted in
// their own ways.
func prepareFiles(h *lab.TestHost) {
	h.AddUser("alice")
	h.Docker("volume", "create", "shared")
	for _, path := range []string{"/home/alice/.netrc", "/home/alice/.ssh/id_ed25519", "/home/alice/.aws/credentials", "/root/.docker/contexts/tls/prod/docker/key.pem"} {
		h.WriteFile(path, "none\n", 0o600)
	}
	h.WriteFile("/root/.docker/config.json", `{"auths": {"registry.example": {"auth": "dTpw"}}}`, 0o600)
	h.WriteFile("/root/.docker/contexts/meta/prod/meta.json", `{"Name": "prod", "Endpoints": {"docker": {"Host": "tcp://192.0.2.7:2376"}}}`, 0o600)
	h.Exec("sh", "-c", strings.Join([]string{
		"mkdir -p /home/alice/p /home/alice/q /mnt", "chown -R alice: /home/alice", "chmod 0700 /home/alice",
		"mount -t tmpfs -o nosuid,nodev drop /home/alice/q", "mount -t tmpfs later /mnt", "mount --make-shared /mnt",
	}, " && "))
}
