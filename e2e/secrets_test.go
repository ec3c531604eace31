package e2e

import (
	"strings"
	"testing"

	"seawall/lab"
	"seawall/report"
)

// TestNoPlantedSecretInAnyOutput plants secrets wherever an audit reads, each
// with its own mark, and looks for the marks in everything it can write.
func TestNoPlantedSecretInAnyOutput(t *testing.T) {
	const mark = "planted0secret"
	h := newHost(t, lab.Options{
		Version: lab.V28,
		Flags:   []string{"--log-opt", "labels=" + mark + "1"},
		DaemonJSON: `{"proxies": {"http-proxy": "http://user:` + mark + `2@proxy.example:3128"},
			"labels": ["deploy.token=` + mark + `4"]}`,
		Files: map[string]string{
			"/root/.docker/config.json": `{"auths": {"registry.example": {"auth": "` + mark + `5", "identitytoken": "` + mark + `6"}},
				"HttpHeaders": {"X-Meta-Token": "` + mark + `7"}, "proxies": {"default": {"httpProxy": "http://u:` + mark + `8@proxy.example"}}}`,
			"/root/.profile":             "export DOCKER_HOST=tcp://user:" + mark + "9@10.0.0.1:2375\n",
			"/etc/sudoers.d/ops":         "ops ALL=(root) NOPASSWD: /usr/bin/docker login -p " + mark + "10\n",
			"/root/.docker/ca-key.pem":   "-----BEGIN PRIVATE KEY-----\n" + mark + "11\n-----END PRIVATE KEY-----\n",
			"/etc/systemd/system/x.conf": mark,
		},
	})
	h.AddUser("ops")
	image := h.ImportSleep()
	h.Docker("volume", "create", "--driver", "local", "--opt", "type=cifs", "--opt", "device=//10.0.0.1/s",
		"--opt", "o=addr=10.0.0.1,username=u,password="+mark+"20", "--label", "db.password="+mark+"38", "share")
	h.Docker("network", "create", "--label", "secret="+mark+"21", "own")
	h.Run("--name", "app", "--network", "own", "-e", "DB_PASSWORD="+mark+"22", "-e", "PLAIN="+mark+"23",
		"-e", "DATABASE_URL=postgres://u:"+mark+"24@db/app", "--label", "token="+mark+"25",
		"--label", "owner=web", "--label", "hook=run --token "+mark+"37",
		"--log-opt", "tag="+mark+"26", "--health-cmd", "curl -H 'Authorization: "+mark+"27' localhost",
		"-e", "DOCKER_HOST=tcp://u:"+mark+"32@10.0.0.9:2375", "--hostname", "h", image, "/sleep", "2147483647")
	h.ImportBusybox()
	key := "-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat(mark+"40", 20) + "\n-----END RSA PRIVATE KEY-----\n"
	for name, text := range map[string]string{
		"id_rsa": key, ".netrc": "machine x login y password " + mark + "41\n", ".env": "DB_PASSWORD=" + mark + "42\n",
		".npmrc": "//registry.example/:_authToken=" + mark + "43\n", "tls.key": mark + "44\n" + key, "shadow": "root:" + mark + "45:::::::\napp::::::::\n",
	} {
		h.WriteFile("/srv/build/files/"+name, text, 0o600)
	}
	h.WriteFile("/srv/build/Dockerfile", "FROM lab/busybox:1\nCOPY files /root/\nCOPY files/shadow /etc/shadow\nARG API_TOKEN\nENV OLD_PASSWORD="+mark+"33\nRUN true --token "+mark+"34 "+mark+"35\n", 0o644)
	h.Exec("sh", "-ec", "DOCKER_BUILDKIT=0 docker build -t lab/built:1 --build-arg API_TOKEN="+mark+"36 /srv/build 2>&1")
	h.Docker("create", "--name", "built", "lab/built:1")
	// The command need not run to be read.
	h.Docker("create", "--name", "job", image, "/sleep", "--password="+mark+"28", "--token", mark+"29",
		"export SECRET_KEY="+mark+"30; run")
	h.Docker("swarm", "init", "--advertise-addr", "127.0.0.1")
	h.Docker("service", "create", "--detach", "--name", "svc", "--replicas", "0", "--env", "API_KEY="+mark+"31", image)

	if o := seawall(t, h, "snapshot", "--deep", "-o", "/tmp/host.json"); o.code != 0 {
		t.Fatalf("snapshot: %s", o.stderr)
	}
	snapshot := h.Exec("cat", "/tmp/host.json")
	for _, name := range []string{`"app"`, `"job"`, "DB_PASSWORD", `"svc"`, `"share"`, `"API_TOKEN"`, `"OLD_PASSWORD"`, "registry.example", `"hook"`, `"db.password"`,
		`"/root/id_rsa"`, `"/root/.netrc"`, `"/root/.env"`, `"/root/.npmrc"`, `"/root/tls.key"`} {
		if !strings.Contains(snapshot, name) {
			t.Errorf("the snapshot does not hold %s: nothing would be proved", name)
		}
	}
	outputs := map[string]string{"snapshot": snapshot}
	for _, format := range []string{"json", "text"} {
		o := seawall(t, h, "audit", "--deep", "--exit-zero", "--verbose", "--format", format)
		outputs[format], outputs[format+" stderr"] = o.stdout, o.stderr
	}
	for _, format := range report.PathsOutputNames() {
		o := seawall(t, h, "paths", "--fail-on", "none", "--verbose", "--prove", "--format", format)
		if o.code != 0 {
			t.Errorf("paths in %s: %s", format, o.stderr)
		}
		outputs["paths "+format], outputs["paths "+format+" stderr"] = o.stdout, o.stderr
	}
	for name, out := range outputs {
		for at := strings.Index(out, mark); at >= 0; at = strings.Index(out, mark) {
			t.Errorf("%s holds a secret: …%s…", name, out[max(0, at-120):min(len(out), at+20)])
			out = out[at+len(mark):]
		}
	}
}
