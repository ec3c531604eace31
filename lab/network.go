package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
)

// Addresses on the network between a host and its neighbour.
const (
	HostAddr       = "192.0.2.10"
	HostAddr6      = "2001:db8::10"
	NeighbourAddr  = "192.0.2.1"
	NeighbourAddr6 = "2001:db8::1"
)

// connect runs in the neighbour's network namespace. "netns 1" is that of the
// host's init.
const connect = `set -e
ip link set lo up
ip link add eth0 type veth peer name eth0 netns 1
ip addr add ` + NeighbourAddr + `/24 dev eth0
ip addr add ` + NeighbourAddr6 + `/64 dev eth0 nodad
ip link set eth0 up`

// uplink runs in the host.
const uplink = `set -e
ip addr add ` + HostAddr + `/24 dev eth0
ip addr add ` + HostAddr6 + `/64 dev eth0 nodad
ip link set eth0 up
ip route add default via ` + NeighbourAddr + `
ip route add default via ` + NeighbourAddr6

// startNeighbour makes a network namespace and connects the host to it. A
// process holds it that lives, like the host, until its input ends.
func (h *Host) startNeighbour(ctx context.Context) error {
	cmd, lifeline, err := startNetNS()
	if err != nil {
		return fmt.Errorf("start the neighbour: %w", err)
	}
	h.neighbour, h.neighbourLine = cmd, lifeline
	if _, err := h.run(h.neighbourCommand(ctx, []string{"-p"}, "sh", "-c", connect), nil); err != nil {
		return fmt.Errorf("connect the neighbour: %w", err)
	}
	if _, err := h.Exec(ctx, "sh", "-c", uplink); err != nil {
		return fmt.Errorf("connect to the neighbour: %w", err)
	}
	return nil
}

// startNetNS starts a process in a network namespace of its own. It lives until
// its lifeline is closed, also by the end of this process.
func startNetNS() (cmd *exec.Cmd, lifeline *os.File, err error) {
	stdin, line, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer stdin.Close()
	cmd = exec.Command("cat")
	cmd.Stdin = stdin
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Cloneflags: syscall.CLONE_NEWNET}
	if err := cmd.Start(); err != nil {
		return nil, nil, errors.Join(err, line.Close())
	}
	return cmd, line, nil
}

// NetNS makes a network namespace and returns the number of a process in it, and
// what ends the process. The test ends it, too.
func NetNS(t testing.TB) (pid int, end func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("this test makes a network namespace: run it as root")
	}
	cmd, lifeline, err := startNetNS()
	if err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() { lifeline.Close(); _ = cmd.Wait() })
	t.Cleanup(end)
	return cmd.Process.Pid, end
}

// Neighbour prepares a command that runs on the neighbour of a host with a
// LAN: in its network, with the host's files, not among the host's processes.
func (h *Host) Neighbour(ctx context.Context, args ...string) *exec.Cmd {
	return h.neighbourCommand(ctx, nil, args...)
}

func (h *Host) neighbourCommand(ctx context.Context, flags []string, args ...string) *exec.Cmd {
	if h.neighbour == nil {
		return &exec.Cmd{Err: errors.New("lab: this host has no neighbour: set Options.LAN")}
	}
	net := "--net=/proc/" + strconv.Itoa(h.neighbour.Process.Pid) + "/ns/net"
	return h.command(ctx, append([]string{"-m", "-u", "-r", "-w", net}, flags...), args...)
}

// stopNeighbour ends the neighbour, if there is one.
func (h *Host) stopNeighbour() {
	if h.neighbour != nil {
		h.neighbourLine.Close()
		h.neighbour.Process.Kill()
		h.neighbour.Wait()
	}
}
