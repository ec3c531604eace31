package reach_test

import (
	"slices"
	"testing"

	"seawall/lab"
)

// firewalld is started like by its service, on a message bus of its own.
const firewalld = `set -e
mkdir -p /run/dbus
dbus-daemon --system --fork
firewalld --nofork >/var/log/firewalld.log 2>&1 &
for i in $(seq 300); do firewall-cmd --state >/dev/null 2>&1 && exit; sleep 0.2; done
cat /var/log/firewalld.log >&2; exit 1`

// testFirewalls: what administrators set up as a firewall for the host, and what
// it leaves open.
func testFirewalls(t *testing.T, sum *tally) {
	s := bridges(lab.V26)
	s.containers = slices.DeleteFunc(s.containers, func(c container) bool { return slices.Contains(s.spare, c.name) })
	e := start(t, lab.Options{Version: lab.V26, Extras: true}, s, sum)
	e.run("ufw", func() { // ports that are published are open all the same
		e.commands([]string{"ufw default deny incoming", "ufw --force enable"})
		e.check(reached{":2375", onHost}, reached{":2376", onHost}, reached{":2377", onHost}, reached{lab.HostAddr + ":8080", all(onHost, beyond)})
		e.commands([]string{"ufw --force disable"})
	})
	e.WriteFile("/firewalld.sh", firewalld, 0o755)
	e.restart(append(unfiltered, "iptables -P INPUT ACCEPT", "iptables -P OUTPUT ACCEPT", "sh /firewalld.sh"))
	e.run("firewalld", func() { // the engine's bridges are in a zone that lets everything in
		e.check(reached{":2375", onHost}, reached{":2376", all(onHost, bridged, internal)}, reached{lab.HostAddr + ":8080", all(onHost, bridged, beyond)})
	})
}
