package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"seawall/lab"
)

// What a tool can say of a fault.
const (
	told     = "told"
	passed   = "**passed**"
	leftOpen = "left open"
	notAsked = "not asked"
)

// fault is one that is planted.
type fault struct {
	what      string
	container string // its name; "" for a fault of the host or the engine
	flags     string // of docker run
	// rule, check and lynis are what finds it: a rule of Seawall, a check of
	// docker-bench-security (which numbers them by the CIS benchmark 1.6), a test of Lynis.
	rule, check, lynis string
}

var faults = []fault{
	{"privileged", "f-privileged", "--privileged", "container-privileged", "5.5", ""},
	{"privileged, with a label that says docker_bench_security", "f-label", "--privileged --label docker_bench_security=1", "container-privileged", "5.5", ""},
	{"the engine's socket", "f-socket", "-v /run/docker.sock:/run/docker.sock", "engine-socket-mounted", "5.32", ""},
	{"the engine's socket, in a directory", "f-run", "-v /run:/hostrun:ro", "engine-socket-mounted", "5.32", ""},
	{"containerd's socket", "f-containerd", "-v /run/docker/containerd:/c", "containerd-socket-mounted", "", ""},
	{"the host's file system", "f-root", "-v /:/host", "container-sensitive-mount", "5.6", ""},
	{"/etc, read-only", "f-etc", "-v /etc:/x:ro", "container-sensitive-mount", "5.6", ""},
	{"the host's processes", "f-pid", "--pid host", "container-host-pid", "5.16", ""},
	{"the host's network", "f-net", "--network host", "container-host-network", "5.10", ""},
	{"the host's IPC", "f-ipc", "--ipc host", "container-host-ipc", "5.17", ""},
	{"the namespaces of a container that has the host's", "f-joined", "--pid container:f-pid", "container-joins-namespace", "5.16", ""},
	{"SYS_ADMIN", "f-admin", "--cap-add SYS_ADMIN", "container-capability-sys-admin", "5.4", ""},
	{"all capabilities", "f-all", "--cap-add ALL", "container-capability-all-added", "5.4", ""},
	{"seccomp=unconfined", "f-seccomp", "--security-opt seccomp=unconfined", "container-seccomp-off", "5.22", ""},
	{"a profile of seccomp that allows all", "f-profile", "--security-opt seccomp=/etc/all.json", "container-seccomp-off", "5.22", ""},
	{"root, by number", "f-root-user", "--user 0:0", "container-runs-as-root", "4.1", ""},
	{"no-new-privileges:false", "f-privileges", "--security-opt no-new-privileges:false", "container-new-privileges-allowed", "5.26", ""},
	{"no limit of memory", "f-memory", "", "container-no-memory-limit", "5.11", ""},
	{"a port on all addresses", "f-port", "-p 8081:80", "port-published-on-all-interfaces", "5.14", ""},
	{"a port on all addresses of IPv6", "f-port6", "-p [::]:8082:80", "port-published-on-all-interfaces", "5.14", ""},
	{"restarts without end", "f-restart", "--restart always", "container-restart-unbounded", "5.15", ""},
	{"a password in a variable", "f-secret", "-e DB_PASSWORD=hunter2", "container-secret-in-environment", "", ""},
	{"the API over TCP without TLS, beside the socket", "", "", "api-tcp-without-tls", "2.7", "CONT-8104"},
	{"registries without TLS", "", "", "engine-insecure-registry", "2.5", ""},
	{"debug, in daemon.json", "", "", "engine-debug-on", "2.3", ""},
	{"no logs of containers", "", "", "engine-logging-off", "2.13", ""},
	{"containers may talk to each other on the default bridge", "", "", "default-bridge-icc-enabled", "2.2", ""},
	{"metrics on all addresses", "", "", "engine-metrics-exposed", "", ""},
	{"a socket that everybody may use", "", "", "engine-socket-world-accessible", "3.16", "CONT-8108"},
	{"daemon.json that everybody may write", "", "", "engine-config-writable", "3.18", ""},
	{"sudo for docker without a password", "", "", "user-sudo-docker", "", ""},
	{"a registry's password in config.json", "", "", "client-credentials-in-clear", "", ""},
	{"other machines reach the API, by routes and packet filters", "", "", "api-reachable-from-other-hosts", "", ""},
}

// fine is a container that is confined as far as docker run can.
const fine = "--user 1000:1000 --read-only --cap-drop ALL --security-opt no-new-privileges --memory 64m --memory-swap 64m --pids-limit 50 " +
	"--cpu-quota 50000 --restart on-failure:3 --network own --cgroupns private --health-cmd /sleep --log-driver json-file --log-opt max-size=1m"

// compareFaults plants the faults and writes what each tool says.
func compareFaults(ctx context.Context, w io.Writer, tools []tool) (err error) {
	h, err := lab.StartHost(ctx, lab.Options{
		Version: lab.V28, LAN: true,
		Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375", "--tls=false"},
		DaemonJSON: `{"insecure-registries": ["registry.example:5000"], "debug": true, "log-driver": "none",
			"metrics-addr": "0.0.0.0:9323"}`,
		Files: map[string]string{
			"/root/.docker/config.json": `{"auths": {"registry.example": {"auth": "dTpw"}}}`,
			"/etc/sudoers.d/ops":        "ops ALL=(root) NOPASSWD: /usr/bin/docker\n",
			"/etc/all.json":             `{"defaultAction": "SCMP_ACT_ALLOW"}`,
		},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Stop()) }()
	if _, err := h.AddUser(ctx, "ops"); err != nil {
		return err
	}
	if _, err := h.Exec(ctx, "chmod", "666", "/run/docker.sock", "/etc/docker/daemon.json"); err != nil {
		return err
	}
	image, err := h.Engine().ImportSleep(ctx)
	if err != nil {
		return err
	}
	if _, err := h.Exec(ctx, "docker", "network", "create", "own"); err != nil {
		return err
	}
	start := func(name, flags string) error {
		args := append([]string{"docker", "run", "--detach", "--name", name}, strings.Fields(flags)...)
		_, err := h.Exec(ctx, append(args, image)...)
		return err
	}
	if err := start("fine", fine); err != nil {
		return err
	}
	for _, f := range faults {
		if f.container != "" {
			if err := start(f.container, f.flags); err != nil {
				return err
			}
		}
	}
	said := make([]verdicts, len(tools))
	for i, t := range tools {
		if err := t.install(h); err != nil {
			return fmt.Errorf("install %s: %w", t.name, err)
		}
		if said[i], _, err = t.run(ctx, h); err != nil {
			return err
		}
	}
	writeFaults(w, tools, said)
	return nil
}

func writeFaults(w io.Writer, tools []tool, said []verdicts) {
	fmt.Fprint(w, "| fault |")
	for _, t := range tools {
		fmt.Fprintf(w, " %s |", t.name)
	}
	fmt.Fprintf(w, "\n| --- |%s\n", strings.Repeat(" --- |", len(tools)))
	counts := make([]map[string]int, len(tools))
	for _, f := range faults {
		fmt.Fprintf(w, "| %s |", f.what)
		for i := range tools {
			verdict := said[i].about(f)
			if counts[i] == nil {
				counts[i] = map[string]int{}
			}
			counts[i][verdict]++
			fmt.Fprintf(w, " %s |", verdict+[]string{"", within(f.check), within(f.lynis)}[i])
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "| **told of %d** |", len(faults))
	for i := range tools {
		fmt.Fprintf(w, " %d |", counts[i][told])
	}
	fmt.Fprintln(w)
	for i, t := range tools {
		list := said[i].accuses("fine")
		slices.SortFunc(list, cmp.Compare)
		fmt.Fprintf(w, "\n%s says of the confined container: %s\n", t.name, cmp.Or(strings.Join(list, ", "), "nothing"))
	}
}

// within puts the name of a check into brackets, if there is one.
func within(check string) string {
	if check == "" {
		return ""
	}
	return " (" + check + ")"
}

// measureCost writes what each tool takes on a host with so many plain containers.
func measureCost(ctx context.Context, w io.Writer, tools []tool, n int) (err error) {
	h, err := lab.StartHost(ctx, lab.Options{Version: lab.V28})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Stop()) }()
	image, err := h.Engine().ImportSleep(ctx)
	if err != nil {
		return err
	}
	for i := range n {
		if _, err := h.Exec(ctx, "docker", "run", "--detach", "--network", "none", "--name", fmt.Sprintf("plain-%d", i), image); err != nil {
			return err
		}
	}
	for _, t := range tools {
		if err := t.install(h); err != nil {
			return err
		}
		_, c, err := t.run(ctx, h)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "| %d | %s | %.1f s | %.1f s | %d MiB |\n", n, t.name, c.wall.Seconds(), c.processor.Seconds(), c.memory/1024)
	}
	return nil
}
