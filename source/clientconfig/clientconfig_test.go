package clientconfig

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

func TestParseConfig(t *testing.T) {
	tests := []struct {
		name, text string
		want       snapshot.ClientConfig
	}{
		{"empty object", `{}`, snapshot.ClientConfig{}},
		{"logged in without a helper", `{"auths": {
			"https://index.docker.io/v1/": {"auth": "dXNlcjpwYXNz"},
			"r.example": {}, "t.example": {"identitytoken": "x"}, "u.example": {"username": "u"}}}`,
			snapshot.ClientConfig{ClearCredentials: []string{"https://index.docker.io/v1/", "t.example"}}},
		{"helpers", `{"credsStore": "pass", "CREDHELPERS": {"gcr.io": "gcloud"}, "currentContext": "prod", "cliPluginsExtraDirs": ["/opt/p"]}`,
			snapshot.ClientConfig{CurrentContext: "prod", Helpers: map[string]string{"": "pass", "gcr.io": "gcloud"}, PluginExtraDirs: []string{"/opt/p"}}},
		{"proxies", `{"proxies": {"default": {"httpProxy": "http://u:p@proxy:3128"}, "tcp://a:2375": {"httpsProxy": "http://u@proxy"}, "x": {"allProxy": "u:p@proxy:1"}}}`,
			snapshot.ClientConfig{ProxyCredentials: []string{"default", "x"}}},
		{"headers", `{"HttpHeaders": {"User-Agent": "x", "Authorization": "Basic eA==", "X-Auth-Token": "t", "Cookie": ""}}`,
			snapshot.ClientConfig{SecretHeaders: []string{"Authorization", "X-Auth-Token"}}},
		{"cut off", "{\n \"auths\": {\n", snapshot.ClientConfig{Error: "line 3: the file ends too early"}},
		{"empty", "\n", snapshot.ClientConfig{Error: "line 1: the file is empty"}},
		{"not JSON", "{\n \"auths\": hunter2\n}", snapshot.ClientConfig{Error: "line 2: not valid JSON"}},
		{"another type", "{\n \"auths\": {\"r\": {\"password\": 4711}}\n}", snapshot.ClientConfig{Error: "line 2: auths: unexpected number"}},
		{"array", "[]", snapshot.ClientConfig{Error: "line 1: the file: unexpected array"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ParseConfig([]byte(tt.text))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseContext(t *testing.T) {
	got, err := ParseContext([]byte(`{"Name":"prod","Metadata":{"Description":"x"},"Endpoints":{"docker":{"Host":"tcp://u:p@10.0.0.5:2376","SkipTLSVerify":true}}}`))
	want := snapshot.Context{Name: "prod", Host: "tcp://u:<redacted>@10.0.0.5:2376", SkipTLSVerify: true}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "{}", `{"Name":"x","Endpoints":{"docker":{"Host":1}}}`, `{"Name":1}`} {
		if _, err := ParseContext([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestDockerHost(t *testing.T) {
	tests := []struct {
		name, text string
		shell      bool
		want       Setting
	}{
		{"nothing", "export PATH=/bin\n", true, Setting{}},
		{"exported", "# x\nexport DOCKER_HOST=tcp://a:2375 # why\n", true, Setting{"tcp://a:2375", 2}},
		{"quoted", `export DOCKER_HOST="unix:///run/user/$(id -u)/docker.sock"`, true, Setting{"unix:///run/user/$(id -u)/docker.sock", 1}},
		{"command in it, unquoted", `export DOCKER_HOST=unix:///run/user/$(id -u)/docker.sock`, true, Setting{"unix:///run/user/$(id -u)/docker.sock", 1}},
		{"comment", "#export DOCKER_HOST=a", true, Setting{}},
		{"assigned, exported later", "DOCKER_HOST=a; export X DOCKER_HOST", true, Setting{"a", 1}},
		{"assigned only", "DOCKER_HOST=a", true, Setting{}},
		{"environment file", "A=b\nDOCKER_HOST='a'", false, Setting{"a", 2}},
		{"for one command", "DOCKER_HOST=a docker ps\nalias d='DOCKER_HOST=b docker'", true, Setting{}},
		{"in a condition", "if [ -S /x ]; then export DOCKER_HOST=a; fi", true, Setting{"a", 1}},
		{"after and", "[ -S /x ] && export DOCKER_HOST=a", true, Setting{"a", 1}},
		{"last counts", "export DOCKER_HOST=a\nexport DOCKER_HOST=b", true, Setting{"b", 2}},
		{"unset", "export DOCKER_HOST=a\nunset DOCKER_HOST", true, Setting{"", 2}},
		{"other name", "export MY_DOCKER_HOST=a DOCKER_HOSTS=b", true, Setting{}},
		{"continued", "export \\\n DOCKER_HOST=a", true, Setting{"a", 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := DockerHost(tt.text, tt.shell); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestExpand(t *testing.T) {
	vars := map[string]string{"UID": "1000", "HOME": "/home/a", "XDG_RUNTIME_DIR": "/run/user/1000"}
	for value, want := range map[string]string{
		"unix://$XDG_RUNTIME_DIR/docker.sock":          "unix:///run/user/1000/docker.sock",
		"unix:///run/user/$(id -u)/d ${HOME} $UNKNOWN": "unix:///run/user/1000/d /home/a $UNKNOWN",
	} {
		if got := Expand(value, vars); got != want {
			t.Errorf("Expand(%q) = %q", value, got)
		}
	}
}

// secret is planted by the fuzz test; it must not come out.
const secret = "dckr_pat_planted-secret-0123456789"

func FuzzParseConfig(f *testing.F) {
	f.Add(`{"auths":{"r":{"auth":"`, `"}}}`)
	f.Add(`{"proxies":{"default":{"httpProxy":"http://u:`, `@p"}}}`)
	f.Add(`{"HttpHeaders":{"Authorization":"`, `"}}`)
	f.Add(`{"currentContext":"`, `"} x`)
	f.Fuzz(func(t *testing.T, before, after string) {
		text := []byte(before + secret + after)
		out := fmt.Sprintf("%+v", ParseConfig(text))
		if c, err := ParseContext(text); err == nil {
			out += fmt.Sprintf("%+v", c)
		} else {
			out += err.Error()
		}
		if strings.Contains(out, secret) {
			t.Errorf("the secret is in %s", out)
		}
	})
}

func FuzzDockerHost(f *testing.F) {
	f.Add("export A=\"b $(id -u)\" 'c' \\\n DOCKER_HOST=x # y\nunset DOCKER_HOST", true)
	f.Add("DOCKER_HOST=${HOME}/x`id -u`", false)
	f.Fuzz(func(t *testing.T, text string, shell bool) {
		s := DockerHost(text, shell)
		if s.Line < 0 || s.Line > 1+strings.Count(text, "\n") {
			t.Errorf("line %d", s.Line)
		}
	})
}
