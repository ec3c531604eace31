package livehost

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

func TestCollectClients(t *testing.T) {
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("needs root to read the homes of others")
		}
		t.Skip("NOT RUN: needs root to read the homes of others")
	}
	m := hostTreeOf(t, map[string]string{
		"etc/passwd": "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n" +
			"carol:x:1002:1002::/home/carol:/bin/sh\ntwin:x:1003:1003::/home/alice:/bin/sh\nghost:x:1004:1004::/nonexistent:/bin/sh\n",
		"etc/group":                                          "root:x:0:\n",
		"etc/profile.d/docker.sh":                            "export DOCKER_HOST=tcp://build1:2375\n",
		"home/alice/.docker/config.json":                     `{"auths": {"r.example": {"auth": "c2VjcmV0"}}, "currentContext": "prod", "cliPluginsExtraDirs": ["/opt/plugins"]}`,
		"home/alice/.docker/key.pem":                         "k",
		"home/alice/.docker/contexts/meta/8d/meta.json":      `{"Name":"prod","Endpoints":{"docker":{"Host":"tcp://10.0.0.5:2376"}}}`,
		"home/alice/.docker/contexts/tls/8d/docker/key.pem":  "k",
		"home/alice/.docker/contexts/tls/8d/docker/cert.pem": "c",
		"home/alice/.docker/cli-plugins/docker-buildx":       "x",
		"home/alice/.docker/cli-plugins/README":              "x",
		"home/alice/.bashrc":                                 "export DOCKER_HOST=unix://$XDG_RUNTIME_DIR/docker.sock\n",
		"opt/plugins/docker-x":                               "x",
		"usr/libexec/docker/cli-plugins/docker-compose":      "x",
		"home/bob/.profile":                                  "unset DOCKER_HOST\n",
		"home/carol/.docker/config.json":                     "{\n\"auths\": oops\n}",
	})
	clients, ok := collectClients(t.Context(), m).Peek()
	if !ok {
		t.Fatalf("gap: %+v", collectClients(t.Context(), m).Gap())
	}
	got := map[string]snapshot.Client{}
	for _, c := range clients {
		got[c.User] = c
	}
	if len(got) != 3 || got["root"].User == "" {
		t.Fatalf("clients %v", got)
	}
	alice := got["alice"]
	if config := value(t, alice.Config); !cmp.Equal(config.ClearCredentials, []string{"r.example"}) || config.CurrentContext != "prod" {
		t.Errorf("alice's config: %+v", config)
	}
	want := []snapshot.Context{{Name: "prod", Host: "tcp://10.0.0.5:2376", TLS: true}}
	if diff := cmp.Diff(want, value(t, alice.Contexts)); diff != "" {
		t.Errorf("contexts (-want +got):\n%s", diff)
	}
	if h := value(t, alice.DockerHost); h != "unix:///run/user/1000/docker.sock" || alice.DockerHost.Origin().Source != "/home/alice/.bashrc:1" {
		t.Errorf("alice's DOCKER_HOST %q from %v", h, alice.DockerHost.Origin())
	}
	paths := func(f snapshot.Fact[[]snapshot.File]) []string {
		var out []string
		for _, file := range value(t, f) {
			out = append(out, file.Role+" "+file.Path)
		}
		return out
	}
	if diff := cmp.Diff([]string{
		"config /home/alice/.docker/config.json", "tls-key /home/alice/.docker/key.pem",
		"tls-cert /home/alice/.docker/contexts/tls/8d/docker/cert.pem", "tls-key /home/alice/.docker/contexts/tls/8d/docker/key.pem",
	}, paths(alice.Files)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"plugin-dir /opt/plugins", "cli-plugin /opt/plugins/docker-x",
		"plugin-dir /home/alice/.docker/cli-plugins", "cli-plugin /home/alice/.docker/cli-plugins/docker-buildx",
		"plugin-dir /usr/libexec/docker/cli-plugins", "cli-plugin /usr/libexec/docker/cli-plugins/docker-compose",
	}, paths(alice.PluginDirs)); diff != "" {
		t.Errorf("plugins (-want +got):\n%s", diff)
	}
	if e := value(t, got["carol"].Config).Error; e != "line 2: not valid JSON" {
		t.Errorf("carol's config: %q", e)
	}
	if h := value(t, got["root"].DockerHost); h != "tcp://build1:2375" || got["root"].Config.State() != snapshot.Absent {
		t.Errorf("root: DOCKER_HOST %q, config %+v", h, got["root"].Config)
	}
}
