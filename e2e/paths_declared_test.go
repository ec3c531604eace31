package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/report"
)

// declaredShop is a project whose services lead to the host in several ways, and not at all.
const declaredShop = `services:
  web:
    image: lab/busybox:1
    ports: ["8080:80"]
    networks: [front]
    user: "101"
    cap_drop: [ALL]
    security_opt: [no-new-privileges]
  api:
    image: lab/busybox:1
    privileged: true
    networks: [front, back]
  db:
    image: lab/busybox:1
    networks: [back]
    user: "999"
    cap_drop: [ALL]
    security_opt: [no-new-privileges]
  alone:
    image: lab/busybox:1
    network_mode: none
    cap_drop: [ALL]
    security_opt: [no-new-privileges]
  proxy:
    image: lab/busybox:1
    networks: [front]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
  backup:
    image: lab/busybox:1
    network_mode: host
    user: "1000"
    volumes: ["/etc:/host"]
  root-backup:
    image: lab/busybox:1
    network_mode: none
    cap_drop: [ALL]
    volumes: ["/etc:/host"]
networks:
  front: {}
  back: {internal: true}
`

// shopRuns are the same containers as command lines.
var shopRuns = []string{
	"--name web --network shop_front -p 8080:80 --user 101 --cap-drop ALL --security-opt no-new-privileges",
	"--name api --network shop_front --privileged",
	"--name db --network shop_back --user 999 --cap-drop ALL --security-opt no-new-privileges",
	"--name alone --network none --cap-drop ALL --security-opt no-new-privileges",
	"--name proxy --network shop_front -v /var/run/docker.sock:/var/run/docker.sock",
	"--name backup --network host --user 1000 -v /etc:/host",
	"--name root-backup --network none --cap-drop ALL -v /etc:/host",
}

// TestPathsDeclared: what an intruder in a service would reach according to its Compose
// file is what the running container reaches on a real engine, set up by default.
func TestPathsDeclared(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	h.WriteFile("/root/shop/compose.yaml", declaredShop, 0o644)
	h.Docker("network", "create", "shop_front")
	h.Docker("network", "create", "--internal", "shop_back")
	for _, line := range shopRuns {
		h.Docker(slices.Concat([]string{"run", "-d"}, strings.Fields(line), []string{image, "sleep", "600"})...)
	}
	h.Docker("network", "connect", "shop_back", "api")
	want, got := servicePairs(t, h), servicePairs(t, h, "/root/shop/compose.yaml")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pairs of service and target (-running +declared):\n%s", diff)
	}
	for _, pair := range []string{"container:api → host-root", "container:proxy → engine", "container:root-backup → host-root", "container:web → container-root:api"} {
		if !slices.Contains(got, pair) {
			t.Errorf("no path %s", pair)
		}
	}
	if slices.ContainsFunc(got, func(p string) bool { return strings.HasPrefix(p, "container:alone ") }) {
		t.Error("a path begins at alone")
	}
	audit := seawall(t, h, "paths", "/root/shop/compose.yaml", "--from", "alone", "--fail-on", "possible")
	if audit.code != 0 {
		t.Errorf("paths from alone: %s%s", audit.stdout, audit.stderr)
	}
}

// servicePairs are the services and targets between which there is a certain path.
func servicePairs(t *testing.T, h *lab.TestHost, args ...string) []string {
	t.Helper()
	args = append([]string{"paths", "--format", "json", "--fail-on", "none", "--from", "container:*", "--to", "host-root", "--to", "engine", "--to", "container-root:api"}, args...)
	o := seawall(t, h, args...)
	var p report.Paths
	if o.code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, o.code, o.stderr)
	}
	if err := json.Unmarshal([]byte(o.stdout), &p); err != nil {
		t.Fatal(err)
	}
	members := map[string][]string{}
	for _, s := range p.States {
		members[s.ID] = []string{s.ID}
		if len(s.IDs) > 0 {
			members[s.ID] = s.IDs
		}
	}
	var out []string
	for _, pair := range p.Pairs {
		if pair.Possible || len(pair.With) > 0 {
			continue
		}
		for _, from := range members[pair.From] {
			out = append(out, from+" → "+pair.To)
		}
	}
	slices.Sort(out)
	return out
}
