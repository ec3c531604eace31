package prove

import (
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
)

// try answers one request.
func try(t *testing.T, q Request, o Options) Outcome {
	t.Helper()
	return Run(t.Context(), []Request{q}, o)[0]
}

// expect compares an outcome: its state, and a word of what was found.
func expect(t *testing.T, q Request, got Outcome, state State, found string) {
	t.Helper()
	if got.State != state || !strings.Contains(got.Found, found) {
		t.Errorf("%s %s as %s: %+v, want %s, %q", q.Kind, q.Path+q.Name, q.who(), got, state, found)
	}
}

// TestFiles asks as processes with all sorts of rights and mounts.
func TestFiles(t *testing.T) {
	dir := tree(t, "open/f 666 0 0", "root/f 600 0 0", "group/f 660 0 4242", "user/f 600 4711 4711", "mapped/f 600 100000 100000", "ro/f 666 0 0", "hidden/f 666 0 0")
	readOnly := "mount --bind " + dir + "/ro " + dir + "/ro; mount -o remount,bind,ro " + dir + "/ro; mount -t tmpfs none " + dir + "/hidden"
	for _, p := range []struct {
		name, how string
		root      bool
		start     func(t *testing.T, script, how string) int
		write     map[string]string // what writing to a file finds; "" that it may be done
	}{
		{"root", "", true, startInside, map[string]string{"open/f": "", "root/f": "", "user/f": "", "ro/f": "EROFS", "hidden/f": "ENOENT", "root": "", "hidden": ""}},
		{"its own rights", "", false, startInside, map[string]string{"root/f": "", "ro/f": "EROFS"}},
		{"root without capabilities", "setpriv --bounding-set=-all --inh-caps=-all", true, startInside, map[string]string{"root/f": "", "user/f": "EACCES", "open/f": ""}},
		{"a user", "setpriv --reuid 4711 --regid 4711 --groups 4242", false, startInside, map[string]string{"root/f": "EACCES", "user/f": "", "group/f": "", "root": "EACCES", "open/f": "", "ro/f": "EROFS"}},
		{"a user without the group", "setpriv --reuid 4712 --regid 4711 --clear-groups", false, startInside, map[string]string{"user/f": "EACCES", "group/f": "EACCES"}},
		{"root in the container of a user", "setpriv --reuid 4711 --regid 4711 --clear-groups", true, startInside, map[string]string{"root/f": "", "group/f": ""}},
		{"root of a user namespace", "", true, startMapped, map[string]string{"mapped/f": "", "root/f": "EACCES", "user/f": "EACCES", "open/f": ""}},
		{"a user of a user namespace", "setpriv --reuid 7 --regid 7 --clear-groups", false, startMapped, map[string]string{"mapped/f": "EACCES", "open/f": ""}},
	} {
		t.Run(p.name, func(t *testing.T) {
			pid := p.start(t, readOnly, p.how)
			for file, want := range p.write {
				q := Request{Kind: Write, Path: filepath.Join(dir, file), PID: pid, Mounts: mountsOf(t, pid), Root: p.root}
				state := Holds
				if want != "" {
					state = Fails
				}
				expect(t, q, try(t, q, Options{}), state, want)
			}
		})
	}
	pid := startInside(t, readOnly, "")
	read := Request{Kind: Read, Path: dir + "/ro/f", PID: pid, Root: true}
	expect(t, read, try(t, read, Options{}), Holds, "")
}

// TestAccounts asks as accounts of this host.
func TestAccounts(t *testing.T) {
	dir := tree(t, "open/f 666 0 0", "root/f 600 0 0", "nobody/f 600 65534 65534")
	for file, state := range map[string]State{"open/f": Holds, "root/f": Fails, "nobody/f": Holds} {
		q := Request{Kind: Write, Path: filepath.Join(dir, file), OnHost: true}
		expect(t, q, try(t, q, Options{}), state, "")
	}
	root := Request{Kind: Write, Path: dir + "/nobody/f", OnHost: true, User: "root"}
	expect(t, root, try(t, root, Options{}), Fails, "EACCES") // an account has no capabilities here
	owner := Request{Kind: Owner, Path: dir + "/root/f", OnHost: true, User: "root"}
	expect(t, owner, try(t, owner, Options{}), Holds, "user 0")
	for _, q := range []Request{{Kind: Write, OnHost: true, User: "no-such-user", Path: "/"}, {Kind: Group, OnHost: true, User: "no-such-user"}} {
		expect(t, q, try(t, q, Options{}), Untried, "not among the accounts")
	}
	group := Request{Kind: Group, OnHost: true, User: "root", Name: "no-such-group"}
	expect(t, group, try(t, group, Options{}), Fails, "not in")
}

// TestSockets connects where that is asked for, and else only asks whether it may.
func TestSockets(t *testing.T) {
	dir := tree(t)
	serve(t, dir+"/engine", 0o600, engine(http.StatusOK))
	serve(t, dir+"/refuses", 0o600, engine(http.StatusForbidden))
	serve(t, dir+"/other", 0o600, http.NotFoundHandler())
	silent := make(chan struct{})
	serve(t, dir+"/silent", 0o600, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-silent }))
	t.Cleanup(func() { close(silent) })
	pid := startInside(t, "", "")
	user := startInside(t, "", "setpriv --reuid 4711 --regid 4711 --clear-groups")
	for _, tt := range []struct {
		name           string
		pid            int
		api, connect   bool
		state          State
		found, whether string
	}{
		{"engine", pid, true, true, Holds, "API answers", "connect("},
		{"engine", pid, true, false, Holds, "allowed", "faccessat2("},
		{"engine", pid, false, true, Holds, "allowed", "faccessat2("},
		{"engine", user, true, true, Fails, "EACCES", "faccessat2("},
		{"refuses", pid, true, true, Fails, "status 403", "connect("},
		{"other", pid, true, true, Fails, "no Engine API", "connect("},
		{"silent", pid, true, true, Untried, "in time", "connect("},
		{"nothing", pid, true, true, Fails, "ENOENT", "faccessat2("},
	} {
		q := Request{Kind: Socket, Path: dir + "/" + tt.name, PID: tt.pid, API: tt.api}
		got := try(t, q, Options{Connect: tt.connect})
		expect(t, q, got, tt.state, tt.found)
		if !strings.Contains(got.Tried, tt.whether) {
			t.Errorf("%s: tried %q, want %q", tt.name, got.Tried, tt.whether)
		}
	}
}

// TestProcesses looks at what the kernel tells of processes.
func TestProcesses(t *testing.T) {
	plain := startInside(t, "", "")
	weak := startInside(t, "", "setpriv --reuid 4711 --regid 4711 --clear-groups --bounding-set=-sys_boot --no-new-privs")
	mapped := startMapped(t, "", "")
	machine := withFirst(t, startInside(t, "", ""))
	for _, tt := range []struct {
		q     Request
		state State
	}{
		{Request{Kind: Capability, Name: "CHOWN", PID: plain}, Holds}, {Request{Kind: Capability, Name: "SYS_BOOT", PID: weak}, Fails},
		{Request{Kind: Capability, Name: "CHOWN", PID: weak}, Holds}, {Request{Kind: Capability, Name: "ALL", PID: plain}, Holds}, {Request{Kind: Capability, Name: "ALL", PID: weak}, Fails},
		{Request{Kind: HostNamespace, Name: "net", PID: plain}, Holds}, {Request{Kind: HostNamespace, Name: "mnt", PID: plain}, Fails},
		{Request{Kind: RootInside, PID: plain}, Holds}, {Request{Kind: RootInside, PID: weak}, Fails}, {Request{Kind: RootInside, PID: mapped}, Holds},
		{Request{Kind: OrdinaryInside, PID: weak}, Holds}, {Request{Kind: OrdinaryInside, PID: mapped}, Fails},
		{Request{Kind: RootOutside, PID: plain}, Holds}, {Request{Kind: RootOutside, PID: mapped}, Fails},
		{Request{Kind: NewPrivileges, PID: plain}, Holds}, {Request{Kind: NewPrivileges, PID: weak}, Fails},
		{Request{Kind: NoLabel, PID: plain}, Holds},
		{Request{Kind: Setting, Name: "kernel.ostype", Value: "Linux"}, Holds}, {Request{Kind: Setting, Name: "kernel.ostype", Value: "Minix"}, Fails},
		{Request{Kind: Setting, Name: "kernel.no_such_setting"}, Holds}, {Request{Kind: Setting, Name: "kernel.no_such_setting", Value: "1"}, Fails},
		{Request{Kind: RootInside}, Untried}, {Request{Kind: "unknown", PID: plain}, Untried},
		{Request{Kind: RootInside, PID: plain, Mounts: 1}, Untried}, {Request{Kind: Write, Path: "/", PID: plain, Mounts: 1}, Untried},
		{Request{Kind: RootInside, PID: 1 << 22}, Untried},
	} {
		expect(t, tt.q, try(t, tt.q, Options{Machine: machine}), tt.state, "")
	}
}

// TestAddresses tries connections in the namespace of a process.
func TestAddresses(t *testing.T) {
	server := serveTCP(t, engine(http.StatusOK))
	other := serveTCP(t, http.NotFoundHandler())
	here := startInside(t, "", "")
	apart := startInside(t, "", "unshare --net")
	allowed := map[netip.Addr]bool{netip.MustParseAddr("127.0.0.1"): true}
	for _, tt := range []struct {
		q     Request
		o     Options
		state State
	}{
		{Request{Name: server, PID: here, API: true}, Options{Connect: true, Allowed: allowed}, Holds},
		{Request{Name: server, OnHost: true, User: "alice", API: true}, Options{Connect: true, Allowed: allowed}, Holds},
		{Request{Name: other, PID: here, API: true}, Options{Connect: true, Allowed: allowed}, Fails},
		{Request{Name: server, PID: apart, API: true}, Options{Connect: true, Allowed: allowed}, Fails},
		{Request{Name: server, PID: here, API: true}, Options{Connect: true}, Untried},
		{Request{Name: server, PID: here, API: true}, Options{Allowed: allowed}, Untried},
		{Request{Name: server, API: true}, Options{Connect: true, Allowed: allowed}, Untried},
		{Request{Name: server, PID: here, Mounts: 1, API: true}, Options{Connect: true, Allowed: allowed}, Untried},
	} {
		tt.q.Kind = Address
		expect(t, tt.q, try(t, tt.q, tt.o), tt.state, "")
	}
}
