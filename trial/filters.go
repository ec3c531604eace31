package trial

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
	"seawall/source/packetfilter"
)

// filters are packet filters in the words of iptables-save, by family and table:
// "ip filter".
type filters map[string]*filterTable

type filterTable struct {
	chains []string // "INPUT DROP", "DOCKER -"
	rules  []string // "-A INPUT -i lo -j ACCEPT"
}

// hostFilters are those of a host that lets in what answers, and ssh, with those
// that an engine 28.5 adds for its networks. Frames to a loopback address are
// dropped, which the engine without docker-proxy does not do by itself.
func hostFilters(e *snapshot.Engine) filters {
	f := filters{}
	for _, family := range []string{"ip", "ip6"} {
		ping := map[string]string{"ip": "icmp", "ip6": "ipv6-icmp"}[family]
		f[family+" raw"] = &filterTable{chains: []string{"PREROUTING ACCEPT", "OUTPUT ACCEPT"}}
		f[family+" nat"] = &filterTable{
			chains: []string{"PREROUTING ACCEPT", "INPUT ACCEPT", "OUTPUT ACCEPT", "POSTROUTING ACCEPT", "DOCKER -"},
			rules:  []string{"-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER", "-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER"},
		}
		f[family+" filter"] = &filterTable{
			chains: []string{"INPUT DROP", "FORWARD DROP", "OUTPUT ACCEPT", "DOCKER -", "DOCKER-BRIDGE -", "DOCKER-CT -", "DOCKER-FORWARD -", "DOCKER-ISOLATION-STAGE-1 -", "DOCKER-ISOLATION-STAGE-2 -", "DOCKER-USER -"},
			rules: []string{
				"-A INPUT -i lo -j ACCEPT", "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-A INPUT -p " + ping + " -j ACCEPT", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
				"-A FORWARD -j DOCKER-USER", "-A FORWARD -j DOCKER-FORWARD",
				"-A DOCKER-FORWARD -j DOCKER-CT", "-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1", "-A DOCKER-FORWARD -j DOCKER-BRIDGE",
			},
		}
	}
	f.add("ip raw", "-A PREROUTING -d 127.0.0.0/8 ! -i lo -j DROP")
	f.publish(e)
	for _, n := range bridges(e) {
		f.network(n)
	}
	return f
}

func (f filters) add(table string, rules ...string) {
	f[table].rules = append(f[table].rules, rules...)
}

// network adds what the engine writes for a network.
func (f filters) network(n snapshot.Network) {
	b, _ := n.Bridge.Peek()
	icc, _ := n.ICC.Peek()
	among := map[bool]string{true: "ACCEPT", false: "DROP"}[icc]
	for _, subnet := range n.Subnets {
		family := familyOf(subnet)
		if n.Internal {
			f.add(family+" filter", "-A DOCKER-FORWARD -i "+b+" -o "+b+" -j "+among,
				"-A DOCKER-ISOLATION-STAGE-1 ! -s "+subnet+" -o "+b+" -j DROP", "-A DOCKER-ISOLATION-STAGE-1 ! -d "+subnet+" -i "+b+" -j DROP")
			continue
		}
		f.add(family+" nat", "-A POSTROUTING -s "+subnet+" ! -o "+b+" -j MASQUERADE")
		f.add(family+" filter",
			"-A DOCKER ! -i "+b+" -o "+b+" -j DROP", "-A DOCKER-BRIDGE -o "+b+" -j DOCKER",
			"-A DOCKER-CT -o "+b+" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
			"-A DOCKER-FORWARD -i "+b+" -o "+b+" -j "+among, "-A DOCKER-FORWARD -i "+b+" ! -o "+b+" -j ACCEPT",
			"-A DOCKER-ISOLATION-STAGE-1 -i "+b+" ! -o "+b+" -j DOCKER-ISOLATION-STAGE-2", "-A DOCKER-ISOLATION-STAGE-2 -o "+b+" -j DROP")
	}
}

func familyOf(address string) string {
	if strings.Contains(address, ":") {
		return "ip6"
	}
	return "ip"
}

// publish adds what the engine writes for the published ports of containers that
// run, at their addresses on their first network.
func (f filters) publish(e *snapshot.Engine) {
	containers, _ := e.Containers.Peek()
	for i := range containers {
		c := &containers[i]
		endpoints, _ := c.Networks.Peek()
		ports, _ := c.Ports.Peek()
		if !c.Running() || len(endpoints) == 0 {
			continue
		}
		for _, n := range bridges(e) {
			if n.Name == endpoints[0].Network {
				b, _ := n.Bridge.Peek()
				f.forward(b, endpoints[0].IPv4, ports)
				f.forward(b, endpoints[0].IPv6, ports)
			}
		}
	}
}

func (f filters) forward(bridge, address string, ports []snapshot.Port) {
	family := familyOf(address)
	if address == "" {
		return
	}
	f.add(family+" raw", "-A PREROUTING -d "+address+" ! -i "+bridge+" -j DROP")
	for _, p := range ports {
		at := ""
		if !p.Any() {
			at = "-d " + p.HostIP + " "
		}
		if p.HostIP != "" && familyOf(p.HostIP) != family || p.HostPort == "" {
			continue
		}
		to := address
		if family == "ip6" {
			to = "[" + to + "]"
		}
		port := " -p " + p.Protocol + " -m " + p.Protocol + " --dport "
		f.add(family+" nat", "-A DOCKER "+at+"! -i "+bridge+port+p.HostPort+" -j DNAT --to-destination "+to+":"+strconv.Itoa(p.Port))
		f.add(family+" filter", "-A DOCKER -d "+address+" ! -i "+bridge+" -o "+bridge+port+strconv.Itoa(p.Port)+" -j ACCEPT")
	}
}

// run changes the filters as commands do, one a line: -P, -N, -A, -F, and -I at
// the beginning of a chain.
func (f filters) run(commands string) error {
	for _, line := range lines(commands) {
		words := strings.Fields(line)
		family, ok := map[string]string{"iptables": "ip", "ip6tables": "ip6"}[words[0]]
		table := "filter"
		if words = words[1:]; len(words) > 2 && words[0] == "-t" {
			table, words = words[1], words[2:]
		}
		t := f[family+" "+table]
		if !ok || t == nil || len(words) < 2 || !t.change(words[0], words[1], strings.Join(words[1:], " ")) {
			return fmt.Errorf("%q: not understood", line)
		}
	}
	return nil
}

// change is one command; rest are its words from the chain on.
func (t *filterTable) change(command, chain, rest string) bool {
	switch command {
	case "-P":
		t.chains = slices.DeleteFunc(t.chains, func(c string) bool { return strings.HasPrefix(c, chain+" ") })
		t.chains = append(t.chains, rest)
	case "-N":
		t.chains = append(t.chains, chain+" -")
	case "-A":
		t.rules = append(t.rules, "-A "+rest)
	case "-I":
		t.rules = slices.Insert(t.rules, 0, "-A "+rest)
	case "-F":
		t.rules = slices.DeleteFunc(t.rules, func(r string) bool { return strings.HasPrefix(r, "-A "+chain+" ") })
	default:
		return false
	}
	return true
}

// tables are the filters as the source reads them.
func (f filters) tables() ([]snapshot.FilterTable, error) {
	var out []snapshot.FilterTable
	for _, family := range []string{"ip", "ip6"} {
		text := ""
		for _, name := range []string{"raw", "nat", "filter"} {
			t := f[family+" "+name]
			text += "*" + name + "\n:" + strings.Join(t.chains, " [0:0]\n:") + " [0:0]\n" + strings.Join(append(slices.Clone(t.rules), "COMMIT"), "\n") + "\n"
		}
		tables, err := packetfilter.ParseSave("iptables", family, []byte(text))
		if err != nil {
			return nil, fmt.Errorf("packet filters of the example: %w", err)
		}
		out = append(out, tables...)
	}
	return out, nil
}
