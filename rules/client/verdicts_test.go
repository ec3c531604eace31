package client_test

import (
	"slices"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/client"
	"seawall/snapshot"
	"seawall/trial"
)

// verdict judges the example's client, changed, by one rule.
func verdict(t *testing.T, id string, change func(*snapshot.Snapshot)) rule.Verdict {
	t.Helper()
	s, err := trial.Load(rule.Example{Facts: change})
	if err != nil {
		t.Fatal(err)
	}
	rules := client.Rules()
	i := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == id })
	results := rule.Evaluate(s, rules[i:i+1])
	if len(results) != 1 {
		t.Fatalf("%s: %d results, want one", id, len(results))
	}
	return results[0].Verdict
}

// The CLI takes an address without scheme for TCP, and one without a name for
// this host.
func TestAddresses(t *testing.T) {
	for _, tt := range []struct {
		host string
		want rule.Verdict
	}{
		{"", rule.NotApplicable},
		{"tcp://10.0.0.5:2375", rule.Failed},
		{"tcp://10.0.0.5", rule.Failed},
		{"tcp://build.example/path:1", rule.Failed},
		{" tcp://10.0.0.5:2375", rule.Failed},
		{"10.0.0.5:2375", rule.Failed},
		{"build.example", rule.Failed},
		{"http://10.0.0.5:2375", rule.Failed},
		{"tcp://[2001:db8::5]:2375", rule.Failed},
		{"tcp://127.0.0.1:2375", rule.Passed},
		{"tcp://127.0.0.1:2375/path", rule.Passed},
		{"tcp://[::1]:2375", rule.Passed},
		{"tcp://[::1]", rule.Passed},
		{"tcp://localhost", rule.Passed},
		{"localhost:2375", rule.Passed},
		{"tcp://", rule.Passed},
		{"tcp://:2375", rule.Passed},
		{"/run/docker.sock", rule.Passed},
		{"unix:///run/docker.sock", rule.Passed},
		{"ssh://admin@10.0.0.5", rule.Passed},
	} {
		got := verdict(t, "client-docker-host-plaintext", example.Client(func(cl *snapshot.Client) {
			example.Set(&cl.DockerHost, tt.host)
			example.Set(&cl.DockerTLSVerify, false)
		}))
		if got != tt.want {
			t.Errorf("DOCKER_HOST=%q: %s, want %s", tt.host, got, tt.want)
		}
	}
}

// A context that skips verification has a rule of its own.
func TestSkippedVerificationIsNotPlaintext(t *testing.T) {
	got := verdict(t, "client-context-plaintext-tcp", example.Client(func(cl *snapshot.Client) {
		example.Set(&cl.Contexts, []snapshot.Context{{Name: "prod", Host: "tcp://10.0.0.5:2376", SkipTLSVerify: true}})
	}))
	if got != rule.Passed {
		t.Errorf("skip-tls-verify=true: %s, want passed", got)
	}
}

func TestFiles(t *testing.T) {
	secret := snapshot.ClientConfig{ClearCredentials: []string{"registry.example"}}
	for _, tt := range []struct {
		name, rule string
		config     snapshot.ClientConfig
		role       string
		mode       snapshot.Mode
		want       rule.Verdict
	}{
		{"a config.json without secrets may be read", "client-config-readable", snapshot.ClientConfig{}, snapshot.RoleConfig, 0o644, rule.NotApplicable},
		{"a readable certificate is no config.json", "client-config-readable", secret, snapshot.RoleTLSCert, 0o644, rule.NotApplicable},
		{"a readable certificate is no key", "client-key-readable", secret, snapshot.RoleTLSCert, 0o644, rule.NotApplicable},
		{"a context's meta.json says where the CLI connects", "client-config-writable", secret, snapshot.RoleContextMeta, 0o666, rule.Failed},
		{"a writable certificate is no configuration", "client-config-writable", secret, snapshot.RoleTLSCert, 0o666, rule.NotApplicable},
	} {
		got := verdict(t, tt.rule, example.Client(func(cl *snapshot.Client) {
			example.Set(&cl.Config, tt.config)
			example.Set(&cl.Files, []snapshot.File{example.File(tt.role, "/root/.docker/file", "file", tt.mode)})
		}))
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Who is in a group matters only for what the group can do.
func TestUnreadableGroups(t *testing.T) {
	for mode, want := range map[snapshot.Mode]rule.Verdict{0o600: rule.Passed, 0o660: rule.Unknown, 0o666: rule.Failed} {
		got := verdict(t, "client-config-writable", func(s *snapshot.Snapshot) {
			s.Host.EmptyGroups.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission})
			example.Client(func(cl *snapshot.Client) {
				f := example.File(snapshot.RoleConfig, "/root/.docker/config.json", "file", mode)
				f.Group, f.GID = "staff", 50
				example.Set(&cl.Files, []snapshot.File{f})
			})(s)
		})
		if got != want {
			t.Errorf("config.json of mode %o: %s, want %s", mode, got, want)
		}
	}
}
