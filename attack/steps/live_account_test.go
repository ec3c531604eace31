package steps_test

import (
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/lab"
)

// grant proves a step that begins at an account or an engine: as the host is the
// step is not there and the attempt fails, and after set both are.
type grant struct {
	step string
	// set is a shell command of root; try is what is then attempted, by the account
	// alice or, with asRoot, by whoever has the engine's socket.
	set, try string
	asRoot   bool
	undo     string // what takes it back, if it would hide what comes after
}

// readsSecret starts a service that has a secret of the swarm, and waits until it runs.
const readsSecret = "echo hunter2 | docker secret create db - && docker service create -d --no-resolve-image --name reader --secret db lab/attempt:1 sleep 1000; " +
	"for i in $(seq 100); do docker exec $(docker ps -qf name=reader) true 2>/dev/null && break; sleep 0.2; done"

// buildsWithSecret builds an image with a secret as an argument, and runs it.
const buildsWithSecret = "printf 'FROM lab/attempt:1\nARG API_TOKEN\nRUN true\n' | DOCKER_BUILDKIT=0 docker build --build-arg API_TOKEN=hunter2 -t built - && " +
	"docker run -d --network none --entrypoint sleep built 1000"

// grants are in an order in which none hides what the next one shows.
var grants = []grant{
	{step: "root-equivalent-group", set: "usermod -aG disk alice", try: "[ -r /dev/sda ] && [ -w /dev/sda ]"},
	{step: "engine-program-writable", set: "chmod o+w $(command -v docker-proxy || ls /usr/libexec/docker/docker-proxy)", try: "[ -w $(command -v docker-proxy || ls /usr/libexec/docker/docker-proxy) ]"},
	{step: "engine-program-setuid", set: "chmod u+s $(command -v dockerd)", try: "dockerd --validate --config-file /etc/docker/daemon.json", undo: "chmod u-s $(command -v dockerd)"},
	{step: "engine-config-writable", set: "chmod 666 /etc/docker/daemon.json", try: "[ -w /etc/docker/daemon.json ]"},
	{step: "engine-key-readable", set: "chmod 644 /etc/docker/key.pem", try: "[ -r /etc/docker/key.pem ]"},
	{step: "engine-unit-writable", set: "chmod 666 /etc/default/docker", try: "[ -w /etc/default/docker ]"},
	{step: "engine-plugin-directory-writable", set: "chmod 666 /etc/cdi/lab.json", try: "[ -w /etc/cdi/lab.json ]"},
	{step: "client-plugin-directory-writable", set: "chmod 777 /usr/local/lib/docker/cli-plugins", try: "[ -w /usr/local/lib/docker/cli-plugins ]"},
	{step: "client-helper-writable", set: "chmod 777 /usr/local/bin/docker-credential-lab", try: "[ -w /usr/local/bin/docker-credential-lab ]"},
	{step: "client-credentials-readable", set: "chmod 755 /root /root/.docker; chmod 644 /root/.docker/config.json", try: "[ -r /root/.docker/config.json ]"},
	{step: "client-key-readable", set: "chmod 644 /root/.docker/key.pem", try: "[ -r /root/.docker/key.pem ]"},
	{step: "client-config-writable", set: "chmod 666 /root/.docker/config.json", try: "[ -w /root/.docker/config.json ]"},
	{step: "bind-source-writable", set: "chown alice /srv/app/run", try: "[ -w /srv/app/run ]"},
	{step: "compose-file-writable", set: "chmod 666 /srv/shop/compose.yaml", try: "[ -w /srv/shop/compose.yaml ]"},
	{step: "swarm-tokens-told", set: "docker swarm init --advertise-addr 127.0.0.1", try: "docker swarm join-token -q manager | grep -q .", asRoot: true, undo: "docker swarm leave --force"},
	{step: "engine-orders-swarm", set: "docker swarm init --advertise-addr 127.0.0.1", try: "docker service ls", asRoot: true},
	{step: "swarm-config-told", set: "echo db_password=hunter2 | docker config create app -", try: "docker config inspect -f '{{json .Spec.Data}}' app | grep -q .", asRoot: true},
	{step: "swarm-secret-mounted", set: readsSecret, try: "docker exec $(docker ps -qf name=reader) cat /run/secrets/db | grep -q hunter2", asRoot: true, undo: "docker service rm reader"},
	{step: "swarm-key-told", set: "docker swarm update --autolock=true", try: "docker swarm unlock-key -q | grep -q .", asRoot: true},
	{step: "volume-options-told", set: "docker volume create -o type=cifs -o device=//nas/x -o o=username=app,password=hunter2 nas", try: "docker volume inspect nas | grep -q hunter2", asRoot: true},
	{step: "image-history-told", set: buildsWithSecret, try: "docker history --no-trunc built | grep -q hunter2", asRoot: true},
	{step: "engine-socket-open", set: "chmod 666 /run/docker.sock", try: "/srv/attempt connect /run/docker.sock", undo: "chmod 660 /run/docker.sock"},
	{step: "engine-socket-group", set: "usermod -aG docker alice", try: "/srv/attempt connect /run/docker.sock"},
	{step: "engine-data-root-writable", set: "chmod 777 /var/lib/docker", try: "[ -w /var/lib/docker ]"},
}

// TestLiveAccounts proves the steps of accounts, and of who has the engine.
func TestLiveAccounts(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := attemptImage(t, h)
	prepareAccounts(t, h, image)
	before := steptest.Model(collect(t, h), steps.All())
	for i := range grants {
		g := &grants[i]
		g.check(t, h, before, false)
		h.Exec("sh", "-ec", g.set)
		g.check(t, h, steptest.Model(collect(t, h), steps.All()), true)
		h.Exec("sh", "-ec", g.undo)
	}
}

// prepareAccounts makes an account, files that are root's, and a container of a
// project that runs one of them.
func prepareAccounts(t *testing.T, h *lab.TestHost, image string) {
	h.AddUser("alice")
	h.CopyIn(lab.Self(t), "/srv/attempt", 0o755)
	makeNode(h, "/dev/sda", "b 8 240")
	h.Exec("sh", "-ec", "chgrp disk /dev/sda; chmod 660 /dev/sda; chmod 700 /root; mkdir -p /usr/local/lib/docker/cli-plugins")
	for path, text := range map[string]string{
		"/etc/docker/daemon.json": `{"tlskey": "/etc/docker/key.pem"}`, "/etc/docker/key.pem": "none", "/etc/default/docker": "", "/etc/cdi/lab.json": "{}", "/usr/local/bin/docker-credential-lab": "",
		"/root/.docker/config.json": `{"auths": {"registry.example": {"auth": "dTpw"}}, "credHelpers": {"other.example": "lab"}}`, "/root/.docker/key.pem": "none",
		"/srv/app/run": "sleep 1000", "/srv/shop/compose.yaml": "services: {}",
	} {
		h.WriteFile(path, text, 0o600)
	}
	h.Run("--name", "app", "--network", "none", "-v", "/srv/app:/app:ro", "--entrypoint", "sh",
		"--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.project.working_dir=/srv/shop", "--label", "com.docker.compose.project.config_files=/srv/shop/compose.yaml",
		image, "/app/run")
}

// check compares what the model says of the step with what the attempt finds.
func (g *grant) check(t *testing.T, h *lab.TestHost, m *attack.Model, want bool) {
	t.Helper()
	said := attack.No
	moves := m.Moves()
	for i := range moves {
		move := &moves[i]
		if from := move.From[0]; move.Step.ID == g.step && (g.asRoot || from.Name == "alice") {
			said = max(said, attack.Unknown, attack.Sure(!move.Possible))
		}
	}
	if said != attack.Sure(want) {
		t.Errorf("%s: the model says %v, want %t", g.step, said, want)
	}
	args := []string{"sh", "-c", g.try}
	if !g.asRoot {
		args = append([]string{"runuser", "-u", "alice", "--"}, args...)
	}
	args = append([]string{"env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, args...)
	if out, err := h.Command(t.Context(), args...).CombinedOutput(); (err == nil) != want {
		t.Errorf("%s: the attempt %q finds access: %t, want %t\n%s", g.step, g.try, err == nil, want, out)
	}
}
