package livehost

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/engineapi"
	"seawall/source/hostfile"
)

// daemonFacts completes an engine with what this host tells of it and returns
// the files of its sockets.
func (c *collector) daemonFacts(ctx context.Context, f found, e *snapshot.Engine) []ControlSocketFile {
	if f.daemonGap != nil {
		completeSettings(e, lostConfigs(*f.daemonGap))
		blindDaemon(e, *f.daemonGap)
		fillUsedListener(ctx, groundOf(c.Machine), f, e, *f.daemonGap, e.Listeners.Origin())
		return nil
	}
	d, err := openDaemon(c.Machine, f.daemon, e.Kind)
	if err != nil {
		g := *gapPtr(lang.RecordErrorf("the engine's daemon: %w", err))
		completeSettings(e, lostConfigs(g))
		blindDaemon(e, g)
		fillUsedListener(ctx, groundOf(c.Machine), f, e, g, e.Listeners.Origin())
		return nil
	}
	defer d.close()
	d.readFlags()
	e.Daemon.Config = d.readConfig()
	e.Daemon.Process = d.processFact()
	var units []unitFile
	e.Daemon.Unit, units = d.unitFact()
	completeSettings(e, configs{d.flags, d.file, d.env.vars["XDG_RUNTIME_DIR"]})
	d.readSeccompProfile(&e.Settings)
	d.fillDataRoot(&e.Settings)
	root, _ := e.Settings.DataRoot.Peek()
	paths, _ := e.Settings.RuntimePaths.Peek()
	e.Daemon.Files = d.filesFact(e.Daemon.Config, units, root, paths)
	e.Daemon.DaemonDetails = d.details(units)
	sockets := fillListeners(ctx, d, f, e)
	e.Daemon.AuditPaths = d.auditPaths(e)
	return sockets
}

// atEndpoint finds out whether an endpoint is an engine of this machine, and
// which process serves it.
func atEndpoint(ctx context.Context, m Machine, ep engineapi.Endpoint) found {
	f := found{name: ep.Host, foundBy: ep.FoundBy}
	u, err := url.Parse(ep.Host)
	if err != nil {
		f.daemonGap = gapPtr(lang.RecordErrorf("endpoint %s: %w", ep.Host, err))
		return f
	}
	if u.Scheme == "unix" {
		f.atSocket(ctx, m, u.Path)
		return f
	}
	addresses := localAddresses(ctx, u)
	if len(addresses) == 0 {
		f.daemonGap = &snapshot.Gap{
			Reason: snapshot.ReasonRemote, Detail: lang.Recordf("the engine at %s runs on another machine", ep.Host),
			Remedy: lang.N("run Seawall on that machine"),
		}
		return f
	}
	f.addresses = addresses
	f.daemon, f.daemonGap = daemonOfTCP(ctx, m, addresses)
	return f
}

func (f *found) atSocket(ctx context.Context, m Machine, path string) {
	var socket socketFile
	var err error
	if root, inside, ok := splitProcRoot(m.Proc, path); ok {
		socket, err = findSocket(viewBelow(m, root), inside)
	} else {
		socket, err = ownSocket(m, path)
	}
	if err != nil {
		f.daemonGap = gapPtr(err)
		return
	}
	f.socket = &socket
	f.daemon, f.daemonGap = daemonOf(ctx, m, socket)
}

// ownSocket finds the socket at a path of this process's own files. In a
// container it may be a socket of the host by another name.
func ownSocket(m Machine, path string) (socketFile, error) {
	if viewer(m) == "self" {
		return findSocket(m.Files, path)
	}
	own, err := findSocket(hostfile.New("/"), path)
	if err != nil {
		return own, err
	}
	tree, err1 := m.tree("/proc/self/mountinfo")
	host, err2 := hostTree(m)
	if err1 != nil || err2 != nil {
		return own, nil
	}
	place, _ := tree.Locate(own.path)
	for _, p := range host.Paths(place) {
		if s, err := findSocket(m.Files, p); err == nil && s.is(own) {
			return s, nil
		}
	}
	return own, nil
}

// localAddresses resolves a TCP endpoint to those of its addresses that are of
// this machine; none if it is on another.
func localAddresses(ctx context.Context, u *url.URL) []netip.AddrPort {
	if u.Scheme == "ssh" {
		return nil
	}
	port, err := strconv.ParseUint(cmp.Or(u.Port(), "2375"), 10, 16)
	if err != nil {
		return nil
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return nil
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var out []netip.AddrPort
	for _, a := range addrs {
		if a = a.Unmap(); a.IsLoopback() || isOwn(own, a) {
			out = append(out, netip.AddrPortFrom(a, uint16(port)))
		}
	}
	return out
}

func isOwn(own []net.Addr, a netip.Addr) bool {
	for _, o := range own {
		text, _, _ := strings.Cut(o.String(), "/")
		if parsed, err := netip.ParseAddr(text); err == nil && parsed.Unmap() == a.Unmap() {
			return true
		}
	}
	return false
}

// viewBelow is the view of the process whose root a path goes through.
func viewBelow(m Machine, root string) *hostfile.FS {
	pid, err := strconv.Atoi(filepath.Base(filepath.Dir(root)))
	if err != nil {
		return hostfile.New(root)
	}
	return viewOf(m, pid)
}
