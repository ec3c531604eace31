package apimodel_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"

	"seawall/snapshot"
	"seawall/source/apimodel"
)

// declare decodes a create request and maps it.
func declare(t *testing.T, body string) snapshot.Container {
	t.Helper()
	var req container.CreateRequest
	if err := json.Unmarshal([]byte(body), &req); err != nil {
		t.Fatalf("request %s: %v", body, err)
	}
	return apimodel.FromCreate("web", req.Config, req.HostConfig, req.NetworkingConfig, "test")
}

func TestSecurityOptions(t *testing.T) {
	allowAll := `seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_LOG\"}]}`
	denySome := `seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ERRNO\"}]}`
	type want struct {
		seccomp, appArmor string
		nnp               any // nil: not said
		labels            []string
		unmasked          bool
	}
	tests := []struct {
		host string
		want want
	}{
		{`{}`, want{seccomp: "default"}},
		{`{"SecurityOpt":["seccomp=unconfined"]}`, want{seccomp: "unconfined"}},
		{`{"SecurityOpt":["seccomp:unconfined"]}`, want{seccomp: "unconfined"}},
		{`{"SecurityOpt":["seccomp=builtin"]}`, want{seccomp: "default"}},
		{`{"SecurityOpt":["` + allowAll + `"]}`, want{seccomp: "unconfined"}},
		{`{"SecurityOpt":["` + denySome + `"]}`, want{seccomp: "custom"}},
		{`{"SecurityOpt":["seccomp={}"]}`, want{seccomp: "custom"}},
		{`{"SecurityOpt":["apparmor=unconfined"]}`, want{seccomp: "default", appArmor: "unconfined"}},
		{`{"SecurityOpt":["apparmor:web"]}`, want{seccomp: "default", appArmor: "web"}},
		{`{"SecurityOpt":["no-new-privileges"]}`, want{seccomp: "default", nnp: true}},
		{`{"SecurityOpt":["no-new-privileges:true"]}`, want{seccomp: "default", nnp: true}},
		{`{"SecurityOpt":["no-new-privileges=false"]}`, want{seccomp: "default", nnp: false}},
		{`{"SecurityOpt":["no-new-privileges","no-new-privileges:false"]}`, want{seccomp: "default", nnp: false}},
		{`{"SecurityOpt":["no-new-privileges=yes"]}`, want{seccomp: "default", nnp: false}},
		{`{"SecurityOpt":["label=disable"]}`, want{seccomp: "default", labels: []string{"disable"}}},
		{`{"SecurityOpt":["label:type:spc_t","label=level:s0:c1"]}`, want{seccomp: "default", labels: []string{"type:spc_t", "level:s0:c1"}}},
		{`{"Privileged":true}`, want{seccomp: "unconfined", appArmor: "unconfined", labels: []string{"disable"}, unmasked: true}},
		{`{"Privileged":true,"SecurityOpt":["label=type:x","apparmor=web"]}`, want{seccomp: "unconfined", appArmor: "web", labels: []string{"type:x"}, unmasked: true}},
		{`{"PidMode":"host"}`, want{seccomp: "default", labels: []string{"disable"}}},
		{`{"IpcMode":"host","SecurityOpt":["label=disable"]}`, want{seccomp: "default", labels: []string{"disable"}}},
		{`{"MaskedPaths":[],"ReadonlyPaths":[]}`, want{seccomp: "default", unmasked: true}},
		{`{"MaskedPaths":null}`, want{seccomp: "default"}},
		{`{"MaskedPaths":["/proc/kcore","/proc/keys","/sys/firmware","/x"]}`, want{seccomp: "default"}},
		{`{"ReadonlyPaths":["/proc/bus"]}`, want{seccomp: "default", unmasked: true}},
	}
	for _, test := range tests {
		c := declare(t, `{"HostConfig":`+test.host+`}`)
		var got want
		got.seccomp, _ = c.Seccomp.Peek()
		got.appArmor, _ = c.AppArmor.Peek()
		if v, _ := c.NoNewPrivileges.Peek(); c.NoNewPrivileges.State() == snapshot.Seen {
			got.nnp = v
		}
		got.labels, _ = c.SELinux.Peek()
		got.unmasked, _ = c.UnmaskedPaths.Peek()
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(want{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.host, diff)
		}
	}
}

func TestMounts(t *testing.T) {
	tests := []struct {
		request string
		want    []snapshot.Mount
	}{
		{`"HostConfig":{"Binds":["/etc:/e:ro,rshared","data:/d:ro","/v"]}`, []snapshot.Mount{
			{Type: "volume", Volume: "data", Destination: "/d", ReadOnly: true, Driver: "local"},
			{Type: "bind", Source: "/etc", Destination: "/e", ReadOnly: true, Propagation: "rshared"},
			{Type: "volume", Destination: "/v", Driver: "local"},
		}},
		{`"HostConfig":{"Binds":["/a:/b:z"]}`, []snapshot.Mount{{Type: "bind", Source: "/a", Destination: "/b", Propagation: "rprivate"}}},
		{`"HostConfig":{"Binds":["nfs:/b"],"VolumeDriver":"flocker"}`, []snapshot.Mount{{Type: "volume", Volume: "nfs", Destination: "/b", Driver: "flocker"}}},
		{`"HostConfig":{"Mounts":[{"Type":"bind","Source":"/a","Target":"/b","ReadOnly":true,"BindOptions":{"Propagation":"shared"}}]}`, []snapshot.Mount{
			{Type: "bind", Source: "/a", Destination: "/b", ReadOnly: true, Propagation: "shared"},
		}},
		{`"HostConfig":{"Mounts":[{"Type":"volume","Target":"/b","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"cifs","o":"username=a,password=b"}}}}]}`, []snapshot.Mount{
			{Type: "volume", Destination: "/b", Driver: "local", Options: map[string]string{"type": "cifs", "o": "username=a,password=<redacted>"}},
		}},
		{`"Volumes":{"/x":{}},"HostConfig":{"Tmpfs":{"/t":"ro,size=1m","/s":""}}`, []snapshot.Mount{
			{Type: "tmpfs", Destination: "/s"}, {Type: "tmpfs", Destination: "/t", ReadOnly: true},
			{Type: "volume", Destination: "/x", Driver: "local"},
		}},
	}
	for _, test := range tests {
		c := declare(t, "{"+test.request+"}")
		got, _ := c.Mounts.Peek()
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.request, diff)
		}
	}
}

func TestHostPathOfVolumeInDisguise(t *testing.T) {
	c := declare(t, `{"HostConfig":{"Mounts":[{"Type":"volume","Source":"v","Target":"/b","VolumeOptions":{"DriverConfig":{"Options":{"type":"none","o":"bind","device":"/etc"}}}}]}}`)
	mounts, _ := c.Mounts.Peek()
	if got := mounts[0].HostPath(); got != "/etc" {
		t.Errorf("host path %q, want /etc", got)
	}
}

func TestPorts(t *testing.T) {
	tests := []struct {
		request string
		want    []snapshot.Port
	}{
		{`"HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"},{"HostIp":"127.0.0.1","HostPort":"81"}],"53/udp":[{"HostIp":"::1"}]}}`, []snapshot.Port{
			{HostIP: "::1", Port: 53, Protocol: "udp"}, {HostPort: "8080", Port: 80, Protocol: "tcp"},
			{HostIP: "127.0.0.1", HostPort: "81", Port: 80, Protocol: "tcp"},
		}},
		{`"ExposedPorts":{"80/tcp":{},"81/tcp":{}},"HostConfig":{"PublishAllPorts":true,"PortBindings":{"81/tcp":[{"HostPort":"1"}]}}`, []snapshot.Port{
			{Port: 80, Protocol: "tcp"}, {HostPort: "1", Port: 81, Protocol: "tcp"},
		}},
		{`"ExposedPorts":{"80/tcp":{}}`, nil},
		{`"HostConfig":{"NetworkMode":"host","PortBindings":{"80/tcp":[{"HostPort":"8080"}]}}`, nil},
	}
	for _, test := range tests {
		c := declare(t, "{"+test.request+"}")
		got, _ := c.Ports.Peek()
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.request, diff)
		}
	}
}

func TestDeclaredLeavesToTheImageWhatItDecides(t *testing.T) {
	c := declare(t, `{"Image":"nginx"}`)
	for name, f := range map[string]interface{ Gap() snapshot.Gap }{"user": c.User, "health": c.Health} {
		if f.Gap().Reason != snapshot.ReasonUnresolved {
			t.Errorf("%s: gap %+v, want unresolved", name, f.Gap())
		}
	}
	c = declare(t, `{"User":"0","Healthcheck":{"Test":["NONE"]}}`)
	if v, ok := c.User.Peek(); !ok || v != "0" {
		t.Errorf("user %q %v, want 0", v, ok)
	}
	if v, ok := c.Health.Peek(); !ok || v {
		t.Errorf("health %v %v, want false", v, ok)
	}
}

func TestEveryFactIsAnswered(t *testing.T) {
	containers := map[string]snapshot.Container{
		"declared":          declare(t, `{}`),
		"inspected":         apimodel.FromInspect(container.InspectResponse{Config: &container.Config{}, HostConfig: &container.HostConfig{}, State: &container.State{}, NetworkSettings: &container.NetworkSettings{}}, "test"),
		"without a network": apimodel.FromInspect(container.InspectResponse{Config: &container.Config{}, HostConfig: &container.HostConfig{}, State: &container.State{}}, "test"),
		"empty answer":      apimodel.FromInspect(container.InspectResponse{}, "test"),
	}
	for name, c := range containers {
		snapshot.Walk(&c, func(path string, f snapshot.AnyFact) {
			if f.State() == snapshot.NotCollected {
				t.Errorf("%s: nobody asked for %s", name, path)
			}
		})
	}
}
