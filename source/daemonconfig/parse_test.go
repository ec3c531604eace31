package daemonconfig

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseArgs(t *testing.T) {
	tests := []struct {
		args    string
		want    map[string]Value
		unknown []string
	}{
		{"--icc=false", map[string]Value{"icc": {Text: "false"}}, nil},
		{"--icc --iptables=0 --tls=T", map[string]Value{"icc": {Text: "true"}, "iptables": {Text: "false"}, "tls": {Text: "true"}}, nil},
		{"--group docker --bridge=none", map[string]Value{"group": {Text: "docker"}, "bridge": {Text: "none"}}, nil},
		{"-G docker -Gops", map[string]Value{"group": {Text: "ops"}}, nil},
		{"-D", map[string]Value{"debug": {Text: "true"}}, nil},
		{"-D=false", map[string]Value{"debug": {Text: "false"}}, nil},
		{"-Dl warn", map[string]Value{"debug": {Text: "true"}, "log-level": {Text: "warn"}}, nil},
		{"-H fd:// -Htcp://0.0.0.0:2375 -H=unix:///a --host unix:///b", map[string]Value{"hosts": {List: []string{"fd://", "tcp://0.0.0.0:2375", "unix:///a", "unix:///b"}}}, nil},
		{"--log-opt max-size=10m --log-opt splunk-token=s3cret", map[string]Value{"log-opts": {List: []string{"max-size", "splunk-token"}}}, nil},
		{"--default-ulimit nofile=1024 --default-ulimit=nproc=1:2", map[string]Value{"default-ulimits": {List: []string{"nofile=1024:1024", "nproc=1:2"}}}, nil},
		{"--insecure-registry a:5000 --registry-mirror https://u:pw@m", map[string]Value{
			"insecure-registries": {List: []string{"a:5000"}}, "registry-mirrors": {List: []string{"https://u:<redacted>@m"}}}, nil},
		{"--http-proxy http://u:pw@proxy:3128", map[string]Value{"http-proxy": {Text: "http://u:<redacted>@proxy:3128"}}, nil},
		{"--config-file d.json --group=", map[string]Value{"config-file": {Text: "d.json"}, "group": {}}, nil},
		{"--future 1 --icc=false -y", map[string]Value{"icc": {Text: "false"}}, []string{"--future", "-y"}},
		{"--icc=maybe", nil, []string{"--icc=maybe"}},
		{"-- --icc=false", nil, nil},
		{"--group", map[string]Value{"group": {}}, nil},
		{"-", nil, nil},
	}
	for _, tt := range tests {
		got := ParseArgs("cmdline", strings.Fields(tt.args))
		if diff := cmp.Diff(tt.want, got.values); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.args, diff)
		}
		if diff := cmp.Diff(tt.unknown, got.Unknown); diff != "" {
			t.Errorf("%s: unknown (-want +got):\n%s", tt.args, diff)
		}
	}
}

func TestParseFile(t *testing.T) {
	c, err := ParseFile("daemon.json", []byte("\xef\xbb\xbf"+`{
  "icc": false, "mtu": 1400,
  "hosts": ["unix:///run/docker.sock", "tcp://127.0.0.1:2375"],
  "log-opts": {"max-size": "10m", "splunk-token": "s3cret"},
  "default-ulimits": {"nofile": {"Name": "nofile", "Hard": 64000, "Soft": 1024}},
  "runtimes": {"kata": {"path": "/usr/bin/kata"}},
  "proxies": {"http-proxy": "http://u:pw@p"},
  "features": {"buildkit": true},
  "debug": null,
  "icc": true,
  "colour": 1
}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Value{
		"icc": {Text: "true", Line: 10}, "mtu": {Text: "1400", Line: 2},
		"hosts":           {List: []string{"unix:///run/docker.sock", "tcp://127.0.0.1:2375"}, Line: 3},
		"log-opts":        {List: []string{"max-size", "splunk-token"}, Line: 4},
		"default-ulimits": {List: []string{"nofile=1024:64000"}, Line: 5},
		"runtimes":        {List: []string{"kata"}, Line: 6},
		"proxies":         {List: []string{"http-proxy"}, Line: 7},
		"features":        {List: []string{"buildkit=true"}, Line: 8},
	}
	if diff := cmp.Diff(want, c.values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"colour"}, c.Unknown); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"line 10: icc stands on line 2 too; the last one counts"}, c.Duplicates); diff != "" {
		t.Error(diff)
	}
}

func TestParseFileErrorsNameTheLine(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{"{\n\"icc\": false,\n}", "line 3: "},
		{"{\n\"icc\": false\n\"ipv6\": true}", "line 3: "},
		{"{\n \"icc\": \"false\"\n}", "line 2: icc: want true or false, got a string"},
		{"{\"hosts\": \"unix:///s\"}", "line 1: hosts: want a list of strings, got a string"},
		{"{\n\n\"group\": {}}", "line 3: group: want a string, got an object"},
		{"{\"log-opts\": [\"s3cret\"]}", "line 1: log-opts: want an object, got a list"},
		{"{\"default-ulimits\": {\"nofile\": 5}}", "line 1: default-ulimits: nofile: want an object"},
		{"[]", "line 1: want an object"},
		{"{\n\"icc\": fal", "line 2: "},
		{"{} {}", "line 1: "},
		{"# comment\n{}", "line 1: "},
	} {
		_, err := ParseFile("f", []byte(tt.data))
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(fmt.Sprint(err), "s3cret") {
			t.Errorf("ParseFile(%q): error %v, want %q…", tt.data, err, tt.want)
		}
	}
	for _, empty := range []string{"", " \n", "{}"} {
		if c, err := ParseFile("f", []byte(empty)); err != nil || len(c.Keys()) > 0 {
			t.Errorf("ParseFile(%q) = %v, %v", empty, c, err)
		}
	}
}

func FuzzParseFile(f *testing.F) {
	for _, seed := range []string{"{}", `{"icc":false,"icc":1}`, `{"log-opts":{"a":"b"}}`, "{\"hosts\":[\"a\"],\n", `{"default-address-pools":[{"base":"10.0.0.0/8"}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseFile("f", data)
		if err != nil && !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("error without a line: %v", err)
		}
		for _, name := range c.Keys() {
			if v, _ := c.Get(name); v.Line < 1 {
				t.Errorf("%s: line %d", name, v.Line)
			}
		}
	})
}

func FuzzParseArgs(f *testing.F) {
	f.Add("--icc=false -H fd:// -Dl debug")
	f.Add("-H= --log-opt a=b --default-ulimit x -- y")
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Split(line, " ")
		c := ParseArgs("cmdline", args)
		if len(c.Keys()) > len(line) {
			t.Errorf("%d settings in %q", len(c.Keys()), line)
		}
	})
}
