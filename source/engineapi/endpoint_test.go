package engineapi_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/source/engineapi"
)

// runCLI runs the CLI with a configuration directory of its own.
func runCLI(t *testing.T, dir string, env map[string]string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), lab.DockerCLI(t, lab.V28), args...)
	cmd.Env = []string{"DOCKER_CONFIG=" + dir, "HOME=" + dir, "PATH=/usr/bin:/bin"}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// contexts makes a configuration directory with two contexts.
func contexts(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, endpoint := range map[string]string{
		"prod":  "host=tcp://10.0.0.5:2376,skip-tls-verify=true",
		"build": "host=ssh://ops@build1",
		"local": "host=unix:///run/user/1000/docker.sock",
	} {
		if _, err := runCLI(t, dir, nil, "context", "create", name, "--docker", endpoint); err != nil {
			t.Fatalf("context create %s: %v", name, err)
		}
	}
	return dir
}

func TestResolveAsTheCLIDoes(t *testing.T) {
	dir := contexts(t)
	type env = map[string]string
	tests := []struct {
		name, host, context, current string
		env                          env
		explicit                     bool
	}{
		{name: "nothing"},
		{name: "flag", host: "tcp://h:1234", explicit: true},
		{name: "flag without a scheme", host: "h:1234", explicit: true},
		{name: "flag without a port", host: "tcp://h", explicit: true},
		{name: "flag with a path", host: "tcp://h:1/base", explicit: true},
		{name: "flag with IPv6", host: "tcp://[::1]:2375", explicit: true},
		{name: "port alone", host: "tcp://:7777", explicit: true},
		{name: "unix", host: "unix:///x/y.sock", explicit: true},
		{name: "unix without a path", host: "unix://", explicit: true},
		{name: "ssh", host: "ssh://me@h:22", explicit: true},
		{name: "DOCKER_HOST", env: env{"DOCKER_HOST": "tcp://e:2375"}, explicit: true},
		{name: "DOCKER_CONTEXT", env: env{"DOCKER_CONTEXT": "prod"}, explicit: true},
		{name: "context flag", context: "build", explicit: true},
		{name: "context default", context: "default", current: "prod", explicit: true},
		{name: "current context", current: "local"},
		{name: "current context default", current: "default"},
		{name: "flag over all", host: "tcp://f:1", env: env{"DOCKER_HOST": "tcp://e:2375", "DOCKER_CONTEXT": "prod"}, current: "local", explicit: true},
		{name: "context flag over DOCKER_HOST", context: "local", env: env{"DOCKER_HOST": "tcp://e:2375"}, explicit: true},
		{name: "DOCKER_HOST over DOCKER_CONTEXT", env: env{"DOCKER_HOST": "tcp://e:2375", "DOCKER_CONTEXT": "prod"}, explicit: true},
		{name: "DOCKER_HOST over the current context", env: env{"DOCKER_HOST": "tcp://e:2375"}, current: "prod", explicit: true},
		{name: "DOCKER_CONTEXT over the current context", env: env{"DOCKER_CONTEXT": "build"}, current: "prod", explicit: true},
		{name: "context default takes DOCKER_HOST", context: "default", env: env{"DOCKER_HOST": "tcp://e:2375"}, explicit: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := `{"currentContext":"` + test.current + `"}`
			if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			var args []string
			if test.host != "" {
				args = append(args, "--host", test.host)
			}
			if test.context != "" {
				args = append(args, "--context", test.context)
			}
			want, err := runCLI(t, dir, test.env, append(args, "context", "inspect", "--format", "{{.Endpoints.docker.Host}} {{.Endpoints.docker.SkipTLSVerify}}")...)
			if err != nil {
				t.Fatalf("docker context inspect: %v", err)
			}
			e, err := engineapi.Resolve(engineapi.Options{Host: test.host, Context: test.context, ConfigDir: dir, Getenv: func(name string) string { return test.env[name] }})
			if err != nil {
				t.Fatal(err)
			}
			got := e.Host + " false"
			if e.TLS != nil && e.TLS.SkipVerify {
				got = e.Host + " true"
			}
			if got != want || e.Explicit != test.explicit {
				t.Errorf("%s, explicit %v; the CLI uses %s, want explicit %v", got, e.Explicit, want, test.explicit)
			}
		})
	}
}

func TestResolveErrors(t *testing.T) {
	dir := contexts(t)
	resolve := func(o engineapi.Options) error {
		o.ConfigDir = dir
		o.Getenv = func(string) string { return "" }
		_, err := engineapi.Resolve(o)
		return err
	}
	for _, test := range []struct {
		options engineapi.Options
		want    string
	}{
		{engineapi.Options{Host: "tcp://h:1", Context: "prod"}, "exclude each other"},
		{engineapi.Options{Context: "prdo"}, `did you mean "prod"?`},
		{engineapi.Options{Context: "somewhere-else-entirely"}, "docker context ls"},
		{engineapi.Options{Host: "ftp://h"}, "scheme ftp"},
		{engineapi.Options{Host: "unix://relative"}, "starts with /"},
		{engineapi.Options{Host: "tcp://a://b"}, "two schemes"},
		{engineapi.Options{Host: "tcp://u:p@h:1"}, "not of the form"},
		{engineapi.Options{Host: "ssh://u:secret@h"}, "password"},
		{engineapi.Options{Host: "ssh://-oProxyCommand=x"}, "not allowed"},
		{engineapi.Options{Host: "ssh://h/a;b"}, "not allowed"},
	} {
		err := resolve(test.options)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: error %v, want one with %q", test.options, err, test.want)
		}
	}
	var unknown *engineapi.UnknownContextError
	if err := resolve(engineapi.Options{Context: "biuld"}); !errors.As(err, &unknown) || unknown.Near != "build" {
		t.Errorf("error %v, want an unknown context near build", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := resolve(engineapi.Options{}); err == nil || !strings.Contains(err.Error(), "config.json") {
		t.Errorf("broken config.json: error %v", err)
	}
}

func TestTLSFlags(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ca.pem", "cert.pem", "key.pem"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	yes, no := true, false
	files := engineapi.TLS{CA: in("ca.pem"), Cert: in("cert.pem"), Key: in("key.pem")}
	skip := files
	skip.SkipVerify = true
	tests := []struct {
		name    string
		options engineapi.Options
		env     map[string]string
		host    string
		want    *engineapi.TLS
	}{
		{"none", engineapi.Options{Host: "tcp://h:1"}, nil, "tcp://h:1", nil},
		{"--tls", engineapi.Options{Host: "tcp://h:1", TLS: true}, nil, "tcp://h:1", &skip},
		{"--tlsverify", engineapi.Options{Host: "tcp://h:1", TLSVerify: &yes}, nil, "tcp://h:1", &files},
		{"--tlsverify=false", engineapi.Options{Host: "tcp://h:1", TLSVerify: &no}, nil, "tcp://h:1", &skip},
		{"--tlscacert", engineapi.Options{Host: "tcp://h:1", TLSVerify: &yes, TLSCACert: "/x"}, nil, "tcp://h:1", &engineapi.TLS{CA: "/x", Cert: files.Cert, Key: files.Key}},
		{"DOCKER_TLS_VERIFY", engineapi.Options{}, map[string]string{"DOCKER_HOST": "tcp://h:1", "DOCKER_TLS_VERIFY": "1"}, "tcp://h:1", &files},
		{"DOCKER_CERT_PATH", engineapi.Options{}, map[string]string{"DOCKER_HOST": "tcp://h:1", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nonexistent"}, "tcp://h:1", &engineapi.TLS{}},
		{"DOCKER_TLS", engineapi.Options{}, map[string]string{"DOCKER_HOST": "tcp://h:1", "DOCKER_TLS": "1"}, "tcp://h:1", &skip},
		{"no host", engineapi.Options{TLSVerify: &yes}, nil, "tcp://localhost:2376", &files},
		{"over a socket", engineapi.Options{Host: "unix:///s", TLSVerify: &yes}, nil, "unix:///s", nil},
	}
	for _, test := range tests {
		test.options.ConfigDir = dir
		test.options.Getenv = func(name string) string { return test.env[name] }
		e, err := engineapi.Resolve(test.options)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if e.Host != test.host || (e.TLS == nil) != (test.want == nil) || e.TLS != nil && *e.TLS != *test.want {
			t.Errorf("%s: %s with %+v, want %s with %+v", test.name, e.Host, e.TLS, test.host, test.want)
		}
	}
}

func FuzzResolveHost(f *testing.F) {
	for _, seed := range []string{"", "unix:///x", "tcp://h:1/p", "[::1]:1", "ssh://a@b:22/x", "https://h", "tcp://%zz", "ssh://a b"} {
		f.Add(seed)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, host string) {
		e, err := engineapi.Resolve(engineapi.Options{Host: host, ConfigDir: dir, Getenv: func(string) string { return "" }})
		if err != nil {
			return
		}
		again, err := engineapi.Resolve(engineapi.Options{Host: e.Host, ConfigDir: dir, Getenv: func(string) string { return "" }})
		if err != nil || again.Host != e.Host {
			t.Errorf("%q is %q, and that is %q (%v)", host, e.Host, again.Host, err)
		}
	})
}
