package livehost

import (
	"context"
	"slices"

	"seawall/snapshot"
	"seawall/source/procfs"
)

// fillUsedListener tells of the socket by which the engine is audited, where
// the gap keeps the others from being listed: the descriptors of root's daemon
// are closed to ordinary users, the file of its socket is not. Behind a
// forwarder, and from inside a container, even that file is not the engine's,
// or not as the host has it: then nothing is known.
func fillUsedListener(ctx context.Context, g ground, f found, e *snapshot.Engine, gap snapshot.Gap, o snapshot.Origin) {
	e.Listeners = snapshot.Lost[[]snapshot.Listener](gap, o)
	e.AllListeners = snapshot.Lost[bool](gap, o)
	e.SwarmPorts = snapshot.Lost[[]string](gap, o)
	if g.contained != nil || gap.Reason == snapshot.ReasonRemote || gap.Reason == snapshot.ReasonNamespace {
		return
	}
	holders := snapshot.Lost[[]snapshot.Holder](gap, snapshot.At("holders", g.m.Proc+"/*/fd"))
	if f.socket != nil && f.socket.view == g.m.Files {
		l := g.unixListener("engine", *f.socket)
		l.Holders = holders
		e.Listeners = snapshot.See([]snapshot.Listener{l}, snapshot.At("socket", l.Address))
		return
	}
	if list := g.usedTCP(ctx, f); len(list) > 0 {
		for i := range list {
			list[i].Holders = holders
		}
		e.Listeners = snapshot.See(list, snapshot.At("sockets", g.m.Proc+"/self/net/tcp"))
	}
}

// usedTCP describes the listening sockets that serve a TCP endpoint of this
// machine.
func (g ground) usedTCP(ctx context.Context, f found) []snapshot.Listener {
	self := selfPID(g.m)
	dir, err := procfs.OpenDir(g.m.Proc, self)
	if err != nil {
		return nil
	}
	defer dir.Close()
	table, err := listening(dir)
	if err != nil {
		return nil
	}
	var out []snapshot.Listener
	for _, l := range table.tcp {
		for _, a := range f.addresses {
			if serves(l.Address, a) && !slices.ContainsFunc(out, func(o snapshot.Listener) bool { return o.Address == l.Address.String() }) {
				to := a.String()
				out = append(out, tcpListener(l.Address.String(), greetFact(ctx, dialFrom(g.m, self, to), to)))
			}
		}
	}
	return out
}
