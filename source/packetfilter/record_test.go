package packetfilter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
)

// loads are the commands that bring the rules of testdata/rules into a network
// namespace, by the name of the recording.
var loads = map[string]string{
	"empty":           "true",
	"iptables-nft":    "iptables-nft-restore admin.iptables && ip6tables-nft-restore admin.ip6tables",
	"iptables-legacy": "iptables-legacy-restore admin.iptables && ip6tables-legacy-restore admin.ip6tables",
	"nft":             "ip link add v0 type veth peer name v1 && nft -f admin.nft",
	"mixed":           "iptables-nft-restore mixed.iptables && nft -f mixed.nft && iptables-legacy-restore mixed.iptables",
	// iptables-nft-save shows this table and none of its rules' sets; it fails at
	// the other one's rule.
	"native-in-iptables": "iptables-nft -P INPUT ACCEPT && nft add rule ip filter INPUT ip dscp 5 drop && ip6tables-nft -P INPUT DROP",
}

// inNamespace loads rules in a fresh network namespace and reads them there.
func inNamespace(t testing.TB, load string) reading {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "unshare", "--net", "sh", "-c", "cd testdata/rules && ip link set lo up && "+load+` && exec "$0"`, lab.Self(t))
	return readBy(t, cmd)
}

// readBy runs the test binary as a reader.
func readBy(t testing.TB, cmd *exec.Cmd) reading {
	t.Helper()
	var out, errOut bytes.Buffer
	cmd.Env = append(append(os.Environ(), inside+"=1"), cmd.Env...)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, errOut.String())
	}
	var r reading
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// store writes a recording.
func store(t testing.TB, name string, r reading) {
	t.Helper()
	dir := filepath.Join("testdata", name)
	old, err := filepath.Glob(dir + "/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range old {
		if filepath.Base(path) != "model.json" {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r.Files["kernel.json"] = asJSON(t, r.Kernel)
	for name, text := range r.Files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRecord records anew what testdata/README.md describes. Front ends are
// recorded from a Debian system with them at $SEAWALL_FRONTENDS.
func TestRecord(t *testing.T) {
	if !*recordIt {
		t.Skip("only with -record")
	}
	t.Run("rules", func(t *testing.T) {
		for _, name := range slices.Sorted(maps.Keys(loads)) {
			store(t, name, inNamespace(t, loads[name]))
		}
	})
	t.Run("engines", func(t *testing.T) {
		for _, v := range lab.Versions() {
			recordEngine(t, v)
		}
	})
	if root := os.Getenv("SEAWALL_FRONTENDS"); root != "" {
		t.Run("front ends", func(t *testing.T) { recordFrontEnds(t, root) })
	}
}

// engineNetworks are the networks and containers of the recorded engines.
const engineNetworks = `set -e
docker network create --subnet 172.20.0.0/16 -o com.docker.network.bridge.name=br-web web
docker network create --subnet 172.21.0.0/16 -o com.docker.network.bridge.name=br-int --internal int
docker network create --subnet 172.22.0.0/16 -o com.docker.network.bridge.name=br-noicc -o com.docker.network.bridge.enable_icc=false noicc
docker network create --subnet 172.23.0.0/16 -o com.docker.network.bridge.name=br-six --ipv6 --subnet fd00:6::/64 six
docker run -d --name c1 -p 8080:80 IMAGE
docker run -d --name c2 -p 127.0.0.1:8443:443 -p 5353:53/udp --network web IMAGE
docker run -d --name c3 --network int IMAGE
docker run -d --name c4 -p 9000-9002:9000-9002 --network noicc IMAGE
docker run -d --name c5 -p 192.0.2.10:7000:70 -p '[::]:7001:71' --network six IMAGE
iptables -I DOCKER-USER -i eth0 ! -s 192.0.2.0/24 -m conntrack --ctstate NEW -j DROP
iptables -I DOCKER-USER -p tcp -m conntrack --ctorigdst 192.0.2.10 --ctorigdstport 8080 --ctdir ORIGINAL -j RETURN`

// routedNetwork is for engines of 28 and later.
const routedNetwork = `
docker network create --subnet 172.24.0.0/16 -o com.docker.network.bridge.name=br-routed -o com.docker.network.bridge.gateway_mode_ipv4=routed routed
docker run -d --name c6 -p 6000:60 --network routed IMAGE`

// recordEngine records an engine's rules with the tools of its host, which has
// no nft, and with those of this machine.
func recordEngine(t *testing.T, v lab.Version) {
	h := lab.New(t, lab.Options{Version: v, LAN: true})
	script := engineNetworks
	if v == lab.V28 {
		script += routedNetwork
	}
	h.Exec("sh", "-c", strings.ReplaceAll(script, "IMAGE", h.ImportSleep()))
	h.CopyIn(lab.Self(t), "/usr/local/bin/read", 0o755)
	store(t, "docker-"+string(v), readBy(t, h.Command(t.Context(), "env", inside+"=1", "/usr/local/bin/read")))
	namespace := fmt.Sprintf("--net=/proc/%d/ns/net", h.InitPID())
	cmd := exec.CommandContext(t.Context(), "nsenter", namespace, lab.Self(t))
	cmd.Env = []string{inside + "=nft"}
	store(t, "docker-"+string(v)+"-nft", readBy(t, cmd))
}

// frontEnds are what is run in a Debian system with ufw and firewalld, in a
// network namespace of its own.
var frontEnds = map[string]string{
	"ufw": "ufw --force reset && ufw allow 22/tcp && ufw limit 2222/tcp && ufw allow from 192.0.2.0/24 to any port 443 proto tcp && " +
		"ufw route allow in on eth0 out on docker0 && ufw deny out 25 && ufw logging on && ufw --force enable",
	"firewalld": "rm -rf /run/dbus /run/firewalld* && mkdir -p /run/dbus && dbus-daemon --system --fork && (firewalld --nofork >/dev/null 2>&1 &) && " +
		"for i in $(seq 200); do firewall-cmd --state >/dev/null 2>&1 && break; sleep 0.2; done && " +
		"firewall-cmd --add-port=8080/tcp && firewall-cmd --zone=trusted --add-source=192.0.2.0/24 && " +
		"firewall-cmd --add-rich-rule='rule family=ipv4 source address=203.0.113.0/24 service name=http reject' && " +
		"firewall-cmd --add-forward-port=port=80:proto=tcp:toport=8080:toaddr=10.0.0.2 && firewall-cmd --add-masquerade",
}

// recordFrontEnds records the front ends, and the rules of testdata/rules with
// that system's tools.
func recordFrontEnds(t *testing.T, root string) {
	for _, f := range []string{"admin.iptables", "admin.ip6tables", "admin.nft"} {
		data, err := os.ReadFile("testdata/rules/" + f)
		if err == nil {
			err = os.WriteFile(filepath.Join(root, f), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.ReadFile(lab.Self(t))
	if err == nil {
		err = os.WriteFile(filepath.Join(root, "read"), self, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"iptables-nft-trixie": loads["iptables-nft"], "nft-trixie": loads["nft"]}
	maps.Copy(all, frontEnds)
	for name, load := range all {
		inRoot := "ip link set lo up && mount -t proc proc /proc && { " + load + "; } >&2 && exec /read"
		store(t, name, readBy(t, exec.CommandContext(t.Context(), "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "chroot", root, "sh", "-c", inRoot)))
	}
}
