package livehost

import (
	"context"
	"errors"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
)

// unixListener describes a socket file and who may open it.
func (g ground) unixListener(service string, socket socketFile) snapshot.Listener {
	where := socket.name()
	l := snapshot.Listener{
		Name: "unix://" + where, Service: service, Network: "unix", Address: where,
		Handshake: snapshot.None[snapshot.Handshake](snapshot.At("handshake", "unix socket")),
		Copies:    g.copiesOf(socket),
	}
	o := snapshot.At("stat", where)
	file, err := socket.view.Stat(socket.path, "")
	if err != nil {
		l.Socket = snapshot.Lost[snapshot.File](*gapPtr(err), o)
		l.GroupMembers = snapshot.Lost[[]string](*gapPtr(err), snapshot.At("group", where))
		return l
	}
	file.Path = where
	l.Socket = snapshot.See(file, o)
	l.GroupMembers = membersOf(g.host, file)
	return l
}

// membersOf names the users in a socket's group, by the host's accounts.
func membersOf(files *hostfile.FS, f snapshot.File) snapshot.Fact[[]string] {
	o := snapshot.At("group "+groupLabel(f), files.Where("/etc/group"))
	members, err := files.GroupMembers(f.GID)
	switch {
	case errors.Is(err, hostfile.ErrDirectoryService):
		return snapshot.Lost[[]string](snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: lang.Untranslated(err), Remedy: lang.Recordf("look with: getent group %s", groupLabel(f)),
		}, o)
	case err != nil:
		return snapshot.Lost[[]string](source.GapFrom(err), o)
	}
	return snapshot.See(members, o)
}

// copiesOf lists other paths of this host that lead to the socket: bind mounts
// of it and of directories above it.
func (g ground) copiesOf(socket socketFile) snapshot.Fact[[]string] {
	where := viewMountinfo(g.m)
	o := snapshot.At("copies", where)
	if g.contained != nil {
		return snapshot.Lost[[]string](*g.contained, o)
	}
	if socket.view != g.m.Files {
		return snapshot.Lost[[]string](snapshot.Gap{
			Reason: snapshot.ReasonNamespace, Detail: lang.Recordf("the socket lies in another mount namespace, %s", socket.view.Root()),
		}, o)
	}
	tree, err := g.m.tree(where)
	if err != nil {
		return snapshot.Lost[[]string](*gapPtr(err), o)
	}
	place, ok := tree.Locate(socket.path)
	if !ok {
		return gapFact[[]string](lang.Errorf("no mount holds %s", socket.path), "copies", where)
	}
	var out []string
	for _, p := range tree.Paths(place) {
		if p != socket.path {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return snapshot.See(out, o)
}

func greetFact(ctx context.Context, dial dialer, address string) snapshot.Fact[snapshot.Handshake] {
	o := snapshot.At("handshake", "tcp://"+address)
	h, err := handshake(ctx, dial)
	if err != nil {
		return snapshot.Lost[snapshot.Handshake](source.GapFrom(lang.RecordErrorf("greet tcp://%s: %w", address, err)), o)
	}
	return snapshot.See(h, o)
}

func tcpListener(address string, handshake snapshot.Fact[snapshot.Handshake]) snapshot.Listener {
	return snapshot.Listener{
		Name: "tcp://" + address, Service: "engine", Network: "tcp", Address: address,
		Socket:       snapshot.None[snapshot.File](snapshot.At("stat", "tcp")),
		GroupMembers: snapshot.None[[]string](snapshot.At("group", "tcp")),
		Copies:       snapshot.None[[]string](snapshot.At("copies", "tcp")),
		Handshake:    handshake,
	}
}
