package steps_test

import (
	"bufio"
	"path"
	"strings"
	"testing"

	"seawall/lab"
)

// socketProofs are those of steps that go by sockets of the host, by what other
// containers keep and by secrets.
var socketProofs = []proof{
	{step: "docker-sock-mount", run: "-v /var/run/docker.sock:/s:ro", try: "attempt connect /s", safe: []string{"-v /srv:/s", ""}},
	{step: "docker-sock-gid-in-container", run: "--user 1000 --group-add GROUP -v /var/run:/x:ro", try: "attempt connect /x/docker.sock", safe: []string{"--user 1000 -v /var/run:/x:ro"}},
	{step: "containerd-sock-mount", run: "-v /run:/x:ro", try: "attempt connect /x/containerd/containerd.sock || attempt connect /x/docker/containerd/containerd.sock", safe: []string{"-v /run/docker.sock:/s"}},
	{step: "containerd-shim-sock-mount", run: "-v /run/containerd/s:/x:ro", try: "for s in /x/*; do attempt connect $s && exit 0; done; exit 1", safe: []string{""}},
	{step: "other-runtime-socket-mount", run: "-v /run/crio/crio.sock:/s:ro", try: "attempt connect /s", safe: []string{""}},
	{step: "dbus-systemd-socket-mount", run: "-v /run/systemd/private:/s:ro", try: "attempt connect /s", safe: []string{""}},
	{step: "ssh-agent-socket-mount", run: "-v /tmp/ssh-ab/agent.1:/s:ro", try: "attempt connect /s", safe: []string{"--cap-drop ALL -v /tmp/ssh-ab/agent.1:/s:ro"}},
	{step: "user-session-socket-mount", run: "-v /run/user/1000/bus:/s:ro", try: "attempt connect /s", safe: []string{"--cap-drop ALL -v /run/user/1000/bus:/s"}},
	{step: "builder-socket-mount", run: "-v /run/buildkit/buildkitd.sock:/s:ro", try: "attempt connect /s", safe: []string{""}},
	{step: "desktop-socket-mount", run: "-v /tmp/.X11-unix:/x:ro", try: "attempt connect /x/X0", safe: []string{""}},
	{step: "volume-shared-rw", run: "-v shared:/d", try: "attempt write /d", safe: []string{"-v shared:/d:ro"}},
	{step: "volume-shared-read", run: "-v shared:/d:ro", try: "attempt read /d/other", safe: []string{"-v alone:/d"}},
	{step: "volume-shared-run", run: "-v shared:/d:ro", try: "attempt read /d/other", safe: []string{"-v alone2:/d"}},
	{step: "volume-root-mount", run: "-v /var/lib/docker/volumes:/x", try: "attempt write /x/shared/_data", safe: []string{"-v /var/lib/docker/volumes:/x:ro"}},
	{step: "env-secret", run: "-e DB_PASSWORD=hunter2", try: "test -n \"$DB_PASSWORD\"", safe: []string{""}},
	{step: "registry-credential-in-container", run: "-e REPO_PASS=hunter2", try: "test -n \"$REPO_PASS\"", safe: []string{"-e REPO_USER=ci"}},
	{step: "swarm-or-compose-secret-file", run: "-v /srv/secret:/run/secrets/db:ro", try: "attempt read /run/secrets/db", safe: []string{""}},
	{step: "kubernetes-token", run: "-v /srv/token:/var/run/secrets/kubernetes.io/serviceaccount:ro", try: "attempt read /var/run/secrets/kubernetes.io/serviceaccount", safe: []string{""}},
}

// TestLiveSockets proves the steps that go by sockets, volumes and secrets.
func TestLiveSockets(t *testing.T) {
	proofs := append([]proof(nil), socketProofs...)
	prove(t, lab.Options{}, func(h *lab.TestHost) { prepareSockets(t, h, proofs) }, proofs)
}

// prepareSockets starts a service at every socket that the host itself has not, the
// user's own as the user, and finds the group of the engine's.
func prepareSockets(t *testing.T, h *lab.TestHost, proofs []proof) {
	h.AddUser("alice")
	h.CopyIn(lab.Self(t), "/srv/attempt", 0o755)
	for _, socket := range []string{"/run/crio/crio.sock", "/run/systemd/private", "/run/buildkit/buildkitd.sock"} {
		serve(t, h, socket)
	}
	for _, socket := range []string{"/tmp/ssh-ab/agent.1", "/run/user/1000/bus", "/tmp/.X11-unix/X0"} {
		h.Exec("install", "-d", "-m", "0700", "-o", "alice", path.Dir(socket))
		serve(t, h, socket, "runuser", "-u", "alice", "--")
	}
	h.Docker("volume", "create", "shared")
	h.WriteFile("/var/lib/docker/volumes/shared/_data/other", "none\n", 0o644)
	h.WriteFile("/srv/secret", "none\n", 0o600)
	h.Exec("mkdir", "-p", "/srv/token")
	group := strings.TrimSpace(h.Exec("stat", "-c", "%g", "/run/docker.sock"))
	for i := range proofs {
		proofs[i].run = strings.ReplaceAll(proofs[i].run, "GROUP", group)
	}
}

// serve listens at a socket of the host until the host ends.
func serve(t *testing.T, h *lab.TestHost, socket string, words ...string) {
	t.Helper()
	h.Exec("mkdir", "-p", path.Dir(socket))
	cmd := h.Command(t.Context(), append(words, "/srv/attempt", "serve", socket)...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		_, err = bufio.NewReader(out).ReadString('\n')
	}
	if err != nil {
		t.Fatalf("%s: %v", socket, err)
	}
	t.Cleanup(func() { cmd.Wait() }) //nolint:errcheck // it is ended by the test's context
}
