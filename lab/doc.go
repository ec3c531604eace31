// Package lab runs real Docker engines for tests, side by side and beside
// whatever engine the machine has, which they neither see nor touch.
//
// A mini host ([Host]) is a machine made of namespaces: its own mounts,
// processes, network, host name and cgroups, over the root file system of a
// small Debian with an engine in it. Inside, everything is where a real host
// has it: /etc/docker/daemon.json, /run/docker.sock, /var/lib/docker,
// /etc/passwd, /proc. So a program that audits its host can be copied in and
// run there ([Host.CopyIn], [Host.Command]), and a library can be pointed at
// it from outside ([Host.Sock], [Host.Root]). An ordinary user's view is
// h.Exec("runuser", "-u", "alice", "--", ...), after h.AddUser("alice").
//
//	func TestICC(t *testing.T) {
//		h := lab.New(t, lab.Options{Version: lab.V26, DaemonJSON: `{"icc": false}`})
//		id := h.Run("--cap-add", "NET_ADMIN", h.ImportBusybox())
//		...
//	}
//
// # What it needs
//
// Linux, root, util-linux and, to build a base, mmdebstrap and a Debian
// mirror; scripts/setup-lab.sh installs it all. The first host of a release
// builds its base (about 20 s, 400 MB in /var/cache/seawall-lab or
// $SEAWALL_LAB); after that a host starts in about half a second (26.1: 1.3 s,
// it sleeps before it tries containerd again) and stops in a tenth of one. Where hosts cannot run, [New] skips the test with "NOT RUN",
// or fails it when CI=true.
//
// # How it ends
//
// Process 1 of a host reads a pipe whose other end only the owner holds. When
// the owner closes it or dies, process 1 ends and the kernel ends the rest:
// processes, mounts, network. All data is in memory (tmpfs) and goes with the
// mounts. What stays are an empty directory and cgroups; the owner's lock on
// the directory is gone too, so the next start, or [Sweep], knows to remove
// them. It does not rely on PR_SET_PDEATHSIG, which fires when a thread ends,
// and Go ends threads.
//
// # Several engines
//
// One host can have several: the system engine, more of root's
// ([Host.StartEngine]), rootless ones of users ([Host.StartRootless]). Each is
// an [Engine].
//
// With [Options].Extras there are Podman, an ssh server, ufw and firewalld as
// well, for tests to start.
//
// # What differs from a real host
//
//   - No systemd, no AppArmor, no SELinux (package lab/vm boots systems that have
//     them), no network beyond the host and, with [Options].LAN, its neighbour:
//     engines are started directly, images are imported ([Engine.ImportImage]).
//   - The kernel, its modules and what it does not divide into namespaces
//     (/sys, most of /proc/sys) are the machine's.
//   - /var/lib/docker and /home are mounts of their own, in memory.
//   - On a machine with v1 cgroups hosts have v1 too. [Options].CgroupV2 gives
//     the v2 layout, but the controllers stay with v1.
//   - On a machine that lacks capabilities ([MissingCapabilities]) a wrapper in
//     front of runc takes them out of containers that ask for them, privileged
//     ones for example. The engine's answers are as always; the processes'
//     capabilities lack those.
//
// # Traps
//
//   - Root inside is root: what it writes to /sys, to /proc/sys/kernel or to a
//     device it made, it writes to the machine's.
//   - Through [Host.Root], absolute symbolic links lead to the machine's own
//     files: /proc/PID/root/var/run is the machine's /run. Use real paths.
//     [Host.WriteFile], [Host.CopyIn] and [Host.ReadFile] refuse such links.
//   - dockerd --bridge=none removes docker0 from its network namespace, so
//     also under another engine there.
//   - A setting that is both a flag and in daemon.json stops the engine from
//     starting; the error holds the end of its log. This includes -H.
//   - Engines of 26 and later sleep 15 seconds before they listen on TCP without
//     TLS, unless --tls=false says that it is meant.
//   - docker stop waits ten seconds for a process 1 that ignores SIGTERM, and
//     stopping the engine waits for all of them.
//   - Names of containers need two characters; a bridge holds 1,023 of them.
package lab
