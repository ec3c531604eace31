package matrix_test

import (
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"seawall/lab"
	"seawall/reach/filter"
	"seawall/snapshot"
	"seawall/source/netstack"
	"seawall/source/packetfilter"
	"seawall/source/procfs"
)

// TestCommandsOfNFT: what nft makes of the commands, read back from a kernel, is
// what was tried.
func TestCommandsOfNFT(t *testing.T) {
	for _, c := range []struct{ source, target string }{
		{"192.0.2.0/24", "web 8080->80/tcp"}, {"web", "tcp://0.0.0.0:2375"}, {"web", "tcp://127.0.0.1:2374"}, {"app", "web 80/tcp"},
	} {
		t.Run(c.source+" to "+c.target, func(t *testing.T) {
			m := newModel(t, "", "", proxy, "0.0.0.0:2375", "127.0.0.1:2374")
			m.stack[hostSpace].Filter = see(nftables)
			m.stack[hostSpace].Settings["net.ipv4.conf.docker0.route_localnet"] = "1"
			of := m.matrix()
			at := m.at(of, c.source, c.target)
			if of.Cells[at.Source][at.Target].Verdict != filter.Open {
				t.Fatalf("%+v", of.Cells[at.Source][at.Target])
			}
			var commands []string
			for _, r := range of.Remedies(m.s, at.Source, at.Target) {
				commands = append(commands, r.Commands...)
			}
			if len(commands) == 0 {
				t.Fatal("no commands")
			}
			m.stack[hostSpace].Filter = see(snapshot.PacketFilter{Tables: append(slices.Clone(nftables.Tables), run(t, commands)...)})
			after := m.matrix()
			at = m.at(after, c.source, c.target)
			if cell := after.Cells[at.Source][at.Target]; cell.Verdict != filter.Blocked {
				t.Errorf("after %q: %s %+v", commands, cell.Verdict, cell.Best())
			}
		})
	}
}

// run runs commands in a network namespace of their own, and reads the tables
// that are there then.
func run(t *testing.T, commands []string) []snapshot.FilterTable {
	t.Helper()
	pid, _ := lab.NetNS(t)
	for _, c := range commands {
		if out, err := exec.CommandContext(t.Context(), "nsenter", "-t", strconv.Itoa(pid), "-n", "sh", "-ec", c).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", c, err, out)
		}
	}
	dir, err := procfs.OpenDir("/proc", pid)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	n, err := netstack.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	var rules snapshot.PacketFilter
	if err := n.Enter(t.Context(), func() (err error) {
		rules, err = packetfilter.Read(t.Context(), packetfilter.Exec)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return rules.Tables
}
