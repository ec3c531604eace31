package matrix

import (
	"slices"
	"strconv"

	"seawall/lang"
	"seawall/reach"
	"seawall/snapshot"
)

func itoa(n int) string { return strconv.Itoa(n) }

// outside are the sources beyond the namespaces of the machine and of engines: of
// each interface that leads out, who is on its link, and the internet.
func (w *world) outside() []Source {
	var out []Source
	for _, namespace := range w.hosts {
		stack := w.stacks[namespace]
		bridges := w.bridgesOf(namespace)
		for _, from := range w.net.Outside(w.names[namespace]) {
			if bridges[from.In] && onlyVeths(stack, from.In) {
				continue // these are containers
			}
			kind, name := Internet, lang.T("internet")
			if i := interfaceOf(stack, from.In); containsSample(i, from) {
				kind, name = Network, lang.Comma(linkNames(i))
			}
			name = lang.Sprintf("%s at %s", name, from.In)
			if namespace != w.hosts[0] {
				name = lang.Sprintf("%s of %s", name, w.names[namespace])
			}
			at := slices.IndexFunc(out, func(s Source) bool { return s.Kind == kind && s.Name == name })
			if at < 0 {
				at = len(out)
				out = append(out, Source{Kind: kind, Name: name})
			}
			out[at].from = append(out[at].from, from)
			if kind == Network { // no router forwards packets for a loopback address
				out[at].crafted = out[at].from
			}
		}
	}
	return out
}

// bridgesOf are the bridges of networks of the engines in a namespace.
func (w *world) bridgesOf(namespace uint64) map[string]bool {
	out := map[string]bool{}
	for i := range w.snap.Engines {
		e := &w.snap.Engines[i]
		networks, _ := e.Networks.Peek()
		for _, n := range networks {
			if bridge, _ := n.Bridge.Peek(); bridge != "" && engineSpace(e) == namespace {
				out[bridge] = true
			}
		}
	}
	return out
}

// onlyVeths says whether all ports of a bridge lead to other namespaces.
func onlyVeths(stack snapshot.NetStack, bridge string) bool {
	return !slices.ContainsFunc(stack.Interfaces, func(i snapshot.NetInterface) bool { return i.Master == bridge && i.Kind != "veth" })
}

func interfaceOf(stack snapshot.NetStack, name string) snapshot.NetInterface {
	for _, i := range stack.Interfaces {
		if i.Name == name {
			return i
		}
	}
	return snapshot.NetInterface{}
}

// containsSample says whether senders are on the link of an interface.
func containsSample(i snapshot.NetInterface, from reach.From) bool {
	for _, p := range addressesOf(i) {
		if p.Contains(from.Sample) {
			return true
		}
	}
	return false
}

// linkNames are the networks on the link of an interface.
func linkNames(i snapshot.NetInterface) []string {
	var out []string
	for _, p := range addressesOf(i) {
		out = append(out, p.Masked().String())
	}
	return out
}
